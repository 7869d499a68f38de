// What the network does to a question: a pure function of (seed, question, how often it was asked before).
#ifndef TOOLS_ARPASIM_CORE_FAULTS_H_
#define TOOLS_ARPASIM_CORE_FAULTS_H_

#include <cstdint>

namespace arpasim {

// Shares are of all asks, 0 to 1.
struct FaultOptions {
  double loss = 0;     // The query or its answer is lost; half of each.
  double corrupt = 0;  // The answer arrives with another id or question, or cannot be parsed.
  double duplicate = 0;
  double wrong_id = 0;        // In front of the answer comes a forged one with another id,
  double wrong_question = 0;  // with another question,
  double spoof = 0;           // or from another source. All three deny that the name exists.
  uint32_t delay_us = 0;
  uint32_t jitter_us = 0;  // On top, evenly from 0 to this.

  bool any() const {
    return loss > 0 || corrupt > 0 || duplicate > 0 || wrong_id > 0 || wrong_question > 0 || spoof > 0 ||
           delay_us > 0 || jitter_us > 0;
  }
};

struct Fault {
  bool query_lost = false;  // The server never saw it.
  bool answer_lost = false;
  bool corrupt = false;
  bool duplicate = false;
  bool wrong_id = false;
  bool wrong_question = false;
  bool spoof = false;
  uint64_t draw = 0;  // For what is chosen within a fault.
  uint32_t delay_us = 0;
  uint32_t duplicate_delay_us = 0;
};

class Faults {
 public:
  // Every fourth ask of a question gets its answer, so that at most three in a row are lost or corrupt.
  static constexpr uint32_t kMaxLossesInARow = 3;

  Faults(uint64_t seed, const FaultOptions& options);

  // `question` is a hash of name and type, `asked_before` counts from 0.
  Fault Of(uint64_t question, uint32_t asked_before) const;

  bool any() const { return any_; }

 private:
  bool Happens(uint64_t hash, uint64_t which, uint64_t threshold) const;

  uint64_t seed_;
  bool any_;
  uint64_t loss_, corrupt_, duplicate_, wrong_id_, wrong_question_, spoof_;  // Of 2^32.
  uint32_t delay_us_, jitter_us_;
};

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_CORE_FAULTS_H_
