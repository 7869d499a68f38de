// A lazy view of a response: Parse checks the lengths of everything once, copies and allocates nothing, and a
// record whose RDATA is bad leaves the others readable.
#ifndef CODEC_DNS_MESSAGE_H_
#define CODEC_DNS_MESSAGE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "codec/dns/edns.h"
#include "codec/dns/name.h"
#include "codec/dns/record.h"
#include "codec/dns/types.h"

namespace codec::dns {

class Message {
 public:
  // `bytes` must outlive the Message. On an error nothing but the header fields that could be read is valid.
  // A response whose TC bit is set may end anywhere after its question: what is whole is kept (RFC 2181
  // section 9).
  static ParseError Parse(std::span<const uint8_t> bytes, Message& out);

  // The id of any datagram of at least two octets; for matching before Parse.
  static std::optional<uint16_t> PeekId(std::span<const uint8_t> bytes);

  uint16_t id() const { return id_; }
  bool authoritative() const { return flags_ & 0x0400; }        // AA
  bool truncated() const { return flags_ & 0x0200; }            // TC
  bool recursion_available() const { return flags_ & 0x0080; }  // RA
  bool authenticated() const { return flags_ & 0x0020; }        // AD, RFC 4035 section 3.2.3
  Rcode rcode() const { return rcode_; }                        // With the eight upper bits of OPT.

  bool has_question() const { return has_question_; }
  // Whether the question is exactly this, the name's letters in any case.
  bool QuestionIs(NameView name, Type type) const;
  // Whether also the case of the letters is that of `name`, which QuestionIs has found equal.
  bool QuestionCaseIs(NameView name) const;

  enum class Section : uint8_t { kAnswer, kAuthority, kAdditional };
  uint16_t count(Section section) const { return counts_[static_cast<size_t>(section)]; }

  // Walks the records of one section; OPT is left out.
  class Cursor {
   public:
    bool Next(Record& out) {
      if (left_ == 0) return false;
      do {
        // Cannot fail: Parse has read the same octets, and counted them.
        if (ReadRecord(message_->bytes_, offset_, out) != ParseError::kNone) return false;
      } while (out.type == Type::kOpt);
      --left_;
      if (out.ttl > INT32_MAX) out.ttl = 0;
      return true;
    }

   private:
    friend class Message;
    const Message* message_ = nullptr;
    size_t offset_ = 0;
    uint16_t left_ = 0;
  };
  Cursor records(Section section) const;

  const std::optional<Edns>& edns() const { return edns_; }
  std::span<const uint8_t> bytes() const { return bytes_; }
  std::span<const uint8_t> rdata(const Record& record) const {
    return bytes_.subspan(record.rdata, record.rdata_length);
  }

  // The name that is the RDATA of a PTR, CNAME, DNAME or NS record, nothing more and nothing less.
  ParseError ReadTarget(const Record& record, Name& out) const;

  // The seven fields of an SOA, nothing more and nothing less.
  struct Soa {
    Name mname;
    Name rname;
    uint32_t serial, refresh, retry, expire, minimum;
  };
  ParseError ReadSoa(const Record& record, Soa& out) const;

 private:
  ParseError ParseRecords(size_t offset);

  std::span<const uint8_t> bytes_;
  std::optional<Edns> edns_;
  uint16_t id_ = 0;
  uint16_t flags_ = 0;
  Rcode rcode_{};
  std::array<uint16_t, 3> counts_{};   // Records that can be read; OPT not counted.
  std::array<uint16_t, 3> offsets_{};  // Where each section begins.
  uint16_t question_end_ = 0;
  bool has_question_ = false;
};

}  // namespace codec::dns

#endif  // CODEC_DNS_MESSAGE_H_
