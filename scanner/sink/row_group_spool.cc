#include "scanner/sink/row_group_spool.h"

#include <array>

#include "scanner/row/byte_reader.h"
#include "scanner/row/byte_writer.h"

namespace scanner {
namespace {

absl::Status ReadWhole(const netio::StorageFile& file, uint64_t offset, std::span<uint8_t> out) {
  const absl::StatusOr<size_t> got = file.ReadAt(offset, out);
  if (!got.ok()) return got.status();
  return *got == out.size() ? absl::OkStatus()
                            : absl::DataLossError("the temporary file of row groups is shorter than written");
}

}  // namespace

absl::Status RowGroupSpool::Append(std::span<const std::vector<uint8_t>> row_groups) {
  std::vector<uint8_t> octets;
  ByteWriter writer(octets);
  for (const std::vector<uint8_t>& row_group : row_groups) {
    writer.Fixed64(row_group.size());
    writer.Raw(row_group);
  }
  if (absl::Status status = file_->Append(octets); !status.ok()) return status;
  row_groups_ += row_groups.size();
  return absl::OkStatus();
}

absl::Status RowGroupSpool::ForEach(Visit visit) const {
  std::vector<uint8_t> row_group;
  uint64_t offset = 0;
  for (uint64_t i = 0; i < row_groups_; ++i) {
    std::array<uint8_t, 8> length{};
    if (absl::Status status = ReadWhole(*file_, offset, length); !status.ok()) return status;
    row_group.resize(ByteReader(length).Fixed64());
    offset += length.size();
    if (absl::Status status = ReadWhole(*file_, offset, row_group); !status.ok()) return status;
    offset += row_group.size();
    if (absl::Status status = visit(row_group); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace scanner
