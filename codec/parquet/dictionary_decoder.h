// Values as places in a dictionary: Parquet's Encodings.md, "Dictionary Encoding (PLAIN_DICTIONARY = 2 and
// RLE_DICTIONARY = 8)".
#ifndef CODEC_PARQUET_DICTIONARY_DECODER_H_
#define CODEC_PARQUET_DICTIONARY_DECODER_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "codec/parquet/rle_decoder.h"

namespace codec::parquet {

template <typename T>
class DictionaryDecoder {
 public:
  // `data`, an octet with the width of an index and runs of indexes, and `dictionary` must outlive the
  // decoder. No octets at all are no values.
  static absl::StatusOr<DictionaryDecoder> Open(std::span<const uint8_t> data,
                                                std::span<const T> dictionary) {
    if (data.empty()) return DictionaryDecoder({data, 1}, dictionary);
    if (data.front() > RleDecoder::kMaxWidth) {
      return absl::DataLossError("a dictionary index has more than 32 bits");
    }
    return DictionaryDecoder({data.subspan(1), data.front()}, dictionary);
  }

  // The next out.size() values; an error when there are fewer, or none in the dictionary.
  absl::Status Decode(std::span<T> out) {
    std::array<uint32_t, 256> indexes;
    while (!out.empty()) {
      const size_t taken = std::min(out.size(), indexes.size());
      absl::Status decoded = indexes_.Decode(std::span(indexes).first(taken));
      if (!decoded.ok()) return decoded;
      for (size_t i = 0; i < taken; ++i) {
        if (indexes[i] >= dictionary_.size()) {
          return absl::DataLossError("a dictionary index is beyond the dictionary");
        }
        out[i] = dictionary_[indexes[i]];
      }
      out = out.subspan(taken);
    }
    return absl::OkStatus();
  }

  // An error unless the values given are all there are.
  absl::Status CheckEnd() { return indexes_.CheckEnd(); }

 private:
  DictionaryDecoder(const RleDecoder& indexes, std::span<const T> dictionary)
      : indexes_(indexes), dictionary_(dictionary) {}

  RleDecoder indexes_;
  std::span<const T> dictionary_;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_DICTIONARY_DECODER_H_
