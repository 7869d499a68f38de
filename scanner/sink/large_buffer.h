// Megabytes that are read in any order, in huge pages where the kernel gives them: with small ones most reads
// wait for an address to be translated.
#ifndef SCANNER_SINK_LARGE_BUFFER_H_
#define SCANNER_SINK_LARGE_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace scanner {

class LargeBuffer {
 public:
  uint8_t* data() { return octets_.get(); }
  const uint8_t* data() const { return octets_.get(); }

  // Makes room for so many octets in all; what is there stays, though perhaps elsewhere.
  void Reserve(size_t octets) {
    if (octets > capacity_) Grow(octets);
  }

 private:
  struct Free {
    void operator()(uint8_t* octets) const { std::free(octets); }
  };

  void Grow(size_t octets);

  std::unique_ptr<uint8_t, Free> octets_;
  size_t capacity_ = 0;
};

}  // namespace scanner

#endif  // SCANNER_SINK_LARGE_BUFFER_H_
