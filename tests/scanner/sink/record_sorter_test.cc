#include "scanner/sink/record_sorter.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "gtest/gtest.h"
#include "netio/sim_random.h"
#include "netio/sim_storage.h"
#include "tests/scanner/sink/sink_lab.h"

namespace scanner {
namespace {

constexpr int64_t kNoTime = INT64_MIN;

struct TestRecord {
  AddressKey key;
  const char* verdict = nullptr;
  int64_t observed_at = kNoTime;
  std::string zone;  // Which record it is.
};

Record RecordOf(const TestRecord& test) {
  Record record;
  record.key = test.key;
  record.plain = true;
  if (test.verdict != nullptr) record.SetText(Column::kVerdict, test.verdict);
  if (test.observed_at != kNoTime) record.SetNumber(Column::kObservedAt, test.observed_at);
  record.SetText(Column::kZone, test.zone);
  return record;
}

// Temporary files of a sorter, counted.
class Files {
 public:
  RecordSorter::CreateFile Creator() {
    return [this] { return storage_.Create(std::to_string(created_++)); };
  }
  netio::SimStorage& storage() { return storage_; }
  int created() const { return created_; }

 private:
  netio::SimStorage storage_;
  int created_ = 0;
};

struct Sorted {
  std::vector<std::pair<AddressKey, std::string>> records;
  uint64_t replaced = 0;
};

Sorted Sort(const std::vector<TestRecord>& records, RecordSorter::Limits limits, Files& files) {
  RecordSorter sorter(limits, files.Creator());
  for (const TestRecord& record : records) EXPECT_TRUE(sorter.Add(RecordOf(record)).ok());
  EXPECT_TRUE(sorter.Finish().ok());
  Sorted sorted;
  for (Record record; sorter.Next(record).value();) {
    sorted.records.emplace_back(record.key, record.Text(Column::kZone));
  }
  sorted.replaced = sorter.replaced();
  return sorted;
}

TEST(RecordSorter, OfOneAddressTheBestCounts) {
  const AddressKey key{.ipv6 = false, .high = 0, .low = 7};
  const struct {
    const char* what;
    TestRecord first;
    TestRecord second;
    const char* winner;
  } cases[] = {
      {"temperror, then pass", {key, "temperror", 9, "a"}, {key, "pass", 1, "b"}, "b"},
      {"pass, then temperror", {key, "pass", 1, "a"}, {key, "temperror", 9, "b"}, "a"},
      {"temperror, then fail", {key, "temperror", 9, "a"}, {key, "fail", 1, "b"}, "b"},
      {"permerror, then temperror", {key, "permerror", 1, "a"}, {key, "temperror", 9, "b"}, "a"},
      {"null, then permerror", {key, nullptr, 9, "a"}, {key, "permerror", 1, "b"}, "b"},
      {"fail, then null", {key, "fail", 1, "a"}, {key, nullptr, 9, "b"}, "a"},
      {"null, then temperror later", {key, nullptr, 1, "a"}, {key, "temperror", 2, "b"}, "b"},
      {"null, then temperror earlier", {key, nullptr, 2, "a"}, {key, "temperror", 1, "b"}, "a"},
      {"pass, then fail later", {key, "pass", 1, "a"}, {key, "fail", 2, "b"}, "b"},
      {"pass, then fail earlier", {key, "pass", 2, "a"}, {key, "fail", 1, "b"}, "a"},
      {"pass, then pass at the same time", {key, "pass", 1, "a"}, {key, "pass", 1, "b"}, "b"},
      {"a time, then none", {key, "pass", -5, "a"}, {key, "pass", kNoTime, "b"}, "a"},
      {"no time, then one", {key, "pass", kNoTime, "a"}, {key, "pass", -5, "b"}, "b"},
      {"no time twice", {key, "pass", kNoTime, "a"}, {key, "pass", kNoTime, "b"}, "b"},
  };
  for (const auto& c : cases) {
    for (const size_t buffer : {size_t{1} << 20, size_t{1}}) {  // In the buffer, and from two files.
      Files files;
      const Sorted sorted = Sort({c.first, c.second}, {.buffer_bytes = buffer, .fan_in = 16}, files);
      ASSERT_EQ(sorted.records.size(), 1U) << c.what;
      EXPECT_EQ(sorted.records[0].second, c.winner) << c.what;
      EXPECT_EQ(sorted.replaced, 1U) << c.what;
      EXPECT_EQ(files.created(), buffer == 1 ? 2 : 0);
    }
  }
}

TEST(RecordSorter, SortsByAddressAsASlowSortDoes) {
  const char* const verdicts[] = {"pass", "fail", "temperror", "permerror", nullptr};
  for (uint64_t seed = 0; seed < 40; ++seed) {
    netio::SimRandom random(seed);
    std::vector<TestRecord> records(random.Below(1500));
    for (size_t i = 0; i < records.size(); ++i) {
      TestRecord& record = records[i];
      record.key.ipv6 = random.Below(3) == 0;
      if (record.key.ipv6) record.key.high = random.Below(3) << 62;
      record.key.low = random.Below(400) << (record.key.ipv6 ? 55 : 23);
      record.verdict = verdicts[random.Below(5)];
      record.observed_at = random.Below(4) == 0 ? kNoTime : static_cast<int64_t>(random.Below(3)) - 1;
      record.zone = std::to_string(i) + std::string(random.Below(200), 'x');
    }
    const auto rank = [](const TestRecord& record) {
      const bool definitive = record.verdict != nullptr && record.verdict != std::string_view("temperror");
      return std::pair(definitive, record.observed_at);
    };
    std::map<std::tuple<bool, uint64_t, uint64_t>, const TestRecord*> expected;
    for (const TestRecord& record : records) {
      const TestRecord*& best = expected[{record.key.ipv6, record.key.high, record.key.low}];
      if (best == nullptr || rank(record) >= rank(*best)) best = &record;
    }
    const size_t buffers[] = {1, 2000, 20'000, size_t{1} << 24};
    const RecordSorter::Limits limits{.buffer_bytes = buffers[seed % 4], .fan_in = 2 + random.Below(4)};
    Files files;
    const Sorted sorted = Sort(records, limits, files);
    EXPECT_EQ(sorted.replaced, records.size() - expected.size());
    ASSERT_EQ(sorted.records.size(), expected.size());
    size_t i = 0;
    for (const auto& [key, record] : expected) {
      EXPECT_EQ(sorted.records[i].first, record->key);
      EXPECT_EQ(sorted.records[i].second, record->zone);
      ++i;
    }
    if (limits.buffer_bytes == buffers[3]) {
      EXPECT_EQ(files.created(), 0);
    } else if (limits.buffer_bytes == 1) {
      EXPECT_GE(files.created(), static_cast<int>(records.size()));
    }
  }
}

TEST(RecordSorter, NothingIsNothing) {
  Files files;
  EXPECT_TRUE(Sort({}, {}, files).records.empty());
  EXPECT_EQ(files.created(), 0);
}

TEST(RecordSorter, ARecordLargerThanTheBufferIsWhole) {
  Files files;
  const std::string large(3'000'000, 'x');
  const Sorted sorted = Sort({{.key = {.low = 2}, .zone = large}, {.key = {.low = 1}, .zone = "a"}},
                             {.buffer_bytes = 1000, .fan_in = 2}, files);
  ASSERT_EQ(sorted.records.size(), 2U);
  EXPECT_EQ(sorted.records[0].second, "a");
  EXPECT_EQ(sorted.records[1].second, large);
}

TEST(RecordSorter, AFullDiskIsTheErrorWhereverItComes) {
  int failed = 0;
  for (uint64_t room = 0; room < 60'000; room += 997) {
    Files files;
    files.storage().LimitBytes(room);
    RecordSorter sorter({.buffer_bytes = 500, .fan_in = 2}, files.Creator());
    netio::SimRandom random(1);
    absl::Status status;
    for (uint64_t i = 0; i < 200 && status.ok(); ++i) {
      status = sorter.Add(RecordOf({.key = {.low = random.Next()}, .zone = std::to_string(random.Next())}));
    }
    if (status.ok()) status = sorter.Finish();
    if (status.ok()) continue;
    ++failed;
    EXPECT_TRUE(std::string(status.message()).ends_with(": No space left on device")) << status;
  }
  EXPECT_GT(failed, 10);
  EXPECT_LT(failed, 60'000 / 997);
}

TEST(RecordSorter, NoFileIsTheError) {
  RecordSorter sorter({.buffer_bytes = 1, .fan_in = 2},
                      []() -> absl::StatusOr<std::unique_ptr<netio::StorageFile>> {
                        return absl::PermissionDeniedError("temporary file in /x: Permission denied");
                      });
  EXPECT_EQ(sorter.Add(RecordOf({.key = {.low = 1}, .zone = "a"})).message(),
            "temporary file in /x: Permission denied");
}

}  // namespace
}  // namespace scanner
