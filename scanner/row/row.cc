#include "scanner/row/row.h"

#include <array>
#include <cassert>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace scanner {
namespace {

// DNS RCODEs of the IANA registry (RFC 6895 section 2.3); empty where none is assigned. 16 is BADVERS, since
// the BADSIG of the same number occurs in TSIG only.
constexpr std::array<std::string_view, 24> kRcodes = {
    "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN",  "NOTIMP",  "REFUSED", "YXDOMAIN", "YXRRSET",
    "NXRRSET", "NOTAUTH", "NOTZONE",  "DSOTYPENI", "",        "",        "",         "",
    "BADVERS", "BADKEY",  "BADTIME",  "BADMODE",   "BADNAME", "BADALG",  "BADTRUNC", "BADCOOKIE"};

// From Status::kNodata on.
constexpr std::array<std::string_view, 7> kOutcomes = {"NODATA",    "TIMEOUT",   "UNREACHABLE", "LAME",
                                                       "TRUNCATED", "MALFORMED", "LOOP"};
static_assert(static_cast<size_t>(Status::kLoop) - static_cast<size_t>(Status::kNodata) + 1 ==
              kOutcomes.size());

}  // namespace

std::string_view ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kFail:
      return "fail";
    case Verdict::kTemperror:
      return "temperror";
    case Verdict::kPermerror:
      return "permerror";
    case Verdict::kNone:
      return "none";
  }
  assert(false);
  return {};
}

std::string_view ToString(Reason reason) {
  switch (reason) {
    case Reason::kConfirmed:
      return "confirmed";
    case Reason::kForwardMismatch:
      return "forward_mismatch";
    case Reason::kForwardMissing:
      return "forward_missing";
    case Reason::kUnusableName:
      return "unusable_name";
    case Reason::kNoPtr:
      return "no_ptr";
    case Reason::kPtrTimeout:
      return "ptr_timeout";
    case Reason::kPtrServfail:
      return "ptr_servfail";
    case Reason::kPtrRefused:
      return "ptr_refused";
    case Reason::kPtrLame:
      return "ptr_lame";
    case Reason::kPtrError:
      return "ptr_error";
    case Reason::kForwardTimeout:
      return "forward_timeout";
    case Reason::kForwardServfail:
      return "forward_servfail";
    case Reason::kForwardRefused:
      return "forward_refused";
    case Reason::kForwardLame:
      return "forward_lame";
    case Reason::kForwardError:
      return "forward_error";
    case Reason::kNone:
      return "none";
  }
  assert(false);
  return {};
}

std::string_view ToString(Evidence evidence) {
  switch (evidence) {
    case Evidence::kQuery:
      return "query";
    case Evidence::kNxdomainCut:
      return "nxdomain_cut";
    case Evidence::kNsec:
      return "nsec";
    case Evidence::kAxfr:
      return "axfr";
    case Evidence::kWalk:
      return "walk";
  }
  assert(false);
  return {};
}

std::string_view ToString(Flag flag) {
  switch (flag) {
    case Flag::kDynamic:
      return "dynamic";
    case Flag::kForeignName:
      return "foreign_name";
    case Flag::kGeneric:
      return "generic";
    case Flag::kMultipleAddresses:
      return "multiple_addresses";
    case Flag::kMultipleNames:
      return "multiple_names";
    case Flag::kNamesTruncated:
      return "names_truncated";
    case Flag::kNotHostname:
      return "not_hostname";
    case Flag::kPtrAlias:
      return "ptr_alias";
    case Flag::kResolversDisagree:
      return "resolvers_disagree";
    case Flag::kSingleLabel:
      return "single_label";
    case Flag::kSpecialUseAddress:
      return "special_use_address";
    case Flag::kTargetAlias:
      return "target_alias";
    case Flag::kTargetIsApex:
      return "target_is_apex";
    case Flag::kTargetIsWww:
      return "target_is_www";
    case Flag::kTcp:
      return "tcp";
    case Flag::kWildcard:
      return "wildcard";
  }
  assert(false);
  return {};
}

std::string_view ToString(Status status, std::array<char, 16>& scratch) {
  const auto number = static_cast<size_t>(status);
  if (number < kRcodes.size() && !kRcodes[number].empty()) return kRcodes[number];
  constexpr auto kFirst = static_cast<size_t>(Status::kNodata);
  if (number >= kFirst) {
    assert(number - kFirst < kOutcomes.size());
    return kOutcomes[number - kFirst];
  }
  constexpr std::string_view kPrefix = "RCODE";
  kPrefix.copy(scratch.data(), kPrefix.size());
  const auto [end, error] =
      std::to_chars(scratch.data() + kPrefix.size(), scratch.data() + scratch.size(), number);
  assert(error == std::errc{});
  return {scratch.data(), static_cast<size_t>(end - scratch.data())};
}

}  // namespace scanner
