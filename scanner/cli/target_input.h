// The targets and exclusions of a command line, with the files and standard input that it names.
#ifndef SCANNER_CLI_TARGET_INPUT_H_
#define SCANNER_CLI_TARGET_INPUT_H_

#include <istream>

#include "absl/status/statusor.h"
#include "scanner/cli/scan_options.h"
#include "scanner/core/target_set.h"

namespace scanner {

// `options` names at least one source of targets, and not both families alone. Never empty: InvalidArgument,
// one line that says why, where nothing is left to ask about, and for what cannot be read. `standard_input`
// is read where `-` is a target, once. `refuse_private`: see TargetOptions.
absl::StatusOr<TargetSet> CollectTargets(const ScanOptions& options, bool refuse_private,
                                         std::istream& standard_input);

}  // namespace scanner

#endif  // SCANNER_CLI_TARGET_INPUT_H_
