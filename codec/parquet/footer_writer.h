// The footer of a file: FileMetaData of parquet.thrift, its length and the mark. Written in pieces, so that
// row groups need not be in memory together.
#ifndef CODEC_PARQUET_FOOTER_WRITER_H_
#define CODEC_PARQUET_FOOTER_WRITER_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "codec/parquet/byte_buffer.h"
#include "codec/parquet/metadata.h"
#include "codec/parquet/schema.h"

namespace codec::parquet {

// At both ends of a file.
inline constexpr std::string_view kMark = "PAR1";

// Start, then RowGroup as often as Start was told, then End; each appends to what it is given, which its
// caller writes behind the last row group.
class FooterWriter {
 public:
  explicit FooterWriter(const Schema& schema) : schema_(schema) {}

  // `rows`: of all row groups.
  void Start(uint64_t rows, uint64_t row_groups, ByteBuffer& out);
  // `metadata`: as AppendRowGroup wrote it.
  void RowGroup(std::span<const uint8_t> metadata, ByteBuffer& out);
  // False when the footer is longer than the format can say (4 GiB).
  bool End(const std::vector<KeyValue>& key_values, std::string_view created_by, ByteBuffer& out);

 private:
  const Schema schema_;
  uint64_t length_ = 0;  // Of what was appended so far.
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_FOOTER_WRITER_H_
