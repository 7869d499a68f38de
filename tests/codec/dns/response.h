// Builds responses octet by octet for tests. Names are not compressed.
#ifndef TESTS_CODEC_DNS_RESPONSE_H_
#define TESTS_CODEC_DNS_RESPONSE_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "codec/dns/message.h"
#include "codec/dns/name.h"
#include "codec/dns/types.h"

namespace codec::dns {

inline std::vector<uint8_t> Octets(std::string_view text) { return {text.begin(), text.end()}; }

// Throws where `text` is no name, which fails the test.
inline std::vector<uint8_t> WireName(std::string_view text) {
  const Name name = ParseName(text).value();
  return {name.view().begin(), name.view().end()};
}

inline void Append(std::vector<uint8_t>& out, std::span<const uint8_t> octets) {
  out.insert(out.end(), octets.begin(), octets.end());
}

inline void Append16(std::vector<uint8_t>& out, uint16_t value) {
  out.push_back(static_cast<uint8_t>(value >> 8));
  out.push_back(static_cast<uint8_t>(value));
}

inline void Append32(std::vector<uint8_t>& out, uint32_t value) {
  Append16(out, static_cast<uint16_t>(value >> 16));
  Append16(out, static_cast<uint16_t>(value));
}

class Response {
 public:
  static constexpr uint16_t kId = 0x1234;
  static constexpr uint16_t kQr = 0x8000;

  // QR is added to `flags`, which end with the RCODE.
  explicit Response(uint16_t flags = 0) : flags_(static_cast<uint16_t>(flags | kQr)) {}

  Response& Question(std::string_view name, Type type, uint16_t klass = kClassIn) {
    Append(question_, WireName(name));
    Append16(question_, static_cast<uint16_t>(type));
    Append16(question_, klass);
    ++questions_;
    return *this;
  }

  Response& Add(Message::Section section, std::string_view owner, Type type, uint32_t ttl,
                std::span<const uint8_t> rdata, uint16_t klass = kClassIn) {
    std::vector<uint8_t>& out = sections_[static_cast<size_t>(section)];
    Append(out, WireName(owner));
    Append16(out, static_cast<uint16_t>(type));
    Append16(out, klass);
    Append32(out, ttl);
    Append16(out, static_cast<uint16_t>(rdata.size()));
    Append(out, rdata);
    ++counts_[static_cast<size_t>(section)];
    return *this;
  }

  // `ttl` holds the upper RCODE bits, the version and the flags.
  Response& Opt(uint32_t ttl, std::span<const uint8_t> options = {}) {
    return Add(Message::Section::kAdditional, ".", Type::kOpt, ttl, options, 1232);
  }

  std::vector<uint8_t> bytes() const {
    std::vector<uint8_t> out;
    Append16(out, kId);
    Append16(out, flags_);
    Append16(out, questions_);
    for (const uint16_t count : counts_) Append16(out, count);
    Append(out, question_);
    for (const std::vector<uint8_t>& section : sections_) Append(out, section);
    return out;
  }

 private:
  uint16_t flags_;
  uint16_t questions_ = 0;
  std::vector<uint8_t> question_;
  std::array<uint16_t, 3> counts_{};
  std::array<std::vector<uint8_t>, 3> sections_;
};

inline std::vector<uint8_t> SoaRdata(std::string_view mname, std::string_view rname, uint32_t minimum) {
  std::vector<uint8_t> out = WireName(mname);
  Append(out, WireName(rname));
  for (const uint32_t field : {1U, 7200U, 900U, 86400U, minimum}) Append32(out, field);
  return out;
}

}  // namespace codec::dns

#endif  // TESTS_CODEC_DNS_RESPONSE_H_
