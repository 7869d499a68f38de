// Feeds arbitrary octets to everything in codec/dns that reads them, and checks what must hold of the
// outcome.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "codec/dns/answer.h"
#include "codec/dns/edns.h"
#include "codec/dns/message.h"
#include "codec/dns/name.h"
#include "codec/dns/reverse_name.h"

namespace codec::dns {
namespace {

void Require(bool holds, const char* what) {
  if (holds) return;
  static_cast<void>(std::fprintf(stderr, "does not hold: %s\n", what));
  std::abort();
}

bool IsOutputCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '/' || c == '.' || c == '\\';
}

void CheckReverseName(NameView name) {
  const std::optional<ReverseAddress> address = ReadReverseName(name);
  if (!address.has_value()) return;
  std::array<uint8_t, kMaxReverseNameOctets> written;
  const size_t length = WriteReverseName(std::span(address->octets).first(address->length), written);
  Require(EqualNames(std::span(written).first(length), name), "a reverse name reads back");
}

void CheckName(NameView name) {
  Require(!name.empty() && name.size() <= kMaxNameOctets && name.back() == 0, "a name is 1 to 255 octets");
  const std::string text = ToString(name);
  Require(!text.empty() && text.size() <= kMaxPresentationLength && text[0] != '-', "text is bounded");
  Require(std::all_of(text.begin(), text.end(), IsOutputCharacter), "text has safe characters only");
  const std::optional<Name> back = ParseName(text);
  Require(back.has_value() && std::equal(name.begin(), name.end(), back->view().begin(), back->view().end()),
          "text reads back");
  Name lower = *back;
  LowerCase(lower);
  Require(EqualNames(lower.view(), name) && IsSubdomain(lower.view(), name), "case does not matter");
  CheckReverseName(name);
}

// A name in a message, if it can be read there.
void CheckNameAt(std::span<const uint8_t> bytes, size_t offset) {
  Name name;
  size_t end = offset;
  size_t skipped = offset;
  const ParseError fault = ReadName(bytes, end, name);
  const ParseError skip_fault = SkipName(bytes, skipped);
  if (fault != ParseError::kNone) {
    Require(end == offset, "a bad name does not move the offset");
    return;
  }
  Require(skip_fault == ParseError::kNone && skipped == end && end <= bytes.size(),
          "skipping ends where reading does");
  Require(NameEquals(bytes, offset, name.view()), "a name equals itself");
  CheckName(name.view());
}

void CheckRecord(const Message& message, const Record& record) {
  Require(record.type != Type::kOpt, "OPT is left out");
  Require(record.ttl <= INT32_MAX, "the TTL has 31 bits");
  Require(record.owner < record.rdata && record.rdata + size_t{record.rdata_length} <= message.bytes().size(),
          "a record lies in the message");
  CheckNameAt(message.bytes(), record.owner);
  Name target;
  if (message.ReadTarget(record, target) == ParseError::kNone) CheckName(target.view());
  Message::Soa soa;
  if (message.ReadSoa(record, soa) == ParseError::kNone) {
    CheckName(soa.mname.view());
    CheckName(soa.rname.view());
  }
}

void CheckRecords(const Message& message) {
  for (const Message::Section section :
       {Message::Section::kAnswer, Message::Section::kAuthority, Message::Section::kAdditional}) {
    uint16_t walked = 0;
    Record record;
    for (Message::Cursor cursor = message.records(section); cursor.Next(record); ++walked)
      CheckRecord(message, record);
    Require(walked == message.count(section), "every record counted is walked");
  }
}

void CheckAnswer(const Message& message, NameView question, Type type) {
  Answer answer;
  Interpret(message, question, type, answer);
  CheckName(answer.owner.view());
  Require(answer.aliases <= Answer::kMaxAliases, "aliases are bounded");
  Require((answer.kind == AnswerKind::kMalformed) == (answer.fault != ParseError::kNone), "a fault is told");
  Require((answer.kind == AnswerKind::kData) == (answer.records > 0), "data has records");
  Require(answer.kind != AnswerKind::kAlias || answer.aliases > 0, "an alias was followed");
  Require(answer.aliases > 0 || answer.kind == AnswerKind::kMalformed ||
              EqualNames(answer.owner.view(), question),
          "without aliases the owner is the question's name");
  if (answer.has_zone) {
    CheckName(answer.zone.view());
    Require(IsSubdomain(answer.owner.view(), answer.zone.view()), "the zone is that of the owner");
  }
  const bool decided = message.rcode() == Rcode::kNoError || message.rcode() == Rcode::kNxdomain;
  Require(decided || answer.kind == AnswerKind::kError || answer.kind == AnswerKind::kTooLong,
          "an error is no absence");
  Require(!decided || !message.truncated() || answer.kind == AnswerKind::kTruncated, "TC is no absence");
  uint16_t walked = 0;
  Record record;
  for (DataCursor data(message, answer, type); answer.kind == AnswerKind::kData && data.Next(record);)
    ++walked;
  Require(walked == answer.records, "data is walked as it was counted");
}

void CheckMessage(std::span<const uint8_t> bytes) {
  Message message;
  const ParseError fault = Message::Parse(bytes, message);
  Require(static_cast<size_t>(fault) < kParseErrors, "a fault is one of the list");
  Require((Message::PeekId(bytes).has_value()) == (bytes.size() >= 2), "an id takes two octets");
  if (fault != ParseError::kNone) return;
  Require(message.id() == Message::PeekId(bytes), "the id is the first two octets");
  CheckRecords(message);
  if (message.edns().has_value()) {
    const size_t cookie = message.edns()->cookie.size();
    Require(cookie == 0 || cookie == 8 || (cookie >= 16 && cookie <= 40),
            "a cookie has a length of RFC 7873");
  }
  Name question;
  size_t offset = 12;
  if (message.has_question() && ReadName(bytes, offset, question) == ParseError::kNone) {
    const auto type = static_cast<Type>(bytes[offset] << 8 | bytes[offset + 1]);
    const bool is_in = bytes[offset + 2] == 0 && bytes[offset + 3] == kClassIn;
    Require(message.QuestionIs(question.view(), type) == is_in, "the question is itself");
    for (const Type asked : {type, Type::kPtr, Type::kA, Type::kCname})
      CheckAnswer(message, question.view(), asked);
  }
  for (const std::string_view name : {"4.3.2.1.in-addr.arpa", "q.test", "."}) {
    CheckAnswer(message, ParseName(name).value().view(), Type::kPtr);
  }
}

void CheckText(std::string_view text) {
  const std::optional<Name> name = ParseName(text);
  if (name.has_value()) CheckName(name->view());
}

}  // namespace
}  // namespace codec::dns

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace codec::dns;
  const std::span<const uint8_t> bytes(data, size);
  CheckMessage(bytes);
  CheckNameAt(bytes, 0);
  CheckNameAt(bytes, size / 2);
  CheckText({reinterpret_cast<const char*>(data), std::min<size_t>(size, kMaxPresentationLength)});
  Edns edns{};
  static_cast<void>(ReadOptions(bytes, edns));
  return 0;
}
