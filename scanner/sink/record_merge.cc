#include "scanner/sink/record_merge.h"

#include <algorithm>
#include <utility>

#include "scanner/sink/record_preference.h"

namespace scanner {

absl::StatusOr<std::unique_ptr<RecordMerge>> RecordMerge::Open(
    std::vector<std::unique_ptr<netio::StorageFile>> runs) {
  std::unique_ptr<RecordMerge> merge(new RecordMerge);
  for (std::unique_ptr<netio::StorageFile>& run : runs) {
    merge->runs_.push_back(std::make_unique<RecordRunReader>(std::move(run)));
  }
  for (size_t run = 0; run < merge->runs_.size(); ++run) {
    if (absl::Status status = merge->Advance(run); !status.ok()) return status;
  }
  return merge;
}

bool RecordMerge::Later(size_t a, size_t b) const {
  const AddressKey& key_a = runs_[a]->record().key;
  const AddressKey& key_b = runs_[b]->record().key;
  return key_a != key_b ? key_a > key_b : a > b;
}

absl::Status RecordMerge::Advance(size_t run) {
  const absl::StatusOr<bool> there = runs_[run]->Next();
  if (!there.ok() || !*there) return there.status();
  heads_.push_back(run);
  std::ranges::push_heap(heads_, [this](size_t a, size_t b) { return Later(a, b); });
  return absl::OkStatus();
}

size_t RecordMerge::PopHead() {
  std::ranges::pop_heap(heads_, [this](size_t a, size_t b) { return Later(a, b); });
  const size_t run = heads_.back();
  heads_.pop_back();
  return run;
}

absl::StatusOr<bool> RecordMerge::Next() {
  if (current_) {
    if (absl::Status status = Advance(*current_); !status.ok()) return status;
  }
  current_.reset();
  if (heads_.empty()) return false;
  size_t best = PopHead();
  while (!heads_.empty() && runs_[heads_.front()]->record().key == runs_[best]->record().key) {
    size_t other = PopHead();
    if (PreferenceOf(runs_[other]->record()) >= PreferenceOf(runs_[best]->record())) std::swap(best, other);
    if (absl::Status status = Advance(other); !status.ok()) return status;
    ++replaced_;
  }
  current_ = best;
  return true;
}

}  // namespace scanner
