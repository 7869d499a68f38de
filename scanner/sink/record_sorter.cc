#include "scanner/sink/record_sorter.h"

#include <algorithm>
#include <cassert>
#include <tuple>
#include <utility>

#include "scanner/sink/record_bytes.h"
#include "scanner/sink/record_run.h"

namespace scanner {

RecordSorter::RecordSorter(Limits limits, CreateFile create_file)
    : limits_(limits), create_file_(std::move(create_file)) {
  assert(limits.fan_in >= 2 && limits.buffer_bytes <= UINT32_MAX);
  // Room that is not touched costs nothing, and growing would need the buffer twice.
  bytes_.reserve(limits.buffer_bytes);
  entries_.reserve(limits.buffer_bytes / sizeof(Entry));
}

absl::Status RecordSorter::Add(const Record& record) {
  const size_t offset = bytes_.size();
  AppendRecordBytes(record, bytes_);
  entries_.push_back({.key = record.key,
                      .preference = PreferenceOf(record),
                      .offset = static_cast<uint32_t>(offset),
                      .length = static_cast<uint32_t>(bytes_.size() - offset)});
  if (bytes_.size() + entries_.size() * sizeof(Entry) < limits_.buffer_bytes) return absl::OkStatus();
  return SpillBuffer();
}

void RecordSorter::SortBuffer() {
  std::ranges::sort(entries_, {},
                    [](const Entry& entry) { return std::tie(entry.key, entry.preference, entry.offset); });
}

size_t RecordSorter::LastOfAddress(size_t first) const {
  size_t last = first;
  while (last + 1 < entries_.size() && entries_[last + 1].key == entries_[first].key) ++last;
  return last;
}

std::span<const uint8_t> RecordSorter::BytesOf(const Entry& entry) const {
  return std::span(bytes_).subspan(entry.offset, entry.length);
}

absl::Status RecordSorter::SpillBuffer() {
  absl::StatusOr<std::unique_ptr<netio::StorageFile>> file = create_file_();
  if (!file.ok()) return file.status();
  RecordRunWriter writer(*std::move(file));
  SortBuffer();
  for (size_t i = 0; i < entries_.size(); ++i) {
    const size_t last = LastOfAddress(i);
    replaced_ += last - i;
    i = last;
    if (absl::Status status = writer.Write(BytesOf(entries_[last])); !status.ok()) return status;
  }
  entries_.clear();
  bytes_.clear();
  absl::StatusOr<std::unique_ptr<netio::StorageFile>> run = writer.Finish();
  if (!run.ok()) return run.status();
  return AddRun(*std::move(run));
}

absl::Status RecordSorter::AddRun(std::unique_ptr<netio::StorageFile> run) {
  for (size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    levels_[level].push_back(std::move(run));
    if (levels_[level].size() < limits_.fan_in) return absl::OkStatus();
    absl::StatusOr<std::unique_ptr<netio::StorageFile>> merged = MergeRuns(std::exchange(levels_[level], {}));
    if (!merged.ok()) return merged.status();
    run = *std::move(merged);
  }
}

absl::StatusOr<std::unique_ptr<netio::StorageFile>> RecordSorter::MergeRuns(
    std::vector<std::unique_ptr<netio::StorageFile>> runs) {
  absl::StatusOr<std::unique_ptr<RecordMerge>> merge = RecordMerge::Open(std::move(runs));
  if (!merge.ok()) return merge.status();
  absl::StatusOr<std::unique_ptr<netio::StorageFile>> file = create_file_();
  if (!file.ok()) return file.status();
  RecordRunWriter writer(*std::move(file));
  for (;;) {
    const absl::StatusOr<bool> there = (*merge)->Next();
    if (!there.ok()) return there.status();
    if (!*there) break;
    if (absl::Status status = writer.Write((*merge)->bytes()); !status.ok()) return status;
  }
  replaced_ += (*merge)->replaced();
  return writer.Finish();
}

absl::Status RecordSorter::Finish() {
  if (levels_.empty()) {
    SortBuffer();
    return absl::OkStatus();
  }
  if (!entries_.empty()) {
    if (absl::Status status = SpillBuffer(); !status.ok()) return status;
  }
  entries_ = std::vector<Entry>();  // Gives the memory back.
  bytes_ = std::vector<uint8_t>();
  std::vector<std::unique_ptr<netio::StorageFile>> runs;
  for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
    std::ranges::move(*level, std::back_inserter(runs));
  }
  levels_.clear();
  absl::StatusOr<std::unique_ptr<RecordMerge>> merge = RecordMerge::Open(std::move(runs));
  if (!merge.ok()) return merge.status();
  merge_ = *std::move(merge);
  return absl::OkStatus();
}

absl::StatusOr<bool> RecordSorter::Next(Record& record) {
  if (merge_) {
    absl::StatusOr<bool> there = merge_->Next();
    if (there.ok() && *there) record = merge_->record();
    return there;
  }
  if (next_ == entries_.size()) return false;
  const size_t last = LastOfAddress(next_);
  replaced_ += last - next_;
  next_ = last + 1;
  std::span<const uint8_t> bytes = BytesOf(entries_[last]);
  const bool read = ReadRecordBytes(bytes, record);
  assert(read);
  return read;
}

}  // namespace scanner
