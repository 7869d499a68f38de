// Records out of NDJSON as ndjson_sink.h writes it: one object (RFC 8259) a line, whose members are columns
// in any order.
#ifndef SCANNER_SINK_NDJSON_READER_H_
#define SCANNER_SINK_NDJSON_READER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "scanner/sink/byte_input.h"
#include "scanner/sink/line_reader.h"
#include "scanner/sink/record_filler.h"
#include "scanner/sink/record_reader.h"

namespace scanner {

class NdjsonReader final : public RecordReader {
 public:
  NdjsonReader(const std::string& name, std::unique_ptr<ByteInput> input)
      : lines_(name, std::move(input)), columns_(AllColumns()) {}

  absl::StatusOr<bool> Next(Record& record) override;
  const std::string& name() const override { return lines_.name(); }
  const std::vector<Column>& columns() const override { return columns_; }
  const FileFacts& facts() const override { return no_facts_; }

 private:
  LineReader lines_;
  const std::vector<Column> columns_;
  std::string texts_;  // Of the record that was read last.
  RecordFiller filler_;
  const FileFacts no_facts_;
};

}  // namespace scanner

#endif  // SCANNER_SINK_NDJSON_READER_H_
