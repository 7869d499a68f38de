#include "scanner/sink/journal_record.h"

#include <algorithm>
#include <array>
#include <optional>

#include "scanner/row/byte_reader.h"
#include "scanner/row/byte_writer.h"
#include "scanner/sink/crc32c.h"

namespace scanner {
namespace {

constexpr uint32_t kMagic = 0x4A707241;  // "ArpJ"
constexpr size_t kHead = 24;
constexpr size_t kChecked = 20;  // Octets of the head that its checksum covers.

uint32_t HeadChecksum(std::span<const uint8_t> checked, uint64_t offset) {
  std::vector<uint8_t> where;
  ByteWriter(where).Fixed64(offset);
  return Crc32c(checked, Crc32c(where));
}

struct Head {
  uint32_t type;
  uint64_t length;
  uint32_t payload_checksum;
};

// Nothing when the octets are no head of a record at `offset`.
std::optional<Head> ReadHead(std::span<const uint8_t> octets, uint64_t offset) {
  ByteReader reader(octets);
  const uint32_t magic = reader.Fixed32();
  const Head head{.type = reader.Fixed32(), .length = reader.Fixed64(), .payload_checksum = reader.Fixed32()};
  const uint32_t checksum = reader.Fixed32();
  if (!reader.ok() || magic != kMagic) return std::nullopt;
  if (checksum != HeadChecksum(octets.first(kChecked), offset)) return std::nullopt;
  return head;
}

}  // namespace

std::vector<uint8_t> JournalRecordOctets(uint32_t type, std::span<const uint8_t> payload, uint64_t offset) {
  std::vector<uint8_t> octets;
  octets.reserve(kHead + payload.size());
  ByteWriter writer(octets);
  writer.Fixed32(kMagic);
  writer.Fixed32(type);
  writer.Fixed64(payload.size());
  writer.Fixed32(Crc32c(payload));
  writer.Fixed32(HeadChecksum(octets, offset));
  writer.Raw(payload);
  return octets;
}

absl::Status JournalRecordReader::DamagedAt(uint64_t offset) const {
  return absl::DataLossError(name_ + " is damaged at octet " + std::to_string(offset));
}

absl::StatusOr<bool> JournalRecordReader::Next() {
  const absl::StatusOr<bool> read = ReadRecordAt(next_);
  if (!read.ok()) return read.status();
  if (*read) {
    offset_ = next_;
    next_ += kHead + payload_.size();
    return true;
  }
  // A write that did not end is the last one: the one before was on the disk when it began.
  const absl::StatusOr<bool> follows = RecordFollows(next_ + 1);
  if (!follows.ok()) return follows.status();
  if (*follows) return DamagedAt(next_);
  return false;
}

absl::StatusOr<bool> JournalRecordReader::ReadRecordAt(uint64_t offset) {
  std::array<uint8_t, kHead> octets;
  if (offset > end_ || end_ - offset < kHead) return false;
  absl::StatusOr<size_t> got = file_.ReadAt(offset, octets);
  if (!got.ok()) return got.status();
  const std::optional<Head> head = ReadHead(std::span(octets).first(*got), offset);
  if (!head || head->length > end_ - offset - kHead) return false;
  type_ = head->type;
  payload_.resize(head->length);
  got = file_.ReadAt(offset + kHead, payload_);
  if (!got.ok()) return got.status();
  return *got == payload_.size() && Crc32c(payload_) == head->payload_checksum;
}

absl::StatusOr<bool> JournalRecordReader::RecordFollows(uint64_t offset) const {
  constexpr size_t kPiece = size_t{1} << 20;
  std::vector<uint8_t> piece;
  while (offset < end_ && end_ - offset >= kHead) {
    piece.resize(std::min<uint64_t>(kPiece, end_ - offset));
    const absl::StatusOr<size_t> got = file_.ReadAt(offset, piece);
    if (!got.ok()) return got.status();
    if (*got < kHead) break;
    const size_t places = *got - kHead + 1;
    for (size_t i = 0; i < places; ++i) {
      if (ReadHead(std::span(piece).subspan(i, kHead), offset + i)) return true;
    }
    offset += places;
  }
  return false;
}

}  // namespace scanner
