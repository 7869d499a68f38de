#include "codec/parquet/thrift_reader.h"

#include <limits>

#include "codec/parquet/varint_reader.h"

namespace codec::parquet {
namespace {

constexpr const char* kCutOff = "the structure is cut off";

}  // namespace

void ThriftReader::Fail(const char* fault) {
  if (fault_ == nullptr) fault_ = fault;
}

uint8_t ThriftReader::ReadOctet() {
  if (!ok()) return 0;
  if (offset_ >= data_.size()) {
    cut_off_ = true;
    Fail(kCutOff);
    return 0;
  }
  return data_[offset_++];
}

uint64_t ThriftReader::ReadUnsigned() {
  if (!ok()) return 0;
  uint64_t value = 0;
  switch (ReadVarint(data_, offset_, value)) {
    case VarintFault::kNone:
      return value;
    case VarintFault::kCutOff:
      cut_off_ = true;
      Fail(kCutOff);
      return 0;
    case VarintFault::kTooLong:
      Fail("a number has more than 64 bits");
      return 0;
  }
  return 0;
}

int64_t ThriftReader::ReadSigned(int64_t low, int64_t high) {
  const int64_t value = UnZigzag(ReadUnsigned());
  if (value >= low && value <= high) return value;
  Fail("a number does not fit its type");
  return 0;
}

bool ThriftReader::Next(ThriftField& field) {
  const uint8_t header = ReadOctet();
  const auto type = static_cast<ThriftType>(header & 0x0F);
  if (!ok() || type == ThriftType::kStop) return false;
  if (type > ThriftType::kUuid) {
    Fail("a field has an unknown type");
    return false;
  }
  int64_t id = field.id + (header >> 4);
  if (header >> 4 == 0) {
    id = ReadSigned(std::numeric_limits<int16_t>::min(), std::numeric_limits<int16_t>::max());
  }
  if (id > std::numeric_limits<int16_t>::max()) Fail("a number does not fit its type");
  field = {.id = static_cast<int16_t>(id), .type = type};
  return ok();
}

void ThriftReader::Require(const ThriftField& field, ThriftType type) {
  if (field.type != type) Fail("a field has another type than the format says");
}

bool ThriftReader::ReadBool(const ThriftField& field) {
  if (field.type != ThriftType::kFalse) Require(field, ThriftType::kTrue);
  return ok() && field.type == ThriftType::kTrue;
}

int32_t ThriftReader::ReadI32(const ThriftField& field) {
  Require(field, ThriftType::kI32);
  return ReadI32Element();
}

int64_t ThriftReader::ReadI64(const ThriftField& field) {
  Require(field, ThriftType::kI64);
  return ReadSigned(std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max());
}

std::string_view ThriftReader::ReadBinary(const ThriftField& field) {
  Require(field, ThriftType::kBinary);
  return ReadBinaryElement();
}

int32_t ThriftReader::ReadI32Element() {
  return static_cast<int32_t>(
      ReadSigned(std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max()));
}

std::string_view ThriftReader::ReadBinaryElement() {
  const size_t length = ReadCount(ReadUnsigned(), 1);
  if (!ok()) return {};
  const std::string_view text(reinterpret_cast<const char*>(data_.data() + offset_), length);
  offset_ += length;
  return text;
}

size_t ThriftReader::ReadCount(uint64_t count, size_t octets_each) {
  if (!ok()) return 0;
  if (count > (data_.size() - offset_) / octets_each) {
    cut_off_ = true;
    Fail(kCutOff);
    return 0;
  }
  return count;
}

size_t ThriftReader::ReadList(const ThriftField& field, ThriftType element) {
  Require(field, ThriftType::kList);
  const uint8_t header = ReadOctet();
  const uint64_t count = header >> 4 == 0x0F ? ReadUnsigned() : header >> 4;
  // The element type of an empty list is of no interest, and some writers leave it out.
  if (count > 0 && static_cast<ThriftType>(header & 0x0F) != element) {
    Fail("a list has elements of another type than the format says");
  }
  return ReadCount(count, 1);
}

void ThriftReader::EnterStruct(const ThriftField& field) { Require(field, ThriftType::kStruct); }

void ThriftReader::Skip(const ThriftField& field) {
  // The value of a boolean field is its type.
  if (field.type != ThriftType::kTrue && field.type != ThriftType::kFalse) SkipValue(field.type, 0);
}

void ThriftReader::SkipOctets(uint64_t count) { offset_ += ReadCount(count, 1); }

void ThriftReader::SkipList(int depth) {
  const uint8_t header = ReadOctet();
  const auto type = static_cast<ThriftType>(header & 0x0F);
  const size_t count = ReadCount(header >> 4 == 0x0F ? ReadUnsigned() : header >> 4, 1);
  for (size_t i = 0; i < count && ok(); ++i) SkipValue(type, depth);
}

void ThriftReader::SkipMap(int depth) {
  const size_t count = ReadCount(ReadUnsigned(), 2);
  if (count == 0) return;
  const uint8_t types = ReadOctet();
  for (size_t i = 0; i < count && ok(); ++i) {
    SkipValue(static_cast<ThriftType>(types >> 4), depth);
    SkipValue(static_cast<ThriftType>(types & 0x0F), depth);
  }
}

// A value that is no field: a boolean takes an octet.
void ThriftReader::SkipValue(ThriftType type, int depth) {
  if (depth == kMaxDepth) Fail("structures lie too deep in one another");
  if (!ok()) return;
  switch (type) {
    case ThriftType::kTrue:
    case ThriftType::kFalse:
    case ThriftType::kI8:
      return SkipOctets(1);
    case ThriftType::kI16:
    case ThriftType::kI32:
    case ThriftType::kI64:
      static_cast<void>(ReadUnsigned());
      return;
    case ThriftType::kDouble:
      return SkipOctets(8);
    case ThriftType::kUuid:
      return SkipOctets(16);
    case ThriftType::kBinary:
      return SkipOctets(ReadUnsigned());
    case ThriftType::kList:
    case ThriftType::kSet:
      return SkipList(depth + 1);
    case ThriftType::kMap:
      return SkipMap(depth + 1);
    case ThriftType::kStruct:
      for (ThriftField field; Next(field);) {
        if (field.type != ThriftType::kTrue && field.type != ThriftType::kFalse) {
          SkipValue(field.type, depth + 1);
        }
      }
      return;
    case ThriftType::kStop:
      break;
  }
  Fail("a field has an unknown type");
}

}  // namespace codec::parquet
