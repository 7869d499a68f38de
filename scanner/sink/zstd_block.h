// Octets compressed as one piece, kept with their length: for what only we read again.
#ifndef SCANNER_SINK_ZSTD_BLOCK_H_
#define SCANNER_SINK_ZSTD_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "scanner/row/byte_reader.h"

namespace scanner {

// Appends the length of `octets` as a varint and their Zstandard frame (RFC 8878) as a blob.
void AppendZstdBlock(std::span<const uint8_t> octets, std::vector<uint8_t>& out);

// Reads what AppendZstdBlock wrote; nothing when it is anything else, or longer than `most`.
std::optional<std::vector<uint8_t>> ReadZstdBlock(ByteReader& reader, size_t most);

}  // namespace scanner

#endif  // SCANNER_SINK_ZSTD_BLOCK_H_
