#include "scanner/sink/crc32c.h"

#include <array>
#include <cstddef>

namespace scanner {
namespace {

constexpr size_t kSlices = 8;
using Tables = std::array<std::array<uint32_t, 256>, kSlices>;

// tables[n][octet]: what an octet with n zeros behind it adds.
constexpr Tables MakeTables() {
  constexpr uint32_t kReversedPolynomial = 0x82F63B78;
  Tables tables{};
  for (uint32_t octet = 0; octet < 256; ++octet) {
    uint32_t crc = octet;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kReversedPolynomial : 0);
    tables[0][octet] = crc;
  }
  for (size_t slice = 1; slice < kSlices; ++slice) {
    for (size_t octet = 0; octet < 256; ++octet) {
      const uint32_t before = tables[slice - 1][octet];
      tables[slice][octet] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  }
  return tables;
}

constexpr Tables kTables = MakeTables();

}  // namespace

uint32_t Crc32c(std::span<const uint8_t> octets, uint32_t before) {
  uint32_t crc = ~before;
  for (; octets.size() >= kSlices; octets = octets.subspan(kSlices)) {
    uint32_t next = 0;
    for (size_t i = 0; i < kSlices; ++i) {
      const uint32_t octet = i < 4 ? octets[i] ^ ((crc >> (8 * i)) & 0xFF) : octets[i];
      next ^= kTables[kSlices - 1 - i][octet];
    }
    crc = next;
  }
  for (const uint8_t octet : octets) crc = (crc >> 8) ^ kTables[0][(crc ^ octet) & 0xFF];
  return ~crc;
}

}  // namespace scanner
