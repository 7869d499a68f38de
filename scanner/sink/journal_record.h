// How a journal is cut into records, and how they are found again in a file that may be torn or damaged.
//
// A record is 24 octets and its payload. The 24: a magic number, the type, the length of the payload (64
// bits), the payload's CRC-32C, and the CRC-32C of the record's offset in the file and the 20 octets before.
// All little-endian, 32 bits where nothing else is said. The offset keeps what was copied or left over from
// being taken for a record.
#ifndef SCANNER_SINK_JOURNAL_RECORD_H_
#define SCANNER_SINK_JOURNAL_RECORD_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "netio/storage.h"

namespace scanner {

// The record's octets as they are written at `offset`.
std::vector<uint8_t> JournalRecordOctets(uint32_t type, std::span<const uint8_t> payload, uint64_t offset);

// Reads one record after another.
class JournalRecordReader {
 public:
  // `file` outlives the reader. Octets from `end` on are left alone. `name`: of the file, for errors.
  JournalRecordReader(const netio::StorageFile& file, uint64_t end, std::string name)
      : file_(file), end_(end), name_(std::move(name)) {}

  // False at the end: nothing follows, or nothing but what a write left that did not end (no record follows
  // it). DataLoss: something that is no record, and a record behind it.
  absl::StatusOr<bool> Next();

  // ---- Of the record that Next read ----
  uint32_t type() const { return type_; }
  uint64_t offset() const { return offset_; }
  std::span<const uint8_t> payload() const { return payload_; }
  // It cannot mean what it says.
  absl::Status Damaged() const { return DamagedAt(offset_); }

  // Where the next record is, or would be.
  uint64_t next_offset() const { return next_; }

 private:
  absl::Status DamagedAt(uint64_t offset) const;
  absl::StatusOr<bool> ReadRecordAt(uint64_t offset);
  absl::StatusOr<bool> RecordFollows(uint64_t offset) const;

  const netio::StorageFile& file_;
  const uint64_t end_;
  const std::string name_;
  uint64_t next_ = 0;
  uint64_t offset_ = 0;
  uint32_t type_ = 0;
  std::vector<uint8_t> payload_;
};

}  // namespace scanner

#endif  // SCANNER_SINK_JOURNAL_RECORD_H_
