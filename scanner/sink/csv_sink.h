// Rows as CSV (RFC 4180) with a header line: lists joined by one space, empty for null and for the empty
// list.
#ifndef SCANNER_SINK_CSV_SINK_H_
#define SCANNER_SINK_CSV_SINK_H_

#include <memory>
#include <string>
#include <vector>

#include "scanner/sink/columns.h"
#include "scanner/sink/row_sink.h"
#include "scanner/sink/row_text.h"
#include "scanner/sink/text_output.h"

namespace scanner {

class CsvSink final : public RowSink {
 public:
  CsvSink(std::vector<Column> columns, std::string scan_id, std::unique_ptr<ByteStream> stream);

  absl::Status Begin() override;
  absl::Status Write(const RowView& row) override;
  absl::Status Drain() override { return output_.Drain(); }
  absl::Status Checkpoint() override { return output_.Checkpoint(); }

 private:
  const std::vector<Column> columns_;
  RowText text_;
  TextOutput output_;
};

}  // namespace scanner

#endif  // SCANNER_SINK_CSV_SINK_H_
