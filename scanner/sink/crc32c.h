// CRC-32C (Castagnoli; RFC 3720 appendix B.4), which finds what a disk has lost or damaged.
#ifndef SCANNER_SINK_CRC32C_H_
#define SCANNER_SINK_CRC32C_H_

#include <cstdint>
#include <span>

namespace scanner {

// Of `octets` behind those whose checksum `before` is; 0 for none.
uint32_t Crc32c(std::span<const uint8_t> octets, uint32_t before = 0);

}  // namespace scanner

#endif  // SCANNER_SINK_CRC32C_H_
