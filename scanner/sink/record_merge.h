// Several sorted runs of records as one, one record an address.
#ifndef SCANNER_SINK_RECORD_MERGE_H_
#define SCANNER_SINK_RECORD_MERGE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "netio/storage.h"
#include "scanner/sink/record.h"
#include "scanner/sink/record_run.h"

namespace scanner {

class RecordMerge {
 public:
  // Each run is sorted by address and has an address once. Of the records of one address that which is
  // preferred counts (record_preference.h); those of a later run came later.
  static absl::StatusOr<std::unique_ptr<RecordMerge>> Open(
      std::vector<std::unique_ptr<netio::StorageFile>> runs);

  // Moves to the next address; false behind the last one.
  absl::StatusOr<bool> Next();
  // Valid until the next move, as its octets are.
  const Record& record() const { return runs_[*current_]->record(); }
  std::span<const uint8_t> bytes() const { return runs_[*current_]->bytes(); }
  // Records that another one of their address was preferred to, so far.
  uint64_t replaced() const { return replaced_; }

 private:
  RecordMerge() = default;

  // Moves the run to its next record, and puts it among heads_ where there is one.
  absl::Status Advance(size_t run);
  bool Later(size_t a, size_t b) const;
  size_t PopHead();

  std::vector<std::unique_ptr<RecordRunReader>> runs_;
  std::vector<size_t>
      heads_;  // A heap of runs: that with the lowest address, and of those the first, on top.
  std::optional<size_t> current_;  // The run of record(); not among heads_.
  uint64_t replaced_ = 0;
};

}  // namespace scanner

#endif  // SCANNER_SINK_RECORD_MERGE_H_
