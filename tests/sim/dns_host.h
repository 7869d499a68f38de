// A server of a simulated network: arpasim's responder behind netio's simulated datagrams and streams.
#ifndef TESTS_SIM_DNS_HOST_H_
#define TESTS_SIM_DNS_HOST_H_

#include <algorithm>
#include <cstdint>

#include "netio/sim_host.h"
#include "tools/arpasim/core/responder.h"

namespace sim {

class DnsHost final : public netio::SimHost {
 public:
  // `responder` outlives the host.
  explicit DnsHost(arpasim::Responder& responder) : responder_(responder) {}

  void OnDatagram(netio::Instant now, const netio::Endpoint& from, const netio::Endpoint& to,
                  std::span<const uint8_t> bytes, netio::SimReplies& replies) override {
    Respond(now, from, bytes, arpasim::Via::kUdp);
    for (const arpasim::Reply& reply : replies_.replies()) {
      const auto after = std::chrono::microseconds(reply.delay_us);
      if (reply.elsewhere) {
        netio::Endpoint elsewhere = to;
        elsewhere.port = static_cast<uint16_t>(to.port ^ 1U);
        replies.SendFrom(elsewhere, reply.bytes, after);
      } else {
        replies.Send(reply.bytes, after);
      }
    }
  }

  void OnStreamMessage(netio::Instant now, const netio::Endpoint& from, const netio::Endpoint& /*to*/,
                       std::span<const uint8_t> bytes, netio::SimReplies& replies) override {
    Respond(now, from, bytes, arpasim::Via::kTcp);
    for (const arpasim::Reply& reply : replies_.replies()) {
      replies.Send(reply.bytes, std::chrono::microseconds(reply.delay_us));
    }
  }

  const arpasim::ResponderStats& stats() const { return stats_; }

 private:
  void Respond(netio::Instant now, const netio::Endpoint& from, std::span<const uint8_t> bytes,
               arpasim::Via via) {
    responder_.Respond(bytes, via, {.address = from.address, .port = from.port},
                       now.time_since_epoch().count(), replies_, stats_);
  }

  arpasim::Responder& responder_;
  arpasim::Replies replies_;
  arpasim::ResponderStats stats_;
};

// A server that takes everything and says nothing.
class BlackHole final : public netio::SimHost {
 public:
  void OnDatagram(netio::Instant, const netio::Endpoint&, const netio::Endpoint&, std::span<const uint8_t>,
                  netio::SimReplies&) override {}
  void OnStreamMessage(netio::Instant, const netio::Endpoint&, const netio::Endpoint&,
                       std::span<const uint8_t>, netio::SimReplies&) override {}
};

}  // namespace sim

#endif  // TESTS_SIM_DNS_HOST_H_
