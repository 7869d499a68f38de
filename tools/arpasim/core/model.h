// What the synthetic Internet holds: a pure function of seed, mix and name; nothing is stored.
#ifndef TOOLS_ARPASIM_CORE_MODEL_H_
#define TOOLS_ARPASIM_CORE_MODEL_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "tools/arpasim/core/address.h"
#include "tools/arpasim/core/cases.h"
#include "tools/arpasim/core/hash.h"
#include "tools/arpasim/core/mix.h"
#include "tools/arpasim/core/naming.h"

namespace arpasim {

class Model {
 public:
  // Most addresses of one forward lookup.
  static constexpr size_t kMaxAddresses = 128;
  using AddressList = std::array<Address, kMaxAddresses>;

  Model(uint64_t seed, const Mix& mix);

  const CaseSpec& SpecOf(const Address& address) const;

  // PTR records at the end of the reverse path of an address whose case has them.
  size_t NameCount(const CaseSpec& spec, const Address& address) const;
  // Target `index` of them, in the case in which it is sent.
  void WriteTarget(const CaseSpec& spec, const Address& address, size_t index, Name& out) const;

  // The name at position `step` of the reverse path: 0 is the reverse name itself, AliasCount the end.
  void WriteReverseStep(const CaseSpec& spec, const Address& address, uint8_t step, Name& out) const;
  // The same of the forward path of the first target.
  void WriteForwardStep(const CaseSpec& spec, const Address& address, uint8_t step, Name& out) const;

  // What those names are about.
  static Subject ReverseSubject(const CaseSpec& spec, const Address& address, uint8_t step);
  static Subject ForwardSubject(const CaseSpec& spec, const Address& address, size_t index, uint8_t step);

  // How the lookup of target `index` goes.
  Forward ForwardOf(const CaseSpec& spec, const Address& address, size_t index) const;
  // What it gives when it ends in data; returns how many. Not sorted.
  size_t ForwardAddresses(const CaseSpec& spec, const Address& address, size_t index, AddressList& out) const;
  // The address that stands for the lookup of a target: of a shared name the first of its group.
  Address ForwardKey(const CaseSpec& spec, const Address& address) const;

  // Whether the model has this name, in lower case, whose subject that is and whose subject's case is `spec`.
  bool Exists(const CaseSpec& spec, const Subject& subject, NameView name) const;

  // Seconds. Of the RRset at the end, of the alias at a position, of an SOA and its MINIMUM.
  uint32_t PtrTtl(const Address& address) const { return Ttl(Salt::kPtrTtl, address, 0); }
  uint32_t AliasTtl(const Address& address, uint8_t step) const {
    return Ttl(Salt::kAliasTtl, address, step);
  }
  uint32_t ForwardTtl(const Address& address, size_t index) const {
    return Ttl(Salt::kForwardTtl, address, index);
  }
  uint32_t RealTtl(const Address& address, uint8_t step) const { return Ttl(Salt::kRealTtl, address, step); }
  struct Negative {
    uint32_t soa_ttl;
    uint32_t minimum;
  };
  Negative NegativeOf(const Subject& subject) const;

  // The EDE info-code of the endings that bear one (RFC 8914 section 4).
  uint16_t EdeOf(Ending ending, const Address& address) const;

  uint64_t seed() const { return seed_; }

 private:
  static constexpr size_t kSlots = 8192;  // Draws of a case; every case with a weight has one or more.

  // As zones have them: a round one for the zone, and one record in sixteen has one of its own.
  uint32_t Ttl(Salt salt, const Address& address, size_t index) const;
  uint64_t Shape(const Address& address, uint64_t index = 0) const {
    return Hash(seed_, Salt::kShape, address, index);
  }
  std::string_view ZoneOf(const Address& address) const;
  size_t OneIndex(const CaseSpec& spec, const Address& address) const;

  uint64_t seed_;
  bool any_single_ = false;                 // A case of single addresses has a weight.
  uint64_t block_share_ = 0;                // Of the blocks that are in a case as a whole, of 2^32.
  std::array<uint8_t, kSlots> single_{};    // Cases of single addresses.
  std::array<uint8_t, kSlots> of_block_{};  // Cases of the addresses of such blocks.
};

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_CORE_MODEL_H_
