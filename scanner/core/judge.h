// What to do about a response: the policy of SPEC sections 2 ("Absence") and 3, pure and total.
#ifndef SCANNER_CORE_JUDGE_H_
#define SCANNER_CORE_JUDGE_H_

#include "codec/dns/answer.h"
#include "codec/dns/message.h"
#include "scanner/row/row.h"

namespace scanner {

enum class NextStep : uint8_t {
  kDone,         // The lookup has ended with `status`.
  kFollowAlias,  // Ask for answer.owner.
  kOverTcp,
  kWithoutEdns,  // The server cannot do EDNS (RFC 6891 section 7).
  kNewCookie,    // BADCOOKIE: once more with the cookie that came with it (RFC 7873 section 5.3).
  kDescend,      // A referral: ask the servers of the zone below.
  kElsewhere,    // `status` is a problem: ask another server, later this one again.
};

struct Judgement {
  NextStep step;
  Status status;
  bool filtered =
      false;  // EDE 15 to 18 (RFC 8914 section 4.16 to 4.19): the data or absence is not the zone's.

  friend bool operator==(const Judgement&, const Judgement&) = default;
};

struct QueryManner {
  bool edns;
  bool over_tcp;
  bool iterating = false;  // An authoritative server was asked, not a resolver.
};

// `answer` is Interpret's reading of `message`.
Judgement Judge(const codec::dns::Message& message, const codec::dns::Answer& answer, QueryManner manner);

}  // namespace scanner

#endif  // SCANNER_CORE_JUDGE_H_
