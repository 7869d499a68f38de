// Records as NDJSON: one object (RFC 8259) a line, lists as arrays, nulls left out.
#ifndef SCANNER_SINK_NDJSON_SINK_H_
#define SCANNER_SINK_NDJSON_SINK_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/sink/columns.h"
#include "scanner/sink/row_sink.h"
#include "scanner/sink/text_output.h"
#include "scanner/sink/time_text.h"

namespace scanner {

class NdjsonSink final : public RowSink {
 public:
  NdjsonSink(const std::vector<Column>& columns, std::unique_ptr<ByteStream> stream);

  absl::Status Begin() override { return absl::OkStatus(); }
  absl::Status Write(const Record& record) override;
  absl::Status Drain() override { return output_.Drain(); }
  absl::Status Checkpoint(CheckpointScope /*scope*/, SinkCheckpoint& /*out*/) override {
    return output_.Checkpoint();
  }
  absl::Status Finish(const RowGroupLog& /*log*/, const FileFacts& /*facts*/) override {
    return output_.Checkpoint();
  }

 private:
  struct Member {
    Column column;
    ColumnKind kind;
    std::string key;  // `"name":`
  };

  void AppendText(const Record& record, std::string_view text);
  void AppendList(const Record& record, Column column);
  void AppendValue(const Record& record, const Member& member);

  std::vector<Member> members_;
  TextOutput output_;
  TimeText time_;
};

}  // namespace scanner

#endif  // SCANNER_SINK_NDJSON_SINK_H_
