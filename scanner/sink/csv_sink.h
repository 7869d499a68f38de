// Records as CSV (RFC 4180) with a header line: lists joined by one space, empty for null and for the empty
// list.
#ifndef SCANNER_SINK_CSV_SINK_H_
#define SCANNER_SINK_CSV_SINK_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "scanner/sink/columns.h"
#include "scanner/sink/row_sink.h"
#include "scanner/sink/text_output.h"
#include "scanner/sink/time_text.h"

namespace scanner {

class CsvSink final : public RowSink {
 public:
  CsvSink(const std::vector<Column>& columns, std::unique_ptr<ByteStream> stream);

  absl::Status Begin() override;
  absl::Status Write(const Record& record) override;
  absl::Status Drain() override { return output_.Drain(); }
  absl::Status Checkpoint(CheckpointScope /*scope*/, SinkCheckpoint& /*out*/) override {
    return output_.Checkpoint();
  }
  absl::Status Finish(const RowGroupLog& /*log*/, const FileFacts& /*facts*/) override {
    return output_.Checkpoint();
  }

 private:
  struct Field {
    Column column;
    ColumnKind kind;
  };

  // Write the value, which is not null, to a place with room_ behind it, and return one like that.
  char* WriteValue(const Record& record, const Field& field, char* at);
  char* WriteText(std::string_view text, char* at);
  char* WriteItems(std::span<const std::string_view> items, char* at);
  // Puts what is written from `begin`, an offset in the buffer, to `end` into quotes where it needs them.
  char* Quote(size_t begin, const char* end);

  std::vector<Field> fields_;
  size_t room_;  // What a row takes at most, apart from texts.
  TextOutput output_;
  TimeText time_;
};

}  // namespace scanner

#endif  // SCANNER_SINK_CSV_SINK_H_
