// Values that come from files, checked and put into a record: SPEC section 2.
#ifndef SCANNER_SINK_RECORD_FILLER_H_
#define SCANNER_SINK_RECORD_FILLER_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "scanner/sink/columns.h"
#include "scanner/sink/record.h"

namespace scanner {

// What a value should have been, `a number from 0 to 65535`; nothing: it is as it should be.
using Objection = std::optional<std::string>;

// Text that is given stays the caller's, who keeps it as long as the record is used. Only addresses that are
// not in the form of RFC 5952 are kept here, in that form.
class RecordFiller {
 public:
  // `record` is cleared and gets the values from now on. What the last one had is gone.
  void Begin(Record& record);

  // A value of the column, which may be of any kind but a list, as CSV has it. Empty: null, nothing is set.
  Objection SetFromText(Column column, std::string_view text);
  // Of kString. Empty: null, nothing is set.
  Objection SetText(Column column, std::string_view text);
  // Of kTimestamp as text.
  Objection SetTime(Column column, std::string_view text);
  // Of kInt32, kInt64, kBoolean (0 or 1) and kTimestamp.
  Objection SetNumber(Column column, int64_t number);
  // Of kList.
  Objection AppendItem(Column column, std::string_view item);

  // Behind the last value: the address must be there.
  bool HasAddress() const { return !record_->IsNull(Column::kAddress); }

 private:
  Objection CheckText(std::string_view text, bool is_item);
  // In the form of RFC 5952, with its key; nothing for what is no address.
  std::optional<std::string_view> Address(std::string_view text, AddressKey& key);

  Record* record_ = nullptr;
  std::deque<std::string> rewritten_;  // Texts of record_.
};

inline constexpr const char* kExpectedAddress = "an IPv4 or IPv6 address";

// `ede: '-1' is not a number from 0 to 65535`.
std::string ValueMessage(Column column, std::string_view value, std::string_view expected);

// `text` in quotes, for a message: what is long is cut, what is not printable ASCII is `\DDD`.
std::string QuotedValue(std::string_view text);

}  // namespace scanner

#endif  // SCANNER_SINK_RECORD_FILLER_H_
