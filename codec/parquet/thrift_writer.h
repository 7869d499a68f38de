// Writes structures in Thrift's compact protocol:
// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
#ifndef CODEC_PARQUET_THRIFT_WRITER_H_
#define CODEC_PARQUET_THRIFT_WRITER_H_

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "codec/parquet/byte_buffer.h"

namespace codec::parquet {

// Fields of a structure are written in rising order of their numbers. What is begun must be ended.
class ThriftWriter {
 public:
  enum class Type : uint8_t {
    kTrue = 1,  // Also the type of a list's Booleans.
    kFalse = 2,
    kByte = 3,
    kI32 = 5,
    kI64 = 6,
    kBinary = 8,
    kList = 9,
    kStruct = 12,
  };

  explicit ThriftWriter(ByteBuffer& out) : out_(out) {}

  // ---- Fields of the structure that is open ----
  void Boolean(int16_t field, bool value) { Field(field, value ? Type::kTrue : Type::kFalse); }
  void Byte(int16_t field, int8_t value) {
    Field(field, Type::kByte);
    out_.AppendByte(static_cast<uint8_t>(value));
  }
  void I32(int16_t field, int32_t value) {
    Field(field, Type::kI32);
    out_.AppendZigzag(value);
  }
  void I64(int16_t field, int64_t value) {
    Field(field, Type::kI64);
    out_.AppendZigzag(value);
  }
  void Binary(int16_t field, std::string_view value) {
    Field(field, Type::kBinary);
    BinaryItem(value);
  }
  void BeginStruct(int16_t field) {
    Field(field, Type::kStruct);
    BeginItem();
  }
  // Its items follow.
  void List(int16_t field, Type item, uint64_t items) {
    Field(field, Type::kList);
    const auto type = static_cast<uint8_t>(item);
    if (items < 15) {
      out_.AppendByte(static_cast<uint8_t>(items << 4 | type));
    } else {
      out_.AppendByte(0xF0 | type);
      out_.AppendVarint(items);
    }
  }

  // ---- Items of a list ----
  void BinaryItem(std::string_view value) {
    out_.AppendVarint(value.size());
    out_.Append(value);
  }
  void NumberItem(int64_t value) { out_.AppendZigzag(value); }
  void BooleanItem(bool value) { out_.AppendByte(static_cast<uint8_t>(value ? Type::kTrue : Type::kFalse)); }
  // A structure that is an item, or the outermost one.
  void BeginItem() { ContinueItem(0); }
  // The same, of which another writer wrote the fields up to `last`.
  void ContinueItem(int16_t last) {
    assert(depth_ < last_.size());
    last_[depth_++] = last;
  }

  // Ends the structure that was begun last.
  void End() {
    assert(depth_ > 0);
    --depth_;
    out_.AppendByte(0);
  }

 private:
  void Field(int16_t field, Type type) {
    assert(depth_ > 0);
    int16_t& last = last_[depth_ - 1];
    assert(field > last);
    const int step = field - last;
    if (step <= 15) {
      out_.AppendByte(static_cast<uint8_t>(step << 4 | static_cast<int>(type)));
    } else {
      out_.AppendByte(static_cast<uint8_t>(type));
      out_.AppendZigzag(field);
    }
    last = field;
  }

  ByteBuffer& out_;
  std::array<int16_t, 8> last_{};  // The number of the field written last, of each open structure.
  size_t depth_ = 0;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_THRIFT_WRITER_H_
