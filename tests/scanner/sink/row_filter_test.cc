#include "scanner/sink/row_filter.h"

#include <functional>
#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace scanner {
namespace {

RowHeader Header(Verdict verdict, Reason reason, uint16_t names) {
  RowHeader header;
  header.verdict = verdict;
  header.reason = reason;
  header.names = names;
  return header;
}

const RowHeader kPass = Header(Verdict::kPass, Reason::kConfirmed, 1);
const RowHeader kMismatch = Header(Verdict::kFail, Reason::kForwardMismatch, 2);
const RowHeader kMissing = Header(Verdict::kFail, Reason::kForwardMissing, 1);
const RowHeader kNoPtr = Header(Verdict::kPermerror, Reason::kNoPtr, 0);
const RowHeader kTimeout = Header(Verdict::kTemperror, Reason::kPtrTimeout, 0);
const RowHeader kUnconfirmed = Header(Verdict::kNone, Reason::kNone, 1);  // As asked.
const RowHeader kForward = Header(Verdict::kTemperror, Reason::kForwardServfail, 1);

TEST(RowFilter, LetsThroughWhatIsAskedFor) {
  const struct {
    std::string_view only;
    std::string_view
        passes;  // A letter a row: pass, mIsmatch, mIssing, no_ptr, timeout, forward, unconfirmed.
  } cases[] = {
      {"all", "1111111"},
      {"found", "1110011"},
      {"problems", "0111110"},
      {"pass", "1000000"},
      {"fail", "0110000"},
      {"permerror", "0001000"},
      {"temperror", "0000110"},
      {"forward_mismatch", "0100000"},
      {"no_ptr", "0001000"},
      {"no_ptr,forward_servfail", "0001010"},
      {"pass,ptr_timeout", "1000100"},
      {"fail,forward_missing", "0110000"},
      {"pass,fail,temperror,permerror", "1111110"},
      {"unusable_name", "0000000"},
  };
  for (const auto& c : cases) {
    const RowFilter filter = RowFilter::Parse(c.only).value();
    std::string passes;
    for (const RowHeader& row : {kPass, kMismatch, kMissing, kNoPtr, kTimeout, kForward, kUnconfirmed}) {
      passes.push_back(filter.Matches(row) ? '1' : '0');
    }
    EXPECT_EQ(passes, c.passes) << c.only;
  }
}

// Verdict, reason and names of a row as a record has them.
Record RecordOf(const RowHeader& row) {
  Record record;
  if (row.verdict != Verdict::kNone) record.SetText(Column::kVerdict, ToString(row.verdict));
  if (row.reason != Reason::kNone) record.SetText(Column::kReason, ToString(row.reason));
  for (uint16_t i = 0; i < row.names; ++i) record.AppendItem(Column::kNames, "a");
  return record;
}

TEST(RowFilter, JudgesARecordAsItsRow) {
  for (const char* only : {"all", "found", "problems", "pass", "fail", "temperror", "no_ptr,forward_servfail",
                           "pass,ptr_timeout"}) {
    const RowFilter filter = RowFilter::Parse(only).value();
    for (const RowHeader& row : {kPass, kMismatch, kMissing, kNoPtr, kTimeout, kForward, kUnconfirmed}) {
      EXPECT_EQ(filter.Matches(RecordOf(row)), filter.Matches(row)) << only;
    }
  }
}

TEST(RowFilter, KnowsByWhatItJudges) {
  const struct {
    const char* only;
    bool verdict;
    bool reason;
    bool names;
  } cases[] = {
      {"all", false, false, false},
      {"found", false, false, true},
      {"problems", true, false, false},
      {"pass", true, false, false},
      {"no_ptr,ptr_lame", false, true, false},
      {"pass,no_ptr", true, true, false},
  };
  for (const auto& c : cases) {
    const RowFilter filter = RowFilter::Parse(c.only).value();
    for (const Column column : AllColumns()) {
      const bool expected = (column == Column::kVerdict && c.verdict) ||
                            (column == Column::kReason && c.reason) || (column == Column::kNames && c.names);
      EXPECT_EQ(filter.Needs(column), expected) << c.only << " " << Info(column).name;
    }
  }
}

TEST(RowFilter, EveryReasonIsAWordOfItsOwn) {
  for (size_t i = 0; i + 1 < kReasons; ++i) {
    const RowFilter filter = RowFilter::Parse(ToString(static_cast<Reason>(i))).value();
    for (size_t j = 0; j < kReasons; ++j) {
      EXPECT_EQ(filter.Matches(Header(Verdict::kPass, static_cast<Reason>(j), 1)), i == j);
    }
  }
}

TEST(RowFilter, RefusesAndNamesTheWord) {
  const struct {
    std::string_view only;
    const char* message;
  } cases[] = {
      {"",
       "unknown ''; there are all, found, problems, or a list of pass fail temperror permerror confirmed"},
      {"passed", "unknown 'passed'"},
      {"pass,", "unknown ''"},
      {"PASS", "unknown 'PASS'"},
      {"pass, fail", "unknown ' fail'"},
      {"none", "unknown 'none'"},
      {"NXDOMAIN", "unknown 'NXDOMAIN'"},
      {"pass,all", "'all' stands alone"},
      {"found,pass", "'found' stands alone"},
      {"problems,found", "'problems' stands alone"},
  };
  for (const auto& c : cases) {
    const absl::Status status = RowFilter::Parse(c.only).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr(c.message));
  }
}

}  // namespace
}  // namespace scanner
