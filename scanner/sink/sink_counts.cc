#include "scanner/sink/sink_counts.h"

#include <bit>
#include <cstddef>

namespace scanner {
namespace {

template <typename Enum, size_t kCount>
std::map<std::string, uint64_t> Named(const std::array<uint64_t, kCount>& counts) {
  std::map<std::string, uint64_t> named;
  for (size_t i = 0; i < kCount; ++i) {
    if (counts[i] != 0) named.emplace(ToString(static_cast<Enum>(i)), counts[i]);
  }
  return named;
}

}  // namespace

void SinkCounts::Add(const RowHeader& row, bool written) {
  ++completed;
  rows += written ? 1 : 0;
  found += row.names != 0 ? 1 : 0;
  names += row.names;
  confirmed_names += static_cast<uint64_t>(std::popcount(row.confirmed));
  ++verdicts[static_cast<size_t>(row.verdict)];
  ++reasons[static_cast<size_t>(row.reason)];
  ++evidence[static_cast<size_t>(row.evidence)];
  ++ptr_statuses[row.ptr_status];
}

std::map<std::string, uint64_t> SinkCounts::NamedVerdicts() const { return Named<Verdict>(verdicts); }
std::map<std::string, uint64_t> SinkCounts::NamedReasons() const { return Named<Reason>(reasons); }
std::map<std::string, uint64_t> SinkCounts::NamedEvidence() const { return Named<Evidence>(evidence); }

std::map<std::string, uint64_t> SinkCounts::NamedPtrStatuses() const {
  std::map<std::string, uint64_t> named;
  std::array<char, 16> scratch;
  for (const auto& [status, count] : ptr_statuses) named.emplace(ToString(status, scratch), count);
  return named;
}

}  // namespace scanner
