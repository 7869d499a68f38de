// A fixed number of elements in memory that the kernel hands out page by page as it is first touched: a table
// sized for the worst case costs what is used of it, and nothing at the start.
#ifndef SCANNER_CORE_LAZY_ARRAY_H_
#define SCANNER_CORE_LAZY_ARRAY_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

namespace scanner {

// Elements begin as zero octets, not as T{}: the owner writes an element before it reads it, or reads only
// members whose beginning is zero. Only large arrays (128 KiB, as malloc has it) come in fresh pages; small
// ones are cleared.
template <typename T>
class LazyArray {
 public:
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>,
                "no element is ever constructed or destroyed");

  explicit LazyArray(size_t elements) : size_(elements) {
    size_t room = elements * sizeof(T) + alignof(T);
    memory_.reset(std::calloc(room, 1));
    void* begin = memory_.get();
    if (begin == nullptr) throw std::bad_alloc();
    elements_ = static_cast<T*>(std::align(alignof(T), elements * sizeof(T), begin, room));
  }
  LazyArray(const LazyArray&) = delete;
  LazyArray& operator=(const LazyArray&) = delete;

  size_t size() const { return size_; }
  const T* data() const { return elements_; }

  // `index` < size(), which is not looked at.
  T& operator[](size_t index) { return elements_[index]; }
  const T& operator[](size_t index) const { return elements_[index]; }

 private:
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };

  std::unique_ptr<void, Free> memory_;
  T* elements_;  // The first place in memory_ that is aligned for T.
  size_t size_;
};

}  // namespace scanner

#endif  // SCANNER_CORE_LAZY_ARRAY_H_
