// Counts what a thread allocates while it is told to: the tests' operator new (allocation_count.cc).
#ifndef TESTS_SCANNER_CORE_ALLOCATION_COUNT_H_
#define TESTS_SCANNER_CORE_ALLOCATION_COUNT_H_

#include <cstdint>

namespace scanner {

// Of this thread, since its start, while counting was on.
uint64_t AllocationCount();
void CountAllocations(bool on);

}  // namespace scanner

#endif  // TESTS_SCANNER_CORE_ALLOCATION_COUNT_H_
