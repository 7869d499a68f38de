#include "scanner/sink/record_run.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "scanner/sink/byte_input.h"
#include "scanner/sink/record_bytes.h"

namespace scanner {
namespace {

constexpr size_t kPiece = size_t{1} << 16;
constexpr size_t kLengthOctets = 4;  // Little-endian.
constexpr int kZstdLevel = 1;        // What is read once need not be small.

class StorageInput final : public ByteInput {
 public:
  explicit StorageInput(std::unique_ptr<netio::StorageFile> file) : file_(std::move(file)) {}

  absl::StatusOr<size_t> Read(std::span<uint8_t> out) override {
    absl::StatusOr<size_t> got = file_->ReadAt(offset_, out);
    if (got.ok()) offset_ += *got;
    return got;
  }

 private:
  std::unique_ptr<netio::StorageFile> file_;
  uint64_t offset_ = 0;
};

absl::Status Damaged() { return absl::DataLossError("a temporary file has lost what was written to it"); }

}  // namespace

RecordRunWriter::RecordRunWriter(std::unique_ptr<netio::StorageFile> file)
    : file_(std::move(file)), stream_(*file_, kZstdLevel) {
  piece_.reserve(2 * kPiece);
}

absl::Status RecordRunWriter::Write(std::span<const uint8_t> record_bytes) {
  for (size_t i = 0; i < kLengthOctets; ++i) {
    piece_.push_back(static_cast<uint8_t>(record_bytes.size() >> (8 * i)));
  }
  piece_.insert(piece_.end(), record_bytes.begin(), record_bytes.end());
  if (piece_.size() < kPiece) return absl::OkStatus();
  absl::Status status = stream_.Append(piece_);
  piece_.clear();
  return status;
}

absl::StatusOr<std::unique_ptr<netio::StorageFile>> RecordRunWriter::Finish() {
  if (absl::Status status = stream_.Append(piece_); !status.ok()) return status;
  if (absl::Status status = stream_.Checkpoint(); !status.ok()) return status;
  return std::move(file_);
}

RecordRunReader::RecordRunReader(std::unique_ptr<netio::StorageFile> run)
    : input_("temporary file", std::make_unique<StorageInput>(std::move(run))), buffer_(2 * kPiece) {}

absl::StatusOr<bool> RecordRunReader::Have(size_t octets) {
  if (end_ - begin_ >= octets) return true;
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (buffer_.size() < octets) buffer_.resize(octets);
  while (end_ < octets) {
    const absl::StatusOr<size_t> got = input_.Read(std::span(buffer_).subspan(end_));
    if (!got.ok()) return got.status();
    if (*got == 0) return false;
    end_ += *got;
  }
  return true;
}

absl::StatusOr<bool> RecordRunReader::Next() {
  absl::StatusOr<bool> there = Have(kLengthOctets);
  if (!there.ok()) return there;
  if (!*there) {
    if (begin_ != end_) return Damaged();
    return false;
  }
  size_t length = 0;
  for (size_t i = 0; i < kLengthOctets; ++i) length |= size_t{buffer_[begin_ + i]} << (8 * i);
  there = Have(kLengthOctets + length);
  if (!there.ok()) return there;
  if (!*there) return Damaged();
  bytes_ = std::span(buffer_).subspan(begin_ + kLengthOctets, length);
  begin_ += kLengthOctets + length;
  std::span<const uint8_t> rest = bytes_;
  if (!ReadRecordBytes(rest, record_) || !rest.empty()) return Damaged();
  return true;
}

}  // namespace scanner
