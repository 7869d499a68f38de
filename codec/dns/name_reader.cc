// Names inside messages: labels and compression pointers (RFC 1035 section 4.1.4).
#include "codec/dns/name.h"
#include "codec/dns/short_octets.h"

namespace codec::dns {
namespace {

constexpr uint8_t kPointerBits = 0xC0;

// Pointers beyond one a label only lead to each other.
constexpr int kMaxPointers = 127;

// A walk along the labels of a possibly compressed name.
class LabelWalk {
 public:
  LabelWalk(std::span<const uint8_t> message, size_t offset)
      : message_(message), offset_(offset), run_(offset) {}

  // The next label with its length octet; empty at a fault. The root label is the last one.
  std::span<const uint8_t> Next() {
    while (true) {
      if (offset_ >= message_.size()) return Fail(ParseError::kTruncated);
      const uint8_t head = message_[offset_];
      if (head <= kMaxLabelOctets) break;
      if ((head & kPointerBits) != kPointerBits) return Fail(ParseError::kLabelType);
      if (!Jump(head)) return {};
    }
    const size_t octets = 1 + size_t{message_[offset_]};
    if (octets > message_.size() - offset_) return Fail(ParseError::kTruncated);
    const std::span<const uint8_t> label = message_.subspan(offset_, octets);
    offset_ += octets;
    return label;
  }

  ParseError fault() const { return fault_; }

  // Behind the name as it stands, once the root label has been read.
  size_t end() const { return pointers_ == 0 ? offset_ : end_; }

 private:
  std::span<const uint8_t> Fail(ParseError fault) {
    fault_ = fault;
    return {};
  }

  bool Jump(uint8_t head) {
    if (offset_ + 2 > message_.size()) {
      fault_ = ParseError::kTruncated;
      return false;
    }
    const size_t target = static_cast<size_t>((head & ~kPointerBits) << 8 | message_[offset_ + 1]);
    if (target >= run_) {
      fault_ = ParseError::kForwardPointer;
      return false;
    }
    if (pointers_ == kMaxPointers) {
      fault_ = ParseError::kPointerCount;
      return false;
    }
    if (pointers_++ == 0) end_ = offset_ + 2;
    run_ = offset_ = target;
    return true;
  }

  std::span<const uint8_t> message_;
  size_t offset_;
  size_t run_;  // Where the labels since the last pointer began.
  size_t end_ = 0;
  int pointers_ = 0;
  ParseError fault_ = ParseError::kNone;
};

uint8_t ToLower(uint8_t octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<uint8_t>(octet | 0x20) : octet;
}

}  // namespace

ParseError ReadName(std::span<const uint8_t> message, size_t& offset, Name& out) {
  LabelWalk walk(message, offset);
  out.length = 0;
  size_t length = 0;
  // Labels that follow each other in the message are copied together.
  const uint8_t* run = nullptr;
  size_t run_octets = 0;
  std::span<const uint8_t> label;
  do {
    label = walk.Next();
    if (label.empty()) return walk.fault();
    if (length + label.size() > kMaxNameOctets) return ParseError::kNameTooLong;
    if (label.data() != run + run_octets) {
      CopyShort(out.octets.data() + length - run_octets, run, run_octets);
      run = label.data();
      run_octets = 0;
    }
    run_octets += label.size();
    length += label.size();
  } while (label.size() > 1);
  CopyShort(out.octets.data() + length - run_octets, run, run_octets);
  out.length = static_cast<uint8_t>(length);
  offset = walk.end();
  return ParseError::kNone;
}

ParseError SkipLabels(std::span<const uint8_t> message, size_t& offset) {
  size_t at = offset;
  uint8_t head = 0;
  while (at < message.size() && (head = message[at]) != 0 && head <= kMaxLabelOctets) at += 1 + size_t{head};
  if (at >= message.size()) return ParseError::kTruncated;
  // What is behind a pointer takes at least the octet of the root label.
  const bool fits = at + 1 - offset <= kMaxNameOctets;
  if (head == 0) {
    if (fits) offset = at + 1;
    return fits ? ParseError::kNone : ParseError::kNameTooLong;
  }
  if ((head & kPointerBits) != kPointerBits) return ParseError::kLabelType;
  if (at + 2 > message.size()) return ParseError::kTruncated;
  const size_t target = static_cast<size_t>((head & ~kPointerBits) << 8 | message[at + 1]);
  if (target >= offset) return ParseError::kForwardPointer;
  if (fits) offset = at + 2;
  return fits ? ParseError::kNone : ParseError::kNameTooLong;
}

bool NameEquals(std::span<const uint8_t> message, size_t offset, NameView name) {
  // Most owners are one pointer to the question, spelt as it was asked. Equal octets are equal labels, since
  // `name` ends with its root label.
  size_t start = offset;
  if (offset + 2 <= message.size() && message[offset] >= kPointerBits) {
    const size_t target = static_cast<size_t>((message[offset] & ~kPointerBits) << 8 | message[offset + 1]);
    if (target < offset) start = target;
  }
  if (start <= message.size() && name.size() <= message.size() - start &&
      SameOctets(message.data() + start, name.data(), name.size())) {
    return true;
  }
  LabelWalk walk(message, offset);
  while (!name.empty()) {
    const std::span<const uint8_t> label = walk.Next();
    if (label.empty() || label.size() > name.size()) return false;
    for (size_t i = 0; i < label.size(); ++i) {
      if (ToLower(label[i]) != ToLower(name[i])) return false;
    }
    name = name.subspan(label.size());
  }
  return true;
}

}  // namespace codec::dns
