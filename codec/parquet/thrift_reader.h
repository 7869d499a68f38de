// A bounded cursor over a structure in Thrift's compact protocol (thrift-compact-protocol.md of Apache
// Thrift).
#ifndef CODEC_PARQUET_THRIFT_READER_H_
#define CODEC_PARQUET_THRIFT_READER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace codec::parquet {

enum class ThriftType : uint8_t {
  kStop = 0,
  kTrue = 1,  // A field that is true; the type of the elements of a list of booleans, too.
  kFalse = 2,
  kI8 = 3,
  kI16 = 4,
  kI32 = 5,
  kI64 = 6,
  kDouble = 7,
  kBinary = 8,
  kList = 9,
  kSet = 10,
  kMap = 11,
  kStruct = 12,
  kUuid = 13,
};

// Where in a structure the reader is: one for each structure that is open.
struct ThriftField {
  int16_t id = 0;
  ThriftType type = ThriftType::kStop;
};

// The first fault poisons the cursor: all later reads give zeros or nothing and do not move, so that a
// structure is read whole and checked once. A structure is read like this, each field read or skipped:
//
//   for (ThriftField field; reader.Next(field);) {
//     if (field.id == 1) out.rows = reader.ReadI64(field);
//     else reader.Skip(field);
//   }
class ThriftReader {
 public:
  // Deeper structures than this are not skipped.
  static constexpr int kMaxDepth = 32;

  // `data` must outlive the reader and the text it gives.
  explicit ThriftReader(std::span<const uint8_t> data, size_t offset = 0) : data_(data), offset_(offset) {}

  bool ok() const { return fault_ == nullptr; }
  // What is wrong; nothing while ok().
  const char* fault() const { return fault_; }
  // More octets may make it right.
  bool cut_off() const { return cut_off_; }
  // Of the next octet, or about where the fault is.
  size_t offset() const { return offset_; }

  // Poisons the cursor, for what only the caller can know to be wrong.
  void Fail(const char* fault);

  // Moves to the next field of a structure: false at its end, or when something is wrong.
  bool Next(ThriftField& field);

  // The value of a field that was just moved to; a fault when it has another type.
  bool ReadBool(const ThriftField& field);
  int32_t ReadI32(const ThriftField& field);
  int64_t ReadI64(const ThriftField& field);
  std::string_view ReadBinary(const ThriftField& field);
  // The number of elements of a list, to be read or skipped one by one, of which there are octets enough for
  // each to have one.
  size_t ReadList(const ThriftField& field, ThriftType element);
  // What follows are the fields of this structure.
  void EnterStruct(const ThriftField& field);
  void Skip(const ThriftField& field);

  // One element of a list of such.
  int32_t ReadI32Element();
  std::string_view ReadBinaryElement();

 private:
  uint8_t ReadOctet();
  uint64_t ReadUnsigned();
  int64_t ReadSigned(int64_t low, int64_t high);
  void Require(const ThriftField& field, ThriftType type);
  size_t ReadCount(uint64_t count, size_t octets_each);
  void SkipOctets(uint64_t count);
  void SkipValue(ThriftType type, int depth);
  void SkipList(int depth);
  void SkipMap(int depth);

  std::span<const uint8_t> data_;
  size_t offset_;
  const char* fault_ = nullptr;
  bool cut_off_ = false;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_THRIFT_READER_H_
