#include "scanner/sink/ndjson_reader.h"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace scanner {
namespace {

// Takes the events of one object (the SAX interface of nlohmann::json) and puts them into a record. Every
// event returns whether parsing goes on; error() says why it does not.
class ObjectHandler {
 public:
  // Texts go into `texts`, which is empty, and has room for them all.
  ObjectHandler(RecordFiller& filler, std::string& texts) : filler_(filler), texts_(texts) {}

  const std::string& error() const { return error_; }

  // NOLINTBEGIN(readability-identifier-naming): the names of the interface.
  bool null() { return InObject() && !in_list_ ? Done() : Refuse("null"); }
  bool boolean(bool value) {
    return Expect(ColumnKind::kBoolean)
               ? Judge(filler_.SetNumber(*column_, value ? 1 : 0), value ? "true" : "false")
               : Refuse(value ? "true" : "false");
  }
  bool number_integer(int64_t value) { return Number(value, std::to_string(value)); }
  bool number_unsigned(uint64_t value) {
    if (value > INT64_MAX) return Refuse(std::to_string(value));
    return Number(static_cast<int64_t>(value), std::to_string(value));
  }
  bool number_float(double /*value*/, const std::string& text) { return Refuse(text); }
  bool string(const std::string& value);
  bool binary(const std::vector<uint8_t>& /*value*/) { return Refuse("binary"); }
  bool start_object(size_t /*members*/) {
    if (depth_ != 0) return Refuse("{");
    ++depth_;
    return true;
  }
  bool end_object() { return true; }
  bool key(const std::string& name);
  bool start_array(size_t /*items*/) {
    if (!Expect(ColumnKind::kList) || in_list_) return Refuse("[");
    in_list_ = true;
    return true;
  }
  bool end_array() {
    in_list_ = false;
    return true;
  }
  bool parse_error(size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) {
    error_ = "no JSON object: character " + std::to_string(position) + " is not what JSON has there";
    return false;
  }
  // NOLINTEND(readability-identifier-naming)

 private:
  bool InObject() const { return depth_ == 1 && column_.has_value(); }
  bool Expect(ColumnKind kind) const { return InObject() && !in_list_ && Info(*column_).kind == kind; }
  bool Done() const { return true; }
  bool Number(int64_t value, const std::string& text);
  bool Judge(const Objection& objection, std::string_view value) {
    if (!objection) return true;
    error_ = ValueMessage(*column_, value, *objection);
    return false;
  }
  // The value is of a kind that the column does not have.
  bool Refuse(std::string_view value);

  RecordFiller& filler_;
  std::string& texts_;
  std::string error_;
  int depth_ = 0;
  std::optional<Column> column_;  // Of the key that came last.
  uint32_t seen_ = 0;             // Columns, one bit each.
  bool in_list_ = false;
};

const char* ExpectedOf(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kString:
      return "text";
    case ColumnKind::kList:
      return "an array of texts";
    case ColumnKind::kInt32:
    case ColumnKind::kInt64:
      return "a whole number";
    case ColumnKind::kBoolean:
      return "true or false";
    case ColumnKind::kTimestamp:
      return "a time such as \"2026-01-31T23:59:59.123456Z\"";
  }
  return "";
}

bool ObjectHandler::Refuse(std::string_view value) {
  error_ = InObject() ? ValueMessage(*column_, value, in_list_ ? "text" : ExpectedOf(Info(*column_).kind))
                      : "no JSON object";
  return false;
}

bool ObjectHandler::Number(int64_t value, const std::string& text) {
  if (!Expect(ColumnKind::kInt32) && !Expect(ColumnKind::kInt64)) return Refuse(text);
  return Judge(filler_.SetNumber(*column_, value), text);
}

bool ObjectHandler::string(const std::string& value) {
  if (!InObject()) return Refuse(value);
  assert(texts_.size() + value.size() <= texts_.capacity());
  const size_t begin = texts_.size();
  texts_.append(value);
  const std::string_view text = std::string_view(texts_).substr(begin);
  if (in_list_) return Judge(filler_.AppendItem(*column_, text), text);
  switch (Info(*column_).kind) {
    case ColumnKind::kString:
      return Judge(filler_.SetText(*column_, text), text);
    case ColumnKind::kTimestamp:
      return Judge(filler_.SetTime(*column_, text), text);
    case ColumnKind::kList:
    case ColumnKind::kInt32:
    case ColumnKind::kInt64:
    case ColumnKind::kBoolean:
      break;
  }
  return Refuse(text);
}

bool ObjectHandler::key(const std::string& name) {
  column_ = ColumnOf(name);
  if (!column_) {
    error_ = "no results of arpasweep: " + QuotedValue(name) + " is none of its columns";
    return false;
  }
  const uint32_t bit = uint32_t{1} << static_cast<size_t>(*column_);
  if ((seen_ & bit) != 0) {
    error_ = "the column " + QuotedValue(name) + " is there twice";
    return false;
  }
  seen_ |= bit;
  return true;
}

}  // namespace

absl::StatusOr<bool> NdjsonReader::Next(Record& record) {
  std::string_view line;
  absl::StatusOr<bool> found = lines_.Next(line);
  if (!found.ok() || !*found) return found;
  texts_.clear();
  texts_.reserve(line.size());
  filler_.Begin(record);
  ObjectHandler handler(filler_, texts_);
  if (!nlohmann::json::sax_parse(line.begin(), line.end(), &handler)) return lines_.Wrong(handler.error());
  if (!filler_.HasAddress()) return lines_.Wrong(ValueMessage(Column::kAddress, "", kExpectedAddress));
  return true;
}

}  // namespace scanner
