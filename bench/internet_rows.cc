#include "bench/internet_rows.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include "scanner/sink/result_words.h"
#include "tools/arpasim/core/model.h"
#include "tools/arpasim/core/truth.h"

namespace bench {
namespace {

using scanner::Bit;
using scanner::Flag;
using scanner::kFlags;
using scanner::Reason;
using scanner::ReasonOf;
using scanner::RowBlock;
using scanner::RowHeader;
using scanner::Status;
using scanner::Verdict;
using scanner::VerdictOf;

constexpr uint32_t kFirst = uint32_t{10} << 24;  // 10.0.0.0/12
constexpr uint32_t kBlockRows = 256;
// Answers that came in together: they have the time of one burst, and mostly its round trip.
constexpr uint32_t kBurst = 64;

// From presentation form, with `\DDD`.
std::vector<uint8_t> Wire(std::string_view name) {
  std::vector<uint8_t> wire;
  size_t label = 0;  // Where its length is.
  if (name != ".") wire.push_back(0);
  for (size_t i = 0; name != "." && i < name.size(); ++i) {
    if (name[i] == '.') {
      label = wire.size();
      wire.push_back(0);
      continue;
    }
    const bool escaped = name[i] == '\\';
    wire.push_back(static_cast<uint8_t>(escaped ? std::stoi(std::string(name.substr(i + 1, 3))) : name[i]));
    if (escaped) i += 3;
    ++wire[label];
  }
  wire.push_back(0);
  return wire;
}

template <typename Enum, typename Name>
Enum Find(std::string_view word, uint32_t count, const Name& name) {
  for (uint32_t i = 0; i < count; ++i) {
    if (name(static_cast<Enum>(i)) == word) return static_cast<Enum>(i);
  }
  std::abort();  // arpasim's words are those of results.
}

Status StatusOf(std::string_view word) {
  constexpr uint32_t kStatuses = static_cast<uint32_t>(Status::kLoop) + 1;
  std::array<char, 16> scratch;
  // Outcomes first: RCODEs without a mnemonic are many.
  const auto name = [&scratch](Status status) { return ToString(status, scratch); };
  for (uint32_t i = static_cast<uint32_t>(Status::kNodata); i < kStatuses; ++i) {
    if (name(static_cast<Status>(i)) == word) return static_cast<Status>(i);
  }
  return Find<Status>(word, kStatuses, name);
}

RowHeader HeaderOf(const arpasim::TruthRow& truth, uint32_t position) {
  RowHeader header;
  arpasim::WriteOctets(truth.address, header.address.data());
  header.server = {127, 0, 0, 1};
  header.server_octets = 4;
  const uint32_t burst = position / kBurst;
  header.observed_at = 1'769'904'000'000'000 + int64_t{burst} * 97;
  header.rtt_us = static_cast<int32_t>(160 + burst * 2654435761U % 128 + (position % 16 == 0 ? 40 : 0));
  header.attempts = 1;
  header.verdict = truth.verdict.empty() ? Verdict::kNone : *VerdictOf(truth.verdict);
  header.reason = truth.reason.empty() ? Reason::kNone : *ReasonOf(truth.reason);
  header.ptr_status = StatusOf(truth.ptr_status);
  header.has_forward_status = !truth.forward_status.empty();
  if (header.has_forward_status) header.forward_status = StatusOf(truth.forward_status);
  if (truth.ptr_ttl) header.ptr_ttl = static_cast<int32_t>(*truth.ptr_ttl);
  if (truth.forward_ttl) header.forward_ttl = static_cast<int32_t>(*truth.forward_ttl);
  if (truth.ede) header.ede = *truth.ede;
  if (truth.authoritative) header.authoritative = *truth.authoritative ? 1 : 0;
  header.authenticated = 0;
  for (const std::string_view flag : truth.flags) {
    header.flags |= Bit(Find<Flag>(flag, kFlags, [](Flag f) { return ToString(f); }));
  }
  header.names = static_cast<uint16_t>(truth.names.size());
  for (size_t i = 0; i < truth.names.size(); ++i) {
    if (std::ranges::count(truth.confirmed_names, truth.names[i]) != 0) header.confirmed |= uint64_t{1} << i;
  }
  header.forward_addresses = static_cast<uint32_t>(truth.forward_addresses.size());
  header.has_alias_target = !truth.alias_target.empty();
  header.has_zone = !truth.zone.empty();
  return header;
}

void AppendTruth(const arpasim::TruthRow& truth, uint32_t position, RowBlock& block) {
  block.Begin(HeaderOf(truth, position));
  for (const std::string& name : truth.names) block.AppendName(Wire(name));
  for (const arpasim::Address& address : truth.forward_addresses) {
    std::array<uint8_t, 16> octets;
    block.AppendAddress(std::span(octets).first(arpasim::WriteOctets(address, octets.data())));
  }
  if (!truth.alias_target.empty()) block.AppendName(Wire(truth.alias_target));
  if (!truth.zone.empty()) block.AppendName(Wire(truth.zone));
  block.End();
}

// The offsets of the addresses in the order of their rows.
std::vector<uint32_t> Order(bool scan) {
  std::vector<uint32_t> order(kInternetRows);
  std::iota(order.begin(), order.end(), 0);
  if (!scan) return order;
  // Every block is open, and any of them is the next to give its next address.
  std::vector<uint32_t> blocks(kInternetRows);
  for (uint32_t i = 0; i < kInternetRows; ++i) blocks[i] = i % kInternetBlocks;
  std::ranges::shuffle(blocks, std::mt19937(1));
  std::vector<uint32_t> next(kInternetBlocks);
  for (uint32_t i = 0; i < kInternetRows; ++i) order[i] = blocks[i] * kBlockRows + next[blocks[i]]++;
  return order;
}

}  // namespace

const std::vector<std::unique_ptr<RowBlock>>& InternetRows(bool scan) {
  static std::array<std::vector<std::unique_ptr<RowBlock>>, 2> kept;
  std::vector<std::unique_ptr<RowBlock>>& blocks = kept[scan ? 1 : 0];
  if (!blocks.empty()) return blocks;
  const arpasim::Model model(0, arpasim::Mix::Internet());
  uint32_t position = 0;
  for (const uint32_t offset : Order(scan)) {
    if (blocks.empty() || !blocks.back()->HasRoom()) blocks.push_back(std::make_unique<RowBlock>());
    const arpasim::Address address{.v6 = false, .high = 0, .low = kFirst + offset};
    AppendTruth(arpasim::TruthOf(model, {}, address), position++, *blocks.back());
  }
  return blocks;
}

}  // namespace bench
