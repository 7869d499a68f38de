// The files of a scan's results: FILE.partial with FILE.journal beside it, and FILE when they are complete.
//
// FILE.journal is there before FILE.partial, and goes after FILE has its name, so that FILE.partial is never
// alone; every step is durable before the next one.
#ifndef SCANNER_SINK_SCAN_FILES_H_
#define SCANNER_SINK_SCAN_FILES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "netio/storage.h"
#include "scanner/sink/journal.h"

namespace scanner {

class ScanFiles {
 public:
  struct Request {
    bool overwrite = false;
    bool resume = false;   // Not both.
    std::string begins{};  // The octets that every file of this format begins with.
  };
  enum class Found : uint8_t {
    kNothing,
    kInterrupted,  // And it can be gone on with, as the request says.
    kComplete,     // The request says to go on, and there is nothing left to do.
  };

  // Looks at what is there, and touches nothing. `path` as FindOutputPlace has it. `header` says which scan
  // this is. An error is one line that says what is in the way and what to do;
  // Unavailable: nothing is wrong with what is there, but it cannot be written at the moment.
  static absl::StatusOr<std::unique_ptr<ScanFiles>> Find(const std::string& path, const Request& request,
                                                         const JournalHeader& header);
  // The same for the file `name` of `storage`, which must outlive the result. `shown`: FILE in messages.
  static absl::StatusOr<std::unique_ptr<ScanFiles>> FindIn(netio::Storage& storage, const std::string& name,
                                                           const std::string& shown, const Request& request,
                                                           const JournalHeader& header);

  Found found() const { return found_; }
  // Of the scan that goes on, or of this one.
  const JournalHeader& header() const { return header_; }
  // Of kInterrupted: where it goes on; nothing: no row is durable, it begins again. Gives it away.
  std::optional<JournalState> TakeState() { return journal_ ? journal_->TakeState() : std::nullopt; }

  // Creates the files, or cuts off what is not durable; removes what a complete scan has left.
  absl::Status Open();
  // After Open, unless the scan is complete.
  netio::StorageFile& file() { return *file_; }
  // Null where nothing is kept: standard output, a FIFO, a device.
  Journal* journal() { return storage_ != nullptr ? journal_.get() : nullptr; }

  // The data file is whole: makes it durable, gives it its name and removes the journal.
  absl::Status Complete();
  // What is written is all there will be for now: makes it durable as FILE.partial.
  absl::Status Keep();
  // There is nothing to keep: removes both. What was written to a FIFO or a device stays.
  absl::Status Discard();

 private:
  struct There {
    bool file;
    bool partial;
    bool journal;
  };

  ScanFiles() = default;

  std::string Partial() const { return name_ + ".partial"; }
  std::string ShownPartial() const { return shown_ + ".partial"; }
  std::string ShownJournal() const { return shown_ + ".journal"; }
  Journal::Place JournalPlace() const { return {*storage_, name_ + ".journal", ShownJournal()}; }

  absl::StatusOr<There> Look() const;
  absl::Status RefuseWhatIsThere(const There& there) const;
  absl::Status FindInterrupted(const There& there, const Request& request);
  absl::Status FindWithoutPartial(const There& there);
  absl::Status CheckIdentity() const;
  absl::Status CheckPartial(const std::string& begins);
  absl::Status CreateFiles();

  std::unique_ptr<netio::Storage> owned_storage_;
  netio::Storage* storage_ = nullptr;  // Null: there is no name to give.
  std::string name_;
  std::string shown_;
  JournalHeader header_;
  Found found_ = Found::kNothing;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<netio::StorageFile> file_;
  uint64_t length_ = 0;  // Of FILE.partial that is durable.
};

}  // namespace scanner

#endif  // SCANNER_SINK_SCAN_FILES_H_
