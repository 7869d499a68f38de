// Records as Apache Parquet: the schema of SPEC section 2, rows of a row group sorted by address.
#ifndef SCANNER_SINK_PARQUET_SINK_H_
#define SCANNER_SINK_PARQUET_SINK_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "codec/parquet/byte_buffer.h"
#include "codec/parquet/row_group_writer.h"
#include "codec/parquet/schema.h"
#include "netio/storage.h"
#include "scanner/sink/columns.h"
#include "scanner/sink/open_rows.h"
#include "scanner/sink/row_sink.h"

namespace scanner {

struct ParquetOptions {
  // A row group ends with whichever comes first.
  uint32_t row_group_rows = 122'880;
  uint64_t row_group_bytes = uint64_t{32} << 20;  // Of values, before they are encoded.
  bool bloom_filter = true;                       // On `address`.
};

codec::parquet::Schema ParquetSchema(std::span<const Column> columns, bool bloom_filter);

// Memory is bounded by the values of one row group and what they are encoded to.
class ParquetSink final : public RowSink {
 public:
  // Appends to `file`, which must outlive it. Where Begin is not called the file ends with a row group.
  ParquetSink(std::vector<Column> columns, ParquetOptions options, netio::StorageFile& file);

  absl::Status Begin() override;
  absl::Status Write(const Record& record) override;
  absl::Status Drain() override { return absl::OkStatus(); }
  bool WantsCheckpoint() const override { return !finished_.empty(); }
  absl::Status EndRowGroup() override { return rows_.rows() != 0 ? FinishRowGroup() : absl::OkStatus(); }
  absl::Status Checkpoint(CheckpointScope scope, SinkCheckpoint& out) override;
  // After an error it cuts off what was written in part, and when the open rows fail again leaves them out.
  absl::Status Finish(const RowGroupLog& log, const FileFacts& facts) override;

 private:
  // Reads back the rows from `row` on as record_bytes.h has them.
  void AppendOpenRecords(size_t row, std::vector<uint8_t>& out) const;
  absl::Status FindOffset();
  absl::Status FinishRowGroup();
  absl::Status Append(const codec::parquet::ByteBuffer& bytes);
  // Takes away what is behind offset_.
  absl::Status CutOff();
  absl::Status WriteFooter(const RowGroupLog& log, const FileFacts& facts);
  absl::Status AppendFooter(codec::parquet::ByteBuffer& piece);
  // Those of `log`, and then those of finished_.
  absl::Status ForEachGroup(const RowGroupLog& log, RowGroupLog::Visit visit) const;

  const std::vector<Column> columns_;
  const ParquetOptions options_;
  const bool needs_address_;
  netio::StorageFile& file_;
  codec::parquet::RowGroupWriter group_;
  OpenRows rows_;
  size_t checkpointed_ = 0;                     // Of rows_, those that a checkpoint has; the first ones.
  std::vector<std::vector<uint8_t>> finished_;  // Row groups that no checkpoint has.
  std::optional<uint64_t> offset_;   // Where the file ends, as far as it is whole; nothing: not known yet.
  bool failed_ = false;              // There may be octets behind offset_.
  codec::parquet::ByteBuffer data_;  // What rows_ were encoded to, while that is not in the file.
  codec::parquet::ByteBuffer metadata_;
};

}  // namespace scanner

#endif  // SCANNER_SINK_PARQUET_SINK_H_
