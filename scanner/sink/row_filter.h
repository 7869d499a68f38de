// Which rows are written: the option `--only`.
#ifndef SCANNER_SINK_ROW_FILTER_H_
#define SCANNER_SINK_ROW_FILTER_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "scanner/row/row.h"
#include "scanner/sink/record.h"

namespace scanner {

class RowFilter {
 public:
  RowFilter() = default;  // Lets every row through.

  // `all`, `found` (at least one PTR), `problems` (there is a verdict, and it is not pass), or a list,
  // separated by commas, of verdicts and reasons, of which a row needs one. An error names the word, and says
  // which there are.
  static absl::StatusOr<RowFilter> Parse(std::string_view only);

  // Whether it judges by this column.
  bool Needs(Column column) const {
    return (column == Column::kVerdict && verdicts_ != kAllVerdicts && verdicts_ != 0) ||
           (column == Column::kReason && reasons_ != 0) || (column == Column::kNames && needs_name_);
  }

  bool Matches(const RowHeader& row) const { return Matches(row.verdict, row.reason, row.names != 0); }
  // By `verdict`, `reason` and `names`, of which a null counts as kNone. Their words are those of the SPEC.
  bool Matches(const Record& record) const;

 private:
  bool Matches(Verdict verdict, Reason reason, bool has_names) const {
    if (needs_name_ && !has_names) return false;
    return ((verdicts_ >> static_cast<unsigned>(verdict) | reasons_ >> static_cast<unsigned>(reason)) & 1) !=
           0;
  }

  static constexpr uint32_t kAllVerdicts = (1U << kVerdicts) - 1;

  uint32_t verdicts_ = kAllVerdicts;  // One bit each.
  uint32_t reasons_ = 0;
  bool needs_name_ = false;
};

}  // namespace scanner

#endif  // SCANNER_SINK_ROW_FILTER_H_
