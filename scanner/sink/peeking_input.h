// An input whose beginning can be looked at before it is read.
#ifndef SCANNER_SINK_PEEKING_INPUT_H_
#define SCANNER_SINK_PEEKING_INPUT_H_

#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "scanner/sink/byte_input.h"

namespace scanner {

class PeekingInput final : public ByteInput {
 public:
  static constexpr size_t kMostPeeked = 64;

  explicit PeekingInput(std::unique_ptr<ByteInput> input) : input_(std::move(input)) {}

  // The first kMostPeeked octets, fewer where the input ends before; before anything was read.
  absl::StatusOr<std::string_view> Peek();
  absl::StatusOr<size_t> Read(std::span<uint8_t> out) override;

 private:
  std::unique_ptr<ByteInput> input_;
  std::array<uint8_t, kMostPeeked> head_{};
  size_t taken_ = 0;  // taken_ <= peeked_ <= kMostPeeked
  size_t peeked_ = 0;
};

}  // namespace scanner

#endif  // SCANNER_SINK_PEEKING_INPUT_H_
