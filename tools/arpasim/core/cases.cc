#include "tools/arpasim/core/cases.h"

namespace arpasim {
namespace {

constexpr Forward kOther = {.addresses = Addresses::kOther};
constexpr Forward kMissing = {.ending = Ending::kNxdomain};
constexpr Forward kServfail = {.ending = Ending::kServfail};

// clang-format off
constexpr CaseSpec kCases[] = {
    // One or more names that confirm.
    {.word = "pass", .weight = 4900, .verdict = "pass", .reason = "confirmed"},
    {.word = "several", .least_names = 2, .most_names = 10,
     .weight = 100, .verdict = "pass", .reason = "confirmed"},
    {.word = "several_one", .least_names = 2, .most_names = 6, .which = Which::kOne, .others = kOther,
     .weight = 60, .verdict = "pass", .reason = "confirmed"},
    {.word = "several_servfail", .least_names = 2, .most_names = 4, .which = Which::kOne, .others = kServfail,
     .weight = 20, .verdict = "pass", .reason = "confirmed"},
    {.word = "many", .least_names = 65, .most_names = 80, .which = Which::kOne, .others = kOther,
     .weight = 10, .verdict = "pass", .reason = "confirmed"},
    {.word = "big_ptr", .least_names = 40, .most_names = 64,
     .weight = 10, .verdict = "pass", .reason = "confirmed"},
    {.word = "addresses", .forward = {.addresses = Addresses::kOwnAndMore},
     .weight = 150, .verdict = "pass", .reason = "confirmed"},
    {.word = "private", .forward = {.addresses = Addresses::kOwnAndPrivate},
     .weight = 40, .verdict = "pass", .reason = "confirmed"},
    {.word = "big_forward", .forward = {.addresses = Addresses::kOwnAndMany},
     .weight = 20, .verdict = "pass", .reason = "confirmed"},
    {.word = "shared", .naming = Naming::kShared, .weight = 200, .verdict = "pass", .reason = "confirmed"},
    {.word = "target_alias", .forward = {.alias = Alias::kOne},
     .weight = 100, .verdict = "pass", .reason = "confirmed"},
    {.word = "target_alias_apart", .forward = {.alias = Alias::kThreeApart},
     .weight = 30, .verdict = "pass", .reason = "confirmed"},
    {.word = "odd", .naming = Naming::kOdd, .weight = 60, .verdict = "pass", .reason = "confirmed"},
    {.word = "uppercase", .naming = Naming::kUppercase, .least_names = 2, .most_names = 2,
     .weight = 50, .verdict = "pass", .reason = "confirmed"},
    {.word = "longest", .naming = Naming::kLongest, .weight = 20, .verdict = "pass", .reason = "confirmed"},
    {.word = "single_label", .naming = Naming::kSingleLabel,
     .weight = 30, .verdict = "pass", .reason = "confirmed"},

    // Aliases on the reverse path.
    {.word = "alias", .alias = Alias::kOne, .weight = 150, .verdict = "pass", .reason = "confirmed"},
    {.word = "alias_apart", .alias = Alias::kOneApart,
     .weight = 60, .verdict = "pass", .reason = "confirmed"},
    {.word = "chain", .alias = Alias::kThree, .weight = 30, .verdict = "pass", .reason = "confirmed"},
    {.word = "chain_apart", .alias = Alias::kThreeApart,
     .weight = 20, .verdict = "pass", .reason = "confirmed"},
    {.word = "alias_nxdomain", .reverse = Ending::kNxdomain, .alias = Alias::kOne,
     .weight = 40, .verdict = "permerror", .reason = "no_ptr"},
    {.word = "loop", .reverse = Ending::kLoop, .alias = Alias::kOne,
     .weight = 10, .verdict = "temperror", .reason = "ptr_error"},
    {.word = "dname", .alias = Alias::kDname, .whole_block = true,
     .weight = 120, .verdict = "pass", .reason = "confirmed"},
    {.word = "dname_nxdomain", .reverse = Ending::kNxdomain, .alias = Alias::kDname, .whole_block = true,
     .weight = 80, .verdict = "permerror", .reason = "no_ptr"},

    // Names that do not confirm.
    {.word = "mismatch", .forward = kOther, .weight = 300, .verdict = "fail", .reason = "forward_mismatch"},
    {.word = "several_mismatch", .least_names = 2, .most_names = 4, .forward = kOther, .which = Which::kOne,
     .others = kMissing, .weight = 30, .verdict = "fail", .reason = "forward_mismatch"},
    {.word = "missing", .forward = kMissing, .weight = 400, .verdict = "fail", .reason = "forward_missing"},
    {.word = "forward_nodata", .forward = {.ending = Ending::kNodata},
     .weight = 100, .verdict = "fail", .reason = "forward_missing"},
    {.word = "target_alias_missing", .forward = {.ending = Ending::kNxdomain, .alias = Alias::kOne},
     .weight = 20, .verdict = "fail", .reason = "forward_missing"},
    {.word = "root", .naming = Naming::kRoot, .weight = 20, .verdict = "fail", .reason = "unusable_name"},
    {.word = "localhost", .naming = Naming::kLocalhost,
     .weight = 30, .verdict = "fail", .reason = "unusable_name"},
    {.word = "local", .naming = Naming::kLocal, .weight = 30, .verdict = "fail", .reason = "unusable_name"},
    {.word = "numeric", .naming = Naming::kNumeric,
     .weight = 20, .verdict = "fail", .reason = "unusable_name"},

    // No PTR.
    {.word = "nxdomain", .reverse = Ending::kNxdomain,
     .weight = 1900, .verdict = "permerror", .reason = "no_ptr"},
    {.word = "nodata", .reverse = Ending::kNodata, .weight = 300, .verdict = "permerror", .reason = "no_ptr"},
    {.word = "nodata_bare", .reverse = Ending::kNodataBare,
     .weight = 20, .verdict = "permerror", .reason = "no_ptr"},

    // PTR lookups that fail.
    {.word = "silent", .reverse = Ending::kSilent,
     .weight = 5, .verdict = "temperror", .reason = "ptr_timeout"},
    {.word = "servfail", .reverse = Ending::kServfail,
     .weight = 10, .verdict = "temperror", .reason = "ptr_servfail"},
    {.word = "servfail_ede", .reverse = Ending::kServfailEde,
     .weight = 10, .verdict = "temperror", .reason = "ptr_servfail"},
    {.word = "refused", .reverse = Ending::kRefused,
     .weight = 10, .verdict = "temperror", .reason = "ptr_refused"},
    {.word = "lame", .reverse = Ending::kLame, .weight = 5, .verdict = "temperror", .reason = "ptr_lame"},
    {.word = "formerr", .reverse = Ending::kFormerr,
     .weight = 3, .verdict = "temperror", .reason = "ptr_error"},
    {.word = "notimp", .reverse = Ending::kNotimp,
     .weight = 3, .verdict = "temperror", .reason = "ptr_error"},
    {.word = "notauth", .reverse = Ending::kNotauth,
     .weight = 3, .verdict = "temperror", .reason = "ptr_error"},
    {.word = "malformed", .reverse = Ending::kMalformed,
     .weight = 3, .verdict = "temperror", .reason = "ptr_error"},
    {.word = "truncated", .reverse = Ending::kTruncated,
     .weight = 3, .verdict = "temperror", .reason = "ptr_error"},
    {.word = "blocked", .reverse = Ending::kBlockedNxdomain,
     .weight = 5, .verdict = "temperror", .reason = "ptr_error"},
    {.word = "blocked_nodata", .reverse = Ending::kBlockedNodata,
     .weight = 5, .verdict = "temperror", .reason = "ptr_error"},

    // Forward lookups that fail.
    {.word = "forward_silent", .forward = {.ending = Ending::kSilent},
     .weight = 5, .verdict = "temperror", .reason = "forward_timeout"},
    {.word = "forward_servfail", .forward = kServfail,
     .weight = 10, .verdict = "temperror", .reason = "forward_servfail"},
    {.word = "several_transient", .least_names = 2, .most_names = 4, .forward = kServfail,
     .which = Which::kOne,
     .others = kOther, .weight = 5, .verdict = "temperror", .reason = "forward_servfail"},
    {.word = "forward_refused", .forward = {.ending = Ending::kRefused},
     .weight = 5, .verdict = "temperror", .reason = "forward_refused"},
    {.word = "forward_lame", .forward = {.ending = Ending::kLame},
     .weight = 5, .verdict = "temperror", .reason = "forward_lame"},
    {.word = "forward_formerr", .forward = {.ending = Ending::kFormerr},
     .weight = 2, .verdict = "temperror", .reason = "forward_error"},
    {.word = "forward_malformed", .forward = {.ending = Ending::kMalformed},
     .weight = 2, .verdict = "temperror", .reason = "forward_error"},
    {.word = "forward_truncated", .forward = {.ending = Ending::kTruncated},
     .weight = 2, .verdict = "temperror", .reason = "forward_error"},
    {.word = "forward_loop", .forward = {.ending = Ending::kLoop, .alias = Alias::kOne},
     .weight = 2, .verdict = "temperror", .reason = "forward_error"},
    {.word = "forward_blocked", .forward = {.ending = Ending::kBlockedNxdomain},
     .weight = 3, .verdict = "temperror", .reason = "forward_error"},
    {.word = "many_unconfirmed", .least_names = 65, .most_names = 80, .which = Which::kBeyond64,
     .others = kOther,
     .weight = 3, .verdict = "temperror", .reason = "forward_error"},
};
// clang-format on

}  // namespace

std::span<const CaseSpec> Cases() { return kCases; }

size_t FindCase(std::string_view word) {
  size_t i = 0;
  while (i < std::size(kCases) && kCases[i].word != word) ++i;
  return i;
}

}  // namespace arpasim
