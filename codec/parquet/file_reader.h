// Reads the rows of a Parquet file that this project or anybody else wrote.
// https://parquet.apache.org/docs/file-format/
#ifndef CODEC_PARQUET_FILE_READER_H_
#define CODEC_PARQUET_FILE_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "codec/parquet/byte_source.h"
#include "codec/parquet/column_reader.h"
#include "codec/parquet/decompressor.h"
#include "codec/parquet/metadata.h"
#include "codec/parquet/metadata_reader.h"
#include "codec/parquet/schema.h"
#include "codec/parquet/schema_reader.h"

namespace codec::parquet {

// Holds the footer, and of each column a page, a dictionary and a few hundred values, however large the row
// groups. Pages and footers are of 256 MiB at most.
//
// All errors are one line that names the source, the octet in it about which something is wrong (of what is
// compressed, that of the page), the column and what is wrong.
class FileReader {
 public:
  // Reads the footer. `source` must outlive the reader.
  static absl::StatusOr<std::unique_ptr<FileReader>> Open(const ByteSource& source);

  // The columns that can be read, in the file's order, and those that cannot. Lists that may be null are told
  // as kList: a list that is null reads as an empty one. Text is not checked to be UTF-8.
  const Schema& schema() const { return schema_; }
  const std::vector<UnusableColumn>& unusable_columns() const { return unusable_; }

  uint64_t rows() const { return static_cast<uint64_t>(footer_.rows); }
  const std::vector<KeyValue>& key_values() const { return footer_.key_values; }

  // Reads no columns but these, which are places in schema(). Before the first Next(); all without it.
  void Select(std::span<const size_t> columns);

  // Moves to the next row: false behind the last one. After an error it is not called again.
  absl::StatusOr<bool> Next();

  // Of the row that was moved to and a column that is read; views are valid until the next call of Next().
  bool IsNull(size_t column) const { return readers_[column]->is_null(); }
  // Of a column that is not null: of booleans 0 or 1, of times microseconds since 1970, UTC.
  int64_t Number(size_t column) const { return readers_[column]->number(); }
  std::string_view Text(size_t column) const { return readers_[column]->text(); }
  // Of a list.
  std::span<const std::string_view> Items(size_t column) const { return readers_[column]->items(); }

 private:
  explicit FileReader(const ByteSource& source) : source_(source) {}

  absl::Status ReadFooterOctets();
  absl::Status ParseFooter();
  absl::StatusOr<RowGroup> ParseRowGroup(size_t index) const;
  absl::Status CheckRowGroups() const;
  absl::Status FinishRowGroup();
  absl::Status BeginRowGroup();

  const ByteSource& source_;
  Decompressor decompressor_;
  std::vector<uint8_t> footer_octets_;
  uint64_t footer_offset_ = 0;
  Footer footer_;
  std::vector<Leaf> leaves_;
  size_t leaf_count_ = 0;  // Also those that cannot be read.
  Schema schema_;          // As leaves_.
  std::vector<UnusableColumn> unusable_;
  std::vector<std::unique_ptr<ColumnReader>> readers_;  // As leaves_.
  std::vector<size_t> selected_;
  size_t next_group_ = 0;
  uint64_t rows_left_ = 0;  // In the row group.
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_FILE_READER_H_
