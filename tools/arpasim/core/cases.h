// The cases of the synthetic Internet: what each answers and what a correct sweep says of it, side by side.
#ifndef TOOLS_ARPASIM_CORE_CASES_H_
#define TOOLS_ARPASIM_CORE_CASES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace arpasim {

// How a lookup ends, at the end of its aliases.
enum class Ending : uint8_t {
  kData,
  kNxdomain,
  kNodata,
  kNodataBare,       // Without SOA.
  kBlockedNxdomain,  // With an EDE of 15 to 18.
  kBlockedNodata,
  kServfail,
  kServfailEde,
  kRefused,
  kFormerr,
  kNotimp,
  kNotauth,
  kSilent,
  kLame,       // A referral to the root, neither AA nor RA.
  kMalformed,  // RDATA that cannot be read.
  kTruncated,  // TC, and silence over TCP.
  kLoop,       // Aliases without an end.
};

enum class Alias : uint8_t {
  kNone,
  kOne,         // One CNAME, the data in the same response.
  kOneApart,    // One CNAME, the data only when its target is asked for.
  kThree,       // Three CNAMEs.
  kThreeApart,  // Three CNAMEs, one a response.
  kDname,       // A DNAME above the name, with its CNAME.
};

constexpr uint8_t AliasCount(Alias alias) {
  switch (alias) {
    case Alias::kNone:
      return 0;
    case Alias::kOne:
    case Alias::kOneApart:
    case Alias::kDname:
      return 1;
    case Alias::kThree:
    case Alias::kThreeApart:
      return 3;
  }
  return 0;
}
constexpr bool IsApart(Alias alias) { return alias == Alias::kOneApart || alias == Alias::kThreeApart; }

// What the PTR targets look like.
enum class Naming : uint8_t {
  kPlain,
  kOdd,        // A label of odd octets in front.
  kUppercase,  // The same name twice, in different case.
  kLongest,    // 255 octets.
  kSingleLabel,
  kShared,  // One name for eight neighbours.
  kRoot,
  kLocalhost,
  kLocal,    // Below .local, .onion or .invalid.
  kNumeric,  // Ends in an all-numeric label.
};

// Which addresses a forward lookup gives.
enum class Addresses : uint8_t {
  kOwn,         // The one that the name is for.
  kOwnAndMore,  // And one to four of its neighbourhood.
  kOwnAndPrivate,
  kOwnAndMany,  // More than a UDP answer holds.
  kOther,       // Another one.
};

struct Forward {
  Ending ending = Ending::kData;
  Addresses addresses = Addresses::kOwn;
  Alias alias = Alias::kNone;
};

// Which of several names has CaseSpec::forward; the others have CaseSpec::others.
enum class Which : uint8_t { kAll, kOne, kBeyond64 };

struct CaseSpec {
  std::string_view word;  // In --mix.
  // What is answered.
  Ending reverse = Ending::kData;
  Alias alias = Alias::kNone;
  Naming naming = Naming::kPlain;
  uint8_t least_names = 1;
  uint8_t most_names = 1;
  Forward forward = {};
  Which which = Which::kAll;
  Forward others = {};
  bool whole_block = false;  // A /24 or /120 is in this case or not at all.
  uint16_t weight = 0;       // In 10,000 addresses of the preset `internet`, roughly.
  // What is true of it.
  std::string_view verdict;
  std::string_view reason;
};

// In a fixed order; a case is its index here.
std::span<const CaseSpec> Cases();

// The case of that word, or Cases().size().
size_t FindCase(std::string_view word);

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_CORE_CASES_H_
