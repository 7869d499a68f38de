// Authoritative servers for a ScriptedSweep, told by the zones that each of them serves.
#ifndef TESTS_SCANNER_CORE_ZONE_SCRIPT_H_
#define TESTS_SCANNER_CORE_ZONE_SCRIPT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/scanner/core/scripted_sweep.h"

namespace scanner {

// What a server does that does not serve as it should.
enum class Manner : uint8_t { kGood, kRefuses, kServfails, kSilent, kUpward, kNotAuthoritative };

struct TestZone {
  std::vector<uint32_t> servers;  // From 0; server N has the address 203.0.113.(N + 1).
  std::string apex;
  // One record a line, `OWNER TYPE DATA`, complete names without final dots; `@` is the apex. The SOA is
  // understood. Addresses are those of servers, `sN`, or IPv4 in full.
  std::string records;
  Manner manner = Manner::kGood;
};

// Answers as RFC 1034 section 4.3.2 has it: referrals with glue, aliases (one at a time), data, and absence.
// A server refuses what none of its zones holds.
ScriptedSweep::Script ScriptOf(std::vector<TestZone> zones);

}  // namespace scanner

#endif  // TESTS_SCANNER_CORE_ZONE_SCRIPT_H_
