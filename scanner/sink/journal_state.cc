#include "scanner/sink/journal_state.h"

#include <array>
#include <cstddef>
#include <numeric>

#include "scanner/row/byte_reader.h"
#include "scanner/row/byte_writer.h"
#include "scanner/sink/zstd_block.h"

namespace scanner {
namespace {

constexpr uint64_t kVersion = 1;

// More is not written: a row group ends long before.
constexpr size_t kMostOctets = size_t{1} << 28;

void WriteRowGroups(std::span<const std::vector<uint8_t>> row_groups, ByteWriter& writer) {
  writer.Varint(row_groups.size());
  for (const std::vector<uint8_t>& row_group : row_groups) writer.Blob(row_group);
}

// An error leaves `reader` not ok.
RowGroups ReadRowGroups(ByteReader& reader) {
  RowGroups row_groups;
  const uint64_t count = reader.Varint();
  for (uint64_t i = 0; i < count && reader.ok(); ++i) {
    const std::span<const uint8_t> row_group = reader.Blob();
    row_groups.emplace_back(row_group.begin(), row_group.end());
  }
  return row_groups;
}

void WriteCounts(const SinkCounts& counts, ByteWriter& writer) {
  for (const uint64_t number :
       {counts.completed, counts.rows, counts.found, counts.names, counts.confirmed_names}) {
    writer.Varint(number);
  }
  for (const uint64_t number : counts.verdicts) writer.Varint(number);
  for (const uint64_t number : counts.reasons) writer.Varint(number);
  for (const uint64_t number : counts.evidence) writer.Varint(number);
  writer.Varint(counts.ptr_statuses.size());
  for (const auto& [status, count] : counts.ptr_statuses) {
    writer.Varint(static_cast<uint16_t>(status));
    writer.Varint(count);
  }
}

template <size_t kCount>
bool AddUpTo(uint64_t whole, const std::array<uint64_t, kCount>& parts) {
  for (const uint64_t part : parts) {
    if (part > whole) return false;
    whole -= part;
  }
  return whole == 0;
}

bool IsStatus(uint64_t number) { return number <= static_cast<uint16_t>(Status::kLoop); }

// False where the numbers are none that rows add up to.
bool ReadCounts(ByteReader& reader, SinkCounts& counts) {
  for (uint64_t* number :
       {&counts.completed, &counts.rows, &counts.found, &counts.names, &counts.confirmed_names}) {
    *number = reader.Varint();
  }
  for (uint64_t& number : counts.verdicts) number = reader.Varint();
  for (uint64_t& number : counts.reasons) number = reader.Varint();
  for (uint64_t& number : counts.evidence) number = reader.Varint();
  uint64_t left = counts.completed;
  for (uint64_t statuses = reader.Varint(); statuses > 0 && reader.ok(); --statuses) {
    const uint64_t status = reader.Varint();
    const uint64_t count = reader.Varint();
    if (!IsStatus(status) || count > left) return false;
    left -= count;
    if (!counts.ptr_statuses.emplace(static_cast<Status>(status), count).second) return false;
  }
  return reader.ok() && left == 0 && counts.rows <= counts.completed && counts.found <= counts.completed &&
         counts.confirmed_names <= counts.names && AddUpTo(counts.completed, counts.verdicts) &&
         AddUpTo(counts.completed, counts.reasons) && AddUpTo(counts.completed, counts.evidence);
}

}  // namespace

std::vector<uint8_t> HeaderPayload(const JournalHeader& header) {
  std::vector<uint8_t> payload;
  ByteWriter writer(payload);
  writer.Varint(kVersion);
  writer.Varint(header.identity.size());
  for (const auto& [key, text] : header.identity) {
    writer.Text(key);
    writer.Text(text);
  }
  writer.Text(header.scan_id);
  writer.Fixed64(static_cast<uint64_t>(header.started_at));
  writer.Octet(header.overwrite ? 1 : 0);
  return payload;
}

bool IsReadableVersion(std::span<const uint8_t> payload) {
  ByteReader reader(payload);
  return reader.Varint() == kVersion && reader.ok();
}

std::optional<JournalHeader> ReadHeaderPayload(std::span<const uint8_t> payload) {
  JournalHeader header;
  ByteReader reader(payload);
  if (reader.Varint() != kVersion) return std::nullopt;
  const uint64_t entries = reader.Varint();
  for (uint64_t i = 0; i < entries && reader.ok(); ++i) {
    const std::string_view key = reader.Text();
    const std::string_view text = reader.Text();
    header.identity.emplace_back(key, text);
  }
  header.scan_id = reader.Text();
  header.started_at = static_cast<int64_t>(reader.Fixed64());
  header.overwrite = reader.Octet() != 0;
  if (!reader.AtEnd()) return std::nullopt;
  return header;
}

std::vector<uint8_t> RowGroupsPayload(std::span<const std::vector<uint8_t>> row_groups) {
  std::vector<uint8_t> payload;
  ByteWriter writer(payload);
  WriteRowGroups(row_groups, writer);
  return payload;
}

std::optional<RowGroups> ReadRowGroupsPayload(std::span<const uint8_t> payload) {
  ByteReader reader(payload);
  RowGroups row_groups = ReadRowGroups(reader);
  if (!reader.AtEnd()) return std::nullopt;
  return row_groups;
}

std::vector<uint8_t> StatePayload(const JournalState& state, size_t& open_octets) {
  std::vector<uint8_t> payload;
  ByteWriter writer(payload);
  WriteRowGroups(state.row_groups, writer);
  writer.Varint(state.length);
  WriteCounts(state.counts, writer);
  AppendZstdBlock(state.progress, payload);
  writer.Octet(state.replaces ? 1 : 0);
  const size_t before = payload.size();
  AppendZstdBlock(state.open_records, payload);
  open_octets = payload.size() - before;
  return payload;
}

std::optional<JournalState> ReadStatePayload(std::span<const uint8_t> payload) {
  JournalState state;
  ByteReader reader(payload);
  state.row_groups = ReadRowGroups(reader);
  state.length = reader.Varint();
  if (!ReadCounts(reader, state.counts)) return std::nullopt;
  std::optional<std::vector<uint8_t>> progress = ReadZstdBlock(reader, kMostOctets);
  state.replaces = reader.Octet() != 0;
  std::optional<std::vector<uint8_t>> open_records = ReadZstdBlock(reader, kMostOctets);
  if (!progress || !open_records || !reader.AtEnd()) return std::nullopt;
  state.progress = *std::move(progress);
  state.open_records = *std::move(open_records);
  return state;
}

std::optional<RowGroups> ReadRowGroupsOfState(std::span<const uint8_t> payload) {
  ByteReader reader(payload);
  RowGroups row_groups = ReadRowGroups(reader);
  if (!reader.ok()) return std::nullopt;
  return row_groups;
}

}  // namespace scanner
