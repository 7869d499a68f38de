// The policy of SPEC section 2: from what was asked and answered to a verdict. Pure and total.
#ifndef SCANNER_CORE_VERDICT_H_
#define SCANNER_CORE_VERDICT_H_

#include <cstddef>
#include <optional>
#include <span>

#include "scanner/row/row.h"

namespace scanner {

// What became of one PTR target.
struct ForwardOutcome {
  Status status = Status::kTimeout;  // Of the lookup; without meaning when not usable. kNxdomain and kNodata
                                     // only as SPEC section 2 "Absence" allows.
  bool filtered = false;             // The answer bore EDE 15 to 18: an error, whatever the status.
  bool has_addresses = false;        // kNoError came with at least one address of the target's family.
  bool confirms = false;             // One of them is the target.
  bool usable = true;                // NameTraits::usable; no lookup was made otherwise.
};

struct Outcomes {
  Status ptr_status = Status::kTimeout;  // kNoError: at least one name.
  bool ptr_filtered = false;             // As ForwardOutcome::filtered.
  std::span<const ForwardOutcome> forward =
      {};                        // In the order of the row's names, at most RowHeader::kMaxNames.
  bool forward_made = true;      // Not --no-forward.
  bool names_truncated = false;  // There were more names than `forward` has.
};

struct Decision {
  Verdict verdict;
  Reason reason;
  std::optional<Status> forward_status = std::nullopt;  // Nothing where no lookup was made.
  size_t forward_index = 0;                             // Which of Outcomes::forward that is.

  friend bool operator==(const Decision&, const Decision&) = default;
};

// Confirmed when any name confirms. Otherwise names_truncated is forward_error whatever the others are, so
// that the verdict does not depend on the weather; then the worst transient (timeout, servfail, refused,
// lame, error); then mismatch before missing before unusable. kNoError that comes without what it promises (a
// name, an address) is forward_error: a half-answer is never absence.
//
// Names without forward lookups (--no-forward) have no verdict.
//
// forward_status: of the lookup that confirmed, else of the worst transient one, else of the first name that
// was looked up.
Decision Decide(const Outcomes& outcomes);

}  // namespace scanner

#endif  // SCANNER_CORE_VERDICT_H_
