#include "scanner/sink/csv_sink.h"

#include <cassert>
#include <string_view>
#include <utility>

namespace scanner {

// No field is ever quoted: RowText writes no comma, quote or line end.
CsvSink::CsvSink(std::vector<Column> columns, std::string scan_id, std::unique_ptr<ByteStream> stream)
    : columns_(std::move(columns)), text_(columns_, std::move(scan_id)), output_(std::move(stream)) {
  assert(!columns_.empty());
}

absl::Status CsvSink::Begin() {
  TextBuffer& out = output_.buffer();
  for (const Column column : columns_) {
    out.Append(Info(column).name);
    out.Append(',');
  }
  out.ShrinkTo(out.size() - 1);
  out.Append("\r\n");
  return output_.Drain();
}

absl::Status CsvSink::Write(const RowView& row) {
  text_.Bind(row);
  TextBuffer& out = output_.buffer();
  for (const Column column : columns_) {
    if (Info(column).kind == ColumnKind::kList) {
      const size_t begin = out.size();
      text_.ForEachItem(column, [&out](std::string_view item) {
        out.Append(item);
        out.Append(' ');
      });
      if (out.size() != begin) out.ShrinkTo(out.size() - 1);
    } else {
      text_.AppendScalar(column, out);
    }
    out.Append(',');
  }
  out.ShrinkTo(out.size() - 1);
  out.Append("\r\n");
  return output_.EndRow();
}

}  // namespace scanner
