#include "tools/arpasim/core/query_view.h"

#include <algorithm>

namespace arpasim {
namespace {

constexpr size_t kHeaderOctets = 12;
constexpr size_t kOptOctets = 11;  // Without options.

uint16_t Read16(std::span<const uint8_t> octets, size_t at) {
  return static_cast<uint16_t>(octets[at] << 8 | octets[at + 1]);
}

// Reads the name of the question, which is not compressed, in lower case; returns the offset behind it, or 0.
size_t ReadQuestionName(std::span<const uint8_t> query, Name& name) {
  size_t at = kHeaderOctets;
  for (;;) {
    if (at >= query.size()) return 0;
    const uint8_t length = query[at];
    const size_t end = at + 1 + length;
    if (length > codec::dns::kMaxLabelOctets || end > query.size() ||
        end - kHeaderOctets > codec::dns::kMaxNameOctets) {
      return 0;
    }
    name.octets[name.length++] = length;
    for (size_t i = at + 1; i < end; ++i) {
      const uint8_t octet = query[i];
      name.octets[name.length++] = octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
    }
    at = end;
    if (length == 0) return at;
  }
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
  out = {};
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
