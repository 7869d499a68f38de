// FILE.journal: what is durable of a scan's results and what is done, so that the scan can go on after
// anything.
#ifndef SCANNER_SINK_JOURNAL_H_
#define SCANNER_SINK_JOURNAL_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "netio/storage.h"
#include "scanner/sink/journal_state.h"
#include "scanner/sink/row_sink.h"

namespace scanner {

// Append-only; the last whole record counts. When most of it is of no use any more it can be written anew, as
// FILE.journal.new, which then takes its place. One thread owns it. Its memory does not grow with the scan.
class Journal final : public RowGroupLog {
 public:
  struct Place {
    netio::Storage& storage;  // Outlives the journal.
    std::string name;         // In `storage`.
    std::string shown;        // In messages.
  };

  // Of a scan that begins; replaces what has its name. Durable on return.
  static absl::StatusOr<std::unique_ptr<Journal>> Create(const Place& place, const JournalHeader& header);
  // Of a scan that was interrupted. Only reads; Rewrite comes before the first Append. NotFound: there is
  // none. Other errors: one line that names the file, and the octet where it is damaged.
  static absl::StatusOr<std::unique_ptr<Journal>> Open(const Place& place);

  const JournalHeader& header() const { return header_; }
  // As Open found it, without row groups, `open_records` being all of them; nothing where there was no
  // checkpoint. Gives it away.
  std::optional<JournalState> TakeState() { return std::move(state_); }
  // Octets of the data file that are durable.
  uint64_t length() const { return length_; }
  // The data file was finished, and was to be given its name.
  bool finished() const { return finished_; }

  // All that is said here is durable already, and so is the record on return. After an error the journal may
  // only be read or cut.
  absl::Status Append(const JournalState& state);
  // The data file is finished and durable.
  absl::Status AppendFinished();
  // Writes the journal anew, without what is of no use.
  absl::Status Rewrite();
  // There is enough that is of no use.
  bool WorthRewriting() const;
  // Durably forgets an Append that failed.
  absl::Status CutTail();
  // Durably.
  absl::Status Remove();

  uint64_t row_groups() const override { return row_groups_; }
  absl::Status ForEach(Visit visit) const override;

  uint64_t size() const { return size_; }

 private:
  // What reading from the first record to the last gives.
  struct Contents {
    JournalHeader header;
    std::optional<JournalState> state;  // As TakeState gives it.
    uint64_t row_groups = 0;
    uint64_t end = 0;  // Of the last record.
    bool finished = false;
  };

  explicit Journal(const Place& place) : place_(place) {}

  static absl::StatusOr<Contents> Read(const netio::StorageFile& file, uint64_t end,
                                       const std::string& shown);
  std::string NewName() const { return place_.name + ".new"; }
  // Gives `name` to the file of all records of `from` that are of use; nothing `from`: of the header alone.
  absl::Status WriteNew(const Contents* from);
  absl::Status AppendRecord(netio::StorageFile& file, uint32_t type, std::span<const uint8_t> payload,
                            uint64_t& size) const;
  absl::Status CopyRowGroups(netio::StorageFile& file, uint64_t& size) const;

  const Place place_;
  std::unique_ptr<netio::StorageFile> file_;
  JournalHeader header_;
  std::optional<JournalState> state_;
  uint64_t row_groups_ = 0;
  uint64_t size_ = 0;  // Up to the end of the last record; a write that failed may have left more.
  // Of size_, what is of use: for good, until open records are replaced, and until the next state.
  uint64_t lasting_ = 0;
  uint64_t open_ = 0;
  uint64_t state_only_ = 0;
  uint64_t length_ = 0;
  bool finished_ = false;
};

}  // namespace scanner

#endif  // SCANNER_SINK_JOURNAL_H_
