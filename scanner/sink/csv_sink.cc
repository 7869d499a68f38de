#include "scanner/sink/csv_sink.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "scanner/sink/number_text.h"

namespace scanner {
namespace {

// Of a value that is no text, with the comma behind it.
constexpr size_t kMaxFixed = std::max(kMaxNumberText, TimeText::kLength) + 1;

// Puts the value from `begin` on into quotes where it needs them (RFC 4180 section 2.6).
void QuoteValue(size_t begin, TextBuffer& out) {
  const std::string value(out.view().substr(begin));
  if (value.find_first_of(",\"\r\n") == std::string::npos) return;
  out.ShrinkTo(begin);
  out.Append('"');
  for (const char c : value) {
    if (c == '"') out.Append('"');
    out.Append(c);
  }
  out.Append('"');
}

}  // namespace

CsvSink::CsvSink(const std::vector<Column>& columns, std::unique_ptr<ByteStream> stream)
    : room_(columns.size() * kMaxFixed), output_(std::move(stream)) {
  assert(!columns.empty());
  fields_.reserve(columns.size());
  for (const Column column : columns) fields_.push_back({.column = column, .kind = Info(column).kind});
}

absl::Status CsvSink::Begin() {
  TextBuffer& out = output_.buffer();
  for (const Field& field : fields_) {
    out.Append(Info(field.column).name);
    out.Append(',');
  }
  out.ShrinkTo(out.size() - 1);
  out.Append("\r\n");
  return output_.Drain();
}

char* CsvSink::WriteText(std::string_view text, char* at) {
  return CopyText(text, output_.buffer().RoomAt(at, text.size() + 1 + room_));
}

char* CsvSink::WriteValue(const Record& record, const Field& field, char* at) {
  switch (field.kind) {
    case ColumnKind::kString:
      return WriteText(record.Text(field.column), at);
    case ColumnKind::kInt32:
    case ColumnKind::kInt64:
      return WriteNumber(record.Number(field.column), at);
    case ColumnKind::kBoolean:
      return WriteBoolean(record.Number(field.column), at);
    case ColumnKind::kTimestamp:
      return time_.Write(record.Number(field.column), at);
    case ColumnKind::kList:
      for (const std::string_view item : record.Items(field.column)) {
        at = WriteText(item, at);
        *at++ = ' ';
      }
      return at - 1;
  }
  return at;
}

char* CsvSink::WriteQuoted(const Record& record, const Field& field, char* at) {
  TextBuffer& out = output_.buffer();
  out.Commit(at);
  const size_t begin = out.size();
  out.Commit(WriteValue(record, field, at));
  QuoteValue(begin, out);
  return out.Room(room_);
}

absl::Status CsvSink::Write(const Record& record) {
  TextBuffer& out = output_.buffer();
  char* at = out.Room(room_);
  for (const Field& field : fields_) {
    if (!record.IsNull(field.column)) {
      at = record.plain ? WriteValue(record, field, at) : WriteQuoted(record, field, at);
    }
    *at++ = ',';
  }
  out.Commit(at - 1);
  out.Append("\r\n");
  return output_.EndRow();
}

}  // namespace scanner
