#include "tools/arpasim/core/model.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <string_view>

namespace arpasim {
namespace {

using std::string_view_literals::operator""sv;

// Every octet that an output could trip over. None begins like a telling label.
constexpr std::string_view kOddLabels[] = {
    "a b"sv,      "dot.ted"sv,  "nul\0byte"sv,   "\xFF\xFE"sv,    "quo\"te'd"sv, "=cmd(1)"sv, "-rf _"sv,
    "<b>&amp;"sv, "back\\"sv,   "semi;comma,"sv, "new\r\nline"sv, "\x1B[31m"sv,  "_dmarc"sv,  "0/25"sv,
    "@at"sv,      "\xC3\xA9"sv, "tab\there"sv,   "+1 plus"sv,     "*"sv,         "\x7F"sv,
};

constexpr std::string_view kLocalZones[] = {"\5local\0"sv, "\5onion\0"sv, "\7invalid\0"sv};

// Cases of `whole_block` to slots, in proportion to their weights and each with at least one.
template <size_t kSlots>
uint64_t FillSlots(const Mix& mix, bool whole_block, std::array<uint8_t, kSlots>& slots) {
  uint64_t total = 0;
  size_t cases = 0;
  for (size_t i = 0; i < Cases().size(); ++i) {
    if (Cases()[i].whole_block != whole_block || mix.weights[i] == 0) continue;
    total += mix.weights[i];
    ++cases;
  }
  if (total == 0) return 0;
  uint64_t so_far = 0;
  size_t slot = 0;
  size_t done = 0;
  for (size_t i = 0; i < Cases().size(); ++i) {
    if (Cases()[i].whole_block != whole_block || mix.weights[i] == 0) continue;
    so_far += mix.weights[i];
    ++done;
    const size_t end = std::max(slot + 1, static_cast<size_t>((kSlots - cases) * so_far / total + done));
    while (slot < end) slots[slot++] = static_cast<uint8_t>(i);
  }
  assert(slot == kSlots);
  return total;
}

void HostLabel(NameBuilder& builder, size_t index, const Address& address) {
  builder.Begin();
  builder.Text("host");
  if (index > 0) builder.TwoDigits(static_cast<uint8_t>(index));
  builder.Octet('-');
  builder.AddressText(address);
  builder.End();
}

// Labels in front of `rest` octets that make a name of 255.
void Padding(NameBuilder& builder, size_t rest) {
  constexpr std::string_view kFill = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
  for (size_t left = codec::dns::kMaxNameOctets - rest; left > 0;) {
    size_t take = std::min<size_t>(left, kFill.size() + 1);
    if (left - take == 1) --take;  // A label takes two octets or more.
    builder.Label(kFill.substr(0, take - 1));
    left -= take;
  }
}

void UpperCase(Name& name, size_t first) {
  for (size_t i = first; i < name.length; ++i) {
    uint8_t& octet = name.octets[i];
    if (octet >= 'a' && octet <= 'z') octet = static_cast<uint8_t>(octet - 'a' + 'A');
  }
}

bool SameLowered(NameView lowered, Name& name) {
  if (lowered.size() != name.length) return false;
  for (size_t i = 0; i < lowered.size(); ++i) {
    const uint8_t octet = name.octets[i];
    const auto low = octet >= 'A' && octet <= 'Z' ? static_cast<uint8_t>(octet - 'A' + 'a') : octet;
    if (low != lowered[i]) return false;
  }
  return true;
}

Address Neighbour(Address address, uint64_t distance) {
  address.low ^= distance << 8;
  return address;
}

}  // namespace

Model::Model(uint64_t seed, const Mix& mix) : seed_(Mix64(seed)) {
  const uint64_t single = FillSlots(mix, false, single_);
  const uint64_t whole = FillSlots(mix, true, of_block_);
  any_single_ = single > 0;
  block_share_ = single + whole == 0 ? 0 : (whole << 32) / (single + whole);
}

const CaseSpec& Model::SpecOf(const Address& address) const {
  const size_t slot = Hash(seed_, Salt::kCase, address) % kSlots;
  if (block_share_ > 0) {
    const uint64_t draw = Hash(seed_, Salt::kBlock, BlockOf(address)) >> 32;
    if (!any_single_ || draw < block_share_) return Cases()[of_block_[slot]];
  }
  return Cases()[single_[slot]];
}

std::string_view Model::ZoneOf(const Address& address) const {
  Address network = address;
  network.low = address.v6 ? 0 : address.low & ~uint64_t{0xFF};
  return HostZone(Hash(seed_, Salt::kSuffix, network));
}

size_t Model::NameCount(const CaseSpec& spec, const Address& address) const {
  if (spec.least_names == spec.most_names) return spec.least_names;
  return spec.least_names + Shape(address) % (1U + spec.most_names - spec.least_names);
}

void Model::WriteTarget(const CaseSpec& spec, const Address& address, size_t index, Name& out) const {
  NameBuilder builder(out);
  const std::string_view zone = ZoneOf(address);
  switch (spec.naming) {
    case Naming::kPlain:
      HostLabel(builder, index, address);
      builder.Wire(zone);
      return;
    case Naming::kOdd:
      builder.Label(kOddLabels[Shape(address) % std::size(kOddLabels)]);
      HostLabel(builder, index, address);
      builder.Wire(zone);
      return;
    case Naming::kUppercase:
      HostLabel(builder, 0, address);
      builder.Wire(zone);
      UpperCase(out, index == 0 ? 1 : 1 + out.octets[0]);
      return;
    case Naming::kLongest: {
      Name label;
      NameBuilder measure(label);
      HostLabel(measure, index, address);
      Padding(builder, label.length + zone.size());
      HostLabel(builder, index, address);
      builder.Wire(zone);
      return;
    }
    case Naming::kSingleLabel:
      HostLabel(builder, index, address);
      builder.Wire(kRootZone);
      return;
    case Naming::kShared:
      builder.Begin();
      builder.Text("gw-");
      builder.AddressText(GroupOf(address));
      builder.End();
      builder.Wire(zone);
      return;
    case Naming::kRoot:
      builder.Wire(kRootZone);
      return;
    case Naming::kLocalhost:
      if (Shape(address) % 2 == 0) HostLabel(builder, index, address);
      builder.Wire("\11localhost\0"sv);
      return;
    case Naming::kLocal:
      HostLabel(builder, index, address);
      builder.Wire(kLocalZones[Shape(address) % std::size(kLocalZones)]);
      return;
    case Naming::kNumeric:
      HostLabel(builder, index, address);
      builder.Begin();
      builder.Decimal(static_cast<uint8_t>(Shape(address)));
      builder.End();
      builder.Wire(kRootZone);
      return;
  }
}

void Model::WriteReverseStep(const CaseSpec& spec, const Address& address, uint8_t step, Name& out) const {
  if (step == 0) {
    WriteReverse(address, out);
  } else if (spec.alias == Alias::kDname) {
    WriteDnameTarget(address, out);
  } else {
    WriteAlias(address, step, out);
  }
}

void Model::WriteForwardStep(const CaseSpec& spec, const Address& address, uint8_t step, Name& out) const {
  if (step == 0) {
    WriteTarget(spec, address, 0, out);
  } else {
    WriteReal(address, step, ZoneOf(address), out);
  }
}

Subject Model::ReverseSubject(const CaseSpec& spec, const Address& address, uint8_t step) {
  if (step == 0) return {.kind = Subject::Kind::kReverse, .address = address};
  if (spec.alias == Alias::kDname) return {.kind = Subject::Kind::kDnamed, .address = address};
  return {.kind = Subject::Kind::kAlias, .index = step, .address = address};
}

Subject Model::ForwardSubject(const CaseSpec& spec, const Address& address, size_t index, uint8_t step) {
  if (spec.naming == Naming::kShared) return {.kind = Subject::Kind::kShared, .address = GroupOf(address)};
  if (step > 0) return {.kind = Subject::Kind::kReal, .index = step, .address = address};
  return {.kind = Subject::Kind::kHost, .index = static_cast<uint8_t>(index), .address = address};
}

size_t Model::OneIndex(const CaseSpec& spec, const Address& address) const {
  return Shape(address, 1) % std::min<size_t>(NameCount(spec, address), 64);
}

Forward Model::ForwardOf(const CaseSpec& spec, const Address& address, size_t index) const {
  switch (spec.which) {
    case Which::kAll:
      return spec.forward;
    case Which::kOne:
      return index == OneIndex(spec, address) ? spec.forward : spec.others;
    case Which::kBeyond64:
      return index >= 64 ? spec.forward : spec.others;
  }
  return spec.forward;
}

Address Model::ForwardKey(const CaseSpec& spec, const Address& address) const {
  return spec.naming == Naming::kShared ? GroupOf(address) : address;
}

size_t Model::ForwardAddresses(const CaseSpec& spec, const Address& address, size_t index,
                               AddressList& out) const {
  if (spec.naming == Naming::kShared) {
    for (size_t i = 0; i < 8; ++i) {
      out[i] = GroupOf(address);
      out[i].low += i;
    }
    return 8;
  }
  const uint64_t draw = Hash(seed_, Salt::kAddress, address, index);
  size_t more = 0;
  switch (ForwardOf(spec, address, index).addresses) {
    case Addresses::kOwn:
      out[0] = address;
      return 1;
    case Addresses::kOther:
      out[0] = Neighbour(address, 1 + draw % 255);
      return 1;
    case Addresses::kOwnAndPrivate:
      out[0] = address.v6 ? Address{.v6 = true, .high = 0xFD00ULL << 48 | draw >> 16, .low = draw}
                          : Address{.low = 0x0A000000 | (draw & 0xFFFFFF)};
      out[1] = address;
      return 2;
    case Addresses::kOwnAndMore:
      more = 1 + draw % 4;
      break;
    case Addresses::kOwnAndMany:
      more = 100 + draw % 20;
      break;
  }
  for (size_t i = 0; i <= more; ++i) out[i] = Neighbour(address, i);
  std::swap(out[0], out[(draw >> 32) % (more + 1)]);
  return more + 1;
}

bool Model::Exists(const CaseSpec& spec, const Subject& subject, NameView name) const {
  Name expected;
  switch (subject.kind) {
    case Subject::Kind::kUnknown:
      return name.size() == 1;  // The root.
    case Subject::Kind::kInner:
    case Subject::Kind::kReverse:
      return true;
    case Subject::Kind::kAlias:
    case Subject::Kind::kDnamed: {
      const uint8_t step = subject.kind == Subject::Kind::kDnamed ? 1 : subject.index;
      if (step < 1 || step > AliasCount(spec.alias)) return false;
      WriteReverseStep(spec, subject.address, step, expected);
      break;
    }
    case Subject::Kind::kHost:
      if (spec.reverse != Ending::kData || subject.index >= NameCount(spec, subject.address)) return false;
      WriteTarget(spec, subject.address, subject.index, expected);
      break;
    case Subject::Kind::kReal:
      if (spec.reverse != Ending::kData || subject.index < 1 ||
          subject.index > AliasCount(ForwardOf(spec, subject.address, 0).alias)) {
        return false;
      }
      WriteForwardStep(spec, subject.address, subject.index, expected);
      break;
    case Subject::Kind::kShared: {
      NameBuilder builder(expected);
      builder.Begin();
      builder.Text("gw-");
      builder.AddressText(GroupOf(subject.address));
      builder.End();
      builder.Wire(ZoneOf(subject.address));
      break;
    }
  }
  return SameLowered(name, expected);
}

uint32_t Model::Ttl(Salt salt, const Address& address, size_t index) const {
  static constexpr std::array<uint32_t, 8> kOfZones = {300, 900, 1800, 3600, 7200, 14'400, 43'200, 86'400};
  const uint64_t own = Hash(seed_, salt, address, index);
  if (own % 16 == 0) return static_cast<uint32_t>(60 + (own >> 8) % 86'341);
  return kOfZones[Hash(seed_, salt, BlockOf(address)) % kOfZones.size()];
}

// An SOA is the zone's: one for a block of addresses, and one for the names of each kind of them.
Model::Negative Model::NegativeOf(const Subject& subject) const {
  const uint64_t draw =
      Hash(seed_, Salt::kSoa, BlockOf(subject.address), static_cast<uint64_t>(subject.kind));
  const auto larger = static_cast<uint32_t>(3600 + draw % 82'800);
  const auto smaller = static_cast<uint32_t>(60 + (draw >> 32) % 3500);
  return draw >> 63 ? Negative{.soa_ttl = larger, .minimum = smaller}
                    : Negative{.soa_ttl = smaller, .minimum = larger};
}

uint16_t Model::EdeOf(Ending ending, const Address& address) const {
  if (ending == Ending::kServfailEde) return 22;  // No Reachable Authority.
  return static_cast<uint16_t>(15 + Shape(address, 2) % 4);
}

}  // namespace arpasim
