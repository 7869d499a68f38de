// The value of every column, as CSV writes it.
#include "scanner/sink/record_builder.h"

#include <arpa/inet.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "netio/sim_random.h"
#include "scanner/sink/address_text.h"
#include "scanner/sink/time_text.h"
#include "tests/scanner/sink/sink_lab.h"

namespace scanner {
namespace {

struct ValueCase {
  Column column;
  std::function<void(TestRow&)> change;
  std::string value;
};

TestRow Changed(const char* address, const std::function<void(TestRow&)>& change) {
  TestRow row = RowFor(address);
  change(row);
  return row;
}

TEST(RecordBuilder, WritesEachColumn) {
  using L = TestRow::Labels;
  const auto nothing = [](TestRow&) {};
  const ValueCase cases[] = {
      {Column::kAddress, nothing, "192.0.2.7"},
      {Column::kVerdict, [](TestRow& r) { r.header.verdict = Verdict::kPass; }, "pass"},
      {Column::kReason, [](TestRow& r) { r.header.reason = Reason::kNoPtr; }, "no_ptr"},
      {Column::kVerdict, [](TestRow& r) { r.header.verdict = Verdict::kNone; }, ""},
      {Column::kReason, [](TestRow& r) { r.header.reason = Reason::kNone; }, ""},
      {Column::kNames, nothing, ""},
      {Column::kNames, [](TestRow& r) { r.names = {L{"b", "example"}, L{"a", "example"}, L{}}; },
       ". a.example b.example"},
      {Column::kConfirmedNames, nothing, ""},
      {Column::kConfirmedNames,
       [](TestRow& r) {
         r.names = {L{"b"}, L{"c"}, L{"a"}};
         r.header.confirmed = 0b101;
       },
       "a b"},
      {Column::kForwardAddresses, nothing, ""},
      {Column::kForwardAddresses,
       [](TestRow& r) { r.forward_addresses = {"192.0.2.10", "192.0.2.9", "10.0.0.1", "192.0.2.9"}; },
       "10.0.0.1 192.0.2.9 192.0.2.10"},
      {Column::kFlagList, nothing, ""},
      {Column::kFlagList,
       [](TestRow& r) { r.header.flags = Bit(Flag::kWildcard) | Bit(Flag::kDynamic) | Bit(Flag::kTcp); },
       "dynamic tcp wildcard"},
      {Column::kTemplate, nothing, ""},
      {Column::kRegisteredDomain, nothing, ""},
      {Column::kPtrStatus, [](TestRow& r) { r.header.ptr_status = Status::kNxdomain; }, "NXDOMAIN"},
      {Column::kPtrStatus, [](TestRow& r) { r.header.ptr_status = static_cast<Status>(3841); }, "RCODE3841"},
      {Column::kForwardStatus, nothing, ""},
      {Column::kForwardStatus,
       [](TestRow& r) {
         r.header.has_forward_status = true;
         r.header.forward_status = Status::kLame;
       },
       "LAME"},
      {Column::kPtrTtl, nothing, ""},
      {Column::kPtrTtl, [](TestRow& r) { r.header.ptr_ttl = 0; }, "0"},
      {Column::kPtrTtl, [](TestRow& r) { r.header.ptr_ttl = INT32_MAX; }, "2147483647"},
      {Column::kForwardTtl, nothing, ""},
      {Column::kForwardTtl, [](TestRow& r) { r.header.forward_ttl = 3600; }, "3600"},
      {Column::kPtrAliasTarget, nothing, ""},
      {Column::kPtrAliasTarget, [](TestRow& r) { r.alias_target = {L{"7", "0/25", "2", "example"}}; },
       "7.0/25.2.example"},
      {Column::kZone, nothing, ""},
      {Column::kZone, [](TestRow& r) { r.zone = {L{}}; }, "."},
      {Column::kServer, nothing, ""},
      {Column::kServer,
       [](TestRow& r) {
         r.header.server = {192, 0, 2, 53};
         r.header.server_octets = 4;
       },
       "192.0.2.53"},
      {Column::kServer,
       [](TestRow& r) {
         r.header.server = {0x20, 0x01, 0x0D, 0xB8};
         r.header.server_octets = 16;
       },
       "2001:db8::"},
      {Column::kAuthoritative, nothing, ""},
      {Column::kAuthoritative, [](TestRow& r) { r.header.authoritative = 0; }, "false"},
      {Column::kAuthoritative, [](TestRow& r) { r.header.authoritative = 1; }, "true"},
      {Column::kAuthenticated, nothing, ""},
      {Column::kAuthenticated, [](TestRow& r) { r.header.authenticated = 1; }, "true"},
      {Column::kEvidence, [](TestRow& r) { r.header.evidence = Evidence::kNsec; }, "nsec"},
      {Column::kAttempts, nothing, "0"},
      {Column::kAttempts, [](TestRow& r) { r.header.attempts = 32; }, "32"},
      {Column::kRttUs, nothing, ""},
      {Column::kRttUs, [](TestRow& r) { r.header.rtt_us = 0; }, "0"},
      {Column::kEde, nothing, ""},
      {Column::kEde, [](TestRow& r) { r.header.ede = 0; }, "0"},
      {Column::kEde, [](TestRow& r) { r.header.ede = 65535; }, "65535"},
      {Column::kObservedAt, nothing, "1970-01-01T00:00:00.000000Z"},
      {Column::kIpv4, nothing, "3221225991"},
      {Column::kPrefix, nothing, "192.0.2.0/24"},
      {Column::kAsn, nothing, ""},
      {Column::kAnnouncedPrefix, nothing, ""},
      {Column::kScanId, nothing, "scan-1"},
  };
  std::vector<bool> tested(kColumns);
  for (const ValueCase& c : cases) {
    tested[static_cast<size_t>(c.column)] = true;
    EXPECT_EQ(CsvValue(c.column, Changed("192.0.2.7", c.change)), c.value) << Info(c.column).name;
  }
  EXPECT_EQ(std::count(tested.begin(), tested.end(), false), 0);
}

TEST(RecordBuilder, SetsWhatIsAskedForAndTheKeyAlways) {
  TestRow row = RowFor("192.0.2.7");
  row.names = {{"a"}};
  row.forward_addresses = {"192.0.2.7"};
  row.header.flags = 1;
  row.zone = {{"z"}};
  RowBlock block;
  AppendRow(row, block);
  AppendRow(RowFor("2001:db8::7"), block);
  RowView view;
  size_t position = 0;
  for (const Column only : AllColumns()) {
    RecordBuilder builder(std::vector<Column>{only}, "scan-1");
    position = 0;
    ASSERT_TRUE(block.Read(position, view));
    const Record& record = builder.Build(view);
    EXPECT_EQ(record.key, (AddressKey{.ipv6 = false, .high = 0, .low = 0xC0000207}));
    for (const Column column : AllColumns()) {
      if (column == only) continue;
      EXPECT_TRUE(record.IsNull(column)) << Info(column).name;
      EXPECT_TRUE(record.Items(column).empty()) << Info(column).name;
    }
    ASSERT_TRUE(block.Read(position, view));
    EXPECT_EQ(builder.Build(view).key, (AddressKey{.ipv6 = true, .high = 0x20010DB8'00000000, .low = 7}));
  }
}

TEST(RecordBuilder, KnowsWhichTextIsPlain) {
  using L = TestRow::Labels;
  const struct {
    TestRow::Labels name;
    bool plain;
  } cases[] = {
      {L{}, true},          {L{"a"}, true},       {L{"a", "b-c", "_d", "0/25"}, true}, {L{"a b"}, false},
      {L{"-a"}, false},     {L{"a", "-b"}, true}, {L{std::string(63, 'a')}, true},     {L{"\\"}, false},
      {L{"a", "."}, false}, {L{"\xFF"}, false},
  };
  for (const auto& c : cases) {
    for (const Column column : {Column::kNames, Column::kZone, Column::kPtrAliasTarget}) {
      TestRow row = RowFor("192.0.2.7");
      if (column == Column::kNames) row.names = {{"x"}, c.name, {"y"}};
      if (column == Column::kZone) row.zone = {c.name};
      if (column == Column::kPtrAliasTarget) row.alias_target = {c.name};
      RowBlock block;
      AppendRow(row, block);
      RowView view;
      size_t position = 0;
      ASSERT_TRUE(block.Read(position, view));
      RecordBuilder builder(AllColumns(), "s");
      EXPECT_EQ(builder.Build(view).plain, c.plain);
    }
  }
}

TEST(RecordBuilder, WritesIpv6Rows) {
  const TestRow row = Changed("2001:db8:1:2:3:4:5:6", [](TestRow& r) {
    r.forward_addresses = {"2001:db8::10", "2001:db8::9", "::1", "2001:db8::9"};
  });
  EXPECT_EQ(CsvValue(Column::kAddress, row), "2001:db8:1:2:3:4:5:6");
  EXPECT_EQ(CsvValue(Column::kIpv4, row), "");
  EXPECT_EQ(CsvValue(Column::kPrefix, row), "2001:db8:1:2::/64");
  EXPECT_EQ(CsvValue(Column::kForwardAddresses, row), "::1 2001:db8::9 2001:db8::10");
}

TEST(RecordBuilder, AddressesAreInTheFormOfRfc5952) {
  for (const char* address : {"0.0.0.0", "255.255.255.255", "10.100.9.99", "::", "::1", "1::", "2001:db8::1",
                              "2001:db8:0:1:1:1:1:1", "2001:0:0:1::1", "2001:db8::1:0:0:1", "1:2:3:4:5:6:7:8",
                              "abcd:ef01:2345:6789:abcd:ef01:2345:6789", "1:0:2:0:3:0:4:0", "0:1::",
                              "::ffff:192.0.2.1", "::fffe:c000:201", "64:ff9b::c000:201", "fe80::a:b"}) {
    EXPECT_EQ(CsvValue(Column::kAddress, RowFor(address)), address);
  }
}

TEST(RecordBuilder, AddressesReadBackAsTheyWere) {
  netio::SimRandom random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::array<uint8_t, 16> octets{};
    for (size_t group = 0; group < 8; ++group) {
      // Zero groups are frequent, so that runs of all lengths occur.
      if (random.Below(2) == 0) continue;
      octets[2 * group] = random.Below(2) == 0 ? 0 : static_cast<uint8_t>(random.Next());
      octets[2 * group + 1] = static_cast<uint8_t>(random.Next());
    }
    for (const size_t size : {size_t{4}, size_t{16}}) {
      std::array<char, kAddressTextRoom> text;
      *WriteAddress(std::span(octets).first(size), text.data()) = '\0';
      std::array<uint8_t, 16> back{};
      ASSERT_EQ(inet_pton(size == 4 ? AF_INET : AF_INET6, text.data(), back.data()), 1) << text.data();
      EXPECT_TRUE(
          std::equal(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size), back.begin()));
    }
  }
}

TEST(RecordBuilder, ServersThatTakeTurns) {
  // The octets of two of them begin alike, and are followed by zeros.
  std::vector<TestRow> rows(6, RowFor("10.0.0.1"));
  const auto set = [](RowHeader& header, std::array<uint8_t, 16> server, uint8_t octets) {
    header.server = server;
    header.server_octets = octets;
  };
  set(rows[0].header, {32, 1, 13, 184}, 4);
  set(rows[1].header, {32, 1, 13, 184}, 4);
  set(rows[2].header, {32, 1, 13, 184}, 16);
  set(rows[4].header, {32, 1, 13, 185}, 4);
  set(rows[5].header, {32, 1, 13, 184}, 4);
  EXPECT_EQ(WriteRows({}, {Column::kServer}, rows),
            "server\r\n32.1.13.184\r\n32.1.13.184\r\n2001:db8::\r\n\r\n32.1.13.185\r\n32.1.13.184\r\n");
}

TEST(RecordBuilder, TimesAreToTheMicrosecond) {
  const std::pair<int64_t, const char*> cases[] = {
      {0, "1970-01-01T00:00:00.000000Z"},
      {999'999, "1970-01-01T00:00:00.999999Z"},
      {1'000'000, "1970-01-01T00:00:01.000000Z"},
      {951'782'399'000'001, "2000-02-28T23:59:59.000001Z"},
      {951'782'400'000'000, "2000-02-29T00:00:00.000000Z"},
      {1'769'903'999'123'456, "2026-01-31T23:59:59.123456Z"},
      {1'769'904'000'000'000, "2026-02-01T00:00:00.000000Z"},
      {4'107'542'399'999'999, "2100-02-28T23:59:59.999999Z"},
      {4'107'542'400'000'000, "2100-03-01T00:00:00.000000Z"},
  };
  TimeText reused;  // Keeps the last second: each follows another here.
  for (const auto& [microseconds, expected] : cases) {
    for (const int64_t time : {microseconds, microseconds}) {
      std::array<char, TimeText::kLength> text;
      const char* const end = reused.Write(time, text.data());
      EXPECT_EQ(std::string(text.data(), static_cast<size_t>(end - text.data())), expected);
    }
  }
}

TEST(RecordBuilder, EveryWordOfTheSpecIsWritten) {
  for (size_t i = 0; i + 1 < kVerdicts; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    EXPECT_EQ(
        CsvValue(Column::kVerdict, Changed("10.0.0.1", [&](TestRow& r) { r.header.verdict = verdict; })),
        ToString(verdict));
  }
  for (size_t i = 0; i + 1 < kReasons; ++i) {
    const auto reason = static_cast<Reason>(i);
    EXPECT_EQ(CsvValue(Column::kReason, Changed("10.0.0.1", [&](TestRow& r) { r.header.reason = reason; })),
              ToString(reason));
  }
  std::string all_flags;
  for (size_t i = 0; i < kFlags; ++i) {
    const auto flag = static_cast<Flag>(i);
    EXPECT_EQ(
        CsvValue(Column::kFlagList, Changed("10.0.0.1", [&](TestRow& r) { r.header.flags = Bit(flag); })),
        ToString(flag));
    all_flags.append(all_flags.empty() ? "" : " ").append(ToString(flag));
  }
  EXPECT_EQ(CsvValue(Column::kFlagList,
                     Changed("10.0.0.1", [](TestRow& r) { r.header.flags = (1U << kFlags) - 1; })),
            all_flags);
}

TEST(RecordBuilder, NamesAreSortedAsTheyAreWritten) {
  // `\000` sorts behind `/` and `0`, though the octet 0 sorts before them; confirmation follows its name.
  const TestRow row = Changed("10.0.0.1", [](TestRow& r) {
    r.names = {{std::string(1, '\0')}, {"0"}, {"_"}, {"/"}, {"-a"}};
    r.header.confirmed = 0b10001;
  });
  EXPECT_EQ(CsvValue(Column::kNames, row), "/ 0 \\000 \\045a _");
  EXPECT_EQ(CsvValue(Column::kConfirmedNames, row), "\\000 \\045a");
}

TEST(RecordBuilder, SixtyFourLongNames) {
  std::vector<TestRow::Labels> names;
  std::string expected;
  for (int i = 0; i < 64; ++i) {
    const std::string start = std::to_string(100 + i);
    names.push_back(
        {start + std::string(60, 'x'), std::string(63, '\xFF'), std::string(63, ' '), std::string(61, 'z')});
    std::string text = start + std::string(60, 'x') + ".";
    for (int n = 0; n < 63; ++n) text += "\\255";
    text += ".";
    for (int n = 0; n < 63; ++n) text += "\\032";
    text += "." + std::string(61, 'z');
    expected += (i == 0 ? "" : " ") + text;
  }
  std::reverse(names.begin(), names.end());
  const TestRow row = Changed("10.0.0.1", [&](TestRow& r) {
    r.names = names;
    r.header.confirmed = ~uint64_t{0};
  });
  EXPECT_EQ(CsvValue(Column::kNames, row), expected);
  EXPECT_EQ(CsvValue(Column::kConfirmedNames, row), expected);
}

}  // namespace
}  // namespace scanner
