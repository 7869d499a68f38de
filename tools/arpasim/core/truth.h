// What a correct sweep must find, from the model alone: columns that depend on time or path are left out.
#ifndef TOOLS_ARPASIM_CORE_TRUTH_H_
#define TOOLS_ARPASIM_CORE_TRUTH_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/arpasim/core/answerer.h"
#include "tools/arpasim/core/model.h"

namespace arpasim {

// How the sweep asks, as far as it matters for the result.
struct TruthOptions {
  ServerOptions server = {};
  uint16_t edns_size = 1232;  // That the sweep offers.
};

// Texts as in the sweep's output. An empty string or list is null.
struct TruthRow {
  Address address;
  std::string_view verdict;
  std::string_view reason;
  std::vector<std::string> names;
  std::vector<std::string> confirmed_names;
  std::vector<Address> forward_addresses;
  std::vector<std::string_view> flags;
  std::string_view ptr_status;
  std::string_view forward_status;
  std::optional<uint32_t> ptr_ttl;
  std::optional<uint32_t> forward_ttl;
  std::string alias_target;
  std::string zone;
  std::optional<bool> authoritative;
  std::optional<uint16_t> ede;
};

TruthRow TruthOf(const Model& model, const TruthOptions& options, const Address& address);

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_CORE_TRUTH_H_
