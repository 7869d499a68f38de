#include "tools/arpasim/core/cases.h"

namespace arpasim {
namespace {

constexpr Forward kOther = {.addresses = Addresses::kOther};
constexpr Forward kMissing = {.ending = Ending::kNxdomain};
constexpr Forward kServfail = {.ending = Ending::kServfail};

// clang-format off
constexpr CaseSpec kCases[] = {
    // One or more names that confirm.
    {.word = "pass", .verdict = "pass", .reason = "confirmed", .weight = 4900},
    {.word = "several", .least_names = 2, .most_names = 10, .verdict = "pass", .reason = "confirmed", .weight = 100},
    {.word = "several_one", .least_names = 2, .most_names = 6, .which = Which::kOne, .others = kOther,
     .verdict = "pass", .reason = "confirmed", .weight = 60},
    {.word = "several_servfail", .least_names = 2, .most_names = 4, .which = Which::kOne, .others = kServfail,
     .verdict = "pass", .reason = "confirmed", .weight = 20},
    {.word = "many", .least_names = 65, .most_names = 80, .which = Which::kOne, .others = kOther,
     .verdict = "pass", .reason = "confirmed", .weight = 10},
    {.word = "big_ptr", .least_names = 40, .most_names = 64, .verdict = "pass", .reason = "confirmed", .weight = 10},
    {.word = "addresses", .forward = {.addresses = Addresses::kOwnAndMore},
     .verdict = "pass", .reason = "confirmed", .weight = 150},
    {.word = "private", .forward = {.addresses = Addresses::kOwnAndPrivate},
     .verdict = "pass", .reason = "confirmed", .weight = 40},
    {.word = "big_forward", .forward = {.addresses = Addresses::kOwnAndMany},
     .verdict = "pass", .reason = "confirmed", .weight = 20},
    {.word = "shared", .naming = Naming::kShared, .verdict = "pass", .reason = "confirmed", .weight = 200},
    {.word = "target_alias", .forward = {.alias = Alias::kOne},
     .verdict = "pass", .reason = "confirmed", .weight = 100},
    {.word = "target_alias_apart", .forward = {.alias = Alias::kThreeApart},
     .verdict = "pass", .reason = "confirmed", .weight = 30},
    {.word = "odd", .naming = Naming::kOdd, .verdict = "pass", .reason = "confirmed", .weight = 60},
    {.word = "uppercase", .naming = Naming::kUppercase, .least_names = 2, .most_names = 2,
     .verdict = "pass", .reason = "confirmed", .weight = 50},
    {.word = "longest", .naming = Naming::kLongest, .verdict = "pass", .reason = "confirmed", .weight = 20},
    {.word = "single_label", .naming = Naming::kSingleLabel,
     .verdict = "pass", .reason = "confirmed", .weight = 30},

    // Aliases on the reverse path.
    {.word = "alias", .alias = Alias::kOne, .verdict = "pass", .reason = "confirmed", .weight = 150},
    {.word = "alias_apart", .alias = Alias::kOneApart, .verdict = "pass", .reason = "confirmed", .weight = 60},
    {.word = "chain", .alias = Alias::kThree, .verdict = "pass", .reason = "confirmed", .weight = 30},
    {.word = "chain_apart", .alias = Alias::kThreeApart, .verdict = "pass", .reason = "confirmed", .weight = 20},
    {.word = "alias_nxdomain", .reverse = Ending::kNxdomain, .alias = Alias::kOne,
     .verdict = "permerror", .reason = "no_ptr", .weight = 40},
    {.word = "loop", .reverse = Ending::kLoop, .alias = Alias::kOne,
     .verdict = "temperror", .reason = "ptr_error", .weight = 10},
    {.word = "dname", .alias = Alias::kDname, .whole_block = true,
     .verdict = "pass", .reason = "confirmed", .weight = 120},
    {.word = "dname_nxdomain", .reverse = Ending::kNxdomain, .alias = Alias::kDname, .whole_block = true,
     .verdict = "permerror", .reason = "no_ptr", .weight = 80},

    // Names that do not confirm.
    {.word = "mismatch", .forward = kOther, .verdict = "fail", .reason = "forward_mismatch", .weight = 300},
    {.word = "several_mismatch", .least_names = 2, .most_names = 4, .forward = kOther, .which = Which::kOne,
     .others = kMissing, .verdict = "fail", .reason = "forward_mismatch", .weight = 30},
    {.word = "missing", .forward = kMissing, .verdict = "fail", .reason = "forward_missing", .weight = 400},
    {.word = "forward_nodata", .forward = {.ending = Ending::kNodata},
     .verdict = "fail", .reason = "forward_missing", .weight = 100},
    {.word = "target_alias_missing", .forward = {.ending = Ending::kNxdomain, .alias = Alias::kOne},
     .verdict = "fail", .reason = "forward_missing", .weight = 20},
    {.word = "root", .naming = Naming::kRoot, .verdict = "fail", .reason = "unusable_name", .weight = 20},
    {.word = "localhost", .naming = Naming::kLocalhost, .verdict = "fail", .reason = "unusable_name", .weight = 30},
    {.word = "local", .naming = Naming::kLocal, .verdict = "fail", .reason = "unusable_name", .weight = 30},
    {.word = "numeric", .naming = Naming::kNumeric, .verdict = "fail", .reason = "unusable_name", .weight = 20},

    // No PTR.
    {.word = "nxdomain", .reverse = Ending::kNxdomain, .verdict = "permerror", .reason = "no_ptr", .weight = 1900},
    {.word = "nodata", .reverse = Ending::kNodata, .verdict = "permerror", .reason = "no_ptr", .weight = 300},
    {.word = "nodata_bare", .reverse = Ending::kNodataBare,
     .verdict = "permerror", .reason = "no_ptr", .weight = 20},

    // PTR lookups that fail.
    {.word = "silent", .reverse = Ending::kSilent, .verdict = "temperror", .reason = "ptr_timeout", .weight = 5},
    {.word = "servfail", .reverse = Ending::kServfail,
     .verdict = "temperror", .reason = "ptr_servfail", .weight = 10},
    {.word = "servfail_ede", .reverse = Ending::kServfailEde,
     .verdict = "temperror", .reason = "ptr_servfail", .weight = 10},
    {.word = "refused", .reverse = Ending::kRefused, .verdict = "temperror", .reason = "ptr_refused", .weight = 10},
    {.word = "lame", .reverse = Ending::kLame, .verdict = "temperror", .reason = "ptr_lame", .weight = 5},
    {.word = "formerr", .reverse = Ending::kFormerr, .verdict = "temperror", .reason = "ptr_error", .weight = 3},
    {.word = "notimp", .reverse = Ending::kNotimp, .verdict = "temperror", .reason = "ptr_error", .weight = 3},
    {.word = "notauth", .reverse = Ending::kNotauth, .verdict = "temperror", .reason = "ptr_error", .weight = 3},
    {.word = "malformed", .reverse = Ending::kMalformed,
     .verdict = "temperror", .reason = "ptr_error", .weight = 3},
    {.word = "truncated", .reverse = Ending::kTruncated,
     .verdict = "temperror", .reason = "ptr_error", .weight = 3},
    {.word = "blocked", .reverse = Ending::kBlockedNxdomain,
     .verdict = "temperror", .reason = "ptr_error", .weight = 5},
    {.word = "blocked_nodata", .reverse = Ending::kBlockedNodata,
     .verdict = "temperror", .reason = "ptr_error", .weight = 5},

    // Forward lookups that fail.
    {.word = "forward_silent", .forward = {.ending = Ending::kSilent},
     .verdict = "temperror", .reason = "forward_timeout", .weight = 5},
    {.word = "forward_servfail", .forward = kServfail,
     .verdict = "temperror", .reason = "forward_servfail", .weight = 10},
    {.word = "several_transient", .least_names = 2, .most_names = 4, .forward = kServfail, .which = Which::kOne,
     .others = kOther, .verdict = "temperror", .reason = "forward_servfail", .weight = 5},
    {.word = "forward_refused", .forward = {.ending = Ending::kRefused},
     .verdict = "temperror", .reason = "forward_refused", .weight = 5},
    {.word = "forward_lame", .forward = {.ending = Ending::kLame},
     .verdict = "temperror", .reason = "forward_lame", .weight = 5},
    {.word = "forward_formerr", .forward = {.ending = Ending::kFormerr},
     .verdict = "temperror", .reason = "forward_error", .weight = 2},
    {.word = "forward_malformed", .forward = {.ending = Ending::kMalformed},
     .verdict = "temperror", .reason = "forward_error", .weight = 2},
    {.word = "forward_truncated", .forward = {.ending = Ending::kTruncated},
     .verdict = "temperror", .reason = "forward_error", .weight = 2},
    {.word = "forward_loop", .forward = {.ending = Ending::kLoop, .alias = Alias::kOne},
     .verdict = "temperror", .reason = "forward_error", .weight = 2},
    {.word = "forward_blocked", .forward = {.ending = Ending::kBlockedNxdomain},
     .verdict = "temperror", .reason = "forward_error", .weight = 3},
    {.word = "many_unconfirmed", .least_names = 65, .most_names = 80, .which = Which::kBeyond64, .others = kOther,
     .verdict = "temperror", .reason = "forward_error", .weight = 3},
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
