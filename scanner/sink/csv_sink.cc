#include "scanner/sink/csv_sink.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <span>
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
    : room_(columns.size() * kMaxFixed + 1), output_(std::move(stream)) {
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

inline char* CsvSink::WriteText(std::string_view text, char* at) {
  return CopyText(text, output_.buffer().RoomAt(at, text.size() + 1 + room_));
}

char* CsvSink::WriteItems(std::span<const std::string_view> items, char* at) {
  for (const std::string_view item : items) {
    at = WriteText(item, at);
    *at++ = ' ';
  }
  return at - 1;
}

// Inlined into its only loop, where its checks are those of the loop.
[[gnu::always_inline]] inline char* CsvSink::WriteValue(const Record& record, const Field& field, char* at) {
  if (field.kind == ColumnKind::kString) return WriteText(record.Text(field.column), at);
  switch (field.kind) {
    case ColumnKind::kInt32:
    case ColumnKind::kInt64:
      return WriteNumber(record.Number(field.column), at);
    case ColumnKind::kBoolean:
      return WriteBoolean(record.Number(field.column), at);
    case ColumnKind::kTimestamp:
      return time_.Write(record.Number(field.column), at);
    case ColumnKind::kList:
      return WriteItems(record.Items(field.column), at);
    case ColumnKind::kString:
      break;
  }
  return at;
}

char* CsvSink::Quote(size_t begin, const char* end) {
  TextBuffer& out = output_.buffer();
  out.Commit(end);
  QuoteValue(begin, out);
  return out.Room(room_);
}

absl::Status CsvSink::Write(const Record& record) {
  TextBuffer& out = output_.buffer();
  char* at = out.Room(room_);
  for (const Field& field : fields_) {
    if (!record.IsNull(field.column)) {
      const size_t begin = out.SizeAt(at);
      at = WriteValue(record, field, at);
      if (!record.plain) at = Quote(begin, at);
    }
    *at++ = ',';
  }
  at[-1] = '\r';  // In the place of the last comma.
  *at++ = '\n';
  out.Commit(at);
  return output_.EndRow();
}

}  // namespace scanner
