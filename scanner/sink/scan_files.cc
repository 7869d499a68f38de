#include "scanner/sink/scan_files.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "scanner/sink/output_place.h"

namespace scanner {
namespace {

constexpr const char* kAfresh = ", or start afresh with --overwrite";

absl::Status Refuse(const std::string& why) { return absl::FailedPreconditionError(why); }

using Entry = std::pair<std::string, std::string>;  // Of JournalHeader::identity.

std::string Differs(const Entry& theirs, const Entry& ours) {
  std::string text = " is of a scan with ";
  text.append(theirs.first).append(" ").append(theirs.second).append(", this one has ");
  return text.append(ours.first).append(" ").append(ours.second).append("; say the same");
}

// What is there is right, and cannot be written at the moment.
absl::Status NotNow(const absl::Status& status) { return absl::UnavailableError(status.message()); }

}  // namespace

absl::StatusOr<std::unique_ptr<ScanFiles>> ScanFiles::Find(const std::string& path, const Request& request,
                                                           const JournalHeader& header) {
  absl::StatusOr<OutputPlace> place = FindOutputPlace(path);
  if (!place.ok()) return place.status();
  if (place->special != nullptr) {
    if (request.resume) return Refuse("--resume needs a file, and " + path + " is none");
    std::unique_ptr<ScanFiles> files(new ScanFiles);
    files->header_ = header;
    files->file_ = std::move(place->special);
    return files;
  }
  absl::StatusOr<std::unique_ptr<ScanFiles>> files =
      FindIn(*place->storage, place->name, path, request, header);
  if (files.ok()) (*files)->owned_storage_ = std::move(place->storage);
  return files;
}

absl::StatusOr<std::unique_ptr<ScanFiles>> ScanFiles::FindIn(netio::Storage& storage, const std::string& name,
                                                             const std::string& shown, const Request& request,
                                                             const JournalHeader& header) {
  std::unique_ptr<ScanFiles> files(new ScanFiles);
  files->storage_ = &storage;
  files->name_ = name;
  files->shown_ = shown;
  files->header_ = header;
  const absl::StatusOr<There> there = files->Look();
  if (!there.ok()) return there.status();
  absl::Status status;
  if (request.resume) {
    status = files->FindInterrupted(*there, request);
  } else if (!request.overwrite) {
    status = files->RefuseWhatIsThere(*there);
  }
  if (!status.ok()) return status;
  return files;
}

absl::StatusOr<ScanFiles::There> ScanFiles::Look() const {
  There there{};
  for (const auto& [name, found] : {std::pair(name_, &there.file), std::pair(Partial(), &there.partial),
                                    std::pair(name_ + ".journal", &there.journal)}) {
    const absl::StatusOr<bool> exists = storage_->Exists(name);
    if (!exists.ok()) return exists.status();
    *found = *exists;
  }
  return there;
}

absl::Status ScanFiles::RefuseWhatIsThere(const There& there) const {
  if (there.file) return absl::AlreadyExistsError(shown_ + " exists; --overwrite replaces it");
  if (!there.partial && !there.journal) return absl::OkStatus();
  return absl::AlreadyExistsError((there.partial ? ShownPartial() : ShownJournal()) +
                                  " is there from an interrupted scan; --resume goes on with it, --overwrite "
                                  "starts afresh");
}

absl::Status ScanFiles::FindInterrupted(const There& there, const Request& request) {
  if (!there.journal) {
    if (there.partial) {
      return Refuse(ShownPartial() + " has no " + ShownJournal() + " beside it; bring that back" + kAfresh);
    }
    if (there.file) found_ = Found::kComplete;
    return absl::OkStatus();
  }
  absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Open(JournalPlace());
  if (absl::IsDataLoss(journal.status())) {
    return Refuse(std::string(journal.status().message()) + "; bring a good copy back" + kAfresh);
  }
  if (!journal.ok()) return NotNow(journal.status());
  journal_ = *std::move(journal);
  if (!there.partial) return FindWithoutPartial(there);
  if (absl::Status status = CheckIdentity(); !status.ok()) return status;
  header_ = journal_->header();
  if (there.file && !header_.overwrite) {
    return Refuse(shown_ + " has appeared since the scan began; move it away to go on");
  }
  found_ = Found::kInterrupted;
  return CheckPartial(request.begins);
}

absl::Status ScanFiles::FindWithoutPartial(const There& there) {
  // Nothing was lost when nothing had been written.
  const bool nothing_durable = journal_->length() == 0;
  if (nothing_durable && !journal_->finished()) {
    if (there.file && !journal_->header().overwrite) {
      return Refuse(shown_ + " has appeared since the scan began; move it away to go on");
    }
    header_.overwrite = journal_->header().overwrite;
    return absl::OkStatus();
  }
  if (absl::Status status = CheckIdentity(); !status.ok()) return status;
  if (journal_->finished() && there.file) {
    found_ = Found::kComplete;
    return absl::OkStatus();
  }
  return Refuse((journal_->finished() ? shown_ : ShownPartial()) + " is not there, although " +
                ShownJournal() + " is; bring it back" + kAfresh);
}

absl::Status ScanFiles::CheckIdentity() const {
  const auto& theirs = journal_->header().identity;
  const auto& ours = header_.identity;
  const size_t common = std::min(theirs.size(), ours.size());
  for (size_t i = 0; i < common; ++i) {
    if (theirs[i] == ours[i]) continue;
    if (theirs[i].first != ours[i].first) break;
    return Refuse(ShownJournal() + Differs(theirs[i], ours[i]) + kAfresh);
  }
  if (theirs == ours) return absl::OkStatus();
  return Refuse(ShownJournal() +
                " is of a scan that cannot be compared with this one; use the version of "
                "arpasweep that began it" +
                kAfresh);
}

absl::Status ScanFiles::CheckPartial(const std::string& begins) {
  length_ = journal_->length();
  if (const absl::Status status = storage_->Lock(Partial()); !status.ok()) return NotNow(status);
  absl::StatusOr<std::unique_ptr<netio::StorageFile>> file = storage_->Open(Partial());
  if (!file.ok()) return NotNow(file.status());
  file_ = *std::move(file);
  const absl::StatusOr<uint64_t> size = file_->Size();
  if (!size.ok()) return size.status();
  if (*size < length_) {
    return Refuse(ShownPartial() + " has " + std::to_string(*size) + " octets, and " + ShownJournal() +
                  " knows of " + std::to_string(length_) + "; bring the whole file back" + kAfresh);
  }
  std::vector<uint8_t> front(std::min<uint64_t>(begins.size(), length_));
  const absl::StatusOr<size_t> got = file_->ReadAt(0, front);
  if (!got.ok()) return got.status();
  if (*got != front.size() || !std::equal(front.begin(), front.end(), begins.begin(),
                                          [](uint8_t a, char b) { return a == static_cast<uint8_t>(b); })) {
    return Refuse(ShownPartial() + " does not begin as a file of this format; bring the right one back" +
                  kAfresh);
  }
  return absl::OkStatus();
}

absl::Status ScanFiles::Open() {
  if (storage_ == nullptr) return absl::OkStatus();
  switch (found_) {
    case Found::kNothing:
      return CreateFiles();
    case Found::kInterrupted:
      if (absl::Status status = journal_->Rewrite(); !status.ok()) return status;
      return file_->Truncate(length_);
    case Found::kComplete:
      return journal_ != nullptr ? journal_->Remove() : absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status ScanFiles::CreateFiles() {
  absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Create(JournalPlace(), header_);
  if (!journal.ok()) return journal.status();
  journal_ = *std::move(journal);
  absl::Status status = storage_->Remove(Partial());
  if (!status.ok() && !absl::IsNotFound(status)) return status;
  absl::StatusOr<std::unique_ptr<netio::StorageFile>> file = storage_->Create(Partial());
  if (!file.ok()) return file.status();
  file_ = *std::move(file);
  status = storage_->Lock(Partial());
  return status.ok() ? storage_->SyncDirectory() : status;
}

absl::Status ScanFiles::Keep() { return file_->Sync(); }

absl::Status ScanFiles::Discard() {
  if (storage_ == nullptr) return absl::OkStatus();
  if (absl::Status status = storage_->Remove(Partial()); !status.ok()) return status;
  if (absl::Status status = storage_->SyncDirectory(); !status.ok()) return status;
  return journal_->Remove();
}

absl::Status ScanFiles::Complete() {
  if (absl::Status status = file_->Sync(); !status.ok()) return status;
  if (storage_ == nullptr) return absl::OkStatus();
  if (!header_.overwrite) {
    // Another program may have made it since the scan began.
    const absl::StatusOr<bool> exists = storage_->Exists(name_);
    if (!exists.ok()) return exists.status();
    if (*exists) {
      return absl::AlreadyExistsError(shown_ + " has appeared; the results stay in " + ShownPartial());
    }
  }
  if (absl::Status status = journal_->AppendFinished(); !status.ok()) return status;
  if (absl::Status status = storage_->Rename(Partial(), name_); !status.ok()) return status;
  if (absl::Status status = storage_->SyncDirectory(); !status.ok()) return status;
  return journal_->Remove();
}

}  // namespace scanner
