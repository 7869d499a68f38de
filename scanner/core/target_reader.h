// Lists of targets or exclusions as text: --targets-file, --exclude-file, standard input.
#ifndef SCANNER_CORE_TARGET_READER_H_
#define SCANNER_CORE_TARGET_READER_H_

#include <istream>
#include <string_view>

#include "absl/status/status.h"
#include "scanner/core/target_set.h"

namespace scanner {

// Adds every line of `in` to `builder`: one target a line in the forms of ParseRange, `#` begins a comment
// anywhere on a line, blank lines count for nothing, lines end in LF or CR LF, the last one with or without.
// `source` names the input in errors. The first bad line ends the reading: InvalidArgument, `SOURCE:LINE:
// what is wrong`; a read error is DataLoss. Lines before it have been added.
absl::Status ReadTargets(std::istream& in, std::string_view source, TargetSetBuilder& builder);
absl::Status ReadExclusions(std::istream& in, std::string_view source, TargetSetBuilder& builder);

}  // namespace scanner

#endif  // SCANNER_CORE_TARGET_READER_H_
