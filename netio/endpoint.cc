#include "netio/endpoint.h"

#include <arpa/inet.h>
#include <net/if.h>

#include <algorithm>
#include <charconv>

namespace netio {
namespace {

// A decimal number with nothing around it: no sign, no space, no leading zero.
template <typename T>
std::optional<T> ParseNumber(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<uint16_t> ParsePort(std::string_view text) {
  const std::optional<uint16_t> port = ParseNumber<uint16_t>(text);
  return port == 0 ? std::nullopt : port;
}

// An interface's name or number (RFC 4007 section 11.2).
std::optional<uint32_t> ParseZone(std::string_view text) {
  if (text.empty() || text.size() >= IF_NAMESIZE) return std::nullopt;
  if (const uint32_t index = if_nametoindex(std::string(text).c_str()); index != 0) return index;
  const std::optional<uint32_t> number = ParseNumber<uint32_t>(text);
  return number == 0U ? std::nullopt : number;
}

bool IsLinkLocal(const Endpoint& endpoint) {
  return endpoint.address[0] == 0xFE && (endpoint.address[1] & 0xC0) == 0x80;
}

bool ParseAddress(int family, std::string_view text, Endpoint& endpoint) {
  if (text.find('\0') != std::string_view::npos) return false;
  return inet_pton(family, std::string(text).c_str(), endpoint.address.data()) == 1;
}

std::optional<Endpoint> ParseIpv6(std::string_view text, uint16_t port) {
  Endpoint endpoint{.port = port, .family = Family::kIpv6};
  const size_t percent = text.find('%');
  if (!ParseAddress(AF_INET6, text.substr(0, percent), endpoint)) return std::nullopt;
  if (percent != std::string_view::npos) {
    const std::optional<uint32_t> zone = ParseZone(text.substr(percent + 1));
    if (!zone.has_value() || !IsLinkLocal(endpoint)) return std::nullopt;
    endpoint.scope_id = *zone;
  }
  return endpoint;
}

std::optional<Endpoint> ParseBracketed(std::string_view text, uint16_t default_port) {
  const size_t bracket = text.find(']');
  if (bracket == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(bracket + 1);
  if (rest.empty()) return ParseIpv6(text.substr(1, bracket - 1), default_port);
  if (rest.front() != ':') return std::nullopt;
  const std::optional<uint16_t> port = ParsePort(rest.substr(1));
  return port.has_value() ? ParseIpv6(text.substr(1, bracket - 1), *port) : std::nullopt;
}

std::optional<Endpoint> ParseIpv4(std::string_view text, uint16_t default_port) {
  Endpoint endpoint{.port = default_port, .family = Family::kIpv4};
  const size_t colon = text.find(':');
  if (!ParseAddress(AF_INET, text.substr(0, colon), endpoint)) return std::nullopt;
  if (colon != std::string_view::npos) {
    const std::optional<uint16_t> port = ParsePort(text.substr(colon + 1));
    if (!port.has_value()) return std::nullopt;
    endpoint.port = *port;
  }
  return endpoint;
}

std::string FormatIpv4(const uint8_t* octets) {
  std::array<char, INET_ADDRSTRLEN> text;
  inet_ntop(AF_INET, octets, text.data(), text.size());
  return text.data();
}

bool IsIpv4Mapped(const Endpoint& endpoint) {
  constexpr std::array<uint8_t, 12> kPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  return std::equal(kPrefix.begin(), kPrefix.end(), endpoint.address.begin());
}

// RFC 5952. Not inet_ntop, which writes all of ::/96, ::1:2 for one, with dotted decimals.
std::string FormatIpv6(const Endpoint& endpoint) {
  if (IsIpv4Mapped(endpoint)) return "::ffff:" + FormatIpv4(endpoint.address.data() + 12);
  std::array<uint16_t, 8> groups;
  for (size_t i = 0; i < groups.size(); ++i) {
    groups[i] = static_cast<uint16_t>(endpoint.address[2 * i] << 8 | endpoint.address[2 * i + 1]);
  }
  size_t run_start = 0;
  size_t run_length = 1;  // One zero group alone is not shortened (section 4.2.2); the first longest run is.
  for (size_t i = 0; i < groups.size(); ++i) {
    size_t end = i;
    while (end < groups.size() && groups[end] == 0) ++end;
    if (end - i > run_length) {
      run_start = i;
      run_length = end - i;
    }
    i = std::max(i, end);
  }
  std::string text;
  std::array<char, 4> digits;
  for (size_t i = 0; i < groups.size(); ++i) {
    if (run_length > 1 && i == run_start) {
      text += "::";
      i += run_length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), groups[i], 16);
    text.append(digits.data(), written.ptr);
  }
  return text;
}

std::string FormatZone(uint32_t index) {
  std::array<char, IF_NAMESIZE> name;
  const char* known = if_indextoname(index, name.data());
  return known != nullptr ? known : std::to_string(index);
}

}  // namespace

std::optional<Endpoint> ParseEndpoint(std::string_view text, uint16_t default_port) {
  if (default_port == 0) return std::nullopt;
  if (text.starts_with('[')) return ParseBracketed(text, default_port);
  if (std::count(text.begin(), text.end(), ':') >= 2) return ParseIpv6(text, default_port);
  return ParseIpv4(text, default_port);
}

std::string ToAddressString(const Endpoint& endpoint) {
  if (endpoint.family == Family::kIpv4) return FormatIpv4(endpoint.address.data());
  std::string text = FormatIpv6(endpoint);
  if (endpoint.scope_id != 0) text += "%" + FormatZone(endpoint.scope_id);
  return text;
}

std::string ToString(const Endpoint& endpoint) {
  const std::string address = ToAddressString(endpoint);
  const std::string port = ":" + std::to_string(endpoint.port);
  return endpoint.family == Family::kIpv6 ? "[" + address + "]" + port : address + port;
}

}  // namespace netio
