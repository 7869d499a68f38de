#include "tests/scanner/core/zone_script.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <sstream>
#include <string_view>

namespace scanner {
namespace {

using codec::dns::EqualNames;
using codec::dns::IsSubdomain;
using codec::dns::Message;
using codec::dns::Name;
using codec::dns::ParseName;
using codec::dns::Response;
using codec::dns::Type;

struct ZoneRecord {
  Name owner;
  std::string owner_text;
  Type type{};
  std::string data;
};

struct ServedZone {
  TestZone zone;
  Name apex;
  std::vector<ZoneRecord> records;
};

Type TypeOf(const std::string& text) {
  static const std::map<std::string, Type> kTypes = {{"A", Type::kA},         {"NS", Type::kNs},
                                                     {"CNAME", Type::kCname}, {"PTR", Type::kPtr},
                                                     {"AAAA", Type::kAaaa},   {"DNAME", Type::kDname}};
  return kTypes.at(text);
}

std::vector<uint8_t> Rdata(const ZoneRecord& record) {
  if (record.type != Type::kA) return codec::dns::WireName(record.data);
  if (record.data.starts_with('s'))
    return {203, 0, 113, static_cast<uint8_t>(std::stoi(record.data.substr(1)) + 1)};
  const std::optional<netio::Endpoint> endpoint = netio::ParseEndpoint(record.data, 53);
  return {endpoint.value().octets().begin(), endpoint.value().octets().end()};
}

ServedZone Read(TestZone zone) {
  ServedZone served;
  served.apex = ParseName(zone.apex).value();
  std::istringstream in(zone.records);
  ZoneRecord record;
  std::string type;
  while (in >> record.owner_text >> type >> record.data) {
    if (record.owner_text == "@") record.owner_text = zone.apex;
    record.owner = ParseName(record.owner_text).value();
    record.type = TypeOf(type);
    served.records.push_back(record);
  }
  EXPECT_TRUE(in.eof()) << zone.records;
  served.zone = std::move(zone);
  return served;
}

class Servers {
 public:
  explicit Servers(std::vector<TestZone> zones) {
    for (TestZone& zone : zones) zones_.push_back(Read(std::move(zone)));
  }

  void operator()(const Asked& asked, netio::SimReplies& replies) const {
    const Name name = ParseName(asked.name).value();
    const ServedZone* best = nullptr;
    for (const ServedZone& zone : zones_) {
      if (std::ranges::count(zone.zone.servers, asked.server) == 0) continue;
      if (!IsSubdomain(name.view(), zone.apex.view())) continue;
      if (best == nullptr || zone.apex.length > best->apex.length) best = &zone;
    }
    const Manner manner = best == nullptr ? Manner::kRefuses : best->zone.manner;
    switch (manner) {
      case Manner::kSilent:
        return;
      case Manner::kRefuses:
        replies.Send(Rcode(asked, codec::dns::Rcode::kRefused));
        return;
      case Manner::kServfails:
        replies.Send(Rcode(asked, codec::dns::Rcode::kServfail));
        return;
      case Manner::kUpward:
        replies.Send(Bytes(asked, Answering(asked, 0).Add(Message::Section::kAuthority, ".", Type::kNs, 300,
                                                          codec::dns::WireName("a.root.test"))));
        return;
      case Manner::kGood:
        replies.Send(Answer(*best, asked, name, kAa));
        return;
      case Manner::kNotAuthoritative:
        replies.Send(Answer(*best, asked, name, 0));
        return;
    }
  }

 private:
  static const ZoneRecord* CutAbove(const ServedZone& zone, const Name& name) {
    for (const ZoneRecord& record : zone.records) {
      const bool below = record.owner.length > zone.apex.length;
      if (record.type == Type::kNs && below && IsSubdomain(name.view(), record.owner.view())) return &record;
    }
    return nullptr;
  }

  static std::vector<uint8_t> Refer(const ServedZone& zone, const Asked& asked, const ZoneRecord& cut) {
    Response response = Answering(asked, 0);
    for (const ZoneRecord& record : zone.records) {
      if (record.type == Type::kNs && EqualNames(record.owner.view(), cut.owner.view())) {
        response.Add(Message::Section::kAuthority, record.owner_text, Type::kNs, 300, Rdata(record));
      }
    }
    AddGlue(zone, response);
    return Bytes(asked, response);
  }

  static void AddGlue(const ServedZone& zone, Response& response) {
    for (const ZoneRecord& glue : zone.records) {
      if (glue.type != Type::kA) continue;
      response.Add(Message::Section::kAdditional, glue.owner_text, glue.type, 300, Rdata(glue));
    }
  }

  static std::vector<uint8_t> Answer(const ServedZone& zone, const Asked& asked, const Name& name,
                                     uint16_t flags) {
    if (const ZoneRecord* cut = CutAbove(zone, name)) return Refer(zone, asked, *cut);
    bool exists = false;
    Response data = Answering(asked, flags);
    bool any = false;
    for (const ZoneRecord& record : zone.records) {
      if (record.type == Type::kDname && record.owner.length < name.length &&
          IsSubdomain(name.view(), record.owner.view())) {
        data.Add(Message::Section::kAnswer, record.owner_text, Type::kDname, 300, Rdata(record));
        return Bytes(asked, data);
      }
      exists = exists || IsSubdomain(record.owner.view(), name.view());
      if (!EqualNames(record.owner.view(), name.view())) continue;
      if (record.type != asked.type && record.type != Type::kCname) continue;
      data.Add(Message::Section::kAnswer, asked.name, record.type, 300, Rdata(record));
      any = true;
    }
    if (any && asked.type == Type::kNs) AddGlue(zone, data);
    if (any) return Bytes(asked, data);
    const auto rcode = static_cast<uint16_t>(exists ? 0 : 3);
    Response absent = Answering(asked, static_cast<uint16_t>(flags | rcode));
    absent.Add(Message::Section::kAuthority, zone.zone.apex, Type::kSoa, 300,
               codec::dns::SoaRdata("ns.test", "who.test", 60));
    return Bytes(asked, absent);
  }

  std::vector<ServedZone> zones_;
};

}  // namespace

ScriptedSweep::Script ScriptOf(std::vector<TestZone> zones) {
  return [servers = std::make_shared<Servers>(std::move(zones))](
             const Asked& asked, netio::SimReplies& replies) { (*servers)(asked, replies); };
}

}  // namespace scanner
