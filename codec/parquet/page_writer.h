// Pages as they are in a file: header, checksum, compressed values.
// https://parquet.apache.org/docs/file-format/data-pages/
#ifndef CODEC_PARQUET_PAGE_WRITER_H_
#define CODEC_PARQUET_PAGE_WRITER_H_

#include <cstdint>
#include <memory>
#include <span>

#include "codec/parquet/byte_buffer.h"
#include "codec/parquet/metadata.h"

struct ZSTD_CCtx_s;

namespace codec::parquet {

// What is in a data page before it is compressed.
struct DataPage {
  int32_t rows = 0;
  int32_t levels = 0;  // With nulls and empty lists.
  int32_t nulls = 0;   // Nulls and empty lists.
  Encoding encoding = Encoding::kPlain;
  ByteBuffer repetition;  // Levels: RLE without a length.
  ByteBuffer definition;
  ByteBuffer values;

  void Clear() {
    repetition.Clear();
    definition.Clear();
    values.Clear();
  }
};

// Octets that a page took, its header included.
struct PageSize {
  uint32_t uncompressed = 0;
  uint32_t in_file = 0;
};

class PageWriter {
 public:
  PageWriter();

  // Appends a data page of version 2. Values that zstd does not make smaller stay as they are.
  PageSize Append(const DataPage& page, ByteBuffer& out);
  // Appends a dictionary of so many values, as PLAIN has them.
  PageSize AppendDictionary(int32_t values, std::span<const uint8_t> plain, ByteBuffer& out);

 private:
  struct FreeContext {
    void operator()(ZSTD_CCtx_s* context) const;
  };

  // Into compressed_. `level`: as libzstd has them.
  void Compress(std::span<const uint8_t> bytes, int level);

  std::unique_ptr<ZSTD_CCtx_s, FreeContext> context_;
  ByteBuffer compressed_;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_PAGE_WRITER_H_
