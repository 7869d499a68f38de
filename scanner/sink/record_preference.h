// Which of several records of one address counts.
#ifndef SCANNER_SINK_RECORD_PREFERENCE_H_
#define SCANNER_SINK_RECORD_PREFERENCE_H_

#include <compare>
#include <cstdint>

#include "scanner/row/row.h"
#include "scanner/sink/record.h"

namespace scanner {

// The greater is preferred; of equal ones, that which came later.
struct RecordPreference {
  bool definitive = false;  // There is a verdict, and it is not temperror.
  int64_t observed_at = INT64_MIN;

  friend auto operator<=>(const RecordPreference&, const RecordPreference&) = default;
};

inline RecordPreference PreferenceOf(const Record& record) {
  RecordPreference preference;
  if (!record.IsNull(Column::kVerdict)) {
    preference.definitive = record.Text(Column::kVerdict) != ToString(Verdict::kTemperror);
  }
  if (!record.IsNull(Column::kObservedAt)) preference.observed_at = record.Number(Column::kObservedAt);
  return preference;
}

}  // namespace scanner

#endif  // SCANNER_SINK_RECORD_PREFERENCE_H_
