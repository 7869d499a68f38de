// Results read back: CSV, NDJSON and Parquet, plain and compressed, and all that can be wrong with them.
#include "scanner/sink/open_records.h"

#include <zstd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "netio/file_storage.h"
#include "scanner/sink/line_reader.h"
#include "tests/scanner/sink/sink_lab.h"

namespace scanner {
namespace {

std::string Zstd(std::string_view text) {
  std::string compressed(ZSTD_compressBound(text.size()), '\0');
  compressed.resize(ZSTD_compress(compressed.data(), compressed.size(), text.data(), text.size(), 3));
  return compressed;
}

class NoRowGroups final : public RowGroupLog {
 public:
  uint64_t row_groups() const override { return 0; }
  absl::Status ForEach(Visit /*visit*/) const override { return absl::OkStatus(); }
};

class OpenRecordsTest : public testing::Test {
 protected:
  OpenRecordsTest() {
    std::string path = testing::TempDir() + "/records.XXXXXX";
    EXPECT_NE(mkdtemp(path.data()), nullptr);
    directory_ = path;
  }
  ~OpenRecordsTest() override { std::filesystem::remove_all(directory_); }

  std::string Path(const std::string& name) const { return directory_ + "/" + name; }
  std::string Put(const std::string& name, std::string_view contents) const {
    std::ofstream(Path(name), std::ios::binary) << contents;
    return Path(name);
  }

  // The records as CSV of the reader's columns, or the error without the directory.
  std::string Read(const std::string& name, std::string_view contents) const {
    return ReadPath(Put(name, contents));
  }
  std::string ReadPath(const std::string& path) const {
    const absl::StatusOr<std::unique_ptr<RecordReader>> reader = OpenRecords(path);
    if (!reader.ok()) return ErrorOf(reader.status());
    std::string text;
    Record record;
    for (;;) {
      const absl::StatusOr<bool> there = (*reader)->Next(record);
      if (!there.ok()) return ErrorOf(there.status());
      if (!*there) break;
      const std::string rows = WriteRecords({}, (*reader)->columns(), std::span(&record, 1));
      text += rows.substr(rows.find('\n') + 1);
    }
    return text;
  }
  std::string ErrorOf(const absl::Status& status) const {
    std::string message(status.message());
    EXPECT_EQ(message.find('\n'), std::string::npos);
    if (!message.starts_with(directory_ + "/")) return message;
    return message.substr(directory_.size() + 1);
  }

  std::string directory_;
};

TEST_F(OpenRecordsTest, CsvAsAnybodyWritesIt) {
  const struct {
    std::string_view text;
    std::string_view rows;
  } cases[] = {
      {"address\r\n", ""},
      {"address", ""},
      {"address\r\n192.0.2.1\r\n", "192.0.2.1\r\n"},
      {"address\n192.0.2.1\n", "192.0.2.1\r\n"},
      {"address\n192.0.2.1", "192.0.2.1\r\n"},
      {"\xEF\xBB\xBF"
       "address\n192.0.2.1\n",
       "192.0.2.1\r\n"},
      {"\"address\"\n\"192.0.2.1\"\n", "192.0.2.1\r\n"},
      {"names,address\na b,::1\n,::2\n", "a b,::1\r\n,::2\r\n"},
      {"address,template,zone\n::1,\"a,b\",z\n", "::1,\"a,b\",z\r\n"},
      {"address,template,zone\n::1,\"a\"\"b\",\"\"\n", "::1,\"a\"\"b\",\r\n"},
      {"template,address\n\"\"\"\",::1\n", "\"\"\"\",::1\r\n"},
      {"address,template\n::1,\"x\"\r\n::2,\"\"\r\n", "::1,x\r\n::2,\r\n"},
      {"address,verdict,observed_at,authoritative,ptr_ttl\n10.0.0.1,pass,2026-01-01T00:00:00Z,true,0\n",
       "10.0.0.1,pass,2026-01-01T00:00:00.000000Z,true,0\r\n"},
  };
  for (const auto& c : cases) EXPECT_EQ(Read("a.csv", c.text), c.rows) << c.text;
}

TEST_F(OpenRecordsTest, WhatIsWrongWithCsvIsSaid) {
  const struct {
    std::string_view text;
    std::string_view error;
  } cases[] = {
      {"", "a.csv: empty; CSV begins with a line of column names"},
      {"\n", "a.csv:1: no results of arpasweep: '' in the header is none of its columns"},
      {"hello", "a.csv:1: no results of arpasweep: 'hello' in the header is none of its columns"},
      {"address,adress\n", "a.csv:1: no results of arpasweep: 'adress' in the header is none of its columns"},
      {"address,names,address\n", "a.csv:1: the column 'address' is there twice"},
      {"verdict,names\n", "a.csv:1: there is no column 'address'"},
      {"address,verdict\n::1\n", "a.csv:2: the header has 2 columns, this line 1"},
      {"address,verdict\n::1,pass,\n", "a.csv:2: the header has 2 columns, this line 3"},
      {"address,verdict\n::1,pass\n\n", "a.csv:3: the header has 2 columns, this line 1"},
      {"address\n::1\n\n::2\n", "a.csv:3: address: '' is not an IPv4 or IPv6 address"},
      {"address,verdict\n,pass\n", "a.csv:2: address: '' is not an IPv4 or IPv6 address"},
      {"address\nhost\n", "a.csv:2: address: 'host' is not an IPv4 or IPv6 address"},
      {"address,ede\n::1,0\n::2,-1\n", "a.csv:3: ede: '-1' is not a number from 0 to 65535"},
      {"address,names\n::1,a  b\n",
       "a.csv:2: names: 'a  b' is not text without a space, and one space between "
       "two of them"},
      {"address,names\n::1, a\n",
       "a.csv:2: names: ' a' is not text without a space, and one space between two of them"},
      {"address,names\n::1,a \n",
       "a.csv:2: names: 'a ' is not text without a space, and one space between two of them"},
      {"address,zone\n::1,a\rb\n", R"(a.csv:2: zone: 'a\013b' is not text without a control character)"},
      {"address,zone\n::1,\"a\nb\"\n", "a.csv:2: a quote that does not end on its line"},
      {"address,zone\n::1,\"a\n", "a.csv:2: a quote that does not end on its line"},
      {"address,zone\n::1,a\"b\n", "a.csv:2: a quote within a field that does not begin with one"},
      {"address,zone\n::1,\"a\"b\n", "a.csv:2: text behind the quote that ends a field"},
      {"\"address\n", "a.csv:1: a quote that does not end on its line"},
  };
  for (const auto& c : cases) EXPECT_EQ(Read("a.csv", c.text), c.error) << c.text;
}

// What NDJSON gives, as CSV of three columns.
TEST_F(OpenRecordsTest, NdjsonAsAnybodyWritesIt) {
  const struct {
    std::string_view text;
    std::string_view names;
    std::string_view ttl;
  } cases[] = {
      {R"({"address":"192.0.2.1"})", "", ""},
      {R"( {"names" : [ ] ,"address":"192.0.2.1", "ptr_ttl" : null} )", "", ""},
      {"\xEF\xBB\xBF"
       R"({"ptr_ttl":7,"names":["a","b"],"address":"192.0.2.1"})"
       "\r\n",
       "a b", "7"},
      {R"({"address":"192.0.2.1","names":null,"zone":""})", "", ""},
      {R"({"address":"192.0.2.\u0031","names":["\u0061\\044"]})", "a\\044", ""},
      {"{\"address\":\"192.0.2.1\",\"names\":[\"\\u00e4\xC3\xA4\"],\"ptr_ttl\":2147483647}",
       "\xC3\xA4\xC3\xA4", "2147483647"},
  };
  for (const auto& c : cases) {
    const auto reader = OpenRecords(Put("a.json", c.text)).value();
    Record record;
    ASSERT_TRUE(reader->Next(record).value()) << c.text;
    EXPECT_EQ(
        WriteRecords({}, {Column::kAddress, Column::kNames, Column::kPtrTtl}, std::span(&record, 1)),
        "address,names,ptr_ttl\r\n192.0.2.1," + std::string(c.names) + "," + std::string(c.ttl) + "\r\n");
    EXPECT_FALSE(reader->Next(record).value());
    EXPECT_EQ(reader->columns(), AllColumns());
  }
}

TEST_F(OpenRecordsTest, WhatIsWrongWithNdjsonIsSaid) {
  const struct {
    std::string_view text;
    std::string_view error;
  } cases[] = {
      {"{", "a.ndjson:1: no JSON object: character 2 is not what JSON has there"},
      {"{}", "a.ndjson:1: address: '' is not an IPv4 or IPv6 address"},
      {"{\"address\":\"::1\"}\n{}", "a.ndjson:2: address: '' is not an IPv4 or IPv6 address"},
      {"{\"address\":\"::1\"}\n\n", "a.ndjson:2: no JSON object: character 1 is not what JSON has there"},
      {"{\"address\":\"::1\"}\n[]", "a.ndjson:2: no JSON object"},
      {"{\"address\":\"::1\"}\n\"a\"", "a.ndjson:2: no JSON object"},
      {"{\"address\":\"::1\"}\n1", "a.ndjson:2: no JSON object"},
      {"{\"address\":\"::1\"}\nnull", "a.ndjson:2: no JSON object"},
      {R"({"address":"::1"} x)", "a.ndjson:1: no JSON object: character 19 is not what JSON has there"},
      {R"({"address":"::1"}{"address":"::1"})",
       "a.ndjson:1: no JSON object: character 18 is not what JSON has there"},
      {R"({"address":"::1","adress":1})",
       "a.ndjson:1: no results of arpasweep: 'adress' is none of its columns"},
      {R"({"address":"::1","zone":"a","zone":"b"})", "a.ndjson:1: the column 'zone' is there twice"},
      {R"({"address":7})", "a.ndjson:1: address: '7' is not text"},
      {R"({"address":["::1"]})", "a.ndjson:1: address: '[' is not text"},
      {R"({"address":{"a":1}})", "a.ndjson:1: address: '{' is not text"},
      {R"({"address":true})", "a.ndjson:1: address: 'true' is not text"},
      {R"({"address":"::1","names":"a"})", "a.ndjson:1: names: 'a' is not an array of texts"},
      {R"({"address":"::1","names":[1]})", "a.ndjson:1: names: '1' is not text"},
      {R"({"address":"::1","names":[null]})", "a.ndjson:1: names: 'null' is not text"},
      {R"({"address":"::1","names":[["a"]]})", "a.ndjson:1: names: '[' is not text"},
      {R"({"address":"::1","names":[{}]})", "a.ndjson:1: names: '{' is not text"},
      {R"({"address":"::1","names":["a b"]})", "a.ndjson:1: names: 'a b' is not text without a space"},
      {R"({"address":"::1","names":["a\nb"]})",
       R"(a.ndjson:1: names: 'a\010b' is not text without a control character)"},
      {R"({"address":"::1","names":[""]})", "a.ndjson:1: names: '' is not text without a space"},
      {R"({"address":"::1","ptr_ttl":"1"})", "a.ndjson:1: ptr_ttl: '1' is not a whole number"},
      {R"({"address":"::1","ptr_ttl":1.0})", "a.ndjson:1: ptr_ttl: '1.0' is not a whole number"},
      {R"({"address":"::1","ptr_ttl":-1})", "a.ndjson:1: ptr_ttl: '-1' is not a number from 0 to 2147483647"},
      {R"({"address":"::1","asn":18446744073709551615})",
       "a.ndjson:1: asn: '18446744073709551615' is not a whole number"},
      {R"({"address":"::1","authoritative":"true"})",
       "a.ndjson:1: authoritative: 'true' is not true or false"},
      {R"({"address":"::1","authoritative":1})", "a.ndjson:1: authoritative: '1' is not true or false"},
      {R"({"address":"::1","observed_at":1})",
       R"(a.ndjson:1: observed_at: '1' is not a time such as "2026-01-31T23:59:59.123456Z")"},
      {R"({"address":"::1","verdict":"maybe"})",
       "a.ndjson:1: verdict: 'maybe' is not a verdict: pass, fail, temperror or permerror"},
      {"{\"address\":\"::1\",\"zone\":\"\xFF\"}",
       "a.ndjson:1: no JSON object: character 26 is not what JSON has there"},
  };
  for (const auto& c : cases) EXPECT_EQ(Read("a.ndjson", c.text), c.error) << c.text;
}

TEST_F(OpenRecordsTest, TheContentIsTheFormatAndNotTheName) {
  const std::string csv = "address\n::1\n";
  EXPECT_EQ(Read("a.ndjson", csv), "::1\r\n");
  EXPECT_EQ(Read("a.parquet", csv), "::1\r\n");
  EXPECT_EQ(Read("a", Zstd(csv)), "::1\r\n");
  EXPECT_EQ(ParseCsv(Read("a.csv.zst", Zstd("{\"address\":\"::1\"}\n")))[0][0], "::1");
  EXPECT_EQ(Read("a.ndjson", ""), "");
  EXPECT_EQ(Read("a.ndjson.zst", Zstd("")), "");
  EXPECT_EQ(Read("a.csv.zst", Zstd("")), "a.csv.zst: empty; CSV begins with a line of column names");
  EXPECT_EQ(Read("a.parquet", "PAR1").substr(0, 10), "a.parquet:");
}

// What a scan writes as Parquet is the same when it is read back, and what is not so is an error.
TEST_F(OpenRecordsTest, ParquetAsScansWriteIt) {
  std::string csv = "address,verdict,names,ptr_ttl,authoritative,observed_at,ipv4,template,zone\n";
  for (int i = 0; i < 300; ++i) {
    const std::string n = std::to_string(i % 256);
    csv += (i < 256 ? "10.0.0." + n : "2001:db8::" + std::to_string(i)) + "," + (i % 3 == 0 ? "pass" : "") +
           "," + (i % 2 == 0 ? "a" + n + " b\\044" : "") + "," + (i % 5 == 0 ? "" : n) + "," +
           (i % 7 == 0 ? "" : "true") + "," + (i % 11 == 0 ? "" : "2026-01-31T23:59:59.123456Z") + "," +
           (i % 4 == 0 ? "" : "4294967295") + "," + (i % 6 == 0 ? "\"a,b\"" : "") + ",z\n";
  }
  std::string rows = Read("a.csv", csv);
  ASSERT_EQ(std::ranges::count(rows, '\n'), 300);
  const auto reader = OpenRecords(Path("a.csv")).value();
  const auto storage = netio::FileStorage::OpenDirectory(directory_).value();
  const auto file = storage->Create("a.parquet").value();
  const auto sink = MakeRowSink({.kind = OutputFormat::Kind::kParquet}, reader->columns(), *file);
  ASSERT_TRUE(sink->Begin().ok());
  for (Record record; reader->Next(record).value();) ASSERT_TRUE(sink->Write(record).ok());
  ASSERT_TRUE(sink->Finish(NoRowGroups(), {{"schema_version", "1"}, {"seed", "7"}}).ok());
  EXPECT_EQ(ReadPath(Path("a.parquet")), rows);
  const auto parquet = OpenRecords(Path("a.parquet")).value();
  EXPECT_EQ(parquet->columns(), reader->columns());
  EXPECT_EQ(parquet->facts(), (FileFacts{{"schema_version", "1"}, {"seed", "7"}}));

  std::string octets(file->Size().value(), '\0');
  ASSERT_TRUE(file->ReadAt(0, {reinterpret_cast<uint8_t*>(octets.data()), octets.size()}).ok());
  const std::string cut = Read("cut.parquet", std::string_view(octets).substr(0, octets.size() - 1));
  EXPECT_EQ(cut.substr(0, 19), "cut.parquet: octet ");
  // The same with another name in the schema.
  const auto with_name = [&octets](std::string_view name, std::string_view other) {
    std::string changed = octets;
    return changed.replace(changed.find(name, changed.find("schema")), name.size(), other);
  };
  EXPECT_EQ(Read("x.parquet", with_name("template", "tomplate")),
            "x.parquet: no results of arpasweep: the column 'tomplate' is none of its columns");
  EXPECT_EQ(Read("x.parquet", with_name("verdict", "address")),
            "x.parquet: the column 'address' is there twice");
  EXPECT_EQ(Read("x.parquet", with_name("address", "scan_id")), "x.parquet: there is no column 'address'");
  EXPECT_EQ(Read("x.parquet", with_name("ptr_ttl", "scan_id")),
            "x.parquet: the column 'scan_id' is of another type than in results of arpasweep");
  EXPECT_EQ(Read("x.parquet", with_name("template", "evidence")).size(), rows.size());
}

TEST_F(OpenRecordsTest, ValuesOfParquetAreChecked) {
  const auto storage = netio::FileStorage::OpenDirectory(directory_).value();
  const struct {
    Column column;
    std::string_view value;
    std::string_view error;
  } cases[] = {
      {Column::kVerdict, "maybe", "verdict: 'maybe' is not a verdict: pass, fail, temperror or permerror"},
      {Column::kNames, "a b", "names: 'a b' is not text without a space"},
      {Column::kAddress, "host", "address: 'host' is not an IPv4 or IPv6 address"},
      {Column::kAddress, "", "address: '' is not an IPv4 or IPv6 address"},
  };
  for (const auto& c : cases) {
    storage->Remove("b.parquet").IgnoreError();
    const auto file = storage->Create("b.parquet").value();
    const auto sink = MakeRowSink({.kind = OutputFormat::Kind::kParquet}, AllColumns(), *file);
    ASSERT_TRUE(sink->Begin().ok());
    Record record;
    for (const bool wrong : {false, true}) {
      record.Clear();
      record.key.low = wrong ? 2 : 1;
      record.SetText(Column::kAddress, "::1");
      if (wrong && Info(c.column).kind == ColumnKind::kList) record.AppendItem(c.column, c.value);
      if (wrong && Info(c.column).kind == ColumnKind::kString) record.SetText(c.column, c.value);
      ASSERT_TRUE(sink->Write(record).ok());
    }
    ASSERT_TRUE(sink->Finish(NoRowGroups(), {}).ok());
    EXPECT_EQ(ReadPath(Path("b.parquet")), "b.parquet: row 2: " + std::string(c.error));
  }
}

TEST_F(OpenRecordsTest, ZstdMayHaveManyFramesAndMustBeWhole) {
  std::string text = "address,attempts\n";
  std::string rows;
  for (int i = 0; i < 3'000; ++i) {
    const std::string row = "10." + std::to_string(i >> 16) + "." + std::to_string(i >> 8 & 255) + "." +
                            std::to_string(i & 255) + "," + std::to_string(i);
    text += row + "\n";
    rows += row + "\r\n";
  }
  const size_t half = text.size() / 2;
  const std::string first = Zstd(text.substr(0, half));
  const std::string frames = first + Zstd("") + Zstd(text.substr(half));
  EXPECT_EQ(Read("a.csv.zst", frames), rows);
  EXPECT_EQ(Read("a.csv.zst", frames.substr(0, frames.size() - 1)),
            "a.csv.zst: octet " + std::to_string(frames.size() - 1) + ": zstd: the file ends within a frame");
  EXPECT_EQ(Read("a.csv.zst", frames.substr(0, first.size() + 3)),
            "a.csv.zst: octet " + std::to_string(first.size() + 3) + ": zstd: the file ends within a frame");
  EXPECT_EQ(Read("a.csv.zst", frames + "x").substr(0, 17), "a.csv.zst: octet ");
  EXPECT_EQ(Read("a.csv.zst", frames + "garbage").substr(0, 17), "a.csv.zst: octet ");
}

TEST_F(OpenRecordsTest, ALineIsBounded) {
  const std::string head = "address,template\n::1,";
  const std::string longest(LineReader::kMaxLine - 4, 'x');
  EXPECT_EQ(Read("a.csv", head + longest + "\n").size(), longest.size() + 6);
  EXPECT_EQ(Read("a.csv", head + longest + "xxx\n"),
            "a.csv:2: longer than 16777216 octets; a row of results is not");
}

TEST_F(OpenRecordsTest, WhatCannotBeOpenedIsNamed) {
  EXPECT_EQ(ReadPath(Path("none.csv")), "none.csv: No such file or directory");
  std::filesystem::create_directory(Path("dir"));
  EXPECT_EQ(ReadPath(Path("dir")), "dir: Is a directory");
}

}  // namespace
}  // namespace scanner
