// A run of records in a temporary file, compressed: record_bytes.h of each behind its length.
#ifndef SCANNER_SINK_RECORD_RUN_H_
#define SCANNER_SINK_RECORD_RUN_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "netio/storage.h"
#include "scanner/sink/record.h"
#include "scanner/sink/zstd_input.h"
#include "scanner/sink/zstd_stream.h"

namespace scanner {

class RecordRunWriter {
 public:
  // `file` is empty.
  explicit RecordRunWriter(std::unique_ptr<netio::StorageFile> file);

  // What AppendRecordBytes gave.
  absl::Status Write(std::span<const uint8_t> record_bytes);
  // No record follows; the run.
  absl::StatusOr<std::unique_ptr<netio::StorageFile>> Finish();

 private:
  std::unique_ptr<netio::StorageFile> file_;
  ZstdStream stream_;
  std::vector<uint8_t> piece_;  // On its way to stream_.
};

class RecordRunReader {
 public:
  explicit RecordRunReader(std::unique_ptr<netio::StorageFile> run);

  // Moves to the next record; false behind the last one.
  absl::StatusOr<bool> Next();
  // Valid until the next move, as its octets are.
  const Record& record() const { return record_; }
  std::span<const uint8_t> bytes() const { return bytes_; }

 private:
  // Has `octets` of them in buffer_ from begin_ on; false when there are fewer.
  absl::StatusOr<bool> Have(size_t octets);

  ZstdInput input_;
  std::vector<uint8_t> buffer_;
  size_t begin_ = 0;  // begin_ <= end_ <= buffer_.size()
  size_t end_ = 0;
  Record record_;
  std::span<const uint8_t> bytes_;
};

}  // namespace scanner

#endif  // SCANNER_SINK_RECORD_RUN_H_
