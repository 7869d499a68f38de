#include "tests/codec/parquet/test_octets.h"

#include <algorithm>

namespace codec::parquet {

std::string PackDeltas(const std::vector<int64_t>& values, DeltaShape shape) {
  std::string out = Varint(shape.block) + Varint(shape.miniblocks) + Varint(values.size()) +
                    Zigzag(values.empty() ? 0 : values[0]);
  const uint64_t each = shape.block / shape.miniblocks;
  for (size_t begin = 1; begin < values.size(); begin += shape.block) {
    const size_t end = std::min<size_t>(values.size(), begin + shape.block);
    std::vector<uint64_t> deltas;
    for (size_t i = begin; i < end; ++i) {
      deltas.push_back(static_cast<uint64_t>(values[i]) - static_cast<uint64_t>(values[i - 1]));
    }
    // Any number will do where differences have all bits.
    uint64_t minimum = shape.width == 64 ? 0x1234567890ABCDEF : deltas[0];
    for (const uint64_t delta : deltas) {
      if (shape.width < 64 && static_cast<int64_t>(delta) < static_cast<int64_t>(minimum)) minimum = delta;
    }
    for (uint64_t& delta : deltas) delta -= minimum;
    out += Zigzag(static_cast<int64_t>(minimum));
    const size_t used = (deltas.size() + each - 1) / each;
    // What the widths of miniblocks without values are does not matter.
    out += std::string(used, static_cast<char>(shape.width)) + std::string(shape.miniblocks - used, '\xFF');
    deltas.resize(used * each);
    out += PackBits(deltas, shape.width);
  }
  return out;
}

}  // namespace codec::parquet
