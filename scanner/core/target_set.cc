#include "scanner/core/target_set.h"

#include <array>
#include <cassert>
#include <cstddef>
#include <iterator>

#include "scanner/core/private_space.h"
#include "scanner/core/reserved_space.h"

namespace scanner {
namespace {

constexpr std::string_view kBlank = " \t";
constexpr std::string_view kExpected = "expected one address, ADDRESS/LENGTH or FIRST-LAST";
constexpr std::string_view kPrivate =
    "private space, whose reverse zones are each network's own and else end at the volunteers of AS112 (RFC "
    "6303); name your own root servers with --root-hints, or ask a resolver with --mode resolver";

std::string_view Trim(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

absl::Status Refuse(std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(Quoted(text).append(": ").append(why));
}

absl::StatusOr<AddressRange> ParsePrefix(std::string_view text) {
  if (const std::optional<IpPrefix> prefix = IpPrefix::Parse(text)) {
    return AddressRange{.first = prefix->First(), .last = prefix->Last()};
  }
  const std::optional<IpAddress> address = IpAddress::Parse(text.substr(0, text.find('/')));
  if (!address || text.find_first_of(kBlank) != std::string_view::npos) return Refuse(text, kExpected);
  return Refuse(text, address->family == Family::kIpv4
                          ? "the prefix length of an IPv4 prefix is a number from 0 to 32"
                          : "the prefix length of an IPv6 prefix is a number from 0 to 128");
}

// One family's numbers of AddressRange.
template <typename Number>
Interval<Number> Numbers(const AddressRange& range) {
  return {static_cast<Number>(range.first.number()), static_cast<Number>(range.last.number())};
}

template <typename Number>
uint64_t Count(const IntervalSet<Number>& set) {
  uint64_t count = 0;
  for (const Interval<Number>& interval : set) {
    const Uint128 size = static_cast<Uint128>(interval.last - interval.first) + 1;
    // IPv4 has 2^32 addresses, an IPv6 target at most 2^16: more than memory can hold intervals for.
    assert(size <= ~uint64_t{0} - count);
    count += static_cast<uint64_t>(size);
  }
  return count;
}

template <typename Number>
IntervalSet<Number> Unite(const IntervalSet<Number>& a, const IntervalSet<Number>& b) {
  IntervalSet<Number> all;
  all.reserve(a.size() + b.size());
  all.insert(all.end(), a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  Normalize(all);
  return all;
}

// Reserved space of one family: the blocks that are not globally reachable without the exceptions inside
// them.
template <typename Number>
IntervalSet<Number> ReservedSpace(Family family) {
  IntervalSet<Number> reserved;
  for (const SpecialPurposeBlock& block : SpecialPurposeBlocks()) {
    if (block.prefix.base.family != family) continue;
    const IntervalSet<Number> numbers{
        Numbers<Number>({.first = block.prefix.First(), .last = block.prefix.Last()})};
    reserved = block.globally_reachable ? Subtract(reserved, numbers) : Unite(reserved, numbers);
  }
  return reserved;
}

template <typename Number>
IntervalSet<Number> PrivateNumbers(Family family) {
  IntervalSet<Number> numbers;
  for (const IpPrefix& prefix : PrivateSpace()) {
    if (prefix.base.family != family) continue;
    numbers.push_back(Numbers<Number>({.first = prefix.First(), .last = prefix.Last()}));
  }
  return numbers;
}

template <typename Number>
struct Chosen {
  IntervalSet<Number> targets;
  uint64_t excluded;
  uint64_t reserved;
};

// `open`, `as_given` and `exclusions` come in any order and overlapping; `without_private` leaves private
// space out of both.
template <typename Number>
Chosen<Number> Choose(IntervalSet<Number> open, IntervalSet<Number> as_given, IntervalSet<Number> exclusions,
                      Family family, bool without_private) {
  Normalize(open);
  Normalize(as_given);
  Normalize(exclusions);
  const auto count_given = [&](const IntervalSet<Number>& given) {
    return std::pair(Count(given), Count(Subtract(given, exclusions)));
  };
  const auto [given, wanted] = count_given(Unite(open, as_given));
  open = Unite(Subtract(open, ReservedSpace<Number>(family)), as_given);
  if (without_private) open = Subtract(open, PrivateNumbers<Number>(family));
  IntervalSet<Number> targets = Subtract(open, exclusions);
  const uint64_t reserved = wanted - Count(targets);
  return {.targets = std::move(targets), .excluded = given - wanted, .reserved = reserved};
}

}  // namespace

std::string Quoted(std::string_view text) {
  constexpr size_t kMost = 64;
  std::string quoted = "'";
  for (const char c : text.substr(0, kMost)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F && c != '\\' && c != '\'') {
      quoted += c;
      continue;
    }
    quoted += '\\';
    for (const int power : {100, 10, 1}) quoted += static_cast<char>('0' + byte / power % 10);
  }
  return quoted.append(text.size() > kMost ? "...'" : "'");
}

absl::StatusOr<AddressRange> ParseRange(std::string_view text) {
  text = Trim(text);
  const size_t dash = text.find('-');
  if (dash == std::string_view::npos) return ParsePrefix(text);
  const std::optional<IpAddress> first = IpAddress::Parse(Trim(text.substr(0, dash)));
  const std::optional<IpAddress> last = IpAddress::Parse(Trim(text.substr(dash + 1)));
  if (!first || !last) return Refuse(text, kExpected);
  if (first->family != last->family) return Refuse(text, "a range has two addresses of the same family");
  if (*last < *first)
    return Refuse(text, "the first address of a range must not be above its last; swap them");
  return AddressRange{.first = *first, .last = *last};
}

absl::Status TargetSetBuilder::AddTarget(std::string_view text) {
  const absl::StatusOr<AddressRange> range = ParseRange(text);
  if (!range.ok()) return range.status();
  const auto [first, last] = *range;
  const bool v6 = first.family == Family::kIpv6;
  if (v6 && last.number() - first.number() >= kMaxV6TargetAddresses) {
    return Refuse(Trim(text),
                  "an IPv6 target may hold at most 65536 addresses; give prefixes of /112 or longer, or the "
                  "addresses themselves in a file with --targets-file");
  }
  if (options_.only && *options_.only != first.family) return absl::OkStatus();
  if (options_.refuse_private && LiesInPrivateSpace(first, last)) return Refuse(Trim(text), kPrivate);
  const bool as_given = options_.include_reserved || LiesInReservedBlock(first, last);
  if (v6) {
    (as_given ? v6_.as_given : v6_.open).push_back(Numbers<Uint128>(*range));
  } else {
    (as_given ? v4_.as_given : v4_.open).push_back(Numbers<uint32_t>(*range));
  }
  return absl::OkStatus();
}

absl::Status TargetSetBuilder::AddExclusion(std::string_view text) {
  const absl::StatusOr<AddressRange> range = ParseRange(text);
  if (!range.ok()) return range.status();
  if (range->first.family == Family::kIpv6) {
    v6_.exclusions.push_back(Numbers<Uint128>(*range));
  } else {
    v4_.exclusions.push_back(Numbers<uint32_t>(*range));
  }
  return absl::OkStatus();
}

TargetSet TargetSetBuilder::Build() && {
  const auto choose = [this](auto& of, Family family) {
    return Choose(std::move(of.open), std::move(of.as_given), std::move(of.exclusions), family,
                  options_.refuse_private);
  };
  Chosen<uint32_t> v4 = choose(v4_, Family::kIpv4);
  Chosen<Uint128> v6 = choose(v6_, Family::kIpv6);
  TargetSet set;
  set.targets_ = Count(v4.targets) + Count(v6.targets);
  set.excluded_ = v4.excluded + v6.excluded;
  set.reserved_ = v4.reserved + v6.reserved;
  set.v4_ = std::move(v4.targets);
  set.v6_ = std::move(v6.targets);
  return set;
}

}  // namespace scanner
