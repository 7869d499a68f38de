// A sweep as small as it can be: asks a Responder in memory, one address after another, and reads the answers
// with the codec. Shares nothing with what tells the truth but the model that answers.
#ifndef TESTS_TOOLS_ARPASIM_SMALL_SWEEP_H_
#define TESTS_TOOLS_ARPASIM_SMALL_SWEEP_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "codec/dns/answer.h"
#include "codec/dns/message.h"
#include "codec/dns/name.h"
#include "tools/arpasim/core/responder.h"
#include "tools/arpasim/core/truth.h"

namespace arpasim {

class SmallSweep {
 public:
  SmallSweep(Responder& responder, bool edns) : responder_(responder), edns_(edns) {}

  // What the SPEC makes of the answers, in the form of the truth.
  TruthRow Observe(const Address& address);

 private:
  // How one lookup ended, all its responses taken together.
  struct Outcome {
    std::string status;
    std::optional<uint32_t> ttl;
    bool aliased = false;
    bool tcp = false;
    bool blocked = false;
    std::string end;  // Of the aliases.
    std::string zone;
    std::optional<bool> authoritative;
    std::optional<uint16_t> ede;
    std::vector<codec::dns::Name> targets;
    std::vector<Address> addresses;
  };

  // The one response to one query; empty when there is none.
  std::vector<uint8_t> Ask(const codec::dns::Name& name, codec::dns::Type type, Via via);
  Outcome LookUp(codec::dns::Name name, codec::dns::Type type);
  void ReadData(const codec::dns::Message& message, const codec::dns::Answer& answer, codec::dns::Type type,
                Outcome& out);

  Responder& responder_;
  bool edns_;
  Replies replies_;
  ResponderStats stats_;
};

// A line for each column in which the two differ; empty when they agree.
std::string Difference(const TruthRow& truth, const TruthRow& observed);

}  // namespace arpasim

#endif  // TESTS_TOOLS_ARPASIM_SMALL_SWEEP_H_
