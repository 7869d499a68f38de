// Row group metadata of a file that has no journal, kept in a temporary file rather than in memory.
#ifndef SCANNER_SINK_ROW_GROUP_SPOOL_H_
#define SCANNER_SINK_ROW_GROUP_SPOOL_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "netio/storage.h"
#include "scanner/sink/row_sink.h"

namespace scanner {

class RowGroupSpool final : public RowGroupLog {
 public:
  // `file` is empty; nothing else writes to it.
  explicit RowGroupSpool(std::unique_ptr<netio::StorageFile> file) : file_(std::move(file)) {}

  // What SinkCheckpoint::row_groups has, in order.
  absl::Status Append(std::span<const std::vector<uint8_t>> row_groups);

  uint64_t row_groups() const override { return row_groups_; }
  absl::Status ForEach(Visit visit) const override;

 private:
  // Each row group: its length in eight octets, little-endian, then its octets.
  std::unique_ptr<netio::StorageFile> file_;
  uint64_t row_groups_ = 0;
};

}  // namespace scanner

#endif  // SCANNER_SINK_ROW_GROUP_SPOOL_H_
