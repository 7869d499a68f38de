// The names of the synthetic Internet: every one tells whose it is, so that it can be answered without
// memory.
//
//   7.0.18.198.in-addr.arpa                     of an address; ip6.arpa likewise
//   7.0-63.0.18.198.in-addr.arpa                its first alias (RFC 2317 section 4)
//   alias02-198-18-0-7.rev.example.net          a further alias; with IPv6 also the first
//   7.dname-198-18-0-0.rev.example.net          where the DNAME at 0.18.198.in-addr.arpa leads
//   host-198-18-0-7.pool.example.net            a PTR target; host05-... is its sixth
//   real01-198-18-0-7.pool.example.net          what a PTR target is an alias for, first step
//   gw-198-18-0-0.pool.example.net              the PTR target that eight neighbours share
//
// IPv6 addresses stand in 32 hexadecimal digits. Names are made lower case.
#ifndef TOOLS_ARPASIM_CORE_NAMING_H_
#define TOOLS_ARPASIM_CORE_NAMING_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "codec/dns/name.h"
#include "tools/arpasim/core/address.h"

namespace arpasim {

using codec::dns::Name;
using codec::dns::NameView;

// Appends labels to a name that has no root label yet. The caller keeps within 255 octets.
class NameBuilder {
 public:
  explicit NameBuilder(Name& name) : name_(name) { name_.length = 0; }

  void Label(std::string_view octets) {
    Begin();
    Text(octets);
    End();
  }
  void Begin() { label_ = name_.length++; }
  void Text(std::string_view octets) {
    std::memcpy(name_.octets.data() + name_.length, octets.data(), octets.size());
    name_.length = static_cast<uint8_t>(name_.length + octets.size());
  }
  void Octet(char octet) { name_.octets[name_.length++] = static_cast<uint8_t>(octet); }
  void Decimal(uint8_t value);
  void TwoDigits(uint8_t value);
  void AddressText(const Address& address);
  void End() { name_.octets[label_] = static_cast<uint8_t>(name_.length - label_ - 1); }
  // Appends whole labels in wire form, such as `\4test\0`.
  void Wire(std::string_view labels) { Text(labels); }

 private:
  Name& name_;
  uint8_t label_ = 0;
};

inline constexpr std::string_view kAliasZone{"\3rev\7example\3net\0", 17};
inline constexpr std::string_view kRootZone{"\0", 1};

// The zone, in wire form, that holds the PTR targets of the /24 or /64 whose hash this is.
std::string_view HostZone(uint64_t hash);

void WriteReverse(const Address& address, Name& out);
// `step` counts from 1.
void WriteAlias(const Address& address, uint8_t step, Name& out);
void WriteDnameTarget(const Address& address, Name& out);
void WriteReal(const Address& address, uint8_t step, std::string_view zone, Name& out);

// How many addresses share a DNAME, in bits: a /24 or a /120.
inline constexpr unsigned kBlockBits = 8;
Address BlockOf(const Address& address);
// The first of the eight that share a name.
Address GroupOf(const Address& address);

// What a name is about, as far as its text tells.
struct Subject {
  enum class Kind : uint8_t {
    kUnknown,
    kInner,    // An empty non-terminal of the reverse trees.
    kReverse,  // Of `address`.
    kAlias,    // Step `index` of its reverse path.
    kDnamed,
    kHost,    // Its PTR target number `index`.
    kReal,    // Step `index` of that target's aliases.
    kShared,  // `address` is the first of the group.
  };
  Kind kind = Kind::kUnknown;
  uint8_t index = 0;
  Address address = {};
};

// `name` is in lower case. Does not say that the name exists: a name with other labels in front of the one
// that tells, or in another zone, has the same subject.
Subject ReadSubject(NameView name);

// Where in `name`, whose subject that is, the name of its zone begins.
size_t ZoneOffset(const Subject& subject, NameView name);

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_CORE_NAMING_H_
