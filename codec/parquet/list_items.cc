#include "codec/parquet/list_items.h"

#include <cstring>

namespace codec::parquet {

void ListItems::Clear() {
  items_.clear();
  kept_items_ = 0;
  kept_octets_ = 0;
}

absl::Status ListItems::Add(std::string_view item) {
  if (items_.size() == kMaxItems) return absl::DataLossError("a list has more than 1048576 items");
  items_.push_back(item);
  return absl::OkStatus();
}

absl::Status ListItems::Keep() {
  size_t octets = kept_octets_;
  for (size_t i = kept_items_; i < items_.size(); ++i) octets += items_[i].size();
  if (octets > kMaxKeptOctets) return absl::DataLossError("a list has more than 64 MiB");
  if (octets > kept_.capacity()) {
    kept_.Reserve(octets, kept_octets_);
    size_t at = 0;
    for (size_t i = 0; i < kept_items_; ++i) {
      items_[i] = {reinterpret_cast<const char*>(kept_.data()) + at, items_[i].size()};
      at += items_[i].size();
    }
  }
  for (; kept_items_ < items_.size(); ++kept_items_) {
    std::string_view& item = items_[kept_items_];
    if (item.empty()) continue;
    std::memcpy(kept_.data() + kept_octets_, item.data(), item.size());
    item = {reinterpret_cast<const char*>(kept_.data()) + kept_octets_, item.size()};
    kept_octets_ += item.size();
  }
  return absl::OkStatus();
}

}  // namespace codec::parquet
