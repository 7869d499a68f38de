#include "scanner/sink/journal.h"

#include <algorithm>
#include <utility>

#include "scanner/sink/journal_record.h"

namespace scanner {
namespace {

enum class RecordType : uint32_t { kHeader = 1, kState = 2, kRowGroups = 3, kFinished = 4 };

constexpr size_t kRowGroupsPiece = size_t{1} << 20;
// More is not written: a row group ends long before.
constexpr size_t kMostOpenOctets = size_t{1} << 28;
// Rewriting waits for this many useless octets, and for twice as many as are of use.
constexpr uint64_t kLeastUseless = uint64_t{64} << 20;

absl::Status RemoveExisting(netio::Storage& storage, const std::string& name) {
  const absl::Status status = storage.Remove(name);
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

uint64_t Octets(const RowGroups& row_groups) {
  uint64_t octets = 0;
  for (const std::vector<uint8_t>& row_group : row_groups) octets += row_group.size();
  return octets;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Journal>> Journal::Create(const Place& place, const JournalHeader& header) {
  std::unique_ptr<Journal> journal(new Journal(place));
  journal->header_ = header;
  if (absl::Status status = journal->WriteNew(nullptr); !status.ok()) return status;
  return journal;
}

absl::StatusOr<std::unique_ptr<Journal>> Journal::Open(const Place& place) {
  std::unique_ptr<Journal> journal(new Journal(place));
  absl::StatusOr<std::unique_ptr<netio::StorageFile>> file = place.storage.Open(place.name);
  if (!file.ok()) return file.status();
  journal->file_ = *std::move(file);
  const absl::StatusOr<uint64_t> size = journal->file_->Size();
  if (!size.ok()) return size.status();
  absl::StatusOr<Contents> contents = Read(*journal->file_, *size, place.shown);
  if (!contents.ok()) return contents.status();
  journal->header_ = std::move(contents->header);
  if (contents->state) journal->length_ = contents->state->length;
  journal->state_ = std::move(contents->state);
  journal->row_groups_ = contents->row_groups;
  journal->size_ = contents->end;
  journal->finished_ = contents->finished;
  return journal;
}

absl::StatusOr<Journal::Contents> Journal::Read(const netio::StorageFile& file, uint64_t end,
                                                const std::string& shown) {
  Contents contents;
  JournalRecordReader reader(file, end, shown);
  absl::StatusOr<bool> more = reader.Next();
  if (!more.ok()) return more.status();
  if (!*more || reader.type() != static_cast<uint32_t>(RecordType::kHeader)) {
    return absl::DataLossError(shown + " is no journal of a scan");
  }
  if (!IsReadableVersion(reader.payload())) {
    return absl::DataLossError(shown + " was written by another version of arpasweep");
  }
  std::optional<JournalHeader> header = ReadHeaderPayload(reader.payload());
  if (!header) return reader.Damaged();
  contents.header = *std::move(header);
  for (more = reader.Next(); more.ok() && *more; more = reader.Next()) {
    switch (RecordType{reader.type()}) {
      case RecordType::kState: {
        std::optional<JournalState> state = ReadStatePayload(reader.payload());
        if (!state) return reader.Damaged();
        contents.row_groups += state->row_groups.size();
        state->row_groups.clear();
        if (!state->replaces && contents.state) {
          std::vector<uint8_t>& all = contents.state->open_records;
          if (all.size() + state->open_records.size() > kMostOpenOctets) return reader.Damaged();
          all.insert(all.end(), state->open_records.begin(), state->open_records.end());
          state->open_records = std::move(all);
        }
        state->replaces = true;
        contents.state = std::move(state);
        break;
      }
      case RecordType::kRowGroups: {
        const std::optional<RowGroups> row_groups = ReadRowGroupsPayload(reader.payload());
        if (!row_groups) return reader.Damaged();
        contents.row_groups += row_groups->size();
        break;
      }
      case RecordType::kFinished:
        contents.finished = true;
        break;
      case RecordType::kHeader:
      default:
        return reader.Damaged();
    }
  }
  if (!more.ok()) return more.status();
  contents.end = reader.next_offset();
  return contents;
}

absl::Status Journal::ForEach(Visit visit) const {
  JournalRecordReader reader(*file_, size_, place_.shown);
  absl::StatusOr<bool> more = reader.Next();
  for (; more.ok() && *more; more = reader.Next()) {
    std::optional<RowGroups> row_groups = RowGroups();
    if (reader.type() == static_cast<uint32_t>(RecordType::kState)) {
      row_groups = ReadRowGroupsOfState(reader.payload());
    } else if (reader.type() == static_cast<uint32_t>(RecordType::kRowGroups)) {
      row_groups = ReadRowGroupsPayload(reader.payload());
    }
    if (!row_groups) return reader.Damaged();
    for (const std::vector<uint8_t>& row_group : *row_groups) {
      if (absl::Status status = visit(row_group); !status.ok()) return status;
    }
  }
  return more.status();
}

absl::Status Journal::AppendRecord(netio::StorageFile& file, uint32_t type, std::span<const uint8_t> payload,
                                   uint64_t& size) const {
  const std::vector<uint8_t> octets = JournalRecordOctets(type, payload, size);
  if (absl::Status status = file.Append(octets); !status.ok()) return status;
  size += octets.size();
  return absl::OkStatus();
}

absl::Status Journal::Append(const JournalState& state) {
  uint64_t size = size_;
  size_t open = 0;
  absl::Status status =
      AppendRecord(*file_, static_cast<uint32_t>(RecordType::kState), StatePayload(state, open), size);
  if (status.ok()) status = file_->Sync();
  if (!status.ok()) return status;
  const uint64_t lasting = Octets(state.row_groups);
  lasting_ += lasting;
  open_ = state.replaces ? open : open_ + open;
  state_only_ = size - size_ - lasting - open;
  size_ = size;
  length_ = state.length;
  row_groups_ += state.row_groups.size();
  return absl::OkStatus();
}

bool Journal::WorthRewriting() const {
  const uint64_t useful = lasting_ + open_ + state_only_;
  const uint64_t useless = size_ - useful;
  return useless > kLeastUseless && useless > 2 * useful;
}

absl::Status Journal::AppendFinished() {
  uint64_t size = size_;
  absl::Status status = AppendRecord(*file_, static_cast<uint32_t>(RecordType::kFinished), {}, size);
  if (status.ok()) status = file_->Sync();
  if (status.ok()) size_ = size;
  return status;
}

absl::Status Journal::Rewrite() {
  const absl::StatusOr<Contents> contents = Read(*file_, size_, place_.shown);
  return contents.ok() ? WriteNew(&*contents) : contents.status();
}

absl::Status Journal::WriteNew(const Contents* from) {
  netio::Storage& storage = place_.storage;
  if (absl::Status status = RemoveExisting(storage, NewName()); !status.ok()) return status;
  absl::StatusOr<std::unique_ptr<netio::StorageFile>> file = storage.Create(NewName());
  if (!file.ok()) return file.status();
  uint64_t size = 0;
  size_t open = 0;
  absl::Status status =
      AppendRecord(**file, static_cast<uint32_t>(RecordType::kHeader), HeaderPayload(header_), size);
  if (status.ok() && from != nullptr && row_groups_ != 0) status = CopyRowGroups(**file, size);
  const uint64_t lasting = size;
  if (status.ok() && from != nullptr && from->state) {
    status = AppendRecord(**file, static_cast<uint32_t>(RecordType::kState), StatePayload(*from->state, open),
                          size);
  }
  if (status.ok()) status = (*file)->Sync();
  if (status.ok()) status = storage.Rename(NewName(), place_.name);
  if (status.ok()) status = storage.SyncDirectory();
  if (!status.ok()) {
    storage.Remove(NewName()).IgnoreError();  // The first error is the one that tells.
    return status;
  }
  // By the name that it has now, which is the one that its errors tell.
  file = storage.Open(place_.name);
  if (!file.ok()) return file.status();
  file_ = *std::move(file);
  size_ = size;
  lasting_ = lasting;
  open_ = open;
  state_only_ = size - lasting - open;
  return absl::OkStatus();
}

absl::Status Journal::CopyRowGroups(netio::StorageFile& file, uint64_t& size) const {
  RowGroups piece;
  size_t octets = 0;
  const auto write = [&] {
    absl::Status status =
        AppendRecord(file, static_cast<uint32_t>(RecordType::kRowGroups), RowGroupsPayload(piece), size);
    piece.clear();
    octets = 0;
    return status;
  };
  absl::Status status = ForEach([&](const std::vector<uint8_t>& row_group) {
    piece.push_back(row_group);
    octets += row_group.size();
    return octets < kRowGroupsPiece ? absl::OkStatus() : write();
  });
  if (status.ok() && !piece.empty()) status = write();
  return status;
}

absl::Status Journal::CutTail() {
  if (absl::Status status = file_->Truncate(size_); !status.ok()) return status;
  return file_->Sync();
}

absl::Status Journal::Remove() {
  // What a rewriting that was killed has left.
  if (absl::Status status = RemoveExisting(place_.storage, NewName()); !status.ok()) return status;
  if (absl::Status status = RemoveExisting(place_.storage, place_.name); !status.ok()) return status;
  return place_.storage.SyncDirectory();
}

}  // namespace scanner
