#include "scanner/sink/journal.h"

#include <cerrno>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "netio/sim_storage.h"
#include "scanner/row/byte_writer.h"
#include "scanner/sink/crc32c.h"
#include "scanner/sink/journal_record.h"
#include "scanner/sink/row_group_spool.h"

namespace scanner {
namespace {

using ::testing::ElementsAre;
using Octets = std::vector<uint8_t>;

Octets Of(std::string_view text) { return {text.begin(), text.end()}; }

JournalHeader Header() {
  return {.identity = {{"--seed", "7"}, {"--only", "all"}},
          .scan_id = "scan-1",
          .started_at = -5,
          .overwrite = true};
}

JournalState State(uint64_t completed, std::string_view open, bool replaces, RowGroups row_groups = {}) {
  JournalState state{.length = 10 * completed,
                     .counts = {},
                     .progress = Of("progress " + std::to_string(completed)),
                     .replaces = replaces,
                     .open_records = Of(open),
                     .row_groups = std::move(row_groups)};
  const RowHeader row;
  for (uint64_t i = 0; i < completed; ++i) state.counts.Add(row, i % 2 == 0);
  return state;
}

RowGroups All(const RowGroupLog& log) {
  RowGroups all;
  EXPECT_TRUE(log.ForEach([&all](const Octets& row_group) {
                   all.push_back(row_group);
                   return absl::OkStatus();
                 })
                  .ok());
  EXPECT_EQ(all.size(), log.row_groups());
  return all;
}

class JournalTest : public testing::Test {
 protected:
  Journal::Place place() { return {disk_, "x.journal", "dir/x.journal"}; }
  std::unique_ptr<Journal> Create() { return Journal::Create(place(), Header()).value(); }
  Octets Contents() { return disk_.Contents("x.journal").value(); }
  void Replace(const Octets& octets) {
    if (disk_.Exists("x.journal").value()) {
      ASSERT_TRUE(disk_.Remove("x.journal").ok());
    }
    ASSERT_TRUE(disk_.Create("x.journal").value()->Append(octets).ok());
  }
  std::string ErrorOf(const Octets& octets) {
    Replace(octets);
    const absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Open(place());
    EXPECT_EQ(Contents(), octets) << "opening changed it";
    return journal.ok() ? "" : std::string(journal.status().message());
  }

  netio::SimStorage disk_;
};

TEST(Crc32c, IsThatOfTheStandard) {
  // RFC 3720 appendix B.4; the first is the check value of every catalogue.
  EXPECT_EQ(Crc32c(Of("123456789")), 0xE3069283U);
  EXPECT_EQ(Crc32c(Octets(32, 0)), 0x8A9136AAU);
  EXPECT_EQ(Crc32c(Octets(32, 0xFF)), 0x62A8AB43U);
  EXPECT_EQ(Crc32c({}), 0U);
  const Octets text = Of("It is no matter where it is cut.");
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    const std::span<const uint8_t> all(text);
    EXPECT_EQ(Crc32c(all.subspan(cut), Crc32c(all.first(cut))), Crc32c(text)) << cut;
  }
}

TEST_F(JournalTest, GivesBackWhatItWasGiven) {
  {
    const auto journal = Create();
    ASSERT_TRUE(journal->Append(State(3, "one", true, {Of("a"), Of("")})).ok());
    ASSERT_TRUE(journal->Append(State(4, "two", false)).ok());
    ASSERT_TRUE(journal->Append(State(6, "three", false)).ok());
    EXPECT_EQ(journal->length(), 60U);
    EXPECT_THAT(All(*journal), ElementsAre(Of("a"), Of("")));
  }
  for (const bool rewritten : {false, true}) {
    const auto journal = Journal::Open(place()).value();
    EXPECT_EQ(journal->header().identity, Header().identity);
    EXPECT_EQ(journal->header().scan_id, "scan-1");
    EXPECT_EQ(journal->header().started_at, -5);
    EXPECT_TRUE(journal->header().overwrite);
    EXPECT_FALSE(journal->finished());
    EXPECT_THAT(All(*journal), ElementsAre(Of("a"), Of("")));
    const std::optional<JournalState> state = journal->TakeState();
    ASSERT_TRUE(state.has_value()) << rewritten;
    EXPECT_EQ(state->length, 60U);
    EXPECT_EQ(state->progress, Of("progress 6"));
    EXPECT_EQ(state->open_records, Of("onetwothree"));
    EXPECT_EQ(state->counts.completed, 6U);
    EXPECT_EQ(state->counts.rows, 2U + 1U);
    EXPECT_EQ(state->counts.NamedReasons(), State(6, "", true).counts.NamedReasons());
    EXPECT_EQ(state->counts.ptr_statuses, State(6, "", true).counts.ptr_statuses);
    ASSERT_TRUE(journal->Rewrite().ok());
    EXPECT_FALSE(disk_.Exists("x.journal.new").value());
  }
  const auto journal = Journal::Open(place()).value();
  ASSERT_TRUE(journal->Rewrite().ok());
  ASSERT_TRUE(journal->Append(State(7, "only", true, {Of("b")})).ok());
  ASSERT_TRUE(journal->AppendFinished().ok());
  const auto last = Journal::Open(place()).value();
  EXPECT_TRUE(last->finished());
  EXPECT_EQ(last->TakeState()->open_records, Of("only"));
  EXPECT_THAT(All(*last), ElementsAre(Of("a"), Of(""), Of("b")));
}

TEST_F(JournalTest, WithoutACheckpointHasNoState) {
  Create();
  const auto journal = Journal::Open(place()).value();
  EXPECT_FALSE(journal->TakeState().has_value());
  EXPECT_EQ(journal->length(), 0U);
}

TEST_F(JournalTest, IsWrittenAnewWhenMostOfItIsOfNoUse) {
  const auto journal = Create();
  JournalState state = State(1, "open", true, {Of("group")});
  std::mt19937_64 random(1);
  state.progress.resize(size_t{1} << 20);
  for (uint8_t& octet : state.progress) octet = static_cast<uint8_t>(random());
  uint64_t groups = 0;
  while (!journal->WorthRewriting()) {
    ASSERT_LT(journal->size(), uint64_t{80} << 20);
    ASSERT_TRUE(journal->Append(state).ok());
    ++groups;
  }
  EXPECT_GT(journal->size(), uint64_t{64} << 20);
  ASSERT_TRUE(journal->Rewrite().ok());
  EXPECT_LT(journal->size(), uint64_t{2} << 20);
  EXPECT_FALSE(journal->WorthRewriting());
  EXPECT_EQ(All(*journal), RowGroups(groups, Of("group")));
  const auto opened = Journal::Open(place()).value();
  EXPECT_EQ(opened->TakeState()->progress, state.progress);
  EXPECT_EQ(All(*opened).size(), groups);
}

TEST_F(JournalTest, ThatIsCutAnywhereGoesBackToTheRecordBefore) {
  std::vector<size_t> ends;
  {
    const auto journal = Create();
    ends.push_back(Contents().size());
    for (uint64_t i = 1; i <= 3; ++i) {
      ASSERT_TRUE(journal->Append(State(i, "open", true, {Of("group")})).ok());
      ends.push_back(Contents().size());
    }
  }
  const Octets whole = Contents();
  for (size_t length = ends[0]; length <= whole.size(); ++length) {
    for (const bool zeros : {false, true}) {
      Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
      if (zeros) cut.resize(whole.size());  // What a file system may leave.
      ASSERT_EQ(ErrorOf(cut), "") << length;
      const auto journal = Journal::Open(place()).value();
      uint64_t records = 0;
      while (records < 3 && ends[records + 1] <= length) ++records;
      const std::optional<JournalState> state = journal->TakeState();
      EXPECT_EQ(state ? state->counts.completed : 0, records) << length;
      EXPECT_EQ(All(*journal).size(), records);
    }
  }
  // The header was durable before anything else was written.
  for (size_t length = 0; length < ends[0]; ++length) {
    const Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_EQ(ErrorOf(cut), "dir/x.journal is no journal of a scan") << length;
  }
}

TEST_F(JournalTest, ThatIsDamagedBeforeAGoodRecordSaysWhere) {
  {
    const auto journal = Create();
    ASSERT_TRUE(journal->Append(State(1, "open", true)).ok());
  }
  const size_t second = Contents().size();
  ASSERT_TRUE(Journal::Open(place()).value()->Append(State(2, "open", true)).ok());
  const size_t third = Contents().size();
  ASSERT_TRUE(Journal::Open(place()).value()->Append(State(3, "open", true)).ok());
  const Octets whole = Contents();
  for (size_t at = second; at < whole.size(); ++at) {
    Octets damaged = whole;
    damaged[at] ^= 0x10;
    const std::string error = ErrorOf(damaged);
    if (at < third) {
      EXPECT_EQ(error, "dir/x.journal is damaged at octet " + std::to_string(second)) << at;
    } else {
      EXPECT_EQ(error, "") << at;  // No record follows: as if it had not been written to its end.
    }
  }
}

TEST_F(JournalTest, ThatIsNotOursIsRefused) {
  Octets other_version;
  ByteWriter(other_version).Varint(2);
  const Octets header = HeaderPayload(Header());
  Octets short_header = header;
  short_header.pop_back();
  const auto record = [](uint32_t type, const Octets& payload) {
    return JournalRecordOctets(type, payload, 0);
  };
  const struct {
    const char* what;
    Octets octets;
    const char* error;
  } cases[] = {
      {"a header", record(1, header), ""},
      {"an empty file", {}, "dir/x.journal is no journal of a scan"},
      {"text", Of("This is somebody's journal, and not that of a scan."),
       "dir/x.journal is no journal of a scan"},
      {"zeros", Octets(4096, 0), "dir/x.journal is no journal of a scan"},
      {"another record first", record(2, header), "dir/x.journal is no journal of a scan"},
      {"another version", record(1, other_version),
       "dir/x.journal was written by another version of arpasweep"},
      {"a header that is cut off", record(1, short_header), "dir/x.journal is damaged at octet 0"},
  };
  for (const auto& c : cases) EXPECT_EQ(ErrorOf(c.octets), c.error) << c.what;
}

// Checksums are right, what they cover is not.
TEST_F(JournalTest, ThatMeansNothingIsRefused) {
  const Octets begin = JournalRecordOctets(1, HeaderPayload(Header()), 0);
  const std::string damaged = "dir/x.journal is damaged at octet " + std::to_string(begin.size());
  const auto error = [&](uint32_t type, const Octets& payload) {
    Octets octets = begin;
    const Octets record = JournalRecordOctets(type, payload, begin.size());
    octets.insert(octets.end(), record.begin(), record.end());
    return ErrorOf(octets);
  };
  size_t open_octets = 0;
  const Octets good = StatePayload(State(2, "open", true, {Of("group")}), open_octets);
  EXPECT_EQ(error(2, good), "");
  EXPECT_EQ(error(1, HeaderPayload(Header())), damaged);
  EXPECT_EQ(error(9, good), damaged);
  EXPECT_EQ(error(3, Of("\xFF\xFF")), damaged);
  Octets longer = good;
  longer.push_back(0);
  EXPECT_EQ(error(2, longer), damaged);
  for (size_t length = 0; length < good.size(); ++length) {
    EXPECT_EQ(error(2, Octets(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length))), damaged);
  }
  JournalState false_counts = State(2, "open", true);
  ++false_counts.counts.completed;
  EXPECT_EQ(error(2, StatePayload(false_counts, open_octets)), damaged);
  false_counts = State(2, "open", true);
  false_counts.counts.rows = 3;
  EXPECT_EQ(error(2, StatePayload(false_counts, open_octets)), damaged);
  std::mt19937_64 random(11);
  for (int i = 0; i < 5000; ++i) {
    Octets changed = good;
    for (uint64_t changes = 1 + random() % 3; changes > 0; --changes) {
      changed[random() % changed.size()] = static_cast<uint8_t>(random());
    }
    const std::string said = error(2, changed);
    EXPECT_TRUE(said.empty() || said == damaged) << said;
  }
}

TEST_F(JournalTest, ForgetsAnAppendThatFailed) {
  const auto journal = Create();
  ASSERT_TRUE(journal->Append(State(1, "open", true)).ok());
  const Octets before = Contents();
  disk_.LimitBytes(30);
  EXPECT_EQ(journal->Append(State(2, "open", true)).message(), "x.journal: No space left on device");
  EXPECT_NE(Contents(), before);
  ASSERT_TRUE(journal->CutTail().ok());
  EXPECT_EQ(Contents(), before);
  EXPECT_EQ(journal->length(), 10U);
}

TEST_F(JournalTest, IsRemovedWithWhatARewritingLeft) {
  const auto journal = Create();
  ASSERT_TRUE(disk_.Create("x.journal.new").ok());
  ASSERT_TRUE(journal->Remove().ok());
  disk_.Crash(1);
  EXPECT_FALSE(disk_.Exists("x.journal").value());
  EXPECT_FALSE(disk_.Exists("x.journal.new").value());
}

TEST(RowGroupSpool, GivesBackWhatItWasGiven) {
  netio::SimStorage disk;
  RowGroupSpool spool(disk.Create("spool").value());
  EXPECT_TRUE(All(spool).empty());
  const RowGroups first = {Of("a"), Octets(100'000, 7), Of("")};
  const RowGroups second = {Of("b")};
  ASSERT_TRUE(spool.Append(first).ok());
  ASSERT_TRUE(spool.Append({}).ok());
  ASSERT_TRUE(spool.Append(second).ok());
  EXPECT_THAT(All(spool), ElementsAre(first[0], first[1], first[2], second[0]));
  int visited = 0;
  const absl::Status status = spool.ForEach([&visited](const Octets&) {
    ++visited;
    return absl::CancelledError("enough");
  });
  EXPECT_EQ(status.message(), "enough");
  EXPECT_EQ(visited, 1);
  disk.LimitBytes(3);
  EXPECT_EQ(spool.Append(second).message(), "spool: No space left on device");
}

}  // namespace
}  // namespace scanner
