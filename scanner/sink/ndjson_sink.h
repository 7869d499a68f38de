// Records as NDJSON: one object (RFC 8259) a line, lists as arrays, nulls left out.
#ifndef SCANNER_SINK_NDJSON_SINK_H_
#define SCANNER_SINK_NDJSON_SINK_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
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
  static constexpr size_t kKeyRoom = 32;

  struct Member {
    Column column;
    ColumnKind kind;
    uint8_t key_length = 0;
    std::array<char, kKeyRoom> key{};  // `"name":`, and what begins the value: `"`, `[` or nothing.
  };

  // Write to a place with room_ behind it, and return one like that.
  char* WriteValue(const Record& record, const Member& member, char* at);
  char* WriteText(bool plain, std::string_view text, char* at);
  char* WriteItems(const Record& record, Column column, char* at);

  std::vector<Member> members_;
  size_t room_;  // What a row takes at most, apart from texts.
  TextOutput output_;
  TimeText time_;
};

}  // namespace scanner

#endif  // SCANNER_SINK_NDJSON_SINK_H_
