// Opens results whatever format they are in.
#ifndef SCANNER_SINK_OPEN_RECORDS_H_
#define SCANNER_SINK_OPEN_RECORDS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "scanner/sink/record_reader.h"

namespace scanner {

// Finds the format by what the file begins with: Parquet by its magic, NDJSON by `{`, all else is CSV; the
// last two also compressed with Zstandard. A file without an octet is NDJSON where its name ends so. `-` is
// standard input, which cannot be Parquet, as no pipe can.
absl::StatusOr<std::unique_ptr<RecordReader>> OpenRecords(const std::string& path);

}  // namespace scanner

#endif  // SCANNER_SINK_OPEN_RECORDS_H_
