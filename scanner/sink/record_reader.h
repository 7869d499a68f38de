// Results that are there, record by record.
#ifndef SCANNER_SINK_RECORD_READER_H_
#define SCANNER_SINK_RECORD_READER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scanner/sink/columns.h"
#include "scanner/sink/record.h"
#include "scanner/sink/row_sink.h"

namespace scanner {

// Every value is checked: addresses are in the form of RFC 5952, verdicts and reasons are words of the SPEC,
// numbers and times within their range, text is UTF-8 without control characters and an item of a list
// without spaces. Every record has an address.
class RecordReader {
 public:
  virtual ~RecordReader() = default;

  // False behind the last record. What `record` gets is valid until the next call. An error is one line that
  // names the file, the place in it, and what is wrong; after it Next is not called again.
  virtual absl::StatusOr<bool> Next(Record& record) = 0;

  // The file's, for people.
  virtual const std::string& name() const = 0;
  // In the order of the file; all columns where the format does not say.
  virtual const std::vector<Column>& columns() const = 0;
  // Key-value metadata, where the format has any.
  virtual const FileFacts& facts() const = 0;
};

}  // namespace scanner

#endif  // SCANNER_SINK_RECORD_READER_H_
