// Writes one response, record after record, and cuts it where a datagram must end.
#ifndef TOOLS_ARPASIM_CORE_RESPONSE_WRITER_H_
#define TOOLS_ARPASIM_CORE_RESPONSE_WRITER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "codec/dns/types.h"
#include "tools/arpasim/core/naming.h"
#include "tools/arpasim/core/query_view.h"

namespace arpasim {

class ResponseWriter {
 public:
  // Every response fits; TCP's limit is four times this.
  static constexpr size_t kMaxOctets = 16'384;
  static constexpr uint16_t kQuestion = 12;  // Offset of the name of the question.

  // `out` has room for kMaxOctets.
  ResponseWriter(const QueryView& query, uint8_t* out);

  // The options that OPT will have; without a call there is no OPT.
  struct Opt {
    uint16_t udp_size = 1232;
    uint8_t extended_rcode = 0;
    std::span<const uint8_t> cookie = {};
    uint16_t ede = kNoEde;
    static constexpr uint16_t kNoEde = 0xFFFF;
  };
  void SetOpt(const Opt& opt);

  enum class Section : uint8_t { kAnswer, kAuthority };

  // A record whose RDATA is a name. Returns the offset of that name.
  uint16_t NameRecord(Section section, uint16_t owner, codec::dns::Type type, uint32_t ttl, NameView target);
  // The same; the last `shared` octets of the target are those at offset `suffix`.
  void CompressedNameRecord(uint16_t owner, codec::dns::Type type, uint32_t ttl, NameView target,
                            size_t shared, uint16_t suffix);
  void DataRecord(uint16_t owner, codec::dns::Type type, uint32_t ttl, std::span<const uint8_t> rdata);
  // An SOA in the authority section.
  void Soa(uint16_t owner, uint32_t ttl, uint32_t minimum);
  // NS of the root in the authority section.
  void Referral();

  struct Flags {
    bool authoritative = false;
    bool recursion_available = false;
    uint8_t rcode = 0;  // The lower four bits.
  };
  // Ends the response and returns its length. When it is longer than `limit`, TC is set and, with
  // `keep_partial`, the whole records that fit stay.
  size_t Finish(const Flags& flags, size_t limit, bool keep_partial);

 private:
  void BeginRecord(uint16_t owner_pointer, codec::dns::Type type, uint32_t ttl);
  void EndRecord(Section section);
  void Put8(uint8_t value) { out_[at_++] = value; }
  void Put16(uint16_t value) {
    out_[at_] = static_cast<uint8_t>(value >> 8);
    out_[at_ + 1] = static_cast<uint8_t>(value);
    at_ += 2;
  }
  void Put32(uint32_t value) {
    Put16(static_cast<uint16_t>(value >> 16));
    Put16(static_cast<uint16_t>(value));
  }
  void Put(std::span<const uint8_t> octets) {
    std::memcpy(out_ + at_, octets.data(), octets.size());
    at_ += octets.size();
  }

  uint8_t* out_;
  size_t at_;
  size_t question_end_;
  size_t rdata_ = 0;  // Of the record that is being written.
  std::array<uint16_t, 2> counts_{};
  struct Whole {
    uint16_t end;
    std::array<uint16_t, 2> counts;
  };
  std::array<Whole, 16> whole_{};  // Where the first records end.
  size_t wholes_ = 0;
  std::array<uint8_t, 80> opt_;
  size_t opt_length_ = 0;
};

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_CORE_RESPONSE_WRITER_H_
