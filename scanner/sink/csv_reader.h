// Records out of CSV as csv_sink.h writes it, or anybody by RFC 4180, with LF too: the header says which
// columns there are.
#ifndef SCANNER_SINK_CSV_READER_H_
#define SCANNER_SINK_CSV_READER_H_

#include <memory>
#include <string>
#include <vector>

#include "scanner/sink/byte_input.h"
#include "scanner/sink/csv_fields.h"
#include "scanner/sink/line_reader.h"
#include "scanner/sink/record_filler.h"
#include "scanner/sink/record_reader.h"

namespace scanner {

class CsvReader final : public RecordReader {
 public:
  // Reads the header; it names `address` and no column twice or that the SPEC does not have.
  static absl::StatusOr<std::unique_ptr<CsvReader>> Open(const std::string& name,
                                                         std::unique_ptr<ByteInput> input);

  absl::StatusOr<bool> Next(Record& record) override;
  const std::string& name() const override { return lines_.name(); }
  const std::vector<Column>& columns() const override { return columns_; }
  const FileFacts& facts() const override { return no_facts_; }

 private:
  CsvReader(const std::string& name, std::unique_ptr<ByteInput> input) : lines_(name, std::move(input)) {}

  absl::Status ReadHeader();
  Objection SetValue(Column column, std::string_view text);

  LineReader lines_;
  std::vector<Column> columns_;
  CsvFields fields_;  // Of the line that was read last.
  RecordFiller filler_;
  const FileFacts no_facts_;
};

}  // namespace scanner

#endif  // SCANNER_SINK_CSV_READER_H_
