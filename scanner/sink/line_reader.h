// An input as lines.
#ifndef SCANNER_SINK_LINE_READER_H_
#define SCANNER_SINK_LINE_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "scanner/sink/byte_input.h"

namespace scanner {

class LineReader {
 public:
  // The longest line: 64 names and all that answers can say of them.
  static constexpr size_t kMaxLine = size_t{16} << 20;

  // Errors call the input `name`.
  LineReader(std::string name, std::unique_ptr<ByteInput> input);

  const std::string& name() const { return name_; }
  // Of the line that was read last, from 1 on; 0: none was.
  uint64_t number() const { return number_; }

  // The next line without its LF or CR LF, valid until the next call; false at the end. The last line may
  // lack its end, the first loses a byte order mark.
  absl::StatusOr<bool> Next(std::string_view& line);

  // `NAME:NUMBER: what`.
  absl::Status Wrong(std::string_view what) const;

 private:
  // Reads more behind end_, with room for it; false at the end of the input.
  absl::StatusOr<bool> Fill();
  std::string_view Take(size_t length, size_t with_end);

  const std::string name_;
  std::unique_ptr<ByteInput> input_;
  std::vector<char> buffer_;
  size_t begin_ = 0;  // begin_ <= end_ <= buffer_.size()
  size_t end_ = 0;
  uint64_t number_ = 0;
};

}  // namespace scanner

#endif  // SCANNER_SINK_LINE_READER_H_
