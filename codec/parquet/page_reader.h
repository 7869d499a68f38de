// Steps through the pages of a column chunk: headers, checksums and compression ("Data Pages" of the format).
#ifndef CODEC_PARQUET_PAGE_READER_H_
#define CODEC_PARQUET_PAGE_READER_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "codec/parquet/byte_source.h"
#include "codec/parquet/decompressor.h"
#include "codec/parquet/metadata.h"
#include "codec/parquet/octet_buffer.h"

namespace codec::parquet {

struct Page {
  PageHeader header;
  uint64_t offset = 0;  // Of its header in the file.
  // Of data pages of version 2, which keep levels apart from what is compressed.
  std::span<const uint8_t> repetition;
  std::span<const uint8_t> definition;
  std::span<const uint8_t> body;  // Decompressed.
};

// Holds one page as it is in the file and one decompressed.
class PageReader {
 public:
  // Both must outlive the reader.
  PageReader(const ByteSource& source, Decompressor& decompressor)
      : source_(source), decompressor_(decompressor) {}

  // From now on the pages at [begin, end) of the source, which has them. `codec` is one that is read.
  void Begin(uint64_t begin, uint64_t end, Codec codec);

  // The next page, valid until the next call. Errors name the source and the page's offset; there must be a
  // page.
  absl::StatusOr<Page> Next();

 private:
  absl::StatusOr<size_t> ReadHeader(Page& page);
  absl::Status CheckHeader(const PageHeader& header, uint64_t body) const;
  absl::Status ReadBody(Page& page);
  absl::Status SplitLevels(Page& page, std::span<const uint8_t> octets);
  absl::Status Fill(uint64_t at, uint64_t size);
  std::span<const uint8_t> Filled(uint64_t at) const;

  const ByteSource& source_;
  Decompressor& decompressor_;
  uint64_t next_ = 0;  // Of the next page's header.
  uint64_t end_ = 0;
  Codec codec_ = Codec::kUncompressed;
  OctetBuffer window_;  // Holds the source's [window_begin_, window_end_).
  uint64_t window_begin_ = 0;
  uint64_t window_end_ = 0;
  OctetBuffer decompressed_;
  absl::Status source_error_;  // Of the last read; it names the source.
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_PAGE_READER_H_
