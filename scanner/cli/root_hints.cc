#include "scanner/cli/root_hints.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "scanner/core/ip_address.h"
#include "scanner/core/target_set.h"

namespace scanner {
namespace {

using codec::dns::Name;

constexpr std::string_view kBlank = " \t\r";

bool EqualWords(std::string_view word, std::string_view upper) {
  return std::ranges::equal(word, upper, [](char a, char b) {
    return std::toupper(static_cast<unsigned char>(a)) == static_cast<unsigned char>(b);
  });
}

std::vector<std::string_view> Words(std::string_view line) {
  std::vector<std::string_view> words;
  line = line.substr(0, line.find(';'));
  for (size_t at = line.find_first_not_of(kBlank); at != std::string_view::npos;
       at = line.find_first_not_of(kBlank, at)) {
    const size_t end = std::min(line.find_first_of(kBlank, at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

// `3600000`, or with the units of master files as name servers read them: `1w2d`.
bool IsTtl(std::string_view word) {
  return !word.empty() && std::isdigit(static_cast<unsigned char>(word.front())) != 0 &&
         std::ranges::all_of(word, [](char c) {
           return std::string_view("0123456789smhdwSMHDW").find(c) != std::string_view::npos;
         });
}

// What is left of a record after its owner. TTL and class come in either order (RFC 1035 section 5.1).
std::span<const std::string_view> WithoutTtlAndClass(std::span<const std::string_view> words) {
  bool ttl = false;
  bool klass = false;
  for (; !words.empty(); words = words.subspan(1)) {
    bool& seen = IsTtl(words[0]) ? ttl : klass;
    if (seen || (&seen == &klass && !EqualWords(words[0], "IN"))) break;
    seen = true;
  }
  return words;
}

// The only origin is the root, so that a name says the same with and without its final dot. Lower case.
std::optional<Name> ReadName(std::string_view word) {
  // In master files these group lines and characters.
  if (word.find_first_of("()\"") != std::string_view::npos) return std::nullopt;
  std::optional<Name> name = codec::dns::ParseName(word == "@" ? "." : word);
  if (name) LowerCase(*name);
  return name;
}

bool IsRoot(const Name& name) { return name.length == 1; }

netio::Endpoint EndpointOf(const IpAddress& address, uint16_t port) {
  return {.address = address.octets, .scope_id = 0, .port = port, .family = address.family};
}

class Reader {
 public:
  Reader(const std::string& source, uint16_t port) : source_(source), port_(port) {}

  absl::Status ReadLine(std::string_view line);
  // After the last line.
  absl::StatusOr<std::vector<RootServer>> Finish() &&;

 private:
  struct Address {
    Name owner;
    netio::Endpoint endpoint;
    size_t line;
  };

  absl::Status Refuse(size_t line, std::string_view text, std::string_view why) const {
    return absl::InvalidArgumentError(
        (source_ + ":" + std::to_string(line) + ": ").append(Quoted(text)).append(why));
  }
  absl::Status Refuse(std::string_view text, std::string_view why) const { return Refuse(line_, text, why); }

  absl::Status ReadDirective(std::string_view line, std::span<const std::string_view> words) const;
  absl::Status ReadNs(std::string_view target);
  absl::Status ReadAddress(std::string_view text, Family family);
  RootServer* Find(const Name& name);

  const std::string& source_;
  const uint16_t port_;
  size_t line_ = 0;
  std::optional<Name> owner_;  // Of the last record.
  std::vector<RootServer> servers_;
  std::vector<Address> addresses_;
};

RootServer* Reader::Find(const Name& name) {
  const auto found = std::ranges::find_if(servers_, [&](const RootServer& server) {
    return codec::dns::EqualNames(server.name.view(), name.view());
  });
  return found == servers_.end() ? nullptr : &*found;
}

absl::Status Reader::ReadDirective(std::string_view line, std::span<const std::string_view> words) const {
  if (words.size() == 2 && EqualWords(words[0], "$TTL") && IsTtl(words[1])) return absl::OkStatus();
  if (words.size() == 2 && EqualWords(words[0], "$ORIGIN") && words[1] == ".") return absl::OkStatus();
  return Refuse(line, " has no place in root hints; write whole names and leave it out");
}

absl::Status Reader::ReadNs(std::string_view target) {
  if (!IsRoot(*owner_)) {
    return Refuse(codec::dns::ToString(owner_->view()), " is not the root; leave its NS records out");
  }
  const std::optional<Name> name = ReadName(target);
  if (!name || IsRoot(*name)) return Refuse(target, " is not the name of a server; correct it");
  if (Find(*name) != nullptr) return absl::OkStatus();
  if (servers_.size() == kMaxRootServers) {
    return Refuse(target, " is a server too many; name at most " + std::to_string(kMaxRootServers));
  }
  servers_.push_back({.name = *name, .addresses = {}});
  return absl::OkStatus();
}

absl::Status Reader::ReadAddress(std::string_view text, Family family) {
  const std::optional<IpAddress> address = IpAddress::Parse(text);
  if (!address || address->family != family) {
    return Refuse(text, family == Family::kIpv4 ? " is not an IPv4 address; correct it"
                                                : " is not an IPv6 address; correct it");
  }
  addresses_.push_back({.owner = *owner_, .endpoint = EndpointOf(*address, port_), .line = line_});
  return absl::OkStatus();
}

absl::Status Reader::ReadLine(std::string_view line) {
  ++line_;
  const std::vector<std::string_view> all = Words(line);
  std::span<const std::string_view> words = all;
  if (words.empty()) return absl::OkStatus();
  if (words[0].starts_with('$')) return ReadDirective(line, words);
  if (kBlank.find(line.front()) == std::string_view::npos) {
    owner_ = ReadName(words[0]);
    if (!owner_) return Refuse(words[0], " is not a name; correct it");
    words = words.subspan(1);
  }
  if (!owner_) return Refuse(line, " has no owner, and no line before it has one; begin it with a name");
  words = WithoutTtlAndClass(words);
  if (words.size() == 2) {
    if (EqualWords(words[0], "NS")) return ReadNs(words[1]);
    if (EqualWords(words[0], "A")) return ReadAddress(words[1], Family::kIpv4);
    if (EqualWords(words[0], "AAAA")) return ReadAddress(words[1], Family::kIpv6);
  }
  return Refuse(line, " is no NS, A or AAAA record; correct it or leave it out");
}

absl::StatusOr<std::vector<RootServer>> Reader::Finish() && {
  if (servers_.empty()) {
    return absl::InvalidArgumentError(source_ + " names no server of the root; write `. NS NAME` for each");
  }
  for (const Address& address : addresses_) {
    RootServer* const server = Find(address.owner);
    if (server == nullptr) {
      return Refuse(address.line, codec::dns::ToString(address.owner.view()),
                    " is no server of the root; write `. NS NAME` for it too, or leave its addresses out");
    }
    std::vector<netio::Endpoint>& known = server->addresses;
    if (std::ranges::find(known, address.endpoint) != known.end()) continue;
    if (known.size() == kMaxRootServerAddresses) {
      return Refuse(
          address.line, codec::dns::ToString(address.owner.view()),
          " has an address too many; give a server at most " + std::to_string(kMaxRootServerAddresses));
    }
    known.push_back(address.endpoint);
  }
  if (addresses_.empty()) {
    return absl::InvalidArgumentError(source_ +
                                      " tells no address of a root server; write `NAME A ADDRESS` for each");
  }
  return std::move(servers_);
}

// All of `in`, or one octet more than may be.
std::string ReadBounded(std::istream& in) {
  std::string text(kMaxRootHintsOctets + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(in.gcount()));
  return text;
}

}  // namespace

absl::StatusOr<std::vector<RootServer>> ReadRootHints(std::istream& in, const std::string& source,
                                                      uint16_t port) {
  const std::string text = ReadBounded(in);
  if (in.bad()) return absl::InvalidArgumentError(source + ": cannot be read; name a file of root hints");
  if (text.size() > kMaxRootHintsOctets) {
    return absl::InvalidArgumentError(source + " is larger than 1 MiB; name a file of root hints");
  }
  Reader reader(source, port);
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    if (absl::Status status = reader.ReadLine(line); !status.ok()) return status;
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  return std::move(reader).Finish();
}

}  // namespace scanner
