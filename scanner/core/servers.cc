#include "scanner/core/servers.h"

#include <cassert>

namespace scanner {

ServerIndex ServerTable::Add(const netio::Endpoint& endpoint, const ServerPace::Limits& limits) {
  const std::optional<ServerIndex> server = FindOrAdd(endpoint, limits);
  assert(server);
  return *server;
}

std::optional<ServerIndex> ServerTable::FindOrAdd(const netio::Endpoint& endpoint,
                                                  const ServerPace::Limits& limits) {
  const std::lock_guard lock(adding_);
  const auto known = known_.find(endpoint);
  if (known != known_.end()) return known->second;
  const uint32_t index = size_.load(std::memory_order_relaxed);
  if (index == kMost) return std::nullopt;
  std::unique_ptr<Chunk>& chunk = chunks_[index / kOfChunk];
  if (!chunk) chunk = std::make_unique<Chunk>();
  (*chunk)[index % kOfChunk] = std::make_unique<Server>(endpoint, limits);
  known_.emplace(endpoint, ServerIndex{index});
  size_.store(index + 1, std::memory_order_release);
  return ServerIndex{index};
}

}  // namespace scanner
