// Space that no one can own on the public Internet: the entries of the IANA IPv4 and IPv6 Special-Purpose
// Address Registries (RFC 6890, RFC 8190) that are not globally reachable, multicast (RFC 5771, RFC 4291
// section 2.7) and class E (RFC 1112 section 4). More specific entries that are globally reachable are not
// part of it.
#ifndef SCANNER_CORE_RESERVED_SPACE_H_
#define SCANNER_CORE_RESERVED_SPACE_H_

#include <span>
#include <string_view>

#include "scanner/core/ip_address.h"

namespace scanner {

// One line of the registries. `base` and `length` are the block, `name` the registry's name of it.
struct SpecialPurposeBlock {
  IpPrefix prefix;
  std::string_view name;
  bool globally_reachable;
};

// Every entry that decides something, IPv4 before IPv6, in numeric order, an enclosing block before what it
// encloses.
std::span<const SpecialPurposeBlock> SpecialPurposeBlocks();

// Whether the most specific block that holds the address is not globally reachable.
bool IsSpecialUse(const IpAddress& address);

// Whether one block that is not globally reachable holds all addresses from `first` to `last` (of one family,
// first <= last); globally reachable exceptions inside that block do not matter.
bool LiesInReservedBlock(const IpAddress& first, const IpAddress& last);

}  // namespace scanner

#endif  // SCANNER_CORE_RESERVED_SPACE_H_
