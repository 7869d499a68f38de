// The servers of a sweep and the budget that they share. All engines use one ServerTable.
#ifndef SCANNER_CORE_SERVERS_H_
#define SCANNER_CORE_SERVERS_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "netio/endpoint.h"
#include "scanner/core/gcra.h"
#include "scanner/core/server_pace.h"

namespace scanner {

enum class ServerIndex : uint32_t { kNone = 0xFFFFFFFF };

// Servers are only ever added, at set-up or by the engine that finds one; what is there never moves.
class ServerTable {
 public:
  static constexpr uint32_t kMost = 65536;

  // `total`: --rate and --burst, over all servers.
  explicit ServerTable(const Gcra::Limits& total) : total_(std::make_unique<Total>(total)) {}

  // At set-up, at most kMost.
  ServerIndex Add(const netio::Endpoint& endpoint, const ServerPace::Limits& limits);
  // The server at `endpoint`, added with `limits` when it is new; nothing when the table is full. Of any
  // thread, and not on the way of a packet.
  std::optional<ServerIndex> FindOrAdd(const netio::Endpoint& endpoint, const ServerPace::Limits& limits);

  uint32_t size() const { return size_.load(std::memory_order_acquire); }
  const netio::Endpoint& endpoint(ServerIndex server) const { return At(server).endpoint; }
  ServerPace& pace(ServerIndex server) { return At(server).pace; }
  const ServerPace& pace(ServerIndex server) const { return At(server).pace; }
  Gcra& total() { return total_->budget; }

 private:
  static constexpr uint32_t kOfChunk = 256;
  static constexpr uint32_t kChunks = kMost / kOfChunk;

  // Engines write to budgets and paces all the time, and only read what lies elsewhere.
  struct alignas(64) Total {
    explicit Total(const Gcra::Limits& limits) : budget(limits) {}
    Gcra budget;
  };
  struct Server {
    Server(const netio::Endpoint& where, const ServerPace::Limits& limits) : endpoint(where), pace(limits) {}
    const netio::Endpoint endpoint;
    alignas(64) ServerPace pace;
  };
  using Chunk = std::array<std::unique_ptr<Server>, kOfChunk>;

  Server& At(ServerIndex server) const {
    const auto at = static_cast<uint32_t>(server);
    return *(*chunks_[at / kOfChunk])[at % kOfChunk];
  }

  const std::unique_ptr<Total> total_;
  // A chunk is made before size_ tells of its first server, and stays.
  std::array<std::unique_ptr<Chunk>, kChunks> chunks_;
  std::atomic<uint32_t> size_{0};
  std::mutex adding_;
  absl::flat_hash_map<netio::Endpoint, ServerIndex> known_;  // Guarded by adding_.
};

}  // namespace scanner

#endif  // SCANNER_CORE_SERVERS_H_
