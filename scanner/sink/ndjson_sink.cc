#include "scanner/sink/ndjson_sink.h"

#include <cassert>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "scanner/sink/number_text.h"

namespace scanner {
namespace {

void AppendPlain(std::string_view text, TextBuffer& out) {
  out.Append('"');
  out.Append(text);
  out.Append('"');
}

void AppendEscaped(std::string_view text, TextBuffer& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out.Append('"');
  for (const char c : text) {
    const auto octet = static_cast<uint8_t>(c);
    if (octet < 0x20) {
      out.Append("\\u00");
      out.Append(kHex[octet >> 4]);
      out.Append(kHex[octet & 15]);
      continue;
    }
    if (c == '\\' || c == '"') out.Append('\\');
    out.Append(c);
  }
  out.Append('"');
}

}  // namespace

NdjsonSink::NdjsonSink(const std::vector<Column>& columns, std::unique_ptr<ByteStream> stream)
    : output_(std::move(stream)) {
  assert(!columns.empty());
  members_.reserve(columns.size());
  for (const Column column : columns) {
    const ColumnInfo& info = Info(column);
    members_.push_back({.column = column, .kind = info.kind, .key = '"' + std::string(info.name) + "\":"});
  }
}

void NdjsonSink::AppendText(const Record& record, std::string_view text) {
  if (record.plain) {
    AppendPlain(text, output_.buffer());
  } else {
    AppendEscaped(text, output_.buffer());
  }
}

void NdjsonSink::AppendList(const Record& record, Column column) {
  TextBuffer& out = output_.buffer();
  const std::span<const std::string_view> items = record.Items(column);
  out.Append('[');
  for (const std::string_view item : items) {
    AppendText(record, item);
    out.Append(',');
  }
  if (!items.empty()) out.ShrinkTo(out.size() - 1);
  out.Append(']');
}

void NdjsonSink::AppendValue(const Record& record, const Member& member) {
  TextBuffer& out = output_.buffer();
  switch (member.kind) {
    case ColumnKind::kList:
      return AppendList(record, member.column);
    case ColumnKind::kString:
      return AppendText(record, record.Text(member.column));
    case ColumnKind::kInt32:
    case ColumnKind::kInt64:
      return AppendNumber(record.Number(member.column), out);
    case ColumnKind::kBoolean:
      return AppendBoolean(record.Number(member.column), out);
    case ColumnKind::kTimestamp:
      out.Append('"');
      out.Commit(time_.Write(record.Number(member.column), out.Room(TimeText::kLength)));
      return out.Append('"');
  }
}

absl::Status NdjsonSink::Write(const Record& record) {
  TextBuffer& out = output_.buffer();
  out.Append('{');
  const size_t begin = out.size();
  for (const Member& member : members_) {
    if (member.kind != ColumnKind::kList && record.IsNull(member.column)) continue;
    out.Append(member.key);
    AppendValue(record, member);
    out.Append(',');
  }
  if (out.size() != begin) out.ShrinkTo(out.size() - 1);
  out.Append("}\n");
  return output_.EndRow();
}

}  // namespace scanner
