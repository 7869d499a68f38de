// Rows to write, and readers of their own for what was written, for the tests of the sinks.
#ifndef TESTS_SCANNER_SINK_SINK_LAB_H_
#define TESTS_SCANNER_SINK_SINK_LAB_H_

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netio/sim_storage.h"
#include "netio/storage.h"
#include "scanner/row/row_block.h"
#include "scanner/sink/columns.h"
#include "scanner/sink/output_format.h"
#include "scanner/sink/record.h"

namespace scanner {

// A row in the making. Names are labels as they are, octet for octet.
struct TestRow {
  using Labels = std::vector<std::string>;

  RowHeader header;
  std::vector<Labels> names;
  std::vector<std::string> forward_addresses;  // Text; of the family of the address.
  std::vector<Labels> alias_target;            // None or one.
  std::vector<Labels> zone;                    // None or one.
};

// A row for the address, with which everything that may be null is null.
TestRow RowFor(std::string_view address);
void AppendRow(TestRow row, RowBlock& block);

// What a sink of this format writes for the rows, header included.
std::string WriteRows(OutputFormat format, const std::vector<Column>& columns,
                      const std::vector<TestRow>& rows);
// The same for records.
std::string WriteRecords(OutputFormat format, const std::vector<Column>& columns,
                         std::span<const Record> records);
// The value of one column of one row as CSV.
std::string CsvValue(Column column, const TestRow& row);

// A strict reader of RFC 4180: CRLF ends every record, a quote only begins a field. Fails the test otherwise.
std::vector<std::vector<std::string>> ParseCsv(std::string_view text);

// One JSON object of strings, numbers, booleans and arrays of strings. Strings lose their quotes, arrays
// become items each followed by `|`, others stay as they are. Fails the test on anything else.
std::map<std::string, std::string> ParseJsonObject(std::string_view line);

std::string Unzstd(std::string_view compressed);

// Compares keys and every column.
void ExpectEqual(const Record& actual, const Record& expected);

inline std::string TextOf(const netio::SimStorage& storage, const std::string& name) {
  const std::vector<uint8_t> contents = storage.Contents(name).value_or(std::vector<uint8_t>());
  return {contents.begin(), contents.end()};
}

}  // namespace scanner

#endif  // TESTS_SCANNER_SINK_SINK_LAB_H_
