#!/bin/bash
# clang_format.sh SOURCE_DIRECTORY: every C++ file there has the format of .clang-format.
set -euo pipefail
cd "$1"
find codec netio scanner tools bench tests \( -name '*.cc' -o -name '*.h' \) -print0 |
  xargs -0 -n 32 -P "$(nproc)" clang-format-19 --dry-run -Werror
