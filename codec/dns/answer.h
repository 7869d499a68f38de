// What a response says to one question: follows its aliases and finds the data, or the kind of its absence.
#ifndef CODEC_DNS_ANSWER_H_
#define CODEC_DNS_ANSWER_H_

#include <cstdint>
#include <optional>

#include "codec/dns/message.h"
#include "codec/dns/name.h"
#include "codec/dns/types.h"

namespace codec::dns {

enum class AnswerKind : uint8_t {
  kData,       // At least one record of the type at the end of the aliases.
  kAlias,      // Aliases that end outside what this response tells: ask for `owner` next.
  kNxdomain,   // Of `owner`, the end of the aliases (RFC 6604).
  kNodata,     // The same; NOERROR with an SOA, or with neither SOA nor NS (RFC 2308 section 2.2).
  kReferral,   // NS without SOA in the authority section and no data.
  kError,      // Any other RCODE.
  kTruncated,  // TC: ask again over TCP.
  kLoop,       // Aliases that come back to a name already seen.
  kTooLong,    // More than kMaxAliases aliases, or a DNAME that makes a name of more than 255 octets
               // (YXDOMAIN).
  kMalformed,  // Records that belong to the answer cannot be read; `fault` says why.
};

struct Answer {
  static constexpr size_t kMaxAliases = 16;  // In one response.

  AnswerKind kind = AnswerKind::kMalformed;
  ParseError fault = ParseError::kNone;
  Name owner;            // The end of the aliases; the question's name without any.
  uint8_t aliases = 0;   // How many were followed, each DNAME with its CNAME as one.
  uint16_t records = 0;  // kData: how many records of the type `owner` has.
  Record first{};        // kData: the first of them.
  uint32_t ttl = 0;      // Seconds: lowest over aliases and data; negative: also min(SOA TTL, MINIMUM).
  bool has_ttl = false;  // A negative answer without SOA and aliases has none.
  bool has_zone = false;
  Name zone;  // Owner of the SOA of a negative answer.
};

// Reads what `message` says to (`name`, `type`). Neither allocates nor throws. The caller decides about AA,
// RA, EDE, and reads the RDATA of the data. Data counts whatever the RCODE says beside it, NOERROR or
// NXDOMAIN. Of a negative answer only an SOA at `owner` or above it counts; another zone's SOA says nothing
// of this name. Aliases are followed inside `zone` only, where there is one: what the server of one zone says
// of another is not believed (RFC 5452 section 6), and the answer is kAlias.
void Interpret(const Message& message, NameView name, Type type, Answer& out, NameView zone = {});

// Walks the records of the data: type, class IN, owned by answer.owner.
class DataCursor {
 public:
  DataCursor(const Message& message, const Answer& answer, Type type);
  bool Next(Record& out);

 private:
  const Message& message_;
  const Answer& answer_;
  Message::Cursor cursor_;
  Type type_;
  uint16_t left_;  // Records still to come.
};

}  // namespace codec::dns

#endif  // CODEC_DNS_ANSWER_H_
