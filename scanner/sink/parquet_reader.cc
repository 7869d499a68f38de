#include "scanner/sink/parquet_reader.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace scanner {
namespace {

using codec::parquet::Field;
using codec::parquet::Meaning;
using codec::parquet::Shape;
using codec::parquet::Type;

class FileSource final : public codec::parquet::ByteSource {
 public:
  explicit FileSource(netio::InputFile file) : file_(std::move(file)) {}

  const std::string& name() const override { return file_.name(); }
  uint64_t size() const override { return file_.size().value_or(0); }
  absl::Status ReadAt(uint64_t offset, std::span<uint8_t> out) const override {
    const absl::StatusOr<size_t> got = file_.ReadAt(offset, out);
    if (!got.ok()) return got.status();
    if (*got == out.size()) return absl::OkStatus();
    return absl::InvalidArgumentError(name() + ": ends at octet " + std::to_string(offset + *got) +
                                      ", which it did not when it was opened");
  }

 private:
  const netio::InputFile file_;
};

bool Fits(const Field& field, ColumnKind kind) {
  if ((field.shape == Shape::kList) != (kind == ColumnKind::kList)) return false;
  switch (kind) {
    case ColumnKind::kString:
    case ColumnKind::kList:
      return field.type == Type::kByteArray;
    case ColumnKind::kInt32:
    case ColumnKind::kInt64:
      return (field.type == Type::kInt32 || field.type == Type::kInt64) && field.meaning == Meaning::kNone;
    case ColumnKind::kBoolean:
      return field.type == Type::kBoolean;
    case ColumnKind::kTimestamp:
      return field.meaning == Meaning::kTimestampMicrosUtc;
  }
  return false;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ParquetReader>> ParquetReader::Open(netio::InputFile file) {
  std::unique_ptr<ParquetReader> reader(new ParquetReader(std::make_unique<FileSource>(std::move(file))));
  absl::StatusOr<std::unique_ptr<codec::parquet::FileReader>> opened =
      codec::parquet::FileReader::Open(*reader->source_);
  if (!opened.ok()) return opened.status();
  reader->file_ = *std::move(opened);
  if (absl::Status status = reader->ReadSchema(); !status.ok()) return status;
  for (const codec::parquet::KeyValue& fact : reader->file_->key_values()) {
    reader->facts_.emplace_back(fact.key, fact.value);
  }
  return reader;
}

absl::Status ParquetReader::Wrong(std::string_view what) const {
  return absl::InvalidArgumentError((name() + ": ").append(what));
}

absl::Status ParquetReader::ReadSchema() {
  if (!file_->unusable_columns().empty()) {
    const codec::parquet::UnusableColumn& column = file_->unusable_columns().front();
    return Wrong("the column " + QuotedValue(column.name) + " " + column.why +
                 ", which no column of results is");
  }
  for (const Field& field : file_->schema()) {
    const std::optional<Column> column = ColumnOf(field.name);
    if (!column) {
      return Wrong("no results of arpasweep: the column " + QuotedValue(field.name) +
                   " is none of its columns");
    }
    if (std::ranges::find(columns_, *column) != columns_.end()) {
      return Wrong("the column " + QuotedValue(field.name) + " is there twice");
    }
    if (!Fits(field, Info(*column).kind)) {
      return Wrong("the column " + QuotedValue(field.name) +
                   " is of another type than in results of arpasweep");
    }
    columns_.push_back(*column);
  }
  if (std::ranges::find(columns_, Column::kAddress) == columns_.end()) {
    return Wrong("there is no column 'address'");
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> ParquetReader::Next(Record& record) {
  absl::StatusOr<bool> found = file_->Next();
  if (!found.ok() || !*found) return found;
  ++row_;
  filler_.Begin(record);
  for (size_t place = 0; place < columns_.size(); ++place) {
    std::string shown;
    const Objection objection = SetValue(place, shown);
    if (objection) {
      return Wrong("row " + std::to_string(row_) + ": " + ValueMessage(columns_[place], shown, *objection));
    }
  }
  if (!filler_.HasAddress()) {
    return Wrong("row " + std::to_string(row_) + ": " + ValueMessage(Column::kAddress, "", kExpectedAddress));
  }
  return true;
}

// `shown`: the value for a message, where there is one to be made.
Objection ParquetReader::SetValue(size_t place, std::string& shown) {
  const Column column = columns_[place];
  if (Info(column).kind == ColumnKind::kList) {
    for (const std::string_view item : file_->Items(place)) {
      Objection objection = filler_.AppendItem(column, item);
      if (!objection) continue;
      shown = item;
      return objection;
    }
    return std::nullopt;
  }
  if (file_->IsNull(place)) return std::nullopt;
  const bool text = Info(column).kind == ColumnKind::kString;
  Objection objection =
      text ? filler_.SetText(column, file_->Text(place)) : filler_.SetNumber(column, file_->Number(place));
  if (objection) shown = text ? std::string(file_->Text(place)) : std::to_string(file_->Number(place));
  return objection;
}

}  // namespace scanner
