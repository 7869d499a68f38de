#include "codec/parquet/file_reader.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "codec/parquet/bit_unpacker.h"
#include "codec/parquet/read_error.h"
#include "codec/parquet/thrift_reader.h"

namespace codec::parquet {
namespace {

constexpr std::string_view kMagic = "PAR1";
constexpr std::string_view kEncryptedMagic = "PARE";
constexpr uint64_t kTail = 8;  // The footer's length and the magic number.
constexpr uint64_t kMaxFooter = uint64_t{256} << 20;

std::string_view AsText(std::span<const uint8_t> octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

}  // namespace

absl::StatusOr<std::unique_ptr<FileReader>> FileReader::Open(const ByteSource& source) {
  std::unique_ptr<FileReader> reader(new FileReader(source));
  absl::Status read = reader->ReadFooterOctets();
  if (read.ok()) read = reader->ParseFooter();
  if (!read.ok()) return read;
  return reader;
}

absl::Status FileReader::ReadFooterOctets() {
  const uint64_t size = source_.size();
  std::array<uint8_t, 4> head{};
  absl::Status read = source_.ReadAt(0, std::span(head).first(std::min<uint64_t>(head.size(), size)));
  if (!read.ok()) return read;
  if (AsText(head) == kEncryptedMagic) {
    return ErrorAt(source_, 0, absl::UnimplementedError("the file is encrypted, which is not read here"));
  }
  if (AsText(head) != kMagic)
    return ErrorAt(source_, 0, absl::InvalidArgumentError("this is no Parquet file"));

  std::array<uint8_t, kTail> tail{};
  if (size >= kMagic.size() + kTail) read = source_.ReadAt(size - kTail, tail);
  if (!read.ok()) return read;
  const std::string_view magic = AsText(std::span(tail).subspan(4));
  if (magic == kEncryptedMagic) {
    return ErrorAt(source_, size, absl::UnimplementedError("the file is encrypted, which is not read here"));
  }
  if (magic != kMagic) {
    return ErrorAt(source_, size, absl::DataLossError("the file is cut off: it ends without a footer"));
  }
  const auto length = LoadLittleEndian<uint32_t>(tail.data());
  if (length > size - kMagic.size() - kTail) {
    return ErrorAt(source_, size - kTail, absl::DataLossError("the footer is longer than the file"));
  }
  if (length > kMaxFooter) {
    return ErrorAt(source_, size - kTail, absl::DataLossError("the footer has more than 256 MiB"));
  }
  footer_octets_.resize(length);
  footer_offset_ = size - kTail - length;
  return source_.ReadAt(footer_offset_, footer_octets_);
}

absl::Status FileReader::ParseFooter() {
  ThriftReader thrift(footer_octets_);
  ReadFooter(thrift, footer_);
  if (!thrift.ok()) {
    return ErrorAt(source_, footer_offset_ + thrift.offset(),
                   absl::DataLossError(absl::StrCat("footer: ", thrift.fault())));
  }
  absl::StatusOr<Leaves> leaves = ReadSchema(footer_.schema);
  if (!leaves.ok()) return ErrorAt(source_, footer_offset_, leaves.status());
  leaf_count_ = leaves->count;
  leaves_ = std::move(leaves->usable);
  unusable_ = std::move(leaves->unusable);
  for (const Leaf& leaf : leaves_) {
    schema_.push_back(leaf.field);
    readers_.push_back(std::make_unique<ColumnReader>(source_, decompressor_, leaf));
  }
  selected_.resize(leaves_.size());
  std::iota(selected_.begin(), selected_.end(), size_t{0});
  return CheckRowGroups();
}

absl::StatusOr<RowGroup> FileReader::ParseRowGroup(size_t index) const {
  ThriftReader thrift(footer_octets_, footer_.row_groups[index]);
  RowGroup group;
  ReadRowGroup(thrift, leaf_count_, group);
  const char* const fault = thrift.ok() && group.rows < 0 ? "a negative number of rows" : thrift.fault();
  if (fault == nullptr) return group;
  return ErrorAt(source_, footer_offset_ + thrift.offset(),
                 absl::DataLossError(absl::StrCat("footer, row group ", index, ": ", fault)));
}

absl::Status FileReader::CheckRowGroups() const {
  int64_t rows = 0;
  for (size_t i = 0; i < footer_.row_groups.size(); ++i) {
    const absl::StatusOr<RowGroup> group = ParseRowGroup(i);
    if (!group.ok()) return group.status();
    if (__builtin_add_overflow(rows, group->rows, &rows)) break;
  }
  if (rows == footer_.rows) return absl::OkStatus();
  return ErrorAt(source_, footer_offset_,
                 absl::DataLossError("the row groups hold another number of rows than the footer says"));
}

void FileReader::Select(std::span<const size_t> columns) { selected_.assign(columns.begin(), columns.end()); }

absl::Status FileReader::FinishRowGroup() {
  if (next_group_ == 0) return absl::OkStatus();
  for (const size_t column : selected_) {
    absl::Status ended = readers_[column]->CheckEnd();
    if (!ended.ok()) return ended;
  }
  return absl::OkStatus();
}

absl::Status FileReader::BeginRowGroup() {
  const absl::StatusOr<RowGroup> group = ParseRowGroup(next_group_);
  if (!group.ok()) return group.status();
  ++next_group_;
  rows_left_ = static_cast<uint64_t>(group->rows);
  for (const size_t column : selected_) {
    absl::Status begun = readers_[column]->Begin(group->columns[leaves_[column].index].metadata);
    if (!begun.ok()) return begun;
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> FileReader::Next() {
  while (rows_left_ == 0) {
    absl::Status moved = FinishRowGroup();
    if (moved.ok() && next_group_ == footer_.row_groups.size()) return false;
    if (moved.ok()) moved = BeginRowGroup();
    if (!moved.ok()) return moved;
  }
  --rows_left_;
  for (const size_t column : selected_) {
    ColumnReader& reader = *readers_[column];
    if (!reader.Next()) return reader.status();
  }
  return true;
}

}  // namespace codec::parquet
