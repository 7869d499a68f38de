// Texts that share what they begin with: Parquet's Encodings.md, "Delta Strings (DELTA_BYTE_ARRAY = 7)".
#ifndef CODEC_PARQUET_DELTA_BYTE_ARRAY_DECODER_H_
#define CODEC_PARQUET_DELTA_BYTE_ARRAY_DECODER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "codec/parquet/delta_binary_decoder.h"
#include "codec/parquet/delta_length_decoder.h"
#include "codec/parquet/octet_buffer.h"

namespace codec::parquet {

class DeltaByteArrayDecoder {
 public:
  // A few octets can ask for any length, by repeating what came before.
  static constexpr size_t kMaxTextOctets = size_t{16} << 20;

  // `data` must outlive the decoder.
  static absl::StatusOr<DeltaByteArrayDecoder> Open(std::span<const uint8_t> data);

  // The next texts, of which it gives the number: from 1 to out.size(), fewer when they are long. They are
  // valid until the next call. An error when there is none left. `out` is not empty.
  absl::StatusOr<size_t> Decode(std::span<std::string_view> out);

  // An error unless the texts given are all there are and nothing follows them.
  absl::Status CheckEnd() const;

 private:
  static constexpr size_t kBatch = 256;

  DeltaByteArrayDecoder(const DeltaBinaryDecoder& prefixes, const DeltaLengthDecoder& suffixes)
      : prefixes_(prefixes), suffixes_(suffixes) {}

  absl::Status ReadBatch();
  // How many texts fit into a bounded amount of memory, and how much they need.
  struct Extent {
    size_t texts = 0;
    size_t octets = 0;
  };
  absl::StatusOr<Extent> Measure(size_t wanted) const;

  DeltaBinaryDecoder prefixes_;
  DeltaLengthDecoder suffixes_;
  std::array<int64_t, kBatch> prefix_lengths_{};
  std::array<std::string_view, kBatch> suffix_texts_{};
  size_t next_ = 0;  // Of both; next_ <= read_ <= kBatch.
  size_t read_ = 0;
  OctetBuffer texts_;  // Those of the last Decode(); the last of them is here:
  size_t last_at_ = 0;
  size_t last_size_ = 0;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_DELTA_BYTE_ARRAY_DECODER_H_
