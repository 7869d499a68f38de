// A query as it came in.
#ifndef TOOLS_ARPASIM_CORE_QUERY_VIEW_H_
#define TOOLS_ARPASIM_CORE_QUERY_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "codec/dns/types.h"
#include "tools/arpasim/core/naming.h"

namespace arpasim {

struct QueryView {
  enum class Kind : uint8_t {
    kIgnored,  // Not a query at all: no answer.
    kFormerr,  // A query that cannot be read.
    kNotimp,   // Another opcode.
    kQuestion,
  };
  Kind kind = Kind::kIgnored;
  uint16_t id = 0;
  bool recursion_desired = false;
  Name name;  // Lower case; kQuestion only, as all below.
  codec::dns::Type type{};
  uint16_t klass = 0;
  std::span<const uint8_t> question;  // As sent: name, type and class. Empty unless it could be read.
  bool edns = false;
  uint8_t edns_version = 0;
  uint16_t udp_size = 512;
  std::span<const uint8_t> cookie;  // As sent, client and server cookie. Empty without one.
};

// `query` must outlive the view, `out` is fresh.
void ReadQuery(std::span<const uint8_t> query, QueryView& out);

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_CORE_QUERY_VIEW_H_
