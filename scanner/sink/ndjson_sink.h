// Rows as NDJSON: one object (RFC 8259) a line, lists as arrays, nulls left out.
#ifndef SCANNER_SINK_NDJSON_SINK_H_
#define SCANNER_SINK_NDJSON_SINK_H_

#include <memory>
#include <string>
#include <vector>

#include "scanner/sink/columns.h"
#include "scanner/sink/row_sink.h"
#include "scanner/sink/row_text.h"
#include "scanner/sink/text_output.h"

namespace scanner {

class NdjsonSink final : public RowSink {
 public:
  NdjsonSink(const std::vector<Column>& columns, std::string scan_id, std::unique_ptr<ByteStream> stream);

  absl::Status Begin() override { return absl::OkStatus(); }
  absl::Status Write(const RowView& row) override;
  absl::Status Drain() override { return output_.Drain(); }
  absl::Status Checkpoint() override { return output_.Checkpoint(); }

 private:
  struct Member {
    Column column;
    ColumnKind kind;
    std::string key;  // `"name":`
  };

  void AppendList(Column column);
  // False when the value is null.
  bool AppendValue(const Member& member);

  std::vector<Member> members_;
  RowText text_;
  TextOutput output_;
};

}  // namespace scanner

#endif  // SCANNER_SINK_NDJSON_SINK_H_
