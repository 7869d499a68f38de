#include "scanner/sink/parquet_sink.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "codec/parquet/footer_writer.h"
#include "scanner/sink/record_bytes.h"

namespace scanner {
namespace {

using codec::parquet::ByteBuffer;
using codec::parquet::Field;
using codec::parquet::Meaning;
using codec::parquet::Packing;
using codec::parquet::Shape;
using codec::parquet::Type;

// A row group as a checkpoint keeps it: its rows in eight octets, little-endian, then its metadata.
constexpr size_t kRowsOctets = 8;
// Of a footer, before it is written to the file.
constexpr size_t kFooterPiece = size_t{1} << 16;

Packing PackingOf(Column column) {
  switch (column) {
    case Column::kVerdict:
    case Column::kReason:
    case Column::kFlagList:
    case Column::kPtrStatus:
    case Column::kForwardStatus:
    case Column::kServer:
    case Column::kEvidence:
    case Column::kAnnouncedPrefix:
    case Column::kTemplate:
    case Column::kScanId:
    case Column::kAttempts:
    case Column::kRttUs:
    case Column::kEde:
    case Column::kObservedAt:
    case Column::kAsn:
      return Packing::kDictionary;
    // Names of a zone have one, but for a few.
    case Column::kPtrTtl:
    case Column::kForwardTtl:
      return Packing::kPlain;
    case Column::kAddress:
    case Column::kNames:
    case Column::kConfirmedNames:
    case Column::kForwardAddresses:
    case Column::kRegisteredDomain:
    case Column::kPtrAliasTarget:
    case Column::kZone:
    case Column::kAuthoritative:
    case Column::kAuthenticated:
    case Column::kIpv4:
    case Column::kPrefix:
      return Packing::kDelta;
  }
  return Packing::kDelta;
}

Field FieldOf(Column column) {
  Field field{.name = std::string(Info(column).name), .packing = PackingOf(column)};
  switch (Info(column).kind) {
    case ColumnKind::kString:
      field.meaning = Meaning::kString;
      break;
    case ColumnKind::kList:
      field.meaning = Meaning::kString;
      field.shape = Shape::kList;
      break;
    case ColumnKind::kInt32:
      field.type = Type::kInt32;
      break;
    case ColumnKind::kInt64:
      field.type = Type::kInt64;
      break;
    case ColumnKind::kBoolean:
      field.type = Type::kBoolean;
      break;
    case ColumnKind::kTimestamp:
      field.type = Type::kInt64;
      field.meaning = Meaning::kTimestampMicrosUtc;
      break;
  }
  if (column == Column::kAddress) field.shape = Shape::kRequired;
  return field;
}

std::vector<uint8_t> KeptRowGroup(uint64_t rows, const ByteBuffer& metadata) {
  std::vector<uint8_t> kept;
  kept.reserve(kRowsOctets + metadata.size());
  for (size_t i = 0; i < kRowsOctets; ++i) kept.push_back(static_cast<uint8_t>(rows >> (8 * i)));
  kept.insert(kept.end(), metadata.bytes().begin(), metadata.bytes().end());
  return kept;
}

absl::StatusOr<uint64_t> RowsOf(std::span<const uint8_t> kept) {
  if (kept.size() <= kRowsOctets) return absl::DataLossError("the metadata of a row group is cut short");
  uint64_t rows = 0;
  for (size_t i = 0; i < kRowsOctets; ++i) rows |= uint64_t{kept[i]} << (8 * i);
  return rows;
}

}  // namespace

codec::parquet::Schema ParquetSchema(std::span<const Column> columns, bool bloom_filter) {
  codec::parquet::Schema schema;
  for (const Column column : columns) {
    schema.push_back(FieldOf(column));
    schema.back().bloom_filter = bloom_filter && column == Column::kAddress;
  }
  return schema;
}

ParquetSink::ParquetSink(std::vector<Column> columns, ParquetOptions options, netio::StorageFile& file)
    : columns_(std::move(columns)),
      options_(options),
      needs_address_(std::ranges::find(columns_, Column::kAddress) != columns_.end()),
      file_(file),
      group_(ParquetSchema(columns_, options.bloom_filter), {}),
      rows_(columns_, std::min(options.row_group_rows, ParquetOptions().row_group_rows), group_) {
  assert(options_.row_group_rows > 0);
}

absl::Status ParquetSink::Begin() {
  offset_ = 0;
  ByteBuffer mark;
  mark.Append(codec::parquet::kMark);
  return Append(mark);
}

absl::Status ParquetSink::Write(const Record& record) {
  if (needs_address_ && record.IsNull(Column::kAddress)) {
    return absl::InvalidArgumentError("a row has no address");
  }
  rows_.Append(record);
  if (rows_.rows() < options_.row_group_rows && rows_.bytes() < options_.row_group_bytes) {
    return absl::OkStatus();
  }
  return FinishRowGroup();
}

absl::Status ParquetSink::FindOffset() {
  if (offset_) return absl::OkStatus();
  const absl::StatusOr<uint64_t> size = file_.Size();
  if (size.ok()) offset_ = *size;
  return size.status();
}

absl::Status ParquetSink::FinishRowGroup() {
  if (absl::Status status = FindOffset(); !status.ok()) return status;
  if (data_.empty()) {
    rows_.WriteSorted();
    metadata_.Clear();
    group_.Finish(rows_.rows(), *offset_, data_, metadata_);
  }
  if (absl::Status status = Append(data_); !status.ok()) return status;
  finished_.push_back(KeptRowGroup(rows_.rows(), metadata_));
  data_.Clear();
  rows_.Clear();
  group_.Clear();
  checkpointed_ = 0;
  return absl::OkStatus();
}

absl::Status ParquetSink::Append(const ByteBuffer& bytes) {
  if (absl::Status status = file_.Append(bytes.bytes()); !status.ok()) {
    failed_ = true;
    return status;
  }
  *offset_ += bytes.size();
  return absl::OkStatus();
}

absl::Status ParquetSink::Checkpoint(CheckpointScope scope, SinkCheckpoint& out) {
  const bool all = scope == CheckpointScope::kAll || !finished_.empty();
  out.open_records.clear();
  AppendOpenRecords(all ? 0 : checkpointed_, out.open_records);
  checkpointed_ = rows_.rows();
  out.row_groups = std::exchange(finished_, {});
  return absl::OkStatus();
}

void ParquetSink::AppendOpenRecords(size_t row, std::vector<uint8_t>& out) const {
  Record record;
  for (; row < rows_.rows(); ++row) {
    rows_.Read(row, record);
    AppendRecordBytes(record, out);
  }
}

absl::Status ParquetSink::CutOff() {
  if (absl::Status status = file_.Truncate(*offset_); !status.ok()) return status;
  failed_ = false;
  return absl::OkStatus();
}

absl::Status ParquetSink::Finish(const RowGroupLog& log, const FileFacts& facts) {
  absl::Status status = FindOffset();
  if (status.ok() && failed_) status = CutOff();
  if (!status.ok()) return status;
  if (rows_.rows() != 0) {
    status = FinishRowGroup();
    if (failed_ && !CutOff().ok()) return status;
  }
  if (const absl::Status footer = WriteFooter(log, facts); !footer.ok()) {
    status.Update(footer);
    CutOff().IgnoreError();  // The error before it says more.
  }
  return status;
}

absl::Status ParquetSink::WriteFooter(const RowGroupLog& log, const FileFacts& facts) {
  uint64_t rows = 0;
  const auto count = [&rows](const std::vector<uint8_t>& kept) {
    const absl::StatusOr<uint64_t> more = RowsOf(kept);
    if (more.ok()) rows += *more;
    return more.status();
  };
  codec::parquet::FooterWriter footer(group_.schema());
  ByteBuffer piece;
  const auto write = [this, &footer, &piece](const std::vector<uint8_t>& kept) {
    footer.RowGroup(std::span(kept).subspan(kRowsOctets), piece);
    return piece.size() < kFooterPiece ? absl::OkStatus() : AppendFooter(piece);
  };
  if (absl::Status status = ForEachGroup(log, count); !status.ok()) return status;
  footer.Start(rows, log.row_groups() + finished_.size(), piece);
  if (absl::Status status = ForEachGroup(log, write); !status.ok()) return status;
  std::vector<codec::parquet::KeyValue> key_values;
  std::string version;
  for (const auto& [key, value] : facts) {
    key_values.push_back({.key = key, .value = value});
    if (key == "version") version = " version " + value;
  }
  if (!footer.End(key_values, "arpasweep" + version, piece)) {
    return absl::ResourceExhaustedError("too many row groups for one Parquet file; write several");
  }
  return AppendFooter(piece);
}

absl::Status ParquetSink::AppendFooter(ByteBuffer& piece) {
  absl::Status status = file_.Append(piece.bytes());
  failed_ = failed_ || !status.ok();
  piece.Clear();
  return status;
}

absl::Status ParquetSink::ForEachGroup(const RowGroupLog& log, RowGroupLog::Visit visit) const {
  if (absl::Status status = log.ForEach(visit); !status.ok()) return status;
  for (const std::vector<uint8_t>& kept : finished_) {
    if (absl::Status status = visit(kept); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace scanner
