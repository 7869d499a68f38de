#include "tools/arpasim/core/truth.h"

#include <algorithm>
#include <map>
#include <set>

#include "tools/arpasim/core/presentation.h"

namespace arpasim {
namespace {

constexpr size_t kMostNames = 64;  // That are looked up and written.

// The words for how a lookup ended.
std::string_view StatusOf(Ending ending) {
  switch (ending) {
    case Ending::kData:
      return "NOERROR";
    case Ending::kNxdomain:
    case Ending::kBlockedNxdomain:
      return "NXDOMAIN";
    case Ending::kNodata:
    case Ending::kNodataBare:
    case Ending::kBlockedNodata:
      return "NODATA";
    case Ending::kServfail:
    case Ending::kServfailEde:
      return "SERVFAIL";
    case Ending::kRefused:
      return "REFUSED";
    case Ending::kFormerr:
      return "FORMERR";
    case Ending::kNotimp:
      return "NOTIMP";
    case Ending::kNotauth:
      return "NOTAUTH";
    case Ending::kSilent:
      return "TIMEOUT";
    case Ending::kLame:
      return "LAME";
    case Ending::kMalformed:
      return "MALFORMED";
    case Ending::kTruncated:
      return "TRUNCATED";
    case Ending::kLoop:
      return "LOOP";
  }
  return {};
}

bool IsBlocked(Ending ending) {
  return ending == Ending::kBlockedNxdomain || ending == Ending::kBlockedNodata;
}

bool IsAbsence(Ending ending) {
  return ending == Ending::kNxdomain || ending == Ending::kNodata || ending == Ending::kNodataBare;
}

// The order of reasons in which a row's forward status is chosen; 0 for what is no transient failure.
int Badness(Ending ending) {
  if (ending == Ending::kData || IsAbsence(ending)) return 0;
  if (ending == Ending::kSilent) return 5;
  if (ending == Ending::kServfail || ending == Ending::kServfailEde) return 4;
  if (ending == Ending::kRefused) return 3;
  if (ending == Ending::kLame) return 2;
  return 1;
}

// Without EDNS nothing tells that an absence is a block.
Ending Seen(Ending ending, bool edns) {
  if (edns || !IsBlocked(ending)) return ending;
  return ending == Ending::kBlockedNxdomain ? Ending::kNxdomain : Ending::kNodata;
}

class Observer {
 public:
  Observer(const Model& model, const TruthOptions& options, const Address& address)
      : model_(model),
        spec_(model.SpecOf(address)),
        edns_(options.server.edns == EdnsManner::kSupported),
        limit_(options.server.UdpLimit(true, options.edns_size)),
        answerer_(model, options.server),
        aa_(options.server.authoritative),
        buffer_(ResponseWriter::kMaxOctets) {
    row_.address = address;
    row_.verdict = spec_.verdict;
    row_.reason = spec_.reason;
  }

  TruthRow Observe() {
    ObserveReverse();
    if (spec_.reverse == Ending::kData) ObserveNames();
    if (!edns_) Unblock();
    row_.flags.assign(flags_.begin(), flags_.end());
    return std::move(row_);
  }

 private:
  struct Lookup {
    Ending ending;
    std::optional<uint32_t> ttl;
    std::vector<Address> addresses;
    bool confirms = false;
  };

  void ObserveReverse() {
    const Ending ending = Seen(spec_.reverse, edns_);
    const uint8_t aliases = AliasCount(spec_.alias);
    row_.ptr_status = StatusOf(ending);
    std::vector<uint32_t> ttls;
    ttls.reserve(aliases + size_t{1});
    for (uint8_t step = 0; step < aliases; ++step) ttls.push_back(model_.AliasTtl(row_.address, step));
    Name owner;
    model_.WriteReverseStep(spec_, row_.address, aliases, owner);
    if (aliases > 0) {
      flags_.insert("ptr_alias");
      if (ending != Ending::kLoop) row_.alias_target = Presentation(owner.view());
    }
    const Subject end = Model::ReverseSubject(spec_, row_.address, aliases);
    if (ending == Ending::kData) {
      ttls.push_back(model_.PtrTtl(row_.address));
    } else if (ending == Ending::kNxdomain || ending == Ending::kNodata) {
      const Model::Negative negative = model_.NegativeOf(end);
      ttls.push_back(std::min(negative.soa_ttl, negative.minimum));
      row_.zone = Presentation(owner.view().subspan(ZoneOffset(end, owner.view())));
    }
    const bool known = ending == Ending::kData || IsAbsence(ending);
    if (known && !ttls.empty()) row_.ptr_ttl = *std::min_element(ttls.begin(), ttls.end());
    if (known || ending == Ending::kLoop || IsBlocked(ending)) {
      row_.authoritative = aa_;
    } else if (ending != Ending::kSilent && ending != Ending::kTruncated && ending != Ending::kMalformed) {
      row_.authoritative = false;
    }
    if (edns_ && (IsBlocked(ending) || ending == Ending::kServfailEde)) {
      row_.ede = model_.EdeOf(ending, row_.address);
    }
    ObserveSize(Model::ReverseSubject(spec_, row_.address, 0), codec::dns::Type::kPtr);
  }

  // Flags `tcp` when what the server has to say is longer than a datagram may be.
  void ObserveSize(const Subject& subject, codec::dns::Type type) {
    constexpr std::array<uint8_t, 8> kCookie = {};
    QueryView query;
    query.kind = QueryView::Kind::kQuestion;
    query.type = type;
    query.klass = codec::dns::kClassIn;
    query.edns = edns_;
    query.cookie = kCookie;  // Sweeps send one, and its answer counts.
    const bool reverse = type == codec::dns::Type::kPtr;
    const uint8_t steps = reverse ? AliasCount(spec_.alias) : uint8_t{0};
    for (uint8_t step = 0; step <= steps; ++step) {
      if (reverse) {
        model_.WriteReverseStep(spec_, row_.address, step, query.name);
      } else {
        model_.WriteTarget(spec_, row_.address, subject.index, query.name);
        codec::dns::LowerCase(query.name);
      }
      std::array<uint8_t, codec::dns::kMaxNameOctets + 4> question{};
      std::copy(query.name.octets.begin(), query.name.octets.begin() + query.name.length, question.begin());
      query.question = std::span(question).first(query.name.length + 4U);
      if (answerer_.Answer(query, Via::kTcp, {}, buffer_.data()) > limit_) flags_.insert("tcp");
      if (!IsApart(spec_.alias)) break;
    }
  }

  void ObserveNames() {
    // In the order of their text, each once; the index of the target that it came from.
    std::map<std::string, size_t> targets;
    const size_t count = model_.NameCount(spec_, row_.address);
    for (size_t index = 0; index < count; ++index) {
      Name name;
      model_.WriteTarget(spec_, row_.address, index, name);
      codec::dns::LowerCase(name);
      if (targets.emplace(Presentation(name.view()), index).second) ObserveText(name.view());
    }
    if (targets.size() > 1) flags_.insert("multiple_names");
    if (targets.size() > kMostNames) flags_.insert("names_truncated");
    std::vector<Lookup> lookups;
    std::set<Address> addresses;
    for (const auto& [text, index] : targets) {
      if (row_.names.size() == kMostNames) break;
      row_.names.push_back(text);
      if (spec_.reason == "unusable_name") continue;
      lookups.push_back(LookUp(index));
      addresses.insert(lookups.back().addresses.begin(), lookups.back().addresses.end());
      if (lookups.back().confirms) row_.confirmed_names.push_back(text);
    }
    row_.forward_addresses.assign(addresses.begin(), addresses.end());
    if (addresses.size() > 1) flags_.insert("multiple_addresses");
    if (std::any_of(addresses.begin(), addresses.end(), IsSpecialUse)) flags_.insert("special_use_address");
    ChooseForwardStatus(lookups);
  }

  void ObserveText(NameView name) {
    size_t labels = 0;
    for (size_t at = 0; name[at] != 0; at += 1U + name[at]) {
      ++labels;
      if (!IsHostnameLabel(name.subspan(at + 1, name[at]))) flags_.insert("not_hostname");
    }
    if (labels == 1) flags_.insert("single_label");
  }

  Lookup LookUp(size_t index) {
    const Forward forward = model_.ForwardOf(spec_, row_.address, index);
    Lookup lookup{.ending = Seen(forward.ending, edns_), .ttl = {}, .addresses = {}};
    const uint8_t aliases = AliasCount(forward.alias);
    std::vector<uint32_t> ttls;
    ttls.reserve(aliases + size_t{1});
    for (uint8_t step = 0; step < aliases; ++step) ttls.push_back(model_.RealTtl(row_.address, step));
    if (aliases > 0) flags_.insert("target_alias");
    if (lookup.ending == Ending::kData) {
      Model::AddressList addresses;
      const size_t count = model_.ForwardAddresses(spec_, row_.address, index, addresses);
      lookup.addresses.assign(addresses.begin(), addresses.begin() + static_cast<ptrdiff_t>(count));
      lookup.confirms = std::count(lookup.addresses.begin(), lookup.addresses.end(), row_.address) > 0;
      ttls.push_back(model_.ForwardTtl(model_.ForwardKey(spec_, row_.address), index));
      ObserveSize(Model::ForwardSubject(spec_, row_.address, index, 0),
                  row_.address.v6 ? codec::dns::Type::kAaaa : codec::dns::Type::kA);
    } else if (lookup.ending == Ending::kNxdomain || lookup.ending == Ending::kNodata) {
      const Subject end = Model::ForwardSubject(spec_, row_.address, index, aliases);
      const Model::Negative negative = model_.NegativeOf(end);
      ttls.push_back(std::min(negative.soa_ttl, negative.minimum));
    }
    if (Badness(lookup.ending) == 0 && !ttls.empty())
      lookup.ttl = *std::min_element(ttls.begin(), ttls.end());
    return lookup;
  }

  void ChooseForwardStatus(const std::vector<Lookup>& lookups) {
    if (lookups.empty()) return;
    auto chosen =
        std::find_if(lookups.begin(), lookups.end(), [](const Lookup& one) { return one.confirms; });
    if (chosen == lookups.end()) {
      chosen = std::max_element(lookups.begin(), lookups.end(), [](const Lookup& one, const Lookup& other) {
        return Badness(one.ending) < Badness(other.ending);
      });
    }
    row_.forward_status = StatusOf(chosen->ending);
    row_.forward_ttl = chosen->ttl;
  }

  void Unblock() {
    if (IsBlocked(spec_.reverse)) {
      row_.verdict = "permerror";
      row_.reason = "no_ptr";
    } else if (spec_.reverse == Ending::kData && IsBlocked(spec_.forward.ending)) {
      row_.verdict = "fail";
      row_.reason = "forward_missing";
    }
  }

  const Model& model_;
  const CaseSpec& spec_;
  bool edns_;
  size_t limit_;
  Answerer answerer_;
  bool aa_;
  std::vector<uint8_t> buffer_;
  TruthRow row_;
  std::set<std::string_view> flags_;
};

}  // namespace

TruthRow TruthOf(const Model& model, const TruthOptions& options, const Address& address) {
  return Observer(model, options, address).Observe();
}

}  // namespace arpasim
