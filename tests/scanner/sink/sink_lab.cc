#include "tests/scanner/sink/sink_lab.h"

#include <arpa/inet.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "gtest/gtest.h"
#include "scanner/sink/record_builder.h"

namespace scanner {
namespace {

std::vector<uint8_t> Wire(const TestRow::Labels& labels) {
  std::vector<uint8_t> wire;
  for (const std::string& label : labels) {
    wire.push_back(static_cast<uint8_t>(label.size()));
    wire.insert(wire.end(), label.begin(), label.end());
  }
  wire.push_back(0);
  return wire;
}

std::vector<uint8_t> Octets(std::string_view address) {
  const bool ipv6 = address.find(':') != std::string_view::npos;
  std::vector<uint8_t> octets(ipv6 ? 16 : 4);
  EXPECT_EQ(inet_pton(ipv6 ? AF_INET6 : AF_INET, std::string(address).c_str(), octets.data()), 1) << address;
  return octets;
}

// A cursor over JSON text.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }
  char peek() const { return text_.empty() ? '\0' : text_.front(); }
  void Expect(char c) {
    EXPECT_EQ(peek(), c) << text_;
    if (!text_.empty()) text_.remove_prefix(1);
  }
  bool Take(char c) {
    if (peek() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  std::string String() {
    std::string value;
    Expect('"');
    while (!done() && peek() != '"') {
      char c = peek();
      EXPECT_GE(static_cast<unsigned char>(c), 0x20);
      Expect(c);
      if (c == '\\') {
        c = peek();
        EXPECT_TRUE(c == '\\' || c == '"') << "an escape that no value needs: " << c;
        Expect(c);
      }
      value.push_back(c);
    }
    Expect('"');
    return value;
  }
  std::string Value() {
    if (peek() == '"') return String();
    if (!Take('[')) {
      const std::string_view bare = text_.substr(0, text_.find_first_of(",}"));
      text_.remove_prefix(bare.size());
      EXPECT_TRUE(bare == "true" || bare == "false" || bare.find_first_not_of("0123456789") == bare.npos)
          << bare;
      return std::string(bare);
    }
    std::string items;
    while (!done() && peek() != ']') {
      items += String() + "|";
      if (!Take(',')) break;
      EXPECT_NE(peek(), ']');
    }
    Expect(']');
    return items;
  }

 private:
  std::string_view text_;
};

}  // namespace

TestRow RowFor(std::string_view address) {
  TestRow row;
  const std::vector<uint8_t> octets = Octets(address);
  std::copy(octets.begin(), octets.end(), row.header.address.begin());
  row.header.address_octets = static_cast<uint8_t>(octets.size());
  return row;
}

void AppendRow(TestRow row, RowBlock& block) {
  row.header.names = static_cast<uint16_t>(row.names.size());
  row.header.forward_addresses = static_cast<uint32_t>(row.forward_addresses.size());
  row.header.has_alias_target = !row.alias_target.empty();
  row.header.has_zone = !row.zone.empty();
  block.Begin(row.header);
  for (const TestRow::Labels& name : row.names) block.AppendName(Wire(name));
  for (const std::string& address : row.forward_addresses) block.AppendAddress(Octets(address));
  for (const TestRow::Labels& name : row.alias_target) block.AppendName(Wire(name));
  for (const TestRow::Labels& name : row.zone) block.AppendName(Wire(name));
  block.End();
}

std::string WriteRows(OutputFormat format, const std::vector<Column>& columns,
                      const std::vector<TestRow>& rows) {
  netio::SimStorage storage;
  const std::unique_ptr<netio::StorageFile> file = storage.Create("rows").value();
  const std::unique_ptr<RowSink> sink = MakeRowSink(format, columns, *file);
  RecordBuilder builder(columns, "scan-1");
  EXPECT_TRUE(sink->Begin().ok());
  RowView view;
  RowBlock block;
  for (const TestRow& row : rows) {
    block.Clear();
    AppendRow(row, block);
    size_t position = 0;
    EXPECT_TRUE(block.Read(position, view));
    EXPECT_TRUE(sink->Write(builder.Build(view)).ok());
  }
  SinkCheckpoint checkpoint;
  EXPECT_TRUE(sink->Checkpoint(CheckpointScope::kSinceLast, checkpoint).ok());
  return TextOf(storage, "rows");
}

std::string WriteRecords(OutputFormat format, const std::vector<Column>& columns,
                         std::span<const Record> records) {
  netio::SimStorage storage;
  const std::unique_ptr<netio::StorageFile> file = storage.Create("rows").value();
  const std::unique_ptr<RowSink> sink = MakeRowSink(format, columns, *file);
  EXPECT_TRUE(sink->Begin().ok());
  for (const Record& record : records) EXPECT_TRUE(sink->Write(record).ok());
  SinkCheckpoint checkpoint;
  EXPECT_TRUE(sink->Checkpoint(CheckpointScope::kSinceLast, checkpoint).ok());
  return TextOf(storage, "rows");
}

void ExpectEqual(const Record& actual, const Record& expected) {
  EXPECT_EQ(actual.key, expected.key);
  EXPECT_EQ(actual.plain, expected.plain);
  for (const Column column : AllColumns()) {
    const std::string_view name = Info(column).name;
    if (Info(column).kind == ColumnKind::kList) {
      EXPECT_TRUE(std::ranges::equal(actual.Items(column), expected.Items(column))) << name;
      continue;
    }
    ASSERT_EQ(actual.IsNull(column), expected.IsNull(column)) << name;
    if (expected.IsNull(column)) continue;
    if (Info(column).kind == ColumnKind::kString) {
      EXPECT_EQ(actual.Text(column), expected.Text(column));
    } else {
      EXPECT_EQ(actual.Number(column), expected.Number(column)) << name;
    }
  }
}

std::string CsvValue(Column column, const TestRow& row) {
  const std::vector<std::vector<std::string>> records = ParseCsv(WriteRows({}, {column}, {row}));
  EXPECT_EQ(records.size(), 2U);
  return records.size() == 2 && records[1].size() == 1 ? records[1][0] : "not one value";
}

std::vector<std::vector<std::string>> ParseCsv(std::string_view text) {
  std::vector<std::vector<std::string>> records;
  std::vector<std::string> record;
  std::string field;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        field.push_back(c);
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        field.push_back('"');
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      EXPECT_TRUE(field.empty()) << "a quote inside a field";
      quoted = true;
    } else if (c == ',') {
      record.push_back(std::exchange(field, {}));
    } else if (c == '\r') {
      EXPECT_TRUE(i + 1 < text.size() && text[i + 1] == '\n') << "CR without LF";
      ++i;
      record.push_back(std::exchange(field, {}));
      records.push_back(std::exchange(record, {}));
    } else {
      EXPECT_NE(c, '\n') << "LF without CR";
      field.push_back(c);
    }
  }
  EXPECT_TRUE(!quoted && field.empty() && record.empty()) << "the last record does not end";
  return records;
}

std::map<std::string, std::string> ParseJsonObject(std::string_view line) {
  std::map<std::string, std::string> members;
  JsonReader reader(line);
  reader.Expect('{');
  while (reader.peek() == '"') {
    const std::string key = reader.String();
    reader.Expect(':');
    EXPECT_TRUE(members.emplace(key, reader.Value()).second) << key << " twice";
    if (!reader.Take(',')) break;
    EXPECT_EQ(reader.peek(), '"');
  }
  reader.Expect('}');
  EXPECT_TRUE(reader.done());
  return members;
}

std::string Unzstd(std::string_view compressed) {
  std::string text;
  ZSTD_DCtx* const context = ZSTD_createDCtx();
  ZSTD_inBuffer in{.src = compressed.data(), .size = compressed.size(), .pos = 0};
  std::array<char, 4096> piece;
  size_t left = 0;
  while (in.pos < in.size) {
    ZSTD_outBuffer out{.dst = piece.data(), .size = piece.size(), .pos = 0};
    left = ZSTD_decompressStream(context, &out, &in);
    EXPECT_EQ(ZSTD_isError(left), 0U) << ZSTD_getErrorName(left);
    if (ZSTD_isError(left) != 0) break;
    text.append(piece.data(), out.pos);
  }
  EXPECT_EQ(left, 0U) << "the last frame does not end";
  ZSTD_freeDCtx(context);
  return text;
}

}  // namespace scanner
