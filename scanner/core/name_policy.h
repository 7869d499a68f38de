// What can be said of a PTR target from its name alone.
#ifndef SCANNER_CORE_NAME_POLICY_H_
#define SCANNER_CORE_NAME_POLICY_H_

#include <cstdint>
#include <span>

namespace scanner {

struct NameTraits {
  bool usable = false;  // Worth asking: see reason unusable_name.
  bool single_label = false;
  bool not_hostname = false;

  friend bool operator==(const NameTraits&, const NameTraits&) = default;
};

// `wire` is one valid, uncompressed, lower-cased name in wire format, the root label included (RFC 1035
// section 3.1).
//
// usable: not the root (the null target), not ending in an all-numeric label (such a TLD cannot be, RFC 3696
// section 2), not localhost, local, onion or invalid nor below them (RFC 6761, RFC 6762, RFC 7686): these
// must not be asked. single_label: exactly one label. not_hostname: a label holds something else than
// letters, digits and hyphens or begins or ends with a hyphen (RFC 952, RFC 1123 section 2.1). A name of such
// labels that fits the wire is at most 253 characters long, the most a host name may have; a longer text
// needs escapes and has such a label.
NameTraits TraitsOf(std::span<const uint8_t> wire);

}  // namespace scanner

#endif  // SCANNER_CORE_NAME_POLICY_H_
