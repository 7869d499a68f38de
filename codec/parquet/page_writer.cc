#include "codec/parquet/page_writer.h"

#include <zlib.h>
#include <zstd.h>

#include <cassert>
#include <cstddef>
#include <initializer_list>

#include "codec/parquet/metadata_writer.h"

namespace codec::parquet {
namespace {

// zstd's. Whole octets repay a longer search for what repeats in them; what is packed into bits does not.
constexpr int kLevelOfOctets = 3;
constexpr int kLevelOfBits = 1;
// Octets that are fewer have no frame that is shorter.
constexpr size_t kFewestCompressed = 16;

int LevelOf(Encoding encoding) {
  const bool octets = encoding == Encoding::kDeltaByteArray || encoding == Encoding::kPlain;
  return octets ? kLevelOfOctets : kLevelOfBits;
}

// CRC-32 of the parts one behind another.
uint32_t Checksum(std::initializer_list<std::span<const uint8_t>> parts) {
  uLong crc = crc32_z(0, nullptr, 0);
  for (const std::span<const uint8_t> part : parts) {
    if (!part.empty()) crc = crc32_z(crc, part.data(), part.size());
  }
  return static_cast<uint32_t>(crc);
}

}  // namespace

void PageWriter::FreeContext::operator()(ZSTD_CCtx_s* context) const { ZSTD_freeCCtx(context); }

PageWriter::PageWriter() : context_(ZSTD_createCCtx()) { assert(context_ != nullptr); }

void PageWriter::Compress(std::span<const uint8_t> bytes, int level) {
  compressed_.Clear();
  const size_t set = ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level);
  assert(ZSTD_isError(set) == 0);
  const size_t room = ZSTD_compressBound(bytes.size());
  uint8_t* const begin = compressed_.Room(room);
  const size_t size = ZSTD_compress2(context_.get(), begin, room, bytes.data(), bytes.size());
  assert(ZSTD_isError(size) == 0);  // There is room for any input.
  compressed_.Commit(begin + size);
}

PageSize PageWriter::Append(const DataPage& page, ByteBuffer& out) {
  std::span<const uint8_t> values = page.values.bytes();
  PageHeader header;
  header.type = PageType::kDataV2;
  const size_t levels = page.repetition.size() + page.definition.size();
  header.uncompressed_size = static_cast<int32_t>(levels + values.size());
  header.compressed = false;
  if (values.size() >= kFewestCompressed) {
    Compress(values, LevelOf(page.encoding));
    header.compressed = compressed_.size() < values.size();
  }
  if (header.compressed) values = compressed_.bytes();
  header.compressed_size = static_cast<int32_t>(levels + values.size());
  header.crc = Checksum({page.repetition.bytes(), page.definition.bytes(), values});
  header.values = page.levels;
  header.nulls = page.nulls;
  header.rows = page.rows;
  header.encoding = page.encoding;
  header.definition_bytes = static_cast<int32_t>(page.definition.size());
  header.repetition_bytes = static_cast<int32_t>(page.repetition.size());
  const size_t begin = out.size();
  AppendPageHeader(header, out);
  const size_t header_size = out.size() - begin;
  out.Append(page.repetition.bytes());
  out.Append(page.definition.bytes());
  out.Append(values);
  return {
      .uncompressed = static_cast<uint32_t>(header_size) + static_cast<uint32_t>(header.uncompressed_size),
      .in_file = static_cast<uint32_t>(out.size() - begin)};
}

PageSize PageWriter::AppendDictionary(int32_t values, std::span<const uint8_t> plain, ByteBuffer& out) {
  Compress(plain, kLevelOfBits);
  PageHeader header;
  header.type = PageType::kDictionary;
  header.uncompressed_size = static_cast<int32_t>(plain.size());
  header.compressed_size = static_cast<int32_t>(compressed_.size());
  header.crc = Checksum({compressed_.bytes()});
  header.values = values;
  header.encoding = Encoding::kPlain;
  const size_t begin = out.size();
  AppendPageHeader(header, out);
  const size_t header_size = out.size() - begin;
  out.Append(compressed_.bytes());
  return {.uncompressed = static_cast<uint32_t>(header_size + plain.size()),
          .in_file = static_cast<uint32_t>(out.size() - begin)};
}

}  // namespace codec::parquet
