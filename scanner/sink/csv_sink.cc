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

CsvSink::CsvSink(std::vector<Column> columns, std::unique_ptr<ByteStream> stream)
    : columns_(std::move(columns)), output_(std::move(stream)) {
  assert(!columns_.empty());
}

absl::Status CsvSink::Begin() {
  TextBuffer& out = output_.buffer();
  for (const Column column : columns_) {
    out.Append(Info(column).name);
    out.Append(',');
  }
  out.ShrinkTo(out.size() - 1);
  out.Append("\r\n");
  return output_.Drain();
}

void CsvSink::AppendValue(const Record& record, Column column) {
  TextBuffer& out = output_.buffer();
  const ColumnKind kind = Info(column).kind;
  if (kind == ColumnKind::kList) {
    const size_t begin = out.size();
    for (const std::string_view item : record.Items(column)) {
      out.Append(item);
      out.Append(' ');
    }
    if (out.size() != begin) out.ShrinkTo(out.size() - 1);
    return;
  }
  if (record.IsNull(column)) return;
  switch (kind) {
    case ColumnKind::kString:
      return out.Append(record.Text(column));
    case ColumnKind::kInt32:
    case ColumnKind::kInt64:
      return AppendNumber(record.Number(column), out);
    case ColumnKind::kBoolean:
      return AppendBoolean(record.Number(column), out);
    case ColumnKind::kTimestamp:
      return out.Commit(time_.Write(record.Number(column), out.Room(TimeText::kLength)));
    case ColumnKind::kList:
      break;
  }
}

absl::Status CsvSink::Write(const Record& record) {
  TextBuffer& out = output_.buffer();
  for (const Column column : columns_) {
    const size_t value = out.size();
    AppendValue(record, column);
    if (!record.plain) QuoteValue(value, out);
    out.Append(',');
  }
  out.ShrinkTo(out.size() - 1);
  out.Append("\r\n");
  return output_.EndRow();
}

}  // namespace scanner
