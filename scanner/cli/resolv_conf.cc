#include "scanner/cli/resolv_conf.h"

#include <algorithm>
#include <optional>
#include <string>

#include "scanner/cli/plain_address.h"
#include "scanner/core/target_set.h"

namespace scanner {
namespace {

constexpr std::string_view kBlank = " \t\r";

// Cuts the first word off `line`; empty when there is none.
std::string_view TakeWord(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlank), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(kBlank));
  line.remove_prefix(word.size());
  return word;
}

}  // namespace

absl::StatusOr<std::vector<netio::Endpoint>> ReadResolvConf(std::istream& in, std::string_view source) {
  std::vector<netio::Endpoint> resolvers;
  std::string text;
  for (size_t number = 1; std::getline(in, text); ++number) {
    std::string_view line = text;
    if (TakeWord(line) != "nameserver") continue;
    const std::string_view word = TakeWord(line);
    const std::optional<netio::Endpoint> endpoint = ParsePlainAddress(word, kDnsPort);
    if (!endpoint) {
      return absl::InvalidArgumentError(std::string(source)
                                            .append(":")
                                            .append(std::to_string(number))
                                            .append(": ")
                                            .append(Quoted(word))
                                            .append(" is not an address; correct it or use --resolver"));
    }
    resolvers.push_back(*endpoint);
  }
  return resolvers;
}

}  // namespace scanner
