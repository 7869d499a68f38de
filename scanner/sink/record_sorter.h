// Sorts records by address (numeric, IPv4 first) in bounded memory, and leaves one an address.
#ifndef SCANNER_SINK_RECORD_SORTER_H_
#define SCANNER_SINK_RECORD_SORTER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "netio/storage.h"
#include "scanner/sink/record.h"
#include "scanner/sink/record_merge.h"
#include "scanner/sink/record_preference.h"

namespace scanner {

// What does not fit into the buffer is sorted in parts, which wait in temporary files and are merged. Of the
// records of one address that which is preferred counts (record_preference.h).
class RecordSorter {
 public:
  struct Limits {
    size_t buffer_bytes = size_t{64} << 20;  // Less than 4 GiB; one record may take more.
    size_t fan_in = 16;                      // At least 2: so many files are merged into one.
  };
  using CreateFile = std::function<absl::StatusOr<std::unique_ptr<netio::StorageFile>>()>;

  // `create_file` gives an empty file; it is called only when the buffer is full.
  RecordSorter(Limits limits, CreateFile create_file);

  absl::Status Add(const Record& record);
  // No record is added any more, and Next may be called.
  absl::Status Finish();
  // False behind the last address. What `record` gets is valid until the next call.
  absl::StatusOr<bool> Next(Record& record);

  // Records that another one of their address was preferred to; all of them when Next has come to the end.
  uint64_t replaced() const { return replaced_ + (merge_ ? merge_->replaced() : 0); }

 private:
  struct Entry {
    AddressKey key;
    RecordPreference preference;
    uint32_t offset;  // In bytes_.
    uint32_t length;
  };

  void SortBuffer();
  // Of the entries of one address, of which `first` is the first, the last: that which counts.
  size_t LastOfAddress(size_t first) const;
  std::span<const uint8_t> BytesOf(const Entry& entry) const;
  absl::Status SpillBuffer();
  absl::Status AddRun(std::unique_ptr<netio::StorageFile> run);
  absl::StatusOr<std::unique_ptr<netio::StorageFile>> MergeRuns(
      std::vector<std::unique_ptr<netio::StorageFile>> runs);

  const Limits limits_;
  const CreateFile create_file_;
  std::vector<uint8_t> bytes_;
  std::vector<Entry> entries_;  // In the order of bytes_, until they are sorted.
  size_t next_ = 0;             // In entries_, sorted, where there is no run.
  // By how often what they hold was merged; each level has fewer than fan_in, the oldest first, and is older
  // than those below it.
  std::vector<std::vector<std::unique_ptr<netio::StorageFile>>> levels_;
  std::unique_ptr<RecordMerge> merge_;  // Of all runs, when Finish was called and there are any.
  uint64_t replaced_ = 0;
};

}  // namespace scanner

#endif  // SCANNER_SINK_RECORD_SORTER_H_
