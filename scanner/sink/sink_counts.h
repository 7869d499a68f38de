// What a sink's thread has counted: the numbers of the metadata file, SPEC section 2.
#ifndef SCANNER_SINK_SINK_COUNTS_H_
#define SCANNER_SINK_SINK_COUNTS_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "scanner/row/row.h"

namespace scanner {

// Of every row that came, written or left out by the filter; the sums of verdicts, reasons, statuses and
// evidence are each `completed`.
struct SinkCounts {
  uint64_t completed = 0;
  uint64_t rows = 0;   // Written.
  uint64_t found = 0;  // With a PTR.
  uint64_t names = 0;
  uint64_t confirmed_names = 0;
  std::array<uint64_t, kVerdicts> verdicts{};   // By Verdict.
  std::array<uint64_t, kReasons> reasons{};     // By Reason.
  std::array<uint64_t, kEvidences> evidence{};  // By Evidence.
  std::map<Status, uint64_t> ptr_statuses;      // Those that occurred.

  void Add(const RowHeader& row, bool written);

  // With the words of the SPEC, those that occurred; `none` where a row has no verdict and no reason.
  std::map<std::string, uint64_t> NamedVerdicts() const;
  std::map<std::string, uint64_t> NamedReasons() const;
  std::map<std::string, uint64_t> NamedEvidence() const;
  std::map<std::string, uint64_t> NamedPtrStatuses() const;
};

}  // namespace scanner

#endif  // SCANNER_SINK_SINK_COUNTS_H_
