// The items of one row's list, collected while what they are views of may be replaced.
#ifndef CODEC_PARQUET_LIST_ITEMS_H_
#define CODEC_PARQUET_LIST_ITEMS_H_

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "codec/parquet/octet_buffer.h"

namespace codec::parquet {

class ListItems {
 public:
  // A few octets of a file can ask for any number of items.
  static constexpr size_t kMaxItems = size_t{1} << 20;
  static constexpr size_t kMaxKeptOctets = size_t{64} << 20;

  std::span<const std::string_view> items() const { return items_; }

  void Clear();
  // An error when there are kMaxItems already.
  absl::Status Add(std::string_view item);
  // Copies what the items are views of; an error when that is more than kMaxKeptOctets.
  absl::Status Keep();

 private:
  std::vector<std::string_view> items_;
  size_t kept_items_ = 0;  // The first ones; their octets are in kept_, one behind another.
  size_t kept_octets_ = 0;
  OctetBuffer kept_;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_LIST_ITEMS_H_
