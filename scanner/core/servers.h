// The servers of a sweep and the budget that they share. All engines use one ServerTable.
#ifndef SCANNER_CORE_SERVERS_H_
#define SCANNER_CORE_SERVERS_H_

#include <cstdint>
#include <deque>

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
    servers_.emplace_back(endpoint, limits);
    return ServerIndex{size() - 1};
  }

  uint32_t size() const { return static_cast<uint32_t>(servers_.size()); }
  const netio::Endpoint& endpoint(ServerIndex server) const { return At(server).endpoint; }
  ServerPace& pace(ServerIndex server) { return At(server).pace; }
  const ServerPace& pace(ServerIndex server) const { return At(server).pace; }
  Gcra& total() { return total_; }

 private:
  struct Server {
    Server(const netio::Endpoint& where, const ServerPace::Limits& limits) : endpoint(where), pace(limits) {}
    netio::Endpoint endpoint;
    ServerPace pace;
  };

  const Server& At(ServerIndex server) const { return servers_[static_cast<uint32_t>(server)]; }
  Server& At(ServerIndex server) { return servers_[static_cast<uint32_t>(server)]; }

  std::deque<Server> servers_;  // A deque: the paces' atomics never move.
  Gcra total_;
};

}  // namespace scanner

#endif  // SCANNER_CORE_SERVERS_H_
