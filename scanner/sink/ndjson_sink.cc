#include "scanner/sink/ndjson_sink.h"

#include <cassert>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "scanner/sink/number_text.h"

namespace scanner {
namespace {

// A key, a value that is no text, and what ends both.
constexpr size_t kMaxFixed = 64;
// `{}` and the end of the line.
constexpr size_t kBraces = 3;
constexpr size_t kMostEscaped = 6;  // `\u001f`

char* WriteEscaped(std::string_view text, char* at) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (const char c : text) {
    const auto octet = static_cast<uint8_t>(c);
    if (octet < 0x20) {
      at = CopyText("\\u00", at);
      *at++ = kHex[octet >> 4];
      *at++ = kHex[octet & 15];
      continue;
    }
    if (c == '\\' || c == '"') *at++ = '\\';
    *at++ = c;
  }
  return at;
}

std::string_view BeginOf(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kString:
    case ColumnKind::kTimestamp:
      return "\"";
    case ColumnKind::kList:
      return "[";
    case ColumnKind::kInt32:
    case ColumnKind::kInt64:
    case ColumnKind::kBoolean:
      return "";
  }
  return "";
}

}  // namespace

NdjsonSink::NdjsonSink(const std::vector<Column>& columns, std::unique_ptr<ByteStream> stream)
    : room_(columns.size() * kMaxFixed + kBraces), output_(std::move(stream)) {
  assert(!columns.empty());
  members_.reserve(columns.size());
  for (const Column column : columns) {
    const ColumnInfo& info = Info(column);
    Member& member = members_.emplace_back(Member{.column = column, .kind = info.kind});
    const std::string key = '"' + std::string(info.name) + "\":" + std::string(BeginOf(info.kind));
    assert(key.size() <= member.key.size());
    member.key_length = static_cast<uint8_t>(key.copy(member.key.data(), member.key.size()));
  }
}

inline char* NdjsonSink::WriteText(bool plain, std::string_view text, char* at) {
  constexpr size_t kQuotes = 3;  // With a comma.
  TextBuffer& out = output_.buffer();
  if (plain) return CopyText(text, out.RoomAt(at, text.size() + kQuotes + room_));
  return WriteEscaped(text, out.RoomAt(at, text.size() * kMostEscaped + kQuotes + room_));
}

char* NdjsonSink::WriteItems(const Record& record, Column column, char* at) {
  const std::span<const std::string_view> items = record.Items(column);
  for (const std::string_view item : items) {
    *at++ = '"';
    at = WriteText(record.plain, item, at);
    *at++ = '"';
    *at++ = ',';
  }
  if (!items.empty()) --at;
  *at++ = ']';
  return at;
}

// Inlined into its only loop, where its checks are those of the loop.
[[gnu::always_inline]] inline char* NdjsonSink::WriteValue(const Record& record, const Member& member,
                                                           char* at) {
  if (member.kind == ColumnKind::kString) {
    at = WriteText(record.plain, record.Text(member.column), at);
    *at++ = '"';
    return at;
  }
  switch (member.kind) {
    case ColumnKind::kList:
      return WriteItems(record, member.column, at);
    case ColumnKind::kInt32:
    case ColumnKind::kInt64:
      return WriteNumber(record.Number(member.column), at);
    case ColumnKind::kBoolean:
      return WriteBoolean(record.Number(member.column), at);
    case ColumnKind::kTimestamp:
      at = time_.Write(record.Number(member.column), at);
      *at++ = '"';
      return at;
    case ColumnKind::kString:
      break;
  }
  return at;
}

absl::Status NdjsonSink::Write(const Record& record) {
  TextBuffer& out = output_.buffer();
  char* at = out.Room(room_);
  *at++ = '{';
  bool any = false;
  for (const Member& member : members_) {
    if (record.IsNull(member.column) && member.kind != ColumnKind::kList) continue;
    std::memcpy(at, member.key.data(), member.key.size());
    at = WriteValue(record, member, at + member.key_length);
    *at++ = ',';
    any = true;
  }
  if (any) --at;
  *at++ = '}';
  *at++ = '\n';
  out.Commit(at);
  return output_.EndRow();
}

}  // namespace scanner
