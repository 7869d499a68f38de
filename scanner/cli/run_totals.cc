#include "scanner/cli/run_totals.h"

#include <array>

#include "scanner/cli/sweep_snapshot.h"
#include "scanner/row/byte_writer.h"

namespace scanner {
namespace {

// Ten years; a sum of several still fits.
constexpr uint64_t kLongest = uint64_t{10} * 366 * 86'400 * 1'000'000'000;

// Calls `visit` with each number, in an order that a journal's version fixes.
template <typename Stats, typename Visit>
void ForEachNumber(Stats& stats, const Visit& visit) {
  for (auto* number : {&stats.targets_claimed, &stats.rows, &stats.packets_sent, &stats.packets_received,
                       &stats.retries, &stats.tcp, &stats.unsolicited, &stats.mismatched, &stats.late,
                       &stats.forward_lookups, &stats.forward_shared, &stats.put_back}) {
    visit(*number);
  }
  for (auto& number : stats.refused) visit(number);
}

template <typename Counts>
auto Numbers(Counts& counts) {
  return std::array{&counts.sent, &counts.answered, &counts.lost, &counts.pushed_back, &counts.unreachable};
}

}  // namespace

void Add(const ServerPace::Counts& part, ServerPace::Counts& sum) {
  const auto parts = Numbers(part);
  const auto sums = Numbers(sum);
  for (size_t i = 0; i < sums.size(); ++i) *sums[i] += *parts[i];
}

void RunTotals::Add(const RunTotals& other) {
  scanner::Add(other.engines, engines);
  receive_drops += other.receive_drops;
  elapsed += other.elapsed;
  for (const auto& [name, counts] : other.servers) scanner::Add(counts, servers[name]);
}

void RunTotals::Write(std::vector<uint8_t>& out) const {
  ByteWriter writer(out);
  ForEachNumber(engines, [&writer](uint64_t number) { writer.Varint(number); });
  writer.Varint(receive_drops);
  writer.Varint(static_cast<uint64_t>(elapsed.count()));
  writer.Varint(servers.size());
  for (const auto& [name, counts] : servers) {
    writer.Text(name);
    for (const uint64_t* number : Numbers(counts)) writer.Varint(*number);
  }
}

std::optional<RunTotals> RunTotals::Read(ByteReader& reader) {
  RunTotals totals;
  ForEachNumber(totals.engines, [&reader](uint64_t& number) { number = reader.Varint(); });
  totals.receive_drops = reader.Varint();
  const uint64_t elapsed = reader.Varint();
  if (elapsed > kLongest) return std::nullopt;
  totals.elapsed = netio::Duration(static_cast<int64_t>(elapsed));
  for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left) {
    const std::string name(reader.Text());
    ServerPace::Counts counts{};
    for (uint64_t* number : Numbers(counts)) *number = reader.Varint();
    totals.servers.emplace(name, counts);
  }
  if (!reader.ok()) return std::nullopt;
  return totals;
}

}  // namespace scanner
