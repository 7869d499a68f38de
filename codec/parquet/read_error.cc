#include "codec/parquet/read_error.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace codec::parquet {

absl::Status ErrorAt(const ByteSource& source, uint64_t offset, const absl::Status& what) {
  return {what.code(), absl::StrCat(source.name(), ": octet ", offset, ": ", what.message())};
}

std::string ShownName(std::string_view name) {
  constexpr size_t kMaxShown = 64;
  const std::string_view shown = name.substr(0, kMaxShown);
  return absl::StrCat(absl::CHexEscape({shown.data(), shown.size()}),
                      shown.size() < name.size() ? "..." : "");
}

}  // namespace codec::parquet
