# A layer is one directory and one target. Its headers are found through an include root that holds
# nothing but a symlink to that directory, so that code can include only the layers it depends on.

set(ARPASWEEP_WARNINGS -Wall -Wextra -Wshadow -Wconversion -Wswitch-enum)
# What sanitizers insert misleads g++ 12's flow analysis: its warnings are errors where nothing is inserted.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  list(APPEND ARPASWEEP_WARNINGS -Werror)
endif()

# arpasweep_include_root(<variable> <directory>)
function(arpasweep_include_root variable directory)
  string(REPLACE "/" "_" name "${directory}")
  set(root "${CMAKE_BINARY_DIR}/include_roots/${name}")
  get_filename_component(parent "${directory}" DIRECTORY)
  file(MAKE_DIRECTORY "${root}/${parent}")
  file(CREATE_LINK "${CMAKE_SOURCE_DIR}/${directory}" "${root}/${directory}" SYMBOLIC)
  set(${variable} "${root}" PARENT_SCOPE)
endfunction()

# arpasweep_layer(<target> DIRECTORY <dir> [LINKS <targets>...])
# A static library of every .cc file in <dir> and below it.
function(arpasweep_layer target)
  cmake_parse_arguments(LAYER "" "DIRECTORY" "LINKS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${LAYER_DIRECTORY}/*.cc")
  arpasweep_include_root(root "${LAYER_DIRECTORY}")
  if(sources)
    add_library(${target} STATIC ${sources})
    target_compile_options(${target} PRIVATE ${ARPASWEEP_WARNINGS})
    target_include_directories(${target} PUBLIC "${root}")
    target_link_libraries(${target} PUBLIC ${LAYER_LINKS})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE "${root}")
    target_link_libraries(${target} INTERFACE ${LAYER_LINKS})
  endif()
endfunction()
