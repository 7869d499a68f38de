// Collects text and hands it on in large pieces.
#ifndef SCANNER_SINK_TEXT_OUTPUT_H_
#define SCANNER_SINK_TEXT_OUTPUT_H_

#include <cstddef>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "scanner/sink/byte_stream.h"
#include "scanner/sink/text_buffer.h"

namespace scanner {

class TextOutput {
 public:
  explicit TextOutput(std::unique_ptr<ByteStream> stream) : stream_(std::move(stream)) {}

  TextBuffer& buffer() { return buffer_; }

  // After each row.
  absl::Status EndRow() { return buffer_.size() < kPiece ? absl::OkStatus() : Drain(); }

  absl::Status Drain() {
    const absl::Status status = stream_->Append(buffer_.bytes());
    buffer_.Clear();
    return status;
  }

  absl::Status Checkpoint() {
    if (absl::Status status = Drain(); !status.ok()) return status;
    return stream_->Checkpoint();
  }

 private:
  static constexpr size_t kPiece = size_t{1} << 18;

  std::unique_ptr<ByteStream> stream_;
  TextBuffer buffer_{2 * kPiece};
};

}  // namespace scanner

#endif  // SCANNER_SINK_TEXT_OUTPUT_H_
