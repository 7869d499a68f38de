// CSV and NDJSON as a whole, plain and compressed.
#include <algorithm>
#include <cctype>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/dns/name.h"
#include "gtest/gtest.h"
#include "scanner/sink/zstd_stream.h"
#include "tests/scanner/sink/sink_lab.h"

namespace scanner {
namespace {

constexpr OutputFormat kCsv{OutputFormat::Kind::kCsv, false};
constexpr OutputFormat kNdjson{OutputFormat::Kind::kNdjson, false};

TestRow FullRow() {
  TestRow row = RowFor("192.0.2.7");
  row.names = {{"b", "example"}, {"a", "example"}};
  row.forward_addresses = {"192.0.2.7"};
  row.alias_target = {{"7", "0/25", "example"}};
  row.zone = {{"2", "0", "192", "in-addr", "arpa"}};
  RowHeader& header = row.header;
  header.verdict = Verdict::kPass;
  header.reason = Reason::kConfirmed;
  header.confirmed = 1;
  header.flags = Bit(Flag::kMultipleNames) | Bit(Flag::kPtrAlias);
  header.ptr_status = header.forward_status = Status::kNoError;
  header.has_forward_status = true;
  header.ptr_ttl = 86400;
  header.forward_ttl = 3600;
  header.server = {192, 0, 2, 53};
  header.server_octets = 4;
  header.authoritative = 1;
  header.authenticated = 0;
  header.attempts = 2;
  header.rtt_us = 1234;
  header.ede = 22;
  header.observed_at = 1'769'903'999'123'456;
  return row;
}

TEST(CsvSink, WritesHeaderAndRows) {
  EXPECT_EQ(WriteRows(kCsv, AllColumns(), {FullRow(), RowFor("2001:db8::1")}),
            "address,verdict,reason,names,confirmed_names,forward_addresses,flags,template,registered_domain,"
            "ptr_status,forward_status,ptr_ttl,forward_ttl,ptr_alias_target,zone,server,authoritative,"
            "authenticated,"
            "evidence,attempts,rtt_us,ede,observed_at,ipv4,prefix,asn,announced_prefix,scan_id\r\n"
            "192.0.2.7,pass,confirmed,a.example b.example,b.example,192.0.2.7,multiple_names ptr_alias,,,"
            "NOERROR,NOERROR,86400,3600,7.0/25.example,2.0.192.in-addr.arpa,192.0.2.53,true,false,"
            "query,2,1234,22,2026-01-31T23:59:59.123456Z,3221225991,192.0.2.0/24,,,scan-1\r\n"
            "2001:db8::1,temperror,ptr_timeout,,,,,,,TIMEOUT,,,,,,,,,query,0,,,1970-01-01T00:00:00.000000Z,,"
            "2001:db8::/64,,,scan-1\r\n");
}

TEST(CsvSink, WithoutARowThereIsTheHeader) {
  EXPECT_EQ(WriteRows(kCsv, {Column::kNames, Column::kAddress}, {}), "names,address\r\n");
}

TEST(NdjsonSink, WritesListsAlwaysAndNullsNever) {
  EXPECT_EQ(
      WriteRows(kNdjson, AllColumns(), {FullRow(), RowFor("2001:db8::1")}),
      R"({"address":"192.0.2.7","verdict":"pass","reason":"confirmed","names":["a.example","b.example"],)"
      R"("confirmed_names":["b.example"],"forward_addresses":["192.0.2.7"],)"
      R"("flags":["multiple_names","ptr_alias"],"ptr_status":"NOERROR","forward_status":"NOERROR",)"
      R"("ptr_ttl":86400,"forward_ttl":3600,"ptr_alias_target":"7.0/25.example",)"
      R"("zone":"2.0.192.in-addr.arpa","server":"192.0.2.53","authoritative":true,"authenticated":false,)"
      R"("evidence":"query","attempts":2,"rtt_us":1234,"ede":22,"observed_at":"2026-01-31T23:59:59.123456Z",)"
      R"("ipv4":3221225991,"prefix":"192.0.2.0/24","scan_id":"scan-1"})"
      "\n"
      R"({"address":"2001:db8::1","verdict":"temperror","reason":"ptr_timeout","names":[],)"
      R"("confirmed_names":[],"forward_addresses":[],"flags":[],"ptr_status":"TIMEOUT","evidence":"query",)"
      R"("attempts":0,"observed_at":"1970-01-01T00:00:00.000000Z","prefix":"2001:db8::/64",)"
      R"("scan_id":"scan-1"})"
      "\n");
}

TEST(NdjsonSink, ARowOfNullsIsAnEmptyObject) {
  EXPECT_EQ(WriteRows(kNdjson, {Column::kAsn, Column::kEde}, {RowFor("10.0.0.1")}), "{}\n");
  EXPECT_EQ(WriteRows(kNdjson, {Column::kAsn}, {}), "");
}

// Rows whose names hold every octet at the start, in the middle and alone.
std::vector<TestRow> HostileRows() {
  std::vector<TestRow> rows;
  for (int octet = 0; octet < 256; ++octet) {
    const std::string c(1, static_cast<char>(octet));
    TestRow row = RowFor("192.0.2.1");
    row.names = {{c}, {c + "cmd|' /c calc'!a0", "example"}, {"a" + c + "b", c}};
    row.alias_target = {{c, c}};
    row.zone = {{"x", c + "<script>"}};
    row.header.confirmed = 7;
    rows.push_back(row);
  }
  for (const char* name :
       {"=1+1", "+1", "@SUM(1)", "-1", "\t=1", "\"", "',", "<b>&amp;", "a\r\nb", "\\", "\\044"}) {
    TestRow row = RowFor("192.0.2.1");
    row.names = {{name, "example"}};
    rows.push_back(row);
  }
  return rows;
}

constexpr std::string_view kNameCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/\\.";

void ExpectHarmless(std::string_view name) {
  EXPECT_EQ(name.find_first_not_of(kNameCharacters), std::string_view::npos) << name;
  EXPECT_NE(name.front(), '-') << name;
  const auto parsed = codec::dns::ParseName(name);
  ASSERT_TRUE(parsed.has_value()) << name;
  EXPECT_EQ(codec::dns::ToString(parsed->view()), name);
}

TEST(CsvSink, LetsNoHostileOctetThrough) {
  const std::vector<TestRow> rows = HostileRows();
  const auto records = ParseCsv(WriteRows(
      kCsv, {Column::kNames, Column::kConfirmedNames, Column::kPtrAliasTarget, Column::kZone}, rows));
  ASSERT_EQ(records.size(), rows.size() + 1);
  for (size_t i = 1; i < records.size(); ++i) {
    ASSERT_EQ(records[i].size(), 4U);
    size_t names = 0;
    for (const std::string& field : records[i]) {
      for (size_t begin = 0; begin < field.size(); ++names) {
        const size_t end = std::min(field.find(' ', begin), field.size());
        ExpectHarmless(std::string_view(field).substr(begin, end - begin));
        begin = end + 1;
      }
    }
    EXPECT_EQ(names, i <= 256 ? 8U : 1U);
  }
}

TEST(NdjsonSink, LetsNoHostileOctetThroughAndLosesNone) {
  const std::vector<TestRow> rows = HostileRows();
  const std::string text = WriteRows(kNdjson, {Column::kNames, Column::kPtrAliasTarget, Column::kZone}, rows);
  std::vector<std::string_view> lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin);
    lines.push_back(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
  }
  ASSERT_EQ(lines.size(), rows.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::map<std::string, std::string> members = ParseJsonObject(lines[i]);
    const std::string& names = members.at("names");
    for (size_t begin = 0; begin < names.size();) {
      const size_t end = names.find('|', begin);
      ExpectHarmless(std::string_view(names).substr(begin, end - begin));
      begin = end + 1;
    }
    if (i < 256) ExpectHarmless(members.at("zone"));
  }
}

// What a file may hold though no scan writes it.
TEST(TextSinks, QuoteAndEscapeWhatNeedsIt) {
  const struct {
    std::string_view text;
    std::string_view csv;
    std::string_view json;
  } cases[] = {
      {"a", "a", R"("a")"},
      {"", "", R"("")"},
      {"a b", "a b", R"("a b")"},
      {"a,b", R"("a,b")", R"("a,b")"},
      {"a;b", "a;b", R"("a;b")"},
      {"\"", R"("""")", R"("\"")"},
      {"a\\b", R"(a\b)", R"("a\\b")"},
      {"a\rb", "\"a\rb\"", R"("a\u000db")"},
      {"a\nb", "\"a\nb\"", R"("a\u000ab")"},
      {"\x1F", "\x1F", R"("\u001f")"},
      {std::string_view("\0", 1), std::string_view("\0", 1), R"("\u0000")"},
      {"\x7F", "\x7F", "\"\x7F\""},
      {"\xC3\xA4", "\xC3\xA4", "\"\xC3\xA4\""},
  };
  for (const auto& c : cases) {
    std::vector<Record> records(2);
    for (Record& record : records) {
      record.SetText(Column::kTemplate, c.text);
      record.AppendItem(Column::kNames, c.text);
      record.SetText(Column::kZone, "z");
    }
    // A quoted list is quoted as a whole.
    records[1].AppendItem(Column::kNames, "n");
    const std::vector<Column> columns = {Column::kTemplate, Column::kNames, Column::kZone};
    std::string list(c.csv);
    list.insert(list.size() - (list.ends_with('"') ? 1 : 0), " n");
    EXPECT_EQ(WriteRecords(kCsv, columns, records), "template,names,zone\r\n" + std::string(c.csv) + "," +
                                                        std::string(c.csv) + ",z\r\n" + std::string(c.csv) +
                                                        "," + list + ",z\r\n");
    const std::string json(c.json);
    EXPECT_EQ(WriteRecords(kNdjson, columns, records), R"({"template":)" + json + R"(,"names":[)" + json +
                                                           R"(],"zone":"z"})"
                                                           "\n"
                                                           R"({"template":)" +
                                                           json + R"(,"names":[)" + json +
                                                           R"(,"n"],"zone":"z"})"
                                                           "\n");
  }
}

TEST(TextSinks, LargeOutputIsWholeAndInOrder) {
  std::vector<TestRow> rows(3000, FullRow());
  for (size_t i = 0; i < rows.size(); ++i) rows[i].header.attempts = static_cast<int32_t>(i);
  rows[1500].names.assign(64, TestRow::Labels(4, std::string(61, '\xFF')));
  for (int i = 0; i < 20'000; ++i)
    rows[1500].forward_addresses.push_back("10.1." + std::to_string(i / 250) + "." + std::to_string(i % 250));
  const auto records = ParseCsv(WriteRows(kCsv, AllColumns(), rows));
  ASSERT_EQ(records.size(), rows.size() + 1);
  for (size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(records[i + 1].size(), kColumns);
    EXPECT_EQ(records[i + 1][static_cast<size_t>(Column::kAttempts)], std::to_string(i));
  }
}

TEST(TextSinks, CompressedTextIsTheSameText) {
  const std::vector<TestRow> rows(5000, FullRow());
  for (const OutputFormat::Kind kind : {OutputFormat::Kind::kCsv, OutputFormat::Kind::kNdjson}) {
    const std::string plain = WriteRows({kind, false}, AllColumns(), rows);
    const std::string compressed = WriteRows({kind, true}, AllColumns(), rows);
    EXPECT_LT(compressed.size(), plain.size() / 10);
    EXPECT_EQ(Unzstd(compressed), plain);
  }
  EXPECT_EQ(Unzstd(WriteRows({OutputFormat::Kind::kNdjson, true}, AllColumns(), {})), "");
}

TEST(ZstdStream, AFrameEndsAtEachCheckpointAndNowhereElse) {
  netio::SimStorage storage;
  const auto file = storage.Create("a").value();
  ZstdStream stream(*file);
  const std::vector<uint8_t> piece(300'000, 'x');
  std::string expected;
  constexpr std::string_view kMagic("\x28\xB5\x2F\xFD", 4);
  for (int checkpoint = 1; checkpoint <= 3; ++checkpoint) {
    for (int i = 0; i < 3; ++i) {
      ASSERT_TRUE(stream.Append(piece).ok());
      ASSERT_TRUE(stream.Append({}).ok());
      expected.append(piece.size(), 'x');
    }
    ASSERT_TRUE(stream.Checkpoint().ok());
    ASSERT_TRUE(stream.Checkpoint().ok());  // Nothing has come: no empty frame.
    const std::string text = TextOf(storage, "a");
    EXPECT_EQ(Unzstd(text), expected);
    int frames = 0;
    for (size_t at = text.find(kMagic); at != std::string::npos; at = text.find(kMagic, at + 1)) ++frames;
    EXPECT_EQ(frames, checkpoint);
  }
}

TEST(ZstdStream, AFullDiskIsTheError) {
  netio::SimStorage storage;
  storage.LimitBytes(5);
  const auto file = storage.Create("sweep.csv.zst.partial").value();
  ZstdStream stream(*file);
  const std::vector<uint8_t> text(100, 'x');
  absl::Status status = stream.Append(text);
  if (status.ok()) status = stream.Checkpoint();
  EXPECT_EQ(status.message(), "sweep.csv.zst.partial: No space left on device");
}

}  // namespace
}  // namespace scanner
