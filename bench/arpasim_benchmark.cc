// What a query costs the synthetic Internet, without sockets.
#include <benchmark/benchmark.h>

#include <array>
#include <vector>

#include "codec/dns/query.h"
#include "codec/dns/reverse_name.h"
#include "tools/arpasim/core/responder.h"

namespace arpasim {
namespace {

struct Query {
  std::array<uint8_t, codec::dns::QueryTemplate::kMaxOctets> octets;
  size_t length;
};

// 4,096 addresses of a /16 in an order that jumps; PTR, or A of the first target.
std::vector<Query> MakeQueries(const Model& model, bool forward) {
  const codec::dns::QueryTemplate plain({.client_cookie = codec::dns::ClientCookie{1, 2, 3, 4, 5, 6, 7, 8}});
  std::vector<Query> queries(size_t{1} << 12);
  for (size_t i = 0; i < queries.size(); ++i) {
    const Address address{.low = 0xC6120000 + (i * 40503 & 0xFFFF)};
    Name name;
    forward ? model.WriteTarget(Cases()[FindCase("pass")], address, 0, name) : WriteReverse(address, name);
    queries[i].length = plain.Write(queries[i].octets, static_cast<uint16_t>(i), name.view(),
                                    forward ? codec::dns::Type::kA : codec::dns::Type::kPtr);
  }
  return queries;
}

void Respond(benchmark::State& state, const Mix& mix, bool forward) {
  Responder responder({.mix = mix});
  const std::vector<Query> queries = MakeQueries(responder.model(), forward);
  Replies replies;
  ResponderStats stats;
  size_t next = 0;
  for ([[maybe_unused]] auto _ : state) {
    const Query& query = queries[next++ & 0xFFF];
    responder.Respond(std::span(query.octets).first(query.length), Via::kUdp, {}, 0, replies, stats);
    benchmark::DoNotOptimize(replies.replies().data());
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(Respond, clean_ptr, Mix::Clean(), false);
BENCHMARK_CAPTURE(Respond, clean_forward, Mix::Clean(), true);
BENCHMARK_CAPTURE(Respond, internet_ptr, Mix::Internet(), false);

}  // namespace
}  // namespace arpasim

BENCHMARK_MAIN();
