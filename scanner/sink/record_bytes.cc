#include "scanner/sink/record_bytes.h"

#include <bit>
#include <cstddef>
#include <string_view>

namespace scanner {
namespace {

constexpr uint8_t kPlain = 0x80;  // With the family.

void AppendVarint(uint64_t number, std::vector<uint8_t>& out) {
  for (; number >= 0x80; number >>= 7) out.push_back(static_cast<uint8_t>(number | 0x80));
  out.push_back(static_cast<uint8_t>(number));
}

void AppendText(std::string_view text, std::vector<uint8_t>& out) {
  AppendVarint(text.size(), out);
  out.insert(out.end(), text.begin(), text.end());
}

void AppendBigEndian(uint64_t number, int octets, std::vector<uint8_t>& out) {
  for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<uint8_t>(number >> shift));
  }
}

uint64_t Zigzag(int64_t number) {
  return (static_cast<uint64_t>(number) << 1) ^ static_cast<uint64_t>(number >> 63);
}

int64_t Unzigzag(uint64_t number) { return static_cast<int64_t>((number >> 1) ^ (~(number & 1) + 1)); }

bool IsSet(const Record& record, Column column) {
  if (Info(column).kind == ColumnKind::kList) return !record.Items(column).empty();
  return !record.IsNull(column);
}

// Reads fields in order; the first that cannot be read fails all that follow.
class Cursor {
 public:
  explicit Cursor(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  std::span<const uint8_t> rest() const { return bytes_; }

  std::span<const uint8_t> Take(uint64_t octets) {
    if (octets > bytes_.size()) {
      Fail();
      return {};
    }
    const std::span<const uint8_t> taken = bytes_.first(static_cast<size_t>(octets));
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }
  uint64_t BigEndian(size_t octets) {
    uint64_t number = 0;
    for (const uint8_t octet : Take(octets)) number = number << 8 | octet;
    return number;
  }
  uint64_t LittleEndian(size_t octets) {
    uint64_t number = 0;
    int shift = 0;
    for (const uint8_t octet : Take(octets)) {
      number |= uint64_t{octet} << shift;
      shift += 8;
    }
    return number;
  }
  uint64_t Varint() {
    uint64_t number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::span<const uint8_t> octet = Take(1);
      if (octet.empty()) return 0;
      const uint64_t bits = octet[0] & 0x7FU;
      if (shift == 63 && bits > 1) break;
      number |= bits << shift;
      if (octet[0] < 0x80) return number;
    }
    Fail();
    return 0;
  }
  std::string_view Text() {
    const std::span<const uint8_t> text = Take(Varint());
    return {reinterpret_cast<const char*>(text.data()), text.size()};
  }
  void Fail() {
    ok_ = false;
    bytes_ = {};
  }

 private:
  std::span<const uint8_t> bytes_;
  bool ok_ = true;
};

void ReadKey(Cursor& in, Record& record) {
  const uint64_t head = in.BigEndian(1);
  record.plain = (head & kPlain) != 0;
  const uint64_t family = head & ~uint64_t{kPlain};
  if (family == 4) {
    record.key = {.ipv6 = false, .high = 0, .low = in.BigEndian(4)};
  } else if (family == 6) {
    const uint64_t high = in.BigEndian(8);
    record.key = {.ipv6 = true, .high = high, .low = in.BigEndian(8)};
  } else {
    in.Fail();
  }
}

// The number, if it is from `least` to `most`.
int64_t ReadNumber(Cursor& in, int64_t least, int64_t most) {
  const int64_t number = Unzigzag(in.Varint());
  if (number < least || number > most) in.Fail();
  return number;
}

void ReadValue(Cursor& in, Column column, Record& record) {
  switch (Info(column).kind) {
    case ColumnKind::kString:
      return record.SetText(column, in.Text());
    case ColumnKind::kInt32:
      return record.SetNumber(column, ReadNumber(in, INT32_MIN, INT32_MAX));
    case ColumnKind::kBoolean:
      return record.SetNumber(column, ReadNumber(in, 0, 1));
    case ColumnKind::kInt64:
    case ColumnKind::kTimestamp:
      return record.SetNumber(column, ReadNumber(in, INT64_MIN, INT64_MAX));
    case ColumnKind::kList: {
      uint64_t items = in.Varint();
      if (items == 0) in.Fail();
      // Each item takes an octet at least, which bounds them.
      for (; items > 0 && in.ok(); --items) record.AppendItem(column, in.Text());
      return;
    }
  }
}

}  // namespace

void AppendRecordBytes(const Record& record, std::vector<uint8_t>& out) {
  const AddressKey& key = record.key;
  out.push_back(static_cast<uint8_t>((key.ipv6 ? 6 : 4) | (record.plain ? kPlain : 0)));
  if (key.ipv6) AppendBigEndian(key.high, 8, out);
  AppendBigEndian(key.low, key.ipv6 ? 8 : 4, out);
  uint32_t set = 0;
  for (size_t i = 0; i < kColumns; ++i) {
    if (IsSet(record, static_cast<Column>(i))) set |= uint32_t{1} << i;
  }
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<uint8_t>(set >> shift));
  for (; set != 0; set &= set - 1) {
    const auto column = static_cast<Column>(std::countr_zero(set));
    switch (Info(column).kind) {
      case ColumnKind::kString:
        AppendText(record.Text(column), out);
        break;
      case ColumnKind::kInt32:
      case ColumnKind::kInt64:
      case ColumnKind::kBoolean:
      case ColumnKind::kTimestamp:
        AppendVarint(Zigzag(record.Number(column)), out);
        break;
      case ColumnKind::kList:
        AppendVarint(record.Items(column).size(), out);
        for (const std::string_view item : record.Items(column)) AppendText(item, out);
        break;
    }
  }
}

bool ReadRecordBytes(std::span<const uint8_t>& bytes, Record& record) {
  record.Clear();
  Cursor in(bytes);
  ReadKey(in, record);
  auto set = static_cast<uint32_t>(in.LittleEndian(4));
  if (uint64_t{set} >> kColumns != 0) return false;
  for (; set != 0 && in.ok(); set &= set - 1) {
    ReadValue(in, static_cast<Column>(std::countr_zero(set)), record);
  }
  bytes = in.rest();
  return in.ok();
}

}  // namespace scanner
