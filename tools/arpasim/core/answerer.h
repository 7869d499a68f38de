// The right answer to a query: what the model holds, as the server that is simulated would put it.
#ifndef TOOLS_ARPASIM_CORE_ANSWERER_H_
#define TOOLS_ARPASIM_CORE_ANSWERER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tools/arpasim/core/model.h"
#include "tools/arpasim/core/query_view.h"
#include "tools/arpasim/core/response_writer.h"

namespace arpasim {

// How a server meets a query with OPT.
enum class EdnsManner : uint8_t {
  kSupported,
  kFormerr,       // FORMERR, the question repeated, without OPT.
  kFormerrEmpty,  // FORMERR, the header alone.
  kNotimp,
  kBadvers,  // Knows no version, not even 0.
  kIgnored,  // Answers as if there were none.
};

enum class CookieManner : uint8_t {
  kOff,
  kOn,
  kEnforced,  // Over UDP a client cookie without a right server cookie gets BADCOOKIE (RFC 7873
              // section 5.2.3).
};

struct ServerOptions {
  EdnsManner edns = EdnsManner::kSupported;
  CookieManner cookies = CookieManner::kOn;
  bool authoritative = true;        // AA.
  bool recursion_available = true;  // RA where RD asks for it.
  uint16_t max_udp = 1232;          // Longest datagram, whatever a query allows; 512 or more.

  // The limit that a query which offers `edns_size`, or no EDNS at all, meets over UDP.
  size_t UdpLimit(bool query_edns, uint16_t edns_size) const;
};

enum class Via : uint8_t { kUdp, kTcp };

// Where a query came from.
struct Source {
  std::array<uint8_t, 16> address{};  // IPv4 in the first four octets.
  uint16_t port = 0;
};

class Answerer {
 public:
  Answerer(const Model& model, const ServerOptions& options);

  // Writes the response to `out`, which has room for ResponseWriter::kMaxOctets; 0: there is none.
  size_t Answer(const QueryView& query, Via via, const Source& source, uint8_t* out) const;

  // An answer of header and question with that RCODE, or with TC, as anyone could forge it.
  size_t Bare(const QueryView& query, codec::dns::Rcode rcode, bool truncated, uint8_t* out) const {
    return Bare(query, rcode, truncated, {}, out);
  }
  // The same from the server itself: with the cookie for `source`.
  size_t Own(const QueryView& query, const Source& source, codec::dns::Rcode rcode, bool truncated,
             uint8_t* out) const;

 private:
  struct Path;
  size_t Bare(const QueryView& query, codec::dns::Rcode rcode, bool truncated,
              std::span<const uint8_t> cookie, uint8_t* out) const;
  size_t AnswerQuestion(const QueryView& query, Via via, std::span<const uint8_t> cookie, uint8_t* out) const;
  void PutPtrs(const Path& path, uint16_t owner, ResponseWriter& writer) const;
  void PutAddresses(const Path& path, uint16_t owner, ResponseWriter& writer) const;
  uint16_t PutAliases(Path& path, Name& owner, ResponseWriter& writer) const;
  void PutNegative(const Path& path, NameView owner, uint16_t offset, ResponseWriter& writer) const;

  const Model& model_;
  ServerOptions options_;
};

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_CORE_ANSWERER_H_
