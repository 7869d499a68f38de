#include "scanner/core/lazy_array.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace scanner {
namespace {

struct alignas(64) Wide {
  std::array<uint32_t, 5> numbers;
};

TEST(LazyArrayTest, ElementsBeginAsZeroAndWhereTheirTypeMayLie) {
  for (const size_t elements : {0U, 1U, 3U, 100'000U}) {
    LazyArray<Wide> array(elements);
    ASSERT_EQ(array.size(), elements);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(array.data()) % alignof(Wide), 0U);
    for (size_t i = 0; i < elements; ++i) {
      ASSERT_EQ(array[i].numbers, Wide().numbers);
      array[i].numbers.fill(static_cast<uint32_t>(i));
    }
    for (size_t i = 0; i < elements; ++i) ASSERT_EQ(array[i].numbers[4], i);
  }
}

TEST(LazyArrayTest, OnlyWhatIsTouchedTakesPages) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  // Larger than what malloc keeps of memory given back, which is not fresh.
  const size_t pages = (size_t{64} << 20) / page;
  LazyArray<uint8_t> array(pages * page);
  array[0] = 1;
  array[pages / 2 * page] = 1;
  const size_t before = (page - reinterpret_cast<uintptr_t>(array.data()) % page) % page;
  std::vector<uint8_t> resident(pages - 1);
  ASSERT_EQ(mincore(&array[before], (pages - 1) * page, resident.data()), 0);
  size_t count = 0;
  for (const uint8_t one : resident) count += one & 1;
  EXPECT_GE(count, 1U);
  // Huge pages, where they are given unasked.
  EXPECT_LE(count, 2 * (size_t{2} << 20) / page);
}

}  // namespace
}  // namespace scanner
