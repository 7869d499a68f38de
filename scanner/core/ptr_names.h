// The distinct names of one PTR answer, lower case, in the order of the output; one engine's scratch memory.
#ifndef SCANNER_CORE_PTR_NAMES_H_
#define SCANNER_CORE_PTR_NAMES_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "codec/dns/answer.h"
#include "codec/dns/message.h"
#include "codec/dns/name.h"
#include "scanner/row/row.h"

namespace scanner {

class PtrNames {
 public:
  PtrNames();

  // Reads the data of `answer`. Names are sorted bytewise as they will be written; of more than
  // RowHeader::kMaxNames the first ones are kept, whatever order the server sent them in. Records whose RDATA
  // cannot be read are passed over.
  void Collect(const codec::dns::Message& message, const codec::dns::Answer& answer);

  size_t size() const { return size_; }
  bool truncated() const { return truncated_; }
  codec::dns::NameView operator[](size_t i) const { return items_[order_[i]].name.view(); }

 private:
  struct Item {
    codec::dns::Name name;
    std::array<char, codec::dns::kMaxPresentationLength> text;
    size_t text_length;

    std::string_view view() const { return {text.data(), text_length}; }
  };

  void Insert(uint8_t item);

  std::unique_ptr<Item[]> items_;                          // kMaxNames and one being read.
  std::array<uint8_t, RowHeader::kMaxNames + 1> order_{};  // The first size_ sorted, then those not in use.
  size_t size_ = 0;
  bool truncated_ = false;
};

}  // namespace scanner

#endif  // SCANNER_CORE_PTR_NAMES_H_
