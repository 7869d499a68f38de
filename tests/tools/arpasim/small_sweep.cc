#include "tests/tools/arpasim/small_sweep.h"

#include <algorithm>
#include <map>

#include "codec/dns/query.h"
#include "codec/dns/reverse_name.h"
#include "tools/arpasim/core/truth_csv.h"

namespace arpasim {
namespace {

using codec::dns::Answer;
using codec::dns::AnswerKind;
using codec::dns::Message;
using codec::dns::Name;
using codec::dns::Rcode;
using codec::dns::Type;

std::string WordOf(Rcode rcode) {
  static const std::map<int, std::string> kWords = {
      {1, "FORMERR"}, {2, "SERVFAIL"}, {4, "NOTIMP"}, {5, "REFUSED"}, {9, "NOTAUTH"}};
  const auto found = kWords.find(static_cast<int>(rcode));
  return found == kWords.end() ? "RCODE" + std::to_string(static_cast<int>(rcode)) : found->second;
}

bool IsUsable(const std::string& text) {
  const std::string last = text.substr(text.rfind('.') == std::string::npos ? 0 : text.rfind('.') + 1);
  const std::set<std::string> kLocal = {"localhost", "local", "onion", "invalid"};
  return !last.empty() && kLocal.count(last) == 0 &&
         last.find_first_not_of("0123456789") != std::string::npos;
}

bool IsHostname(const std::string& text) {
  const std::string padded = "." + text + ".";
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == std::string::npos &&
         padded.find(".-") == std::string::npos && padded.find("-.") == std::string::npos;
}

// The order in which failed lookups decide; 0: did not fail.
int Badness(const std::string& status, bool blocked) {
  static const std::map<std::string, int> kOrder = {{"NOERROR", 0}, {"NXDOMAIN", 0}, {"NODATA", 0},
                                                    {"LAME", 2},    {"REFUSED", 3},  {"SERVFAIL", 4},
                                                    {"TIMEOUT", 5}};
  const auto found = kOrder.find(status);
  return blocked || found == kOrder.end() ? 1 : found->second;
}

// The words of reasons that depend on a status alone.
std::string_view Transient(const std::string& status, bool forward) {
  static const std::map<std::string, std::pair<std::string_view, std::string_view>> kReasons = {
      {"TIMEOUT", {"ptr_timeout", "forward_timeout"}},
      {"SERVFAIL", {"ptr_servfail", "forward_servfail"}},
      {"REFUSED", {"ptr_refused", "forward_refused"}},
      {"LAME", {"ptr_lame", "forward_lame"}}};
  const auto found = kReasons.find(status);
  if (found == kReasons.end()) return forward ? "forward_error" : "ptr_error";
  return forward ? found->second.second : found->second.first;
}

}  // namespace

std::vector<uint8_t> SmallSweep::Ask(const Name& name, Type type, Via via) {
  codec::dns::QueryOptions options{.edns = edns_};
  if (edns_) options.client_cookie = {1, 2, 3, 4, 5, 6, 7, 8};
  std::array<uint8_t, codec::dns::QueryTemplate::kMaxOctets> query;
  const size_t length = codec::dns::QueryTemplate(options).Write(query, 4711, name.view(), type);
  responder_.Respond(std::span(query).first(length), via, {}, 0, replies_, stats_);
  if (replies_.replies().empty()) return {};
  const auto bytes = replies_.replies()[0].bytes;
  return {bytes.begin(), bytes.end()};
}

void SmallSweep::ReadData(const Message& message, const Answer& answer, Type type, Outcome& out) {
  codec::dns::DataCursor cursor(message, answer, type);
  codec::dns::Record record;
  while (cursor.Next(record)) {
    if (type == Type::kPtr) {
      Name target;
      if (message.ReadTarget(record, target) != codec::dns::ParseError::kNone) {
        out.status = "MALFORMED";
        return;
      }
      codec::dns::LowerCase(target);
      out.targets.push_back(target);
      continue;
    }
    const std::span<const uint8_t> rdata = message.rdata(record);
    if (rdata.size() != (type == Type::kA ? 4 : 16)) {
      out.status = "MALFORMED";
      return;
    }
    Address address{.v6 = type == Type::kAaaa};
    for (size_t i = 0; i < rdata.size(); ++i) {
      uint64_t& half = address.v6 && i < 8 ? address.high : address.low;
      half = half << 8 | rdata[i];
    }
    out.addresses.push_back(address);
  }
}

SmallSweep::Outcome SmallSweep::LookUp(Name name, Type type) {
  Outcome out;
  std::optional<uint32_t> lowest;
  for (int steps = 0; steps < 20; ++steps) {
    std::vector<uint8_t> bytes = Ask(name, type, Via::kUdp);
    Message message;
    Answer answer;
    if (bytes.empty()) {
      out.status = "TIMEOUT";
      return out;
    }
    if (Message::Parse(bytes, message) != codec::dns::ParseError::kNone ||
        !message.QuestionIs(name.view(), type)) {
      out.status = "MALFORMED";
      return out;
    }
    if (message.truncated()) {
      bytes = Ask(name, type, Via::kTcp);
      if (bytes.empty() || Message::Parse(bytes, message) != codec::dns::ParseError::kNone) {
        out.status = "TRUNCATED";
        return out;
      }
      out.tcp = true;
    }
    codec::dns::Interpret(message, name.view(), type, answer);
    out.authoritative = message.authoritative();
    if (message.edns()) out.ede = message.edns()->ede;
    out.blocked = out.ede && *out.ede >= 15 && *out.ede <= 18;
    out.aliased |= answer.aliases > 0;
    if (answer.has_ttl) lowest = std::min(lowest.value_or(UINT32_MAX), answer.ttl);
    out.end = codec::dns::ToString(answer.owner.view());
    switch (answer.kind) {
      case AnswerKind::kAlias:
        name = answer.owner;
        continue;
      case AnswerKind::kData:
        out.status = "NOERROR";
        out.ttl = lowest;
        ReadData(message, answer, type, out);
        if (out.status == "MALFORMED") out.ttl.reset();
        break;
      case AnswerKind::kNxdomain:
      case AnswerKind::kNodata:
        out.status = answer.kind == AnswerKind::kNxdomain ? "NXDOMAIN" : "NODATA";
        out.ttl = lowest;
        if (answer.has_zone) out.zone = codec::dns::ToString(answer.zone.view());
        break;
      case AnswerKind::kReferral:
        out.status = "LAME";
        break;
      case AnswerKind::kError:
        out.status = WordOf(message.rcode());
        break;
      case AnswerKind::kTruncated:
        out.status = "TRUNCATED";
        break;
      case AnswerKind::kLoop:
      case AnswerKind::kTooLong:
        out.status = "LOOP";
        break;
      case AnswerKind::kMalformed:
        out.status = "MALFORMED";
        break;
    }
    return out;
  }
  out.status = "LOOP";
  return out;
}

TruthRow SmallSweep::Observe(const Address& address) {
  TruthRow row;
  row.address = address;
  std::array<uint8_t, 16> octets;
  const size_t length = WriteOctets(address, octets.data());
  Name reverse;
  reverse.length = static_cast<uint8_t>(codec::dns::WriteReverseName(
      std::span(octets).first(length), std::span(reverse.octets).first<codec::dns::kMaxReverseNameOctets>()));
  const Outcome ptr = LookUp(reverse, Type::kPtr);
  static std::set<std::string> words;  // Owns the texts that rows point to.
  const auto keep = [](const std::string& text) { return std::string_view(*words.insert(text).first); };
  row.ptr_status = keep(ptr.status);
  row.ptr_ttl = ptr.ttl;
  row.ede = ptr.ede;
  std::set<std::string_view> flags;
  if (ptr.aliased) flags.insert("ptr_alias");
  if (ptr.tcp) flags.insert("tcp");
  if (ptr.aliased && ptr.status != "LOOP") row.alias_target = ptr.end;
  if (ptr.status != "MALFORMED" && ptr.status != "TRUNCATED") row.authoritative = ptr.authoritative;
  const bool absent = !ptr.blocked && (ptr.status == "NXDOMAIN" || ptr.status == "NODATA");
  if (absent) row.zone = ptr.zone;
  if (ptr.blocked) row.ptr_ttl.reset();
  const auto finish = [&](std::string_view verdict, std::string_view reason) {
    row.verdict = verdict;
    row.reason = reason;
    row.flags.assign(flags.begin(), flags.end());
    return row;
  };
  if (absent) return finish("permerror", "no_ptr");
  if (ptr.status != "NOERROR") return finish("temperror", Transient(ptr.blocked ? "" : ptr.status, false));

  std::map<std::string, Name> names;
  for (const Name& target : ptr.targets) names.emplace(codec::dns::ToString(target.view()), target);
  if (names.size() > 1) flags.insert("multiple_names");
  const bool truncated = names.size() > 64;
  if (truncated) flags.insert("names_truncated");
  std::set<Address> addresses;
  const Outcome* worst = nullptr;
  std::vector<Outcome> outcomes;
  outcomes.reserve(names.size());
  bool mismatch = false;
  for (const auto& [text, name] : names) {
    if (text.find('.') == std::string::npos) flags.insert("single_label");
    if (text != "." && !IsHostname(text)) flags.insert("not_hostname");
    if (row.names.size() == 64) continue;
    row.names.push_back(text);
    if (!IsUsable(text)) continue;
    outcomes.push_back(LookUp(name, address.v6 ? Type::kAaaa : Type::kA));
    Outcome& forward = outcomes.back();
    if (forward.aliased) flags.insert("target_alias");
    if (forward.tcp) flags.insert("tcp");
    if (forward.blocked) forward.ttl.reset();
    addresses.insert(forward.addresses.begin(), forward.addresses.end());
    mismatch |= !forward.addresses.empty();
    const int badness = Badness(forward.status, forward.blocked);
    if (std::count(forward.addresses.begin(), forward.addresses.end(), address) > 0) {
      if (row.confirmed_names.empty()) worst = &forward;
      row.confirmed_names.push_back(text);
    } else if (row.confirmed_names.empty() &&
               (worst == nullptr || badness > Badness(worst->status, worst->blocked))) {
      worst = &forward;
    }
  }
  row.forward_addresses.assign(addresses.begin(), addresses.end());
  if (addresses.size() > 1) flags.insert("multiple_addresses");
  if (std::any_of(addresses.begin(), addresses.end(), IsSpecialUse)) flags.insert("special_use_address");
  if (worst == nullptr) return finish("fail", "unusable_name");
  row.forward_status = keep(worst->status);
  row.forward_ttl = worst->ttl;
  if (!row.confirmed_names.empty()) return finish("pass", "confirmed");
  if (truncated) return finish("temperror", "forward_error");
  if (Badness(worst->status, worst->blocked) > 0) {
    return finish("temperror", Transient(worst->blocked ? "" : worst->status, true));
  }
  return finish("fail", mismatch ? "forward_mismatch" : "forward_missing");
}

std::string Difference(const TruthRow& truth, const TruthRow& observed) {
  const auto line = [](const TruthRow& row) {
    std::string text;
    AppendRow(row, AllFields(), text);
    return text;
  };
  return line(truth) == line(observed) ? "" : "truth:    " + line(truth) + "\nobserved: " + line(observed);
}

}  // namespace arpasim
