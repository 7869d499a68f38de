// Records out of Parquet: what parquet_sink.h writes, and equal schemas by others.
#ifndef SCANNER_SINK_PARQUET_READER_H_
#define SCANNER_SINK_PARQUET_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "codec/parquet/byte_source.h"
#include "codec/parquet/file_reader.h"
#include "netio/input_file.h"
#include "scanner/sink/record_filler.h"
#include "scanner/sink/record_reader.h"

namespace scanner {

class ParquetReader final : public RecordReader {
 public:
  // `file` is a regular one. Its columns are some of the SPEC's, `address` among them.
  static absl::StatusOr<std::unique_ptr<ParquetReader>> Open(netio::InputFile file);

  absl::StatusOr<bool> Next(Record& record) override;
  const std::string& name() const override { return source_->name(); }
  const std::vector<Column>& columns() const override { return columns_; }
  const FileFacts& facts() const override { return facts_; }

 private:
  explicit ParquetReader(std::unique_ptr<codec::parquet::ByteSource> source) : source_(std::move(source)) {}

  absl::Status ReadSchema();
  absl::Status Wrong(std::string_view what) const;
  Objection SetValue(size_t place, std::string& shown);

  const std::unique_ptr<codec::parquet::ByteSource> source_;
  std::unique_ptr<codec::parquet::FileReader> file_;
  std::vector<Column> columns_;  // By place in the file's schema.
  FileFacts facts_;
  RecordFiller filler_;
  uint64_t row_ = 0;  // Read last, from 1 on.
};

}  // namespace scanner

#endif  // SCANNER_SINK_PARQUET_READER_H_
