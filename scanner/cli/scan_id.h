// The identifier of a scan, the same in all its shards.
#ifndef SCANNER_CLI_SCAN_ID_H_
#define SCANNER_CLI_SCAN_ID_H_

#include <cstdint>
#include <string>

#include "scanner/core/block_cursor.h"
#include "scanner/core/target_set.h"

namespace scanner {

// 16 hexadecimal digits. Shards run on machines that know nothing of each other, so that the identifier can
// only come from what they have in common: what is left of the targets after exclusions, the order, the seed
// and the number of shards. Who repeats a scan and wants to tell the two apart gives them different seeds.
std::string ScanId(const TargetSet& targets, Order order, uint64_t seed, uint32_t shards);

// 16 hexadecimal digits that tell one set of targets, less exclusions, from another.
std::string TargetsFingerprint(const TargetSet& targets);

}  // namespace scanner

#endif  // SCANNER_CLI_SCAN_ID_H_
