#include "scanner/cli/root_hints_builtin.h"

#include <array>

namespace scanner {
namespace {

struct Entry {
  const char* name;
  const char* ipv4;
  const char* ipv6;
};

constexpr std::array kEntries = {
    Entry{"a.root-servers.net", "198.41.0.4", "2001:503:ba3e::2:30"},
    Entry{"b.root-servers.net", "170.247.170.2", "2801:1b8:10::b"},
    Entry{"c.root-servers.net", "192.33.4.12", "2001:500:2::c"},
    Entry{"d.root-servers.net", "199.7.91.13", "2001:500:2d::d"},
    Entry{"e.root-servers.net", "192.203.230.10", "2001:500:a8::e"},
    Entry{"f.root-servers.net", "192.5.5.241", "2001:500:2f::f"},
    Entry{"g.root-servers.net", "192.112.36.4", "2001:500:12::d0d"},
    Entry{"h.root-servers.net", "198.97.190.53", "2001:500:1::53"},
    Entry{"i.root-servers.net", "192.36.148.17", "2001:7fe::53"},
    Entry{"j.root-servers.net", "192.58.128.30", "2001:503:c27::2:30"},
    Entry{"k.root-servers.net", "193.0.14.129", "2001:7fd::1"},
    Entry{"l.root-servers.net", "199.7.83.42", "2001:500:9f::42"},
    Entry{"m.root-servers.net", "202.12.27.33", "2001:dc3::35"},
};

}  // namespace

std::vector<RootServer> BuiltinRootHints(uint16_t port) {
  std::vector<RootServer> servers;
  servers.reserve(kEntries.size());
  for (const Entry& entry : kEntries) {
    RootServer& server = servers.emplace_back();
    server.name = codec::dns::ParseName(entry.name).value();
    for (const char* const address : {entry.ipv4, entry.ipv6}) {
      server.addresses.push_back(netio::ParseEndpoint(address, port).value());
    }
  }
  return servers;
}

}  // namespace scanner
