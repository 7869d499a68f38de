#include "tests/parquet/matrix_rows.h"

#include <array>
#include <cassert>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace matrix {
namespace {

using scanner::Column;
using scanner::ColumnKind;

constexpr int64_t kObserved = 1'767'225'600'000'000;     // 2026-01-01, in microseconds.
constexpr int64_t kFirstTime = -62'135'596'800'000'000;  // 0001-01-01T00:00:00.000000Z
constexpr int64_t kLastTime = 253'402'300'799'999'999;   // 9999-12-31T23:59:59.999999Z
constexpr uint64_t kIpv6High = 0x2001'0db8'0000'0000;
constexpr size_t kManyNames = 64;
constexpr size_t kManyAddresses = 5000;

// SplitMix64, from a place in its sequence.
class Draws {
 public:
  explicit Draws(uint64_t index) : state_(index * 0x9E37'79B9'7F4A'7C15 * 64) {}

  uint64_t Next() {
    state_ += 0x9E37'79B9'7F4A'7C15;
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58'476D'1CE4'E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D0'49BB'1331'11EB;
    return mixed ^ (mixed >> 31);
  }
  uint64_t Below(uint64_t bound) { return Next() % bound; }
  bool OneIn(uint64_t bound) { return Below(bound) == 0; }

 private:
  uint64_t state_;
};

// Different for different indices, and in no order.
uint32_t ScatteredIpv4(uint64_t index) { return static_cast<uint32_t>(index * 2'654'435'761 + 0x7FFF'FFFF); }

void SetAddress(uint64_t index, bool ipv6, MatrixRow& row) {
  if (ipv6) {
    row.SetIpv6(kIpv6High + (index % 7 << 8), index * 0x9E37'79B9'7F4A'7C15);
    row.SetText(Column::kPrefix, "2001:db8::/64");
  } else {
    row.SetIpv4(ScatteredIpv4(index));
  }
}

// A number whose length in bits is drawn too; of both signs.
int64_t DrawNumber(Draws& draws, int bits) {
  const auto number =
      static_cast<int64_t>(draws.Next() >> (64 - 1 - draws.Below(static_cast<uint64_t>(bits) - 1)));
  return draws.OneIn(2) ? -number : number;
}

std::string DrawName(Draws& draws) {
  static constexpr std::array<std::string_view, 4> kLabels = {"host", "mail\\046", "\\255\\000x", "a_b/c"};
  return std::string(kLabels[draws.Below(kLabels.size())]) + "-" + std::to_string(draws.Below(100'000)) +
         (draws.OneIn(2) ? ".example.net" : ".pool.example.org");
}

void DrawValue(Column column, Draws& draws, MatrixRow& row) {
  static constexpr std::array<std::string_view, 5> kWords = {"pass", "NOERROR", "no_ptr", "example.net",
                                                             "query"};
  switch (scanner::Info(column).kind) {
    case ColumnKind::kList:
      for (uint64_t items = 1 + draws.Below(4); items > 0; --items) row.AddItem(column, DrawName(draws));
      return;
    case ColumnKind::kString:
      // Some columns few values, some many.
      row.SetText(column, static_cast<size_t>(column) % 2 == 0 ? DrawName(draws)
                                                               : kWords[draws.Below(kWords.size())]);
      return;
    case ColumnKind::kInt32:
      row.SetNumber(column, DrawNumber(draws, 32));
      return;
    case ColumnKind::kInt64:
      row.SetNumber(column, DrawNumber(draws, 64));
      return;
    case ColumnKind::kBoolean:
      row.SetNumber(column, draws.OneIn(2) ? 1 : 0);
      return;
    case ColumnKind::kTimestamp:
      row.SetNumber(column, kFirstTime + static_cast<int64_t>(draws.Below(kLastTime - kFirstTime + 1)));
      return;
  }
}

bool BelongsToAddress(Column column) {
  return column == Column::kAddress || column == Column::kIpv4 || column == Column::kPrefix;
}

// `nulls_of`: of each column this many nulls in 16.
void MakeDrawn(uint64_t index, uint64_t nulls_of_16, MatrixRow& row) {
  Draws draws(index);
  SetAddress(index, nulls_of_16 > 0 && draws.OneIn(4), row);
  for (const Column column : scanner::AllColumns()) {
    if (!BelongsToAddress(column) && draws.Below(16) >= nulls_of_16) DrawValue(column, draws, row);
  }
}

// Four labels of escaped octets: 255 octets in a message, 1,003 characters as text.
std::string LongestName(uint64_t index) {
  std::string name;
  for (const size_t octets : {63, 63, 63, 61}) {
    if (!name.empty()) name += '.';
    for (size_t i = 0; i < octets; ++i) {
      const std::string digits = std::to_string(128 + (index + i) % 128);
      name += '\\' + digits;
    }
  }
  return name;
}

void SetExtremeAddress(uint64_t index, MatrixRow& row) {
  static constexpr std::array<uint32_t, 8> kIpv4 = {0x7FFF'FFFF, 0x8000'0000, 0xFFFF'FFFF, 0,
                                                    0x8000'0001, 0x7FFF'FFFE, 0xFFFF'FFFE, 1};
  static constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  static constexpr std::array<std::pair<uint64_t, uint64_t>, 8> kIpv6 = {
      {{0, 0},
       {0, 1},
       {kMost, kMost},
       {0x7FFF'FFFF'FFFF'FFFF, kMost},
       {0x8000'0000'0000'0000, 0},
       {0, 0x0000'FFFF'C000'0201},
       {0, kMost},
       {kIpv6High, 0x8000'0000'0000'0000}}};
  if (index < kIpv4.size()) return row.SetIpv4(kIpv4[index]);
  if (index < kIpv4.size() + kIpv6.size()) {
    const auto& [high, low] = kIpv6[index - kIpv4.size()];
    row.SetIpv6(high, low);
    return;
  }
  SetAddress(index, index % 2 == 0, row);
}

int64_t Extreme(ColumnKind kind, uint64_t choice) {
  static constexpr std::array<int64_t, 6> kOfInt32 = {
      std::numeric_limits<int32_t>::min(),    std::numeric_limits<int32_t>::max(), 0, -1, 1,
      std::numeric_limits<int32_t>::min() + 1};
  static constexpr std::array<int64_t, 6> kOfInt64 = {
      std::numeric_limits<int64_t>::max(),    std::numeric_limits<int64_t>::min(), -1, 0, 0x8000'0000,
      std::numeric_limits<int64_t>::min() + 1};
  static constexpr std::array<int64_t, 6> kOfTimes = {-1, kLastTime, kFirstTime, 0, 1, -1'000'001};
  switch (kind) {
    case ColumnKind::kInt32:
      return kOfInt32[choice % kOfInt32.size()];
    case ColumnKind::kInt64:
      return kOfInt64[choice % kOfInt64.size()];
    case ColumnKind::kBoolean:
      return static_cast<int64_t>(choice % 2);
    case ColumnKind::kTimestamp:
      return kOfTimes[choice % kOfTimes.size()];
    case ColumnKind::kString:
    case ColumnKind::kList:
      break;
  }
  assert(false);
  return 0;
}

void MakeExtremes(uint64_t index, MatrixRow& row) {
  assert(index < kExtremeRows);
  SetExtremeAddress(index, row);
  for (const Column column : scanner::AllColumns()) {
    if (BelongsToAddress(column)) continue;
    const ColumnKind kind = scanner::Info(column).kind;
    if (kind == ColumnKind::kString) {
      row.SetText(column, index % 2 == 0 ? LongestName(index) : std::string("."));
    } else if (kind != ColumnKind::kList) {
      row.SetNumber(column, Extreme(kind, index + static_cast<size_t>(column)));
    }
  }
  if (index % 3 == 0) return;
  for (size_t i = 0; i < kManyNames; ++i) row.AddItem(Column::kNames, LongestName(index + i));
  row.AddItem(Column::kConfirmedNames, LongestName(index));
  MatrixRow address;
  for (size_t i = 0; i < kManyAddresses; ++i) {
    address.SetIpv4(static_cast<uint32_t>(index << 16 | i));
    row.AddItem(Column::kForwardAddresses, address.cell(Column::kAddress).text);
  }
}

void MakeSweep(uint64_t index, MatrixRow& row) {
  Draws draws(index);
  const uint64_t block = (index >> 8) * 0x9E37 % 0x1'0000;  // Odd: each block once.
  row.SetIpv4(static_cast<uint32_t>(0xC600'0000 + (block << 8) + (index & 0xFF) * 77 % 256));
  const bool found = draws.Below(10) < 7;
  row.SetText(Column::kVerdict, found ? "pass" : "permerror");
  row.SetText(Column::kReason, found ? "confirmed" : "no_ptr");
  row.SetText(Column::kPtrStatus, found ? "NOERROR" : "NXDOMAIN");
  if (found) {
    const std::string name =
        "host-" + std::to_string(block) + "-" + std::to_string(index & 0xFF) + ".example.net";
    row.AddItem(Column::kNames, name);
    row.AddItem(Column::kConfirmedNames, name);
    row.AddItem(Column::kForwardAddresses, row.cell(Column::kAddress).text);
    row.SetText(Column::kForwardStatus, "NOERROR");
    row.SetNumber(Column::kForwardTtl, 300);
  }
  row.SetNumber(Column::kPtrTtl, draws.OneIn(3) ? 86'400 : 3600);
  row.SetText(Column::kZone, std::to_string(block % 256) + ".198.in-addr.arpa");
  row.SetText(Column::kServer, "192.0.2.53");
  row.SetNumber(Column::kAuthoritative, 1);
  row.SetNumber(Column::kAuthenticated, 0);
  row.SetText(Column::kEvidence, "query");
  row.SetNumber(Column::kAttempts, draws.OneIn(50) ? 2 : 1);
  row.SetNumber(Column::kRttUs, static_cast<int64_t>(200 + draws.Below(30'000)));
  row.SetNumber(Column::kObservedAt, kObserved + static_cast<int64_t>(index * 100 + draws.Below(5000)));
  row.SetText(Column::kScanId, "0123456789abcdef");
}

struct Outcome {
  std::string_view verdict;
  std::string_view reason;
  std::string_view ptr_status;
};

void SetOutcome(Draws& draws, MatrixRow& row) {
  static constexpr std::array<Outcome, 6> kOutcomes = {{{"pass", "confirmed", "NOERROR"},
                                                        {"fail", "forward_mismatch", "NOERROR"},
                                                        {"fail", "unusable_name", "NOERROR"},
                                                        {"permerror", "no_ptr", "NXDOMAIN"},
                                                        {"temperror", "ptr_timeout", "TIMEOUT"},
                                                        {"temperror", "forward_lame", "NOERROR"}}};
  const Outcome& outcome = kOutcomes[draws.Below(kOutcomes.size())];
  row.SetText(Column::kVerdict, outcome.verdict);
  row.SetText(Column::kReason, outcome.reason);
  row.SetText(Column::kPtrStatus, outcome.ptr_status);
}

// At an end of what is allowed, or anywhere between.
int64_t DrawBetween(Draws& draws, int64_t least, int64_t most) {
  if (draws.OneIn(8)) return draws.OneIn(2) ? least : most;
  return least + static_cast<int64_t>(draws.Below(static_cast<uint64_t>(most - least) + 1));
}

void MakeResults(uint64_t index, MatrixRow& row) {
  constexpr int64_t kMostInt32 = std::numeric_limits<int32_t>::max();
  Draws draws(index);
  const bool ipv6 = draws.OneIn(4);
  SetAddress(index, ipv6, row);
  SetOutcome(draws, row);
  for (uint64_t names = draws.Below(4); names > 0; --names) row.AddItem(Column::kNames, DrawName(draws));
  if (draws.OneIn(50)) row.AddItem(Column::kConfirmedNames, LongestName(index));
  MatrixRow address;
  for (uint64_t addresses = draws.Below(5); addresses > 0; --addresses) {
    SetAddress(draws.Below(uint64_t{1} << 40), ipv6, address);
    row.AddItem(Column::kForwardAddresses, address.cell(Column::kAddress).text);
  }
  for (const std::string_view flag : {"dynamic", "multiple_names", "wildcard"}) {
    if (draws.OneIn(3)) row.AddItem(Column::kFlagList, flag);
  }
  for (const Column column : {Column::kTemplate, Column::kRegisteredDomain, Column::kPtrAliasTarget,
                              Column::kZone, Column::kAnnouncedPrefix}) {
    if (draws.OneIn(2)) row.SetText(column, DrawName(draws));
  }
  for (const Column column : {Column::kPtrTtl, Column::kForwardTtl, Column::kAttempts, Column::kRttUs}) {
    if (draws.OneIn(2)) row.SetNumber(column, DrawBetween(draws, 0, kMostInt32));
  }
  for (const Column column : {Column::kAuthoritative, Column::kAuthenticated}) {
    if (draws.OneIn(2)) row.SetNumber(column, static_cast<int64_t>(draws.Below(2)));
  }
  if (draws.OneIn(2)) row.SetText(Column::kForwardStatus, "SERVFAIL");
  if (draws.OneIn(2)) row.SetText(Column::kServer, ipv6 ? "2001:db8::53" : "192.0.2.53");
  if (draws.OneIn(2)) row.SetText(Column::kEvidence, "query");
  if (draws.OneIn(9)) row.SetNumber(Column::kEde, DrawBetween(draws, 0, 65'535));
  if (draws.OneIn(2))
    row.SetNumber(Column::kAsn, DrawBetween(draws, 0, std::numeric_limits<uint32_t>::max()));
  if (!draws.OneIn(4)) row.SetNumber(Column::kObservedAt, DrawBetween(draws, kFirstTime, kLastTime));
  row.SetText(Column::kScanId, "0123456789abcdef");
}

}  // namespace

void MakeRow(Content content, uint64_t index, MatrixRow& row) {
  row.Clear();
  switch (content) {
    case Content::kMixed:
      return MakeDrawn(index, 5, row);
    case Content::kNulls:
      SetAddress(index, index % 4 == 0, row);
      row.cell(Column::kIpv4).null = true;
      row.cell(Column::kPrefix).null = true;
      return;
    case Content::kNoNulls:
      return MakeDrawn(index, 0, row);
    case Content::kExtremes:
      return MakeExtremes(index, row);
    case Content::kSweep:
      return MakeSweep(index, row);
    case Content::kResults:
      return MakeResults(index, row);
  }
}

}  // namespace matrix
