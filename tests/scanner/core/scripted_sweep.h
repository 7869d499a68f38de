// A small sweep on a simulated network whose servers follow a script: every query is recorded with its time,
// and a function answers it.
#ifndef TESTS_SCANNER_CORE_SCRIPTED_SWEEP_H_
#define TESTS_SCANNER_CORE_SCRIPTED_SWEEP_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "netio/sim_network.h"
#include "netio/sim_transport.h"
#include "scanner/core/block_cursor.h"
#include "scanner/core/blocks.h"
#include "scanner/core/engine.h"
#include "tests/codec/dns/response.h"

namespace scanner {

// A query as a server saw it.
struct Asked {
  Instant at;
  uint32_t server = 0;  // Its number, from 0.
  uint32_t nth = 0;     // How many times this question was asked before, of any server.
  std::string name;     // As sent, with the final dot.
  codec::dns::Type type{};
  uint16_t id = 0;
  uint16_t udp_size = 0;  // 0: no EDNS.
  std::vector<uint8_t> cookie;
  bool over_tcp = false;
  netio::Endpoint from;
  netio::Endpoint to;

  bool edns() const { return udp_size != 0; }
  bool is_ptr() const { return type == codec::dns::Type::kPtr; }
};

inline constexpr uint16_t kAa = 0x0400;
inline constexpr uint16_t kTc = 0x0200;
inline constexpr uint16_t kRa = 0x0080;

// The beginning of an answer to `asked`: its question. `flags` end with the RCODE.
codec::dns::Response Answering(const Asked& asked, uint16_t flags);
// The octets of `response` with the id of `asked`.
std::vector<uint8_t> Bytes(const Asked& asked, const codec::dns::Response& response);
// Whole answers.
std::vector<uint8_t> Rcode(const Asked& asked, codec::dns::Rcode rcode);
std::vector<uint8_t> Ptr(const Asked& asked, const std::vector<std::string>& names);
std::vector<uint8_t> Address(const Asked& asked, const std::vector<uint8_t>& address);
std::vector<uint8_t> Nxdomain(const Asked& asked);
// The IPv4 address whose reverse name was asked for.
std::vector<uint8_t> ReversedAddress(const Asked& asked);

// A row in the words of the SPEC.
struct SeenRow {
  Instant at;
  std::string verdict;
  std::string reason;
  std::string ptr_status;
  int attempts = 0;
  std::vector<std::string> names;
  std::string zone;
  std::string alias_target;
};

class ScriptedSweep : private netio::SimHost {
 public:
  // Answers `asked` through `replies`, or does nothing.
  using Script = std::function<void(const Asked& asked, netio::SimReplies& replies)>;

  struct Options {
    std::vector<std::string> targets = {"198.18.0.7"};
    uint32_t servers = 1;
    uint32_t absent = 0;  // Further servers, where nobody is: ICMP.
    bool forward = false;
    LookupPolicy policy = {};
    ServerPace::Limits limits = {};
    uint64_t max_targets = TargetBudget::kUnlimited;
    uint32_t in_progress = 256;
    size_t row_credit = size_t{8} << 20;
    // Without it the servers are resolvers. Its roots: the first server.
    std::optional<IterationPolicy> iteration = std::nullopt;
    Duration sink_pause = {};  // The sink takes a block this often; 0: at once.
  };

  ScriptedSweep(const Options& options, Script script);

  // Until all is done, or `limit` of virtual time has passed; whether it is done.
  bool Run(Duration limit = std::chrono::minutes(30));
  // One turn: the engine steps, the sink takes, and time goes on to whatever comes next, at most to `limit`.
  void Turn(Instant limit);

  Engine& engine() { return *engine_; }
  netio::SimNetwork& network() { return network_; }
  ServerTable& servers() { return servers_; }
  // What the last step wants sent, until the turn goes on.
  const netio::Outbox& outbox() const { return transport_->outbox(); }
  Instant now() const { return network_.now(); }
  uint64_t connections() const { return transport_->stats().streams_opened; }
  // In the order of their arrival.
  const std::vector<Asked>& asked() const { return asked_; }
  std::vector<Asked> AskedOf(uint32_t server) const;
  // By address. More than one row of an address fails the test.
  const std::map<std::string, SeenRow>& rows() const { return rows_; }
  // The row of the only target.
  SeenRow row() const { return rows_.empty() ? SeenRow{} : rows_.begin()->second; }

  // Called around each step of the engine.
  std::function<void(bool begins)> around_step = [](bool) {};

 private:
  void OnDatagram(netio::Instant now, const netio::Endpoint& from, const netio::Endpoint& to,
                  std::span<const uint8_t> bytes, netio::SimReplies& replies) override;
  void OnStreamMessage(netio::Instant now, const netio::Endpoint& from, const netio::Endpoint& to,
                       std::span<const uint8_t> bytes, netio::SimReplies& replies) override;
  void Record(const netio::Endpoint& from, const netio::Endpoint& to, bool on_stream,
              std::span<const uint8_t> bytes, netio::SimReplies& replies);
  void Drain();

  const Options options_;
  const Script script_;
  netio::SimNetwork network_{1};
  ServerTable servers_{Gcra::Limits{}};
  BlockSet blocks_;
  BlockCursor cursor_;
  TargetBudget budget_;
  RowChannel rows_channel_;
  std::unique_ptr<netio::SimTransport> transport_;
  std::unique_ptr<Engine> engine_;
  Instant wake_{};
  Instant next_drain_{};
  std::vector<Asked> asked_;
  std::map<std::pair<std::string, codec::dns::Type>, uint32_t> times_;
  std::map<std::string, SeenRow> rows_;
};

// Two ways to answer a PTR query.
inline void Silence(const Asked& /*asked*/, netio::SimReplies& /*replies*/) {}
inline std::vector<uint8_t> Name(const Asked& asked) { return Ptr(asked, {"host.example."}); }

}  // namespace scanner

#endif  // TESTS_SCANNER_CORE_SCRIPTED_SWEEP_H_
