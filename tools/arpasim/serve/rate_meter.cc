#include "tools/arpasim/serve/rate_meter.h"

#include <algorithm>

namespace arpasim {

void RateMeter::Second::Count(int64_t when_ns) {
  constexpr int64_t kSecond = 1'000'000'000;
  within.push_back(when_ns);
  while (within.front() <= when_ns - kSecond) within.pop_front();
  most = std::max(most, within.size());
}

void RateMeter::Count(const Address& source, const Address& server, int64_t when_ns) {
  const std::lock_guard lock(mutex_);
  by_source_[source].Count(when_ns);
  by_server_[server].Count(when_ns);
}

size_t RateMeter::Most(const Seconds& seconds) {
  size_t most = 0;
  for (const auto& [address, second] : seconds) most = std::max(most, second.most);
  return most;
}

size_t RateMeter::max_of_a_source() const {
  const std::lock_guard lock(mutex_);
  return Most(by_source_);
}

size_t RateMeter::max_of_a_server() const {
  const std::lock_guard lock(mutex_);
  return Most(by_server_);
}

}  // namespace arpasim
