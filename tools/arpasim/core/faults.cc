#include "tools/arpasim/core/faults.h"

#include <algorithm>

#include "tools/arpasim/core/hash.h"

namespace arpasim {
namespace {

uint64_t Threshold(double share) { return static_cast<uint64_t>(std::clamp(share, 0.0, 1.0) * 4294967296.0); }

enum Draw : uint64_t {
  kLoss,
  kCorrupt,
  kDuplicate,
  kWrongId,
  kWrongQuestion,
  kSpoof,
  kDelay,
  kSecondDelay,
  kInside
};

}  // namespace

Faults::Faults(uint64_t seed, const FaultOptions& options)
    : seed_(Mix64(seed ^ static_cast<uint64_t>(Salt::kFault) << 56)),
      any_(options.any()),
      loss_(Threshold(options.loss)),
      corrupt_(Threshold(options.corrupt)),
      duplicate_(Threshold(options.duplicate)),
      wrong_id_(Threshold(options.wrong_id)),
      wrong_question_(Threshold(options.wrong_question)),
      spoof_(Threshold(options.spoof)),
      delay_us_(options.delay_us),
      jitter_us_(options.jitter_us) {}

bool Faults::Happens(uint64_t hash, uint64_t which, uint64_t threshold) const {
  return threshold > 0 && (Mix64(hash ^ which) >> 32) < threshold;
}

Fault Faults::Of(uint64_t question, uint32_t asked_before) const {
  Fault fault;
  if (!any_) return fault;
  const uint64_t hash = Mix64(Mix64(seed_ ^ question) + (uint64_t{asked_before} << 8));
  const bool spared = asked_before % (kMaxLossesInARow + 1) == kMaxLossesInARow;
  fault.draw = Mix64(hash ^ kInside);
  if (!spared && Happens(hash, kLoss, loss_)) {
    fault.query_lost = fault.draw % 2 == 0;
    fault.answer_lost = !fault.query_lost;
  }
  fault.corrupt = !spared && Happens(hash, kCorrupt, corrupt_);
  fault.duplicate = Happens(hash, kDuplicate, duplicate_);
  fault.wrong_id = Happens(hash, kWrongId, wrong_id_);
  fault.wrong_question = Happens(hash, kWrongQuestion, wrong_question_);
  fault.spoof = Happens(hash, kSpoof, spoof_);
  const uint64_t spread = uint64_t{jitter_us_} + 1;
  fault.delay_us = delay_us_ + static_cast<uint32_t>(Mix64(hash ^ kDelay) % spread);
  fault.duplicate_delay_us = delay_us_ + static_cast<uint32_t>(Mix64(hash ^ kSecondDelay) % spread);
  return fault;
}

}  // namespace arpasim
