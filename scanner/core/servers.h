// The servers of a sweep and the budget that they share. All engines use one ServerTable.
#ifndef SCANNER_CORE_SERVERS_H_
#define SCANNER_CORE_SERVERS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "netio/endpoint.h"
#include "scanner/core/gcra.h"
#include "scanner/core/server_pace.h"

namespace scanner {

enum class ServerIndex : uint32_t { kNone = 0xFFFFFFFF };

class ServerTable {
 public:
  // `total`: --rate and --burst, over all servers.
  explicit ServerTable(const Gcra::Limits& total) : total_(total) {}

  // At set-up only.
  ServerIndex Add(const netio::Endpoint& endpoint, const ServerPace::Limits& limits) {
    endpoints_.push_back(endpoint);
    paces_.push_back(std::make_unique<OwnLines>(limits));
    return ServerIndex{size() - 1};
  }

  uint32_t size() const { return static_cast<uint32_t>(endpoints_.size()); }
  const netio::Endpoint& endpoint(ServerIndex server) const {
    return endpoints_[static_cast<uint32_t>(server)];
  }
  ServerPace& pace(ServerIndex server) { return paces_[static_cast<uint32_t>(server)]->pace; }
  const ServerPace& pace(ServerIndex server) const { return paces_[static_cast<uint32_t>(server)]->pace; }
  Gcra& total() { return total_; }

 private:
  // Engines write to paces all the time, and only read what lies elsewhere.
  struct alignas(64) OwnLines {
    explicit OwnLines(const ServerPace::Limits& limits) : pace(limits) {}
    ServerPace pace;
  };

  std::vector<netio::Endpoint> endpoints_;        // By server, as the next.
  std::vector<std::unique_ptr<OwnLines>> paces_;  // Their atomics never move.
  alignas(64) Gcra total_;
};

}  // namespace scanner

#endif  // SCANNER_CORE_SERVERS_H_
