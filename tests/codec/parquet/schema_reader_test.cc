#include "codec/parquet/schema_reader.h"

#include <optional>
#include <string>
#include <vector>

#include "codec/parquet/metadata_reader.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/codec/parquet/message_of.h"
#include "tests/codec/parquet/test_file.h"

namespace codec::parquet {
namespace {

using ::testing::IsEmpty;

constexpr Repetition kRequired = Repetition::kRequired;
constexpr Repetition kOptional = Repetition::kOptional;
constexpr Repetition kRepeated = Repetition::kRepeated;
constexpr PhysicalType kText = PhysicalType::kByteArray;
constexpr PhysicalType kInt32 = PhysicalType::kInt32;
constexpr PhysicalType kInt64 = PhysicalType::kInt64;
constexpr int kUtf8 = 0;
constexpr int kMap = 1;
constexpr int kList = 3;

ElementOctets Group(std::string name, Repetition repetition, int children,
                    std::optional<int> converted = {}) {
  return {.name = std::move(name), .repetition = repetition, .children = children, .converted = converted};
}
ElementOctets Leaf(std::string name, PhysicalType type, Repetition repetition,
                   std::optional<int> converted = {}) {
  return {.name = std::move(name), .type = type, .repetition = repetition, .converted = converted};
}

// Through the structures' octets, as it comes in files.
absl::StatusOr<Leaves> Read(int columns, const std::vector<ElementOctets>& elements) {
  const std::vector<uint8_t> file = FileOctets(columns, elements).Whole();
  const size_t length = file[file.size() - 8] | static_cast<size_t>(file[file.size() - 7]) << 8;
  ThriftReader reader(std::span<const uint8_t>(file).subspan(file.size() - 8 - length, length));
  Footer footer;
  ReadFooter(reader, footer);
  EXPECT_TRUE(reader.ok()) << reader.fault();
  return ReadSchema(footer.schema);
}

// "list 1 2 1": shape, highest definition level, highest repetition level, definition level of an item.
std::string Show(const std::vector<ElementOctets>& column) {
  const absl::StatusOr<Leaves> leaves = Read(1, column);
  if (!leaves.ok()) return MessageOf(leaves);
  if (leaves->usable.empty()) return leaves->unusable.at(0).name + " " + leaves->unusable.at(0).why;
  const codec::parquet::Leaf& leaf = leaves->usable.at(0);
  const char* const shapes[] = {"required", "optional", "list"};
  return std::string(shapes[static_cast<size_t>(leaf.field.shape)]) + " " +
         std::to_string(leaf.max_definition) + " " + std::to_string(leaf.max_repetition) + " " +
         std::to_string(leaf.item_definition);
}

TEST(SchemaReader, KnowsShapes) {
  const struct {
    std::vector<ElementOctets> column;
    std::string shown;
  } cases[] = {
      {{Leaf("a", kText, kRequired, kUtf8)}, "required 0 0 0"},
      {{Leaf("a", kText, kOptional)}, "optional 1 0 0"},
      {{Leaf("a", kText, kRepeated)}, "list 1 1 1"},
      {{Leaf("a", kInt32, kRepeated)}, "a is a list of what is no text"},
      {{Group("a", kRequired, 1, kList), Group("list", kRepeated, 1), Leaf("element", kText, kRequired)},
       "list 1 1 1"},
      {{Group("a", kOptional, 1, kList), Group("list", kRepeated, 1), Leaf("element", kText, kOptional)},
       "list 3 1 2"},
      {{Group("a", kOptional, 1, kList), Group("bag", kRepeated, 1), Leaf("array_element", kText, kRequired)},
       "list 2 1 2"},
      {{Group("a", kRequired, 1, kList), Leaf("array", kText, kRepeated)}, "list 1 1 1"},
      {{Group("a", kOptional, 1, kList), Leaf("array", kText, kRepeated)}, "list 2 1 2"},
      {{Group("a", kOptional, 1, kList), Leaf("array", kText, kOptional)}, "a is a list of structures"},
      {{Group("a", kOptional, 1, kList), Group("list", kRepeated, 1), Leaf("element", kInt64, kOptional)},
       "a is a list of what is no text"},
      {{Group("a", kOptional, 1, kList), Group("list", kRepeated, 1), Leaf("element", kText, kRepeated)},
       "a is a list of lists"},
      {{Group("a", kOptional, 1, kList), Group("list", kRepeated, 2), Leaf("x", kText, kOptional),
        Leaf("y", kText, kOptional)},
       "a is a list of structures"},
      {{Group("a", kOptional, 2, kList), Leaf("x", kText, kRepeated), Leaf("y", kText, kOptional)},
       "a is a list of structures"},
      {{Group("a", kOptional, 1, kList), Group("list", kRepeated, 0)}, "a is a list of structures"},
      {{Group("a", kRepeated, 1, kList), Leaf("array", kText, kRepeated)}, "a is a structure"},
      {{Group("a", kOptional, 1, kMap), Group("list", kRepeated, 1), Leaf("element", kText, kOptional)},
       "a is a structure"},
      {{Group("a", kOptional, 1), Leaf("x", kText, kOptional)}, "a is a structure"},
      {{Group("a", kOptional, 0)}, "a is a structure"},
      {{Group("a", kOptional, 2), Leaf("x", kText, kOptional)}, "the schema is no tree of columns"},
      {{Group("a", kOptional, -1), Leaf("x", kText, kOptional)}, "the schema is no tree of columns"},
      {{Group("a", kOptional, 1 << 30), Leaf("x", kText, kOptional)}, "the schema is no tree of columns"},
      {{Leaf("a", kText, kRequired), Leaf("b", kText, kRequired)}, "the schema is no tree of columns"},
      {{}, "the schema is no tree of columns"},
  };
  for (const auto& c : cases) EXPECT_EQ(Show(c.column), c.shown);
}

TEST(SchemaReader, CountsTheChunksOfColumnsThatItCannotRead) {
  const absl::StatusOr<Leaves> leaves =
      Read(3, {Group("a", kOptional, 2), Leaf("x", kText, kOptional), Group("b", kOptional, 1),
               Leaf("y", kText, kOptional), Leaf("c", kText, kRequired),
               Leaf("d", PhysicalType::kDouble, kRequired)});
  ASSERT_TRUE(leaves.ok()) << leaves.status();
  EXPECT_EQ(leaves->count, 4);
  ASSERT_EQ(leaves->usable.size(), 1);
  EXPECT_EQ(leaves->usable[0].index, 2);
  EXPECT_EQ(leaves->unusable.size(), 2);
}

// A schema of groups in groups costs no stack.
TEST(SchemaReader, TakesAnyDepth) {
  std::vector<SchemaElement> schema(60'000);
  for (SchemaElement& group : schema) group.children = 1;
  schema.push_back({.name = "x",
                    .type = kText,
                    .repetition = kOptional,
                    .children = std::nullopt,
                    .converted_type = std::nullopt,
                    .logical = {}});
  const absl::StatusOr<Leaves> leaves = ReadSchema(schema);
  ASSERT_TRUE(leaves.ok()) << leaves.status();
  EXPECT_EQ(leaves->count, 1);
  EXPECT_THAT(leaves->usable, IsEmpty());
}

struct Meant {
  PhysicalType physical;
  std::optional<int> converted;
  std::optional<LogicalType> logical;
  Type type;
  Meaning meaning;
  Conversion conversion;
};

TEST(SchemaReader, KnowsMeanings) {
  using Kind = LogicalType::Kind;
  const LogicalType other{.kind = Kind::kOther};
  const Meant cases[] = {
      {PhysicalType::kBoolean, {}, {}, Type::kBoolean, Meaning::kNone, Conversion::kNone},
      {kInt32, {}, {}, Type::kInt32, Meaning::kNone, Conversion::kNone},
      {kInt32, 13, other, Type::kInt64, Meaning::kNone, Conversion::kUnsigned32},
      {kInt32, 15, other, Type::kInt32, Meaning::kNone, Conversion::kNone},
      {kInt64, {}, {}, Type::kInt64, Meaning::kNone, Conversion::kNone},
      {kInt64, 14, other, Type::kInt64, Meaning::kNone, Conversion::kUnsigned64},
      {kInt64, 18, other, Type::kInt64, Meaning::kNone, Conversion::kNone},
      {kInt64, 9, {}, Type::kInt64, Meaning::kTimestampMicrosUtc, Conversion::kMilliseconds},
      {kInt64, 10, {}, Type::kInt64, Meaning::kTimestampMicrosUtc, Conversion::kNone},
      {kInt64,
       {},
       LogicalType{Kind::kTimestamp, TimeUnit::kMillis},
       Type::kInt64,
       Meaning::kTimestampMicrosUtc,
       Conversion::kMilliseconds},
      {kInt64, 9, LogicalType{Kind::kTimestamp, TimeUnit::kMicros}, Type::kInt64,
       Meaning::kTimestampMicrosUtc, Conversion::kNone},
      {kInt64,
       {},
       LogicalType{Kind::kTimestamp, TimeUnit::kNanos, false},
       Type::kInt64,
       Meaning::kTimestampMicrosUtc,
       Conversion::kNanoseconds},
      {PhysicalType::kInt96, {}, {}, Type::kInt64, Meaning::kTimestampMicrosUtc, Conversion::kNone},
      {kText, {}, LogicalType{Kind::kString}, Type::kByteArray, Meaning::kString, Conversion::kNone},
      {kText, 4, other, Type::kByteArray, Meaning::kString, Conversion::kNone},
      {kText, 19, other, Type::kByteArray, Meaning::kString, Conversion::kNone},
  };
  for (const Meant& c : cases) {
    SchemaElement root;
    root.children = 1;
    SchemaElement column;
    column.name = "x";
    column.type = c.physical;
    column.converted_type = c.converted;
    column.logical = c.logical.value_or(LogicalType{});
    const absl::StatusOr<Leaves> leaves = ReadSchema(std::vector{root, column});
    ASSERT_TRUE(leaves.ok() && leaves->usable.size() == 1) << leaves.status();
    EXPECT_EQ(leaves->usable[0].field.type, c.type);
    EXPECT_EQ(leaves->usable[0].field.meaning, c.meaning);
    EXPECT_EQ(leaves->usable[0].conversion, c.conversion);
  }
}

TEST(SchemaReader, SaysWhyAColumnCannotBeRead) {
  const LogicalType other{.kind = LogicalType::Kind::kOther};
  const struct {
    PhysicalType physical;
    std::optional<int> converted;
    LogicalType logical;
    std::string why;
  } cases[] = {
      {kInt32, 6, other, "is no plain number"},
      {kInt32, 14, other, "is no plain number"},
      {kInt32, {}, other, "is no plain number"},
      {kInt64, 5, other, "is no plain number"},
      {kInt64, 13, other, "is no plain number"},
      {kText, 5, other, "is binary, but no text"},
      {kText, {}, other, "is binary, but no text"},
      {PhysicalType::kFloat, {}, {}, "is a floating-point number"},
      {PhysicalType::kFixedLengthByteArray, {}, {}, "has values of a fixed length"},
      {static_cast<PhysicalType>(8), {}, {}, "has a type that is not known"},
  };
  for (const auto& c : cases) {
    SchemaElement root;
    root.children = 1;
    SchemaElement column;
    column.type = c.physical;
    column.converted_type = c.converted;
    column.logical = c.logical;
    const absl::StatusOr<Leaves> leaves = ReadSchema(std::vector{root, column});
    ASSERT_TRUE(leaves.ok() && leaves->unusable.size() == 1) << leaves.status() << c.why;
    EXPECT_EQ(leaves->unusable[0].why, c.why);
  }
}

}  // namespace
}  // namespace codec::parquet
