#include "scanner/sink/open_rows.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

namespace scanner {
namespace {

using codec::parquet::ColumnWriter;

constexpr uint8_t kLongLength = 255;
// A cell that is no text takes no more; lengths and numbers of a dictionary neither.
constexpr size_t kMostFixed = 8;

template <typename Number>
Number Get(const uint8_t*& at) {
  Number number;
  std::memcpy(&number, at, sizeof(number));
  at += sizeof(number);
  return number;
}

uint32_t GetLength(const uint8_t*& at) {
  const uint8_t length = *at++;
  return length == kLongLength ? Get<uint32_t>(at) : length;
}

std::string_view GetText(const uint8_t*& at) {
  const uint32_t length = GetLength(at);
  const std::string_view text(reinterpret_cast<const char*>(at), length);
  at += length;
  return text;
}

int64_t GetNumber(ColumnKind kind, const uint8_t*& at) {
  if (kind == ColumnKind::kBoolean) return *at++;
  return kind == ColumnKind::kInt32 ? Get<int32_t>(at) : Get<int64_t>(at);
}

}  // namespace

OpenRows::OpenRows(std::span<const Column> columns, codec::parquet::RowGroupWriter& group) : group_(group) {
  for (size_t i = 0; i < columns.size(); ++i) {
    ColumnWriter& writer = group.column(i);
    cells_.push_back(
        {.column = columns[i], .kind = Info(columns[i]).kind, .coded = writer.coded(), .writer = &writer});
  }
}

void OpenRows::Reserve(size_t octets) { octets_.Reserve(size_ + octets); }

template <typename Number>
void OpenRows::Put(Number number) {
  std::memcpy(octets_.data() + size_, &number, sizeof(number));
  size_ += sizeof(number);
}

// Leaves room for all other cells.
void OpenRows::AppendText(std::string_view text) {
  const auto length = static_cast<uint32_t>(text.size());
  Reserve(length + (kColumns + 1) * kMostFixed);
  if (length < kLongLength) {
    Put(static_cast<uint8_t>(length));
  } else {
    Put(kLongLength);
    Put(length);
  }
  if (length != 0) std::memcpy(octets_.data() + size_, text.data(), length);
  size_ += length;
}

void OpenRows::AppendItems(const Cell& cell, std::span<const std::string_view> items) {
  const auto count = static_cast<uint32_t>(items.size());
  Reserve(count * sizeof(uint32_t) + (kColumns + 1) * kMostFixed);
  if (count < kLongLength) {
    Put(static_cast<uint8_t>(count));
  } else {
    Put(kLongLength);
    Put(count);
  }
  for (const std::string_view item : items) {
    if (cell.coded) {
      Put(cell.writer->Code(item));
    } else {
      AppendText(item);
    }
  }
}

void OpenRows::Append(const Record& record) {
  order_.Add(record.key);
  begins_.push_back(static_cast<uint32_t>(size_));
  Reserve((kColumns + 1) * kMostFixed);
  const size_t begin = size_;
  size_ += sizeof(uint32_t);
  uint32_t set = 0;
  uint32_t bit = 1;
  for (const Cell& cell : cells_) {
    if (cell.kind == ColumnKind::kList) {
      const std::span<const std::string_view> items = record.Items(cell.column);
      if (!items.empty()) {
        set |= bit;
        AppendItems(cell, items);
      }
    } else if (!record.IsNull(cell.column)) {
      set |= bit;
      switch (cell.kind) {
        case ColumnKind::kString:
          if (cell.coded) {
            Put(cell.writer->Code(record.Text(cell.column)));
          } else {
            AppendText(record.Text(cell.column));
          }
          break;
        case ColumnKind::kInt32:
          Put(static_cast<int32_t>(record.Number(cell.column)));
          break;
        case ColumnKind::kBoolean:
          Put(static_cast<uint8_t>(record.Number(cell.column)));
          break;
        case ColumnKind::kInt64:
        case ColumnKind::kTimestamp:
          Put(record.Number(cell.column));
          break;
        case ColumnKind::kList:
          break;
      }
    }
    bit <<= 1;
  }
  std::memcpy(octets_.data() + begin, &set, sizeof(set));
}

void OpenRows::Read(size_t row, Record& record) const {
  record.Clear();
  record.key = order_.key(row);
  const uint8_t* at = octets_.data() + begins_[row];
  auto set = Get<uint32_t>(at);
  for (const Cell& cell : cells_) {
    const bool is_set = (set & 1) != 0;
    set >>= 1;
    if (!is_set) continue;
    const auto text = [&cell, &at] {
      return cell.coded ? cell.writer->TextOf(Get<uint32_t>(at)) : GetText(at);
    };
    if (cell.kind == ColumnKind::kList) {
      for (uint32_t items = GetLength(at); items > 0; --items) record.AppendItem(cell.column, text());
    } else if (cell.kind == ColumnKind::kString) {
      record.SetText(cell.column, text());
    } else {
      record.SetNumber(cell.column, GetNumber(cell.kind, at));
    }
  }
}

void OpenRows::WriteRow(const uint8_t* at) {
  const auto set = Get<uint32_t>(at);
  for (uint32_t left = set; left != 0; left &= left - 1) {
    const Cell& cell = cells_[static_cast<size_t>(std::countr_zero(left))];
    ColumnWriter& writer = *cell.writer;
    switch (cell.kind) {
      case ColumnKind::kString:
        if (cell.coded) {
          writer.AppendCode(Get<uint32_t>(at));
        } else {
          writer.AppendText(GetText(at));
        }
        break;
      case ColumnKind::kList:
        WriteList(cell, at);
        break;
      case ColumnKind::kInt32:
        writer.AppendNumber(Get<int32_t>(at));
        break;
      case ColumnKind::kBoolean:
        writer.AppendNumber(*at++);
        break;
      case ColumnKind::kInt64:
      case ColumnKind::kTimestamp:
        writer.AppendNumber(Get<int64_t>(at));
        break;
    }
  }
  group_.EndRow(set);
}

void OpenRows::WriteList(const Cell& cell, const uint8_t*& at) {
  const uint32_t items = GetLength(at);
  cell.writer->BeginList(items);
  for (uint32_t i = 0; i < items; ++i) {
    if (cell.coded) {
      cell.writer->AppendCode(Get<uint32_t>(at));
    } else {
      cell.writer->AppendItem(GetText(at));
    }
  }
}

void OpenRows::WriteSorted() {
  constexpr size_t kAhead = 8;  // Rows; they lie anywhere in memory.
  const std::span<const uint32_t> order = order_.Sort();
  for (size_t i = 0; i < order.size(); ++i) {
    const uint8_t* const next = octets_.data() + begins_[order[std::min(i + kAhead, order.size() - 1)]];
    __builtin_prefetch(next);
    __builtin_prefetch(next + 64);
    __builtin_prefetch(next + 128);
    WriteRow(octets_.data() + begins_[order[i]]);
  }
}

void OpenRows::Clear() {
  order_.Clear();
  begins_.clear();
  size_ = 0;
}

}  // namespace scanner
