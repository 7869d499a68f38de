// Something that rows are written to, in one format.
#ifndef SCANNER_SINK_ROW_SINK_H_
#define SCANNER_SINK_ROW_SINK_H_

#include "absl/status/status.h"
#include "scanner/row/row_block.h"

namespace scanner {

// Called by one thread at a time. After an error it is not called again.
class RowSink {
 public:
  virtual ~RowSink() = default;
  // What comes before the first row; once, also when no row follows.
  virtual absl::Status Begin() = 0;
  virtual absl::Status Write(const RowView& row) = 0;
  // Hands on what is kept back here; a compressor may still keep some of it.
  virtual absl::Status Drain() = 0;
  // Every row written is in the file, which can be read up to here: at the end, and where a scan can be
  // resumed.
  virtual absl::Status Checkpoint() = 0;
};

}  // namespace scanner

#endif  // SCANNER_SINK_ROW_SINK_H_
