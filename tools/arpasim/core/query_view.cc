#include "tools/arpasim/core/query_view.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace arpasim {
namespace {

constexpr size_t kHeaderOctets = 12;
constexpr size_t kOptOctets = 11;  // Without options.

uint16_t Read16(std::span<const uint8_t> octets, size_t at) {
  return static_cast<uint16_t>(octets[at] << 8 | octets[at + 1]);
}

// Makes capital letters small, eight octets at a time. Lengths of labels, at most 63, stay as they are.
void LowerCaseOctets(uint8_t* octets, size_t count) {
  for (size_t i = 0; i < count; i += 8) {
    uint64_t word = 0;
    std::memcpy(&word, octets + i, 8);
    constexpr uint64_t kEach = 0x0101010101010101;
    const uint64_t low = word & (0x7F * kEach);
    const uint64_t from_a = low + (0x80 - 'A') * kEach;
    const uint64_t beyond_z = low + (0x7F - 'Z') * kEach;
    word |= ((from_a & ~beyond_z & ~word & (0x80 * kEach)) >> 2);
    std::memcpy(octets + i, &word, 8);
  }
}

// Reads the name of the question, which is not compressed, in lower case; returns the offset behind it, or 0.
size_t ReadQuestionName(std::span<const uint8_t> query, Name& name) {
  size_t end = kHeaderOctets;
  for (uint8_t length = 1; length != 0;) {
    if (end >= query.size()) return 0;
    length = query[end];
    end += 1U + length;
    if (length > codec::dns::kMaxLabelOctets) return 0;
  }
  const size_t octets = end - kHeaderOctets;
  if (end > query.size() || octets > codec::dns::kMaxNameOctets) return 0;
  std::array<uint8_t, codec::dns::kMaxNameOctets + 1> copy;  // A whole number of eights.
  std::memcpy(copy.data(), query.data() + kHeaderOctets, octets);
  LowerCaseOctets(copy.data(), octets);
  std::memcpy(name.octets.data(), copy.data(), octets);
  name.length = static_cast<uint8_t>(octets);
  return end;
}

// The cookie among the options of OPT; false when the options cannot be read (RFC 6891 section 6.1.2) or the
// cookie has no legal length (RFC 7873 section 5.2.2).
bool ReadOptions(std::span<const uint8_t> options, QueryView& out) {
  while (!options.empty()) {
    if (options.size() < 4) return false;
    const size_t length = Read16(options, 2);
    if (options.size() < 4 + length) return false;
    if (Read16(options, 0) == static_cast<uint16_t>(codec::dns::Option::kCookie)) {
      if (length != 8 && (length < 16 || length > 40)) return false;
      out.cookie = options.subspan(4, length);
    }
    options = options.subspan(4 + length);
  }
  return true;
}

bool ReadOpt(std::span<const uint8_t> record, QueryView& out) {
  if (record.size() < kOptOctets || record[0] != 0 ||
      Read16(record, 1) != static_cast<uint16_t>(codec::dns::Type::kOpt) ||
      record.size() != kOptOctets + Read16(record, 9)) {
    return false;
  }
  out.edns = true;
  out.udp_size = std::max<uint16_t>(Read16(record, 3), 512);
  out.edns_version = record[6];
  return ReadOptions(record.subspan(kOptOctets), out);
}

}  // namespace

void ReadQuery(std::span<const uint8_t> query, QueryView& out) {
  if (query.size() < kHeaderOctets || (query[2] & 0x80) != 0) return;
  out.id = Read16(query, 0);
  out.recursion_desired = (query[2] & 0x01) != 0;
  out.kind = QueryView::Kind::kFormerr;
  if ((query[2] & 0x78) != 0) {
    out.kind = QueryView::Kind::kNotimp;
    return;
  }
  const uint16_t additional = Read16(query, 10);
  if (Read16(query, 4) != 1 || Read16(query, 6) != 0 || Read16(query, 8) != 0 || additional > 1) return;
  const size_t name_end = ReadQuestionName(query, out.name);
  if (name_end == 0 || query.size() < name_end + 4) return;
  out.type = static_cast<codec::dns::Type>(Read16(query, name_end));
  out.klass = Read16(query, name_end + 2);
  out.question = query.subspan(kHeaderOctets, name_end + 4 - kHeaderOctets);
  const std::span<const uint8_t> rest = query.subspan(name_end + 4);
  if (additional == 0 ? !rest.empty() : !ReadOpt(rest, out)) return;
  out.kind = QueryView::Kind::kQuestion;
}

}  // namespace arpasim
