// A whole simulated server, without sockets: a query in, up to a few datagrams out. The model gives the
// answer, the faults decide what becomes of it, the limit whether there is one.
#ifndef TOOLS_ARPASIM_CORE_RESPONDER_H_
#define TOOLS_ARPASIM_CORE_RESPONDER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tools/arpasim/core/answerer.h"
#include "tools/arpasim/core/ask_counter.h"
#include "tools/arpasim/core/faults.h"
#include "tools/arpasim/core/limiter.h"
#include "tools/arpasim/core/mix.h"
#include "tools/arpasim/core/model.h"

namespace arpasim {

struct ResponderOptions {
  uint64_t seed = 0;
  Mix mix = Mix::Internet();
  ServerOptions server = {};
  FaultOptions faults = {};  // Of UDP; TCP is only delayed.
  LimitOptions limit = {};   // UDP and TCP together; kSlip: UDP only.
};

// What was done, for one thread to count.
struct ResponderStats {
  uint64_t queries = 0;
  uint64_t ptr = 0;
  uint64_t a = 0;
  uint64_t aaaa = 0;
  uint64_t other = 0;  // Types, and what is no question.
  uint64_t tcp = 0;
  uint64_t answers = 0;  // Sent, forged ones not counted.
  uint64_t silent = 0;   // The model has no answer.
  uint64_t lost = 0;     // Queries and answers.
  uint64_t corrupt = 0;
  uint64_t duplicates = 0;
  uint64_t forged = 0;
  uint64_t truncated = 0;  // Answers with TC.
  uint64_t limited = 0;    // Dropped, delayed, slipped or refused by the limit.
  uint64_t repeated = 0;   // Asks of a question asked before, UDP.
  uint32_t max_asks = 0;   // Of one question, UDP.

  void Add(const ResponderStats& other_stats);
};

struct Reply {
  uint32_t delay_us = 0;
  std::span<const uint8_t> bytes;  // Into the Replies that holds it.
  bool elsewhere = false;          // Comes from another source than the one that was asked.
  bool forged = false;             // Not to be believed: wrong id, question or source.
  bool corrupt = false;
};

// The replies to one query, in the order in which they leave. Meant to be used again and again.
class Replies {
 public:
  static constexpr size_t kMax = 5;

  Replies() : arena_(kMax * ResponseWriter::kMaxOctets) {}

  std::span<const Reply> replies() const { return std::span(replies_).first(count_); }

 private:
  friend class Responder;
  uint8_t* Room() { return arena_.data() + count_ * ResponseWriter::kMaxOctets; }
  Reply& Add(size_t length) {
    replies_[count_] = {.bytes = {Room(), length}};
    return replies_[count_++];
  }

  std::vector<uint8_t> arena_;
  std::array<Reply, kMax> replies_;
  size_t count_ = 0;
};

// Threads may share one: all that changes is the counts of asks and the limit, both atomic. Servers that
// stand for one Internet share one too, so that the bound on losses in a row holds over all of them.
class Responder {
 public:
  explicit Responder(const ResponderOptions& options);
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  // `now_ns` on any monotonic clock; only the limit looks at it. Does not allocate.
  void Respond(std::span<const uint8_t> query, Via via, const Source& source, int64_t now_ns, Replies& out,
               ResponderStats& stats);

  const Model& model() const { return model_; }
  const ServerOptions& server() const { return server_; }

 private:
  void RespondTcp(const QueryView& query, const Source& source, int64_t wait_ns, Replies& out,
                  ResponderStats& stats);
  void RespondUdp(const QueryView& query, const Source& source, int64_t wait_ns, Replies& out,
                  ResponderStats& stats);
  void RespondLimited(const QueryView& query, const Source& source, Replies& out, ResponderStats& stats);
  void Forge(const QueryView& query, const Fault& fault, Replies& out, ResponderStats& stats);

  Model model_;
  ServerOptions server_;
  Answerer answerer_;
  Faults faults_;
  Limiter limiter_;
  AskCounter asks_;
};

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_CORE_RESPONDER_H_
