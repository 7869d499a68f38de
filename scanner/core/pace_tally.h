// What came back of one server's packets, gathered until it is told to the server's pace: answers come in
// batches, and the words of a pace are shared by all engines. One engine owns it.
#ifndef SCANNER_CORE_PACE_TALLY_H_
#define SCANNER_CORE_PACE_TALLY_H_

#include <cstdint>
#include <utility>

#include "scanner/core/servers.h"

namespace scanner {

class PaceTally {
 public:
  // `servers` outlives the tally.
  explicit PaceTally(ServerTable& servers) : servers_(servers) {}

  // ServerPace::Settle, of one packet.
  void Settle(ServerIndex server) {
    if (server != server_) TurnTo(server);
    ++settled_;
  }

  // ServerPace::OnAnswer, of one answer. One that pushes back is told at once.
  void Answer(ServerIndex server, Instant now, Duration rtt, bool telling, bool pushed_back) {
    if (server != server_) TurnTo(server);
    if (now != answered_at_ || rtt != rtt_ || telling != telling_ || pushed_back) {
      Tell();
      answered_at_ = now;
      rtt_ = rtt;
      telling_ = telling;
    }
    ++answers_;
    if (!pushed_back) return;
    servers_.pace(server).OnAnswer(now, rtt, telling, true, std::exchange(answers_, 0));
  }

  // The paces know everything.
  void Tell() {
    if (settled_ != 0) servers_.pace(server_).Settle(std::exchange(settled_, 0));
    if (answers_ != 0) {
      servers_.pace(server_).OnAnswer(answered_at_, rtt_, telling_, false, std::exchange(answers_, 0));
    }
  }

 private:
  void TurnTo(ServerIndex server) {
    Tell();
    server_ = server;
  }

  ServerTable& servers_;
  ServerIndex server_ = ServerIndex::kNone;
  uint32_t settled_ = 0;
  uint32_t answers_ = 0;  // Alike in what follows.
  Instant answered_at_{};
  Duration rtt_{};
  bool telling_ = false;
};

}  // namespace scanner

#endif  // SCANNER_CORE_PACE_TALLY_H_
