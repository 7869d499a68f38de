#include "scanner/sink/csv_reader.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace scanner {

absl::StatusOr<std::unique_ptr<CsvReader>> CsvReader::Open(const std::string& name,
                                                           std::unique_ptr<ByteInput> input) {
  std::unique_ptr<CsvReader> reader(new CsvReader(name, std::move(input)));
  if (absl::Status status = reader->ReadHeader(); !status.ok()) return status;
  return reader;
}

absl::Status CsvReader::ReadHeader() {
  std::string_view line;
  const absl::StatusOr<bool> found = lines_.Next(line);
  if (!found.ok()) return found.status();
  if (!*found) return absl::InvalidArgumentError(name() + ": empty; CSV begins with a line of column names");
  if (const char* const wrong = fields_.Split(line)) return lines_.Wrong(wrong);
  for (const std::string_view field : fields_.fields()) {
    const std::optional<Column> column = ColumnOf(field);
    if (!column) {
      return lines_.Wrong("no results of arpasweep: " + QuotedValue(field) +
                          " in the header is none of its columns");
    }
    if (std::ranges::find(columns_, *column) != columns_.end()) {
      return lines_.Wrong("the column " + QuotedValue(field) + " is there twice");
    }
    columns_.push_back(*column);
  }
  if (std::ranges::find(columns_, Column::kAddress) == columns_.end()) {
    return lines_.Wrong("there is no column 'address'");
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> CsvReader::Next(Record& record) {
  std::string_view line;
  absl::StatusOr<bool> found = lines_.Next(line);
  if (!found.ok() || !*found) return found;
  if (const char* const wrong = fields_.Split(line)) return lines_.Wrong(wrong);
  const std::vector<std::string_view>& fields = fields_.fields();
  if (fields.size() != columns_.size()) {
    return lines_.Wrong("the header has " + std::to_string(columns_.size()) + " columns, this line " +
                        std::to_string(fields.size()));
  }
  filler_.Begin(record);
  for (size_t i = 0; i < fields.size(); ++i) {
    const Objection objection = SetValue(columns_[i], fields[i]);
    if (objection) return lines_.Wrong(ValueMessage(columns_[i], fields[i], *objection));
  }
  if (!filler_.HasAddress()) return lines_.Wrong(ValueMessage(Column::kAddress, "", kExpectedAddress));
  return true;
}

Objection CsvReader::SetValue(Column column, std::string_view text) {
  if (Info(column).kind != ColumnKind::kList) return filler_.SetFromText(column, text);
  if (text.empty()) return std::nullopt;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(' ', begin), text.size());
    if (const Objection objection = filler_.AppendItem(column, text.substr(begin, end - begin))) {
      return *objection + ", and one space between two of them";
    }
    begin = end + 1;
  }
  return std::nullopt;
}

}  // namespace scanner
