#include "scanner/sink/ndjson_sink.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <string_view>
#include <utility>

namespace scanner {
namespace {

// Of what RowText writes, JSON escapes the backslash only (RFC 8259 section 7).
constexpr char kEscape = '\\';

// Doubles each backslash from `begin` on; most text has none.
void DoubleBackslashes(size_t begin, TextBuffer& out) {
  const std::string_view text = out.view().substr(begin);
  if (text.empty() || std::memchr(text.data(), kEscape, text.size()) == nullptr) return;
  const auto extra = static_cast<size_t>(std::ranges::count(text, kEscape));
  const size_t length = text.size();
  char* const first = out.Room(extra) - length;
  char* to = first + length + extra;
  out.Commit(to);
  for (const char* from = first + length; from != first;) {
    *--to = *--from;
    if (*from == kEscape) *--to = kEscape;
  }
}

}  // namespace

NdjsonSink::NdjsonSink(const std::vector<Column>& columns, std::string scan_id,
                       std::unique_ptr<ByteStream> stream)
    : text_(columns, std::move(scan_id)), output_(std::move(stream)) {
  assert(!columns.empty());
  members_.reserve(columns.size());
  for (const Column column : columns) {
    const ColumnInfo& info = Info(column);
    members_.push_back({.column = column, .kind = info.kind, .key = '"' + std::string(info.name) + "\":"});
  }
}

void NdjsonSink::AppendList(Column column) {
  TextBuffer& out = output_.buffer();
  out.Append('[');
  const size_t begin = out.size();
  text_.ForEachItem(column, [&out](std::string_view item) {
    out.Append('"');
    const size_t text = out.size();
    out.Append(item);
    DoubleBackslashes(text, out);
    out.Append("\",");
  });
  if (out.size() != begin) out.ShrinkTo(out.size() - 1);
  out.Append(']');
}

bool NdjsonSink::AppendValue(const Member& member) {
  TextBuffer& out = output_.buffer();
  switch (member.kind) {
    case ColumnKind::kList:
      AppendList(member.column);
      return true;
    case ColumnKind::kInt32:
    case ColumnKind::kInt64:
    case ColumnKind::kBoolean:
      return text_.AppendScalar(member.column, out);
    case ColumnKind::kString:
    case ColumnKind::kTimestamp:
      break;
  }
  out.Append('"');
  const size_t begin = out.size();
  if (!text_.AppendScalar(member.column, out)) return false;
  DoubleBackslashes(begin, out);
  out.Append('"');
  return true;
}

absl::Status NdjsonSink::Write(const RowView& row) {
  text_.Bind(row);
  TextBuffer& out = output_.buffer();
  out.Append('{');
  const size_t begin = out.size();
  for (const Member& member : members_) {
    const size_t before = out.size();
    out.Append(member.key);
    if (AppendValue(member)) {
      out.Append(',');
    } else {
      out.ShrinkTo(before);
    }
  }
  if (out.size() != begin) out.ShrinkTo(out.size() - 1);
  out.Append("}\n");
  return output_.EndRow();
}

}  // namespace scanner
