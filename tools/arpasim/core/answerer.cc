#include "tools/arpasim/core/answerer.h"

#include <algorithm>

namespace arpasim {
namespace {

using codec::dns::Rcode;
using codec::dns::Type;
using Section = ResponseWriter::Section;

constexpr size_t kClientCookieOctets = 8;
constexpr size_t kServerCookieOctets = 16;
using Cookie = std::array<uint8_t, kClientCookieOctets + kServerCookieOctets>;

// The layout of RFC 9018 section 4.1, its timestamp 0, so that it is a pure function too.
Cookie MakeCookie(uint64_t seed, std::span<const uint8_t> client, const Source& source) {
  Cookie cookie{};
  std::copy_n(client.begin(), kClientCookieOctets, cookie.begin());
  cookie[kClientCookieOctets] = 1;
  uint64_t hash = HashOctets(seed ^ static_cast<uint64_t>(Salt::kCookie), client.first(kClientCookieOctets));
  hash = HashOctets(hash, source.address);
  std::memcpy(cookie.data() + kClientCookieOctets + 8, &hash, sizeof hash);
  return cookie;
}

// Fits the header: all are below 16.
uint8_t RcodeOf(Ending ending) {
  constexpr uint8_t kNotauth = 9;  // RFC 2136 section 2.2.
  const auto number = [](Rcode rcode) { return static_cast<uint8_t>(rcode); };
  switch (ending) {
    case Ending::kNxdomain:
    case Ending::kBlockedNxdomain:
      return number(Rcode::kNxdomain);
    case Ending::kServfail:
    case Ending::kServfailEde:
      return number(Rcode::kServfail);
    case Ending::kRefused:
      return number(Rcode::kRefused);
    case Ending::kFormerr:
      return number(Rcode::kFormerr);
    case Ending::kNotimp:
      return number(Rcode::kNotimp);
    case Ending::kNotauth:
      return kNotauth;
    case Ending::kData:
    case Ending::kNodata:
    case Ending::kNodataBare:
    case Ending::kBlockedNodata:
    case Ending::kSilent:
    case Ending::kLame:
    case Ending::kMalformed:
    case Ending::kTruncated:
    case Ending::kLoop:
      return number(Rcode::kNoError);
  }
  return number(Rcode::kNoError);
}

bool IsFailure(uint8_t rcode) {
  return rcode != static_cast<uint8_t>(Rcode::kNoError) && rcode != static_cast<uint8_t>(Rcode::kNxdomain);
}

bool BearsEde(Ending ending) {
  return ending == Ending::kServfailEde || ending == Ending::kBlockedNxdomain ||
         ending == Ending::kBlockedNodata;
}

}  // namespace

// Where a question stands on its way: what it is about, and what is left of its aliases.
struct Answerer::Path {
  Subject subject;
  const CaseSpec* spec;
  bool reverse;  // Else forward.
  Ending ending = Ending::kNxdomain;
  Alias alias = Alias::kNone;
  uint8_t step = 0;  // Aliases behind us.

  uint8_t steps() const { return AliasCount(alias); }
  bool complete() const { return step == steps(); }
};

size_t ServerOptions::UdpLimit(bool query_edns, uint16_t edns_size) const {
  if (!query_edns || edns != EdnsManner::kSupported) return 512;
  return std::min(std::max<uint16_t>(edns_size, 512), max_udp);
}

Answerer::Answerer(const Model& model, const ServerOptions& options) : model_(model), options_(options) {}

size_t Answerer::Own(const QueryView& query, const Source& source, Rcode rcode, bool truncated,
                     uint8_t* out) const {
  if (query.cookie.empty() || options_.cookies == CookieManner::kOff)
    return Bare(query, rcode, truncated, out);
  return Bare(query, rcode, truncated, MakeCookie(model_.seed(), query.cookie, source), out);
}

size_t Answerer::Bare(const QueryView& query, Rcode rcode, bool truncated, std::span<const uint8_t> cookie,
                      uint8_t* out) const {
  ResponseWriter writer(query, out);
  if (query.edns && options_.edns == EdnsManner::kSupported) {
    writer.SetOpt({.udp_size = options_.max_udp,
                   .extended_rcode = static_cast<uint8_t>(static_cast<uint16_t>(rcode) >> 4),
                   .cookie = cookie});
  }
  const ResponseWriter::Flags flags{
      .recursion_available = options_.recursion_available && query.recursion_desired,
      .rcode = static_cast<uint8_t>(static_cast<uint16_t>(rcode) & 0xF)};
  return writer.Finish(flags, truncated ? 0 : ResponseWriter::kMaxOctets, false);
}

size_t Answerer::Answer(const QueryView& query, Via via, const Source& source, uint8_t* out) const {
  switch (query.kind) {
    case QueryView::Kind::kIgnored:
      return 0;
    case QueryView::Kind::kFormerr:
      return Bare(query, Rcode::kFormerr, false, out);
    case QueryView::Kind::kNotimp:
      return Bare(query, Rcode::kNotimp, false, out);
    case QueryView::Kind::kQuestion:
      break;
  }
  if (query.edns) {
    switch (options_.edns) {
      case EdnsManner::kSupported:
        if (query.edns_version > 0) return Bare(query, Rcode::kBadvers, false, out);
        break;
      case EdnsManner::kFormerr:
        return Bare(query, Rcode::kFormerr, false, out);
      case EdnsManner::kFormerrEmpty: {
        QueryView headless = query;
        headless.question = {};
        return Bare(headless, Rcode::kFormerr, false, out);
      }
      case EdnsManner::kNotimp:
        return Bare(query, Rcode::kNotimp, false, out);
      case EdnsManner::kBadvers: {
        ResponseWriter writer(query, out);
        writer.SetOpt({.udp_size = options_.max_udp, .extended_rcode = 1});
        return writer.Finish({}, ResponseWriter::kMaxOctets, false);
      }
      case EdnsManner::kIgnored:
        break;
    }
  }
  if (query.klass != codec::dns::kClassIn) return Bare(query, Rcode::kRefused, false, out);
  const bool cookies = options_.cookies != CookieManner::kOff && options_.edns == EdnsManner::kSupported;
  if (query.cookie.empty() || !cookies) {
    return AnswerQuestion(query, via, {}, out);
  }
  const Cookie cookie = MakeCookie(model_.seed(), query.cookie, source);
  if (options_.cookies == CookieManner::kEnforced && via == Via::kUdp &&
      !std::equal(query.cookie.begin(), query.cookie.end(), cookie.begin(), cookie.end())) {
    ResponseWriter writer(query, out);
    writer.SetOpt({.udp_size = options_.max_udp, .extended_rcode = 1, .cookie = cookie});  // 23 is 1, 7.
    return writer.Finish({.rcode = 7}, ResponseWriter::kMaxOctets, false);
  }
  return AnswerQuestion(query, via, cookie, out);
}

size_t Answerer::AnswerQuestion(const QueryView& query, Via via, std::span<const uint8_t> cookie,
                                uint8_t* out) const {
  const Subject subject = ReadSubject(query.name.view());
  Path path{.subject = subject, .spec = &model_.SpecOf(subject.address), .reverse = true};
  Type data_type = Type::kPtr;
  const bool exists = model_.Exists(*path.spec, subject, query.name.view());
  if (exists) {
    switch (subject.kind) {
      case Subject::Kind::kUnknown:
      case Subject::Kind::kInner:
        path.ending = Ending::kNodata;
        break;
      case Subject::Kind::kReverse:
      case Subject::Kind::kAlias:
      case Subject::Kind::kDnamed:
        path.ending = path.spec->reverse;
        path.alias = path.spec->alias;
        path.step = subject.kind == Subject::Kind::kDnamed ? 1 : subject.index;
        break;
      case Subject::Kind::kHost:
      case Subject::Kind::kReal: {
        path.reverse = false;
        const bool host = subject.kind == Subject::Kind::kHost;
        const Forward forward = model_.ForwardOf(*path.spec, subject.address, host ? subject.index : 0);
        path.ending = forward.ending;
        path.alias = forward.alias;
        path.step = host ? 0 : subject.index;
        break;
      }
      case Subject::Kind::kShared:
        path.reverse = false;
        path.ending = Ending::kData;
        break;
    }
  }
  if (!path.reverse) data_type = subject.address.v6 ? Type::kAaaa : Type::kA;
  if (path.ending == Ending::kData && query.type != data_type) path.ending = Ending::kNodata;
  if (path.ending == Ending::kSilent) return 0;
  if (path.ending == Ending::kTruncated)
    return via == Via::kTcp ? 0 : Bare(query, Rcode::kNoError, true, out);

  ResponseWriter writer(query, out);
  const bool opt = query.edns && options_.edns == EdnsManner::kSupported;
  if (opt) {
    writer.SetOpt({.udp_size = options_.max_udp,
                   .cookie = cookie,
                   .ede = BearsEde(path.ending) ? model_.EdeOf(path.ending, subject.address)
                                                : ResponseWriter::Opt::kNoEde});
  }
  const uint8_t rcode = RcodeOf(path.ending);
  ResponseWriter::Flags flags{.authoritative = options_.authoritative && !IsFailure(rcode),
                              .recursion_available = options_.recursion_available && query.recursion_desired,
                              .rcode = rcode};
  if (path.ending == Ending::kLame) {
    writer.Referral();
    flags = {};
  } else if (!IsFailure(rcode)) {
    Name owner = query.name;
    const uint16_t offset = PutAliases(path, owner, writer);
    if (!path.complete()) {
      flags.rcode = 0;  // Apart: this zone knows no more than the alias.
    } else if (path.ending == Ending::kData) {
      path.reverse ? PutPtrs(path, offset, writer) : PutAddresses(path, offset, writer);
    } else if (path.ending == Ending::kMalformed) {
      constexpr std::array<uint8_t, 3> kBad = {0xFF, 0xFF, 0xFF};  // Neither a name nor an address.
      writer.DataRecord(offset, data_type, model_.PtrTtl(subject.address), kBad);
    } else if (path.ending != Ending::kLoop) {
      PutNegative(path, owner.view(), offset, writer);
    }
  }
  const size_t limit = via == Via::kTcp ? ResponseWriter::kMaxOctets : options_.UdpLimit(opt, query.udp_size);
  return writer.Finish(flags, limit, Hash(model_.seed(), Salt::kShape, subject.address, 3) % 2 == 0);
}

// Writes the aliases that this response tells; `owner`, the question's name, becomes the one behind them.
// Returns its offset.
uint16_t Answerer::PutAliases(Path& path, Name& owner, ResponseWriter& writer) const {
  uint16_t offset = ResponseWriter::kQuestion;
  const Address& address = path.subject.address;
  const auto put = [&](uint8_t from, uint8_t to) {
    const uint32_t ttl = path.reverse ? model_.AliasTtl(address, from) : model_.RealTtl(address, from);
    const size_t in_front = address.v6 ? 4 : 1U + owner.octets[0];  // Octets that DNAME leaves alone.
    path.reverse ? model_.WriteReverseStep(*path.spec, address, to, owner)
                 : model_.WriteForwardStep(*path.spec, address, to, owner);
    if (path.alias == Alias::kDname) {  // The CNAME has its TTL (RFC 6672 section 3.1).
      writer.NameRecord(Section::kAnswer, static_cast<uint16_t>(offset + in_front), Type::kDname, ttl,
                        owner.view().subspan(in_front));
    }
    offset = writer.NameRecord(Section::kAnswer, offset, Type::kCname, ttl, owner.view());
  };
  if (path.ending == Ending::kLoop) {
    const uint8_t other = path.step ^ 1;
    put(path.step, other);
    put(other, path.step);
    path.step = path.steps();
    return offset;
  }
  while (!path.complete()) {
    put(path.step, static_cast<uint8_t>(path.step + 1));
    ++path.step;
    if (IsApart(path.alias)) break;
  }
  return offset;
}

void Answerer::PutPtrs(const Path& path, uint16_t owner, ResponseWriter& writer) const {
  const Address& address = path.subject.address;
  const uint32_t ttl = model_.PtrTtl(address);
  const size_t names = model_.NameCount(*path.spec, address);
  Name target;
  model_.WriteTarget(*path.spec, address, 0, target);
  const uint16_t first = writer.NameRecord(Section::kAnswer, owner, Type::kPtr, ttl, target.view());
  if (names == 1) return;
  // All of them are one label and the same zone.
  const size_t label = 1U + target.octets[0];
  for (size_t i = 1; i < names; ++i) {
    model_.WriteTarget(*path.spec, address, i, target);
    writer.CompressedNameRecord(owner, Type::kPtr, ttl, target.view(), target.length - 1U - target.octets[0],
                                static_cast<uint16_t>(first + label));
  }
}

void Answerer::PutAddresses(const Path& path, uint16_t owner, ResponseWriter& writer) const {
  const Subject& subject = path.subject;
  // The first of a group need not be of the case of those that share its name.
  static const CaseSpec& shared = Cases()[FindCase("shared")];
  const CaseSpec& spec = subject.kind == Subject::Kind::kShared ? shared : *path.spec;
  const size_t index = subject.kind == Subject::Kind::kHost ? subject.index : 0;
  Model::AddressList addresses;
  const size_t count = model_.ForwardAddresses(spec, subject.address, index, addresses);
  const uint32_t ttl = model_.ForwardTtl(subject.address, index);
  std::array<uint8_t, 16> octets;
  for (size_t i = 0; i < count; ++i) {
    const size_t length = WriteOctets(addresses[i], octets.data());
    writer.DataRecord(owner, length == 4 ? Type::kA : Type::kAaaa, ttl, std::span(octets).first(length));
  }
}

void Answerer::PutNegative(const Path& path, NameView owner, uint16_t offset, ResponseWriter& writer) const {
  if (path.ending == Ending::kNodataBare) return;
  Subject end = path.subject;
  if (path.steps() > 0) {
    end = path.reverse ? Model::ReverseSubject(*path.spec, end.address, path.step)
                       : Model::ForwardSubject(*path.spec, end.address, 0, path.step);
  }
  const Model::Negative negative = model_.NegativeOf(end);
  writer.Soa(static_cast<uint16_t>(offset + ZoneOffset(end, owner)), negative.soa_ttl, negative.minimum);
}

}  // namespace arpasim
