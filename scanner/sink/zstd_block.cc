#include "scanner/sink/zstd_block.h"

#include <zstd.h>

#include <cassert>

#include "scanner/row/byte_writer.h"

namespace scanner {
namespace {

constexpr int kFastest = 1;

}  // namespace

void AppendZstdBlock(std::span<const uint8_t> octets, std::vector<uint8_t>& out) {
  std::vector<uint8_t> frame(ZSTD_compressBound(octets.size()));
  const size_t length = ZSTD_compress(frame.data(), frame.size(), octets.data(), octets.size(), kFastest);
  assert(ZSTD_isError(length) == 0);
  ByteWriter writer(out);
  writer.Varint(octets.size());
  writer.Blob(std::span(frame).first(length));
}

std::optional<std::vector<uint8_t>> ReadZstdBlock(ByteReader& reader, size_t most) {
  const uint64_t length = reader.Varint();
  const std::span<const uint8_t> frame = reader.Blob();
  if (!reader.ok() || length > most) return std::nullopt;
  // No frame gives more than this for an octet, so that a short one cannot claim much memory.
  constexpr uint64_t kMostExpansion = uint64_t{1} << 16;
  if (length / kMostExpansion > frame.size()) return std::nullopt;
  std::vector<uint8_t> octets(length);
  const size_t got = ZSTD_decompress(octets.data(), octets.size(), frame.data(), frame.size());
  if (ZSTD_isError(got) != 0 || got != length) return std::nullopt;
  return octets;
}

}  // namespace scanner
