#include "codec/parquet/schema_reader.h"

#include <optional>

#include "absl/status/status.h"

namespace codec::parquet {
namespace {

// Numbers of ConvertedType that metadata.h does not name.
constexpr int32_t kEnum = 4;
constexpr int32_t kUint8 = 11;
constexpr int32_t kUint16 = 12;
constexpr int32_t kUint32 = 13;
constexpr int32_t kUint64 = 14;
constexpr int32_t kInt8 = 15;
constexpr int32_t kInt64 = 18;
constexpr int32_t kJson = 19;

using Elements = std::span<const SchemaElement>;

bool IsGroup(const SchemaElement& element) { return !element.type.has_value(); }

bool Is(const SchemaElement& element, Repetition repetition) {
  return element.repetition.value_or(Repetition::kRequired) == repetition;
}

// How many elements the subtree at the front has; nothing when it has more than there are.
std::optional<size_t> SubtreeSize(Elements elements) {
  size_t size = 0;
  for (size_t open = 1; open > 0; --open, ++size) {
    if (size == elements.size()) return std::nullopt;
    const int32_t children = elements[size].children.value_or(0);
    if (children < 0 || static_cast<size_t>(children) > elements.size()) return std::nullopt;
    if (IsGroup(elements[size])) open += static_cast<size_t>(children);
  }
  return size;
}

// What an INT64 that is a time means: nothing when it is none.
std::optional<Conversion> TimeConversion(const SchemaElement& element) {
  if (element.logical.kind == LogicalType::Kind::kTimestamp) {
    switch (element.logical.unit) {
      case TimeUnit::kMillis:
        return Conversion::kMilliseconds;
      case TimeUnit::kMicros:
        return Conversion::kNone;
      case TimeUnit::kNanos:
        return Conversion::kNanoseconds;
    }
  }
  if (element.converted_type == static_cast<int32_t>(ConvertedType::kTimestampMillis)) {
    return Conversion::kMilliseconds;
  }
  if (element.converted_type == static_cast<int32_t>(ConvertedType::kTimestampMicros)) {
    return Conversion::kNone;
  }
  return std::nullopt;
}

// Why a column of numbers cannot be read; nothing when it can.
const char* InterpretInteger(const SchemaElement& element, Leaf& leaf) {
  const bool is_long = leaf.physical == PhysicalType::kInt64;
  leaf.field.type = is_long ? Type::kInt64 : Type::kInt32;
  const std::optional<Conversion> time = is_long ? TimeConversion(element) : std::nullopt;
  if (time.has_value()) {
    leaf.field.meaning = Meaning::kTimestampMicrosUtc;
    leaf.conversion = *time;
    return nullptr;
  }
  if (!element.converted_type.has_value()) {
    return element.logical.kind == LogicalType::Kind::kNone ? nullptr : "is no plain number";
  }
  const int32_t converted = *element.converted_type;
  if (converted == kUint32 && !is_long) {
    leaf.field.type = Type::kInt64;
    leaf.conversion = Conversion::kUnsigned32;
  } else if (converted == kUint64 && is_long) {
    leaf.conversion = Conversion::kUnsigned64;
  } else if (converted != kUint8 && converted != kUint16 && (converted < kInt8 || converted > kInt64)) {
    return "is no plain number";
  }
  return nullptr;
}

const char* InterpretText(const SchemaElement& element, Leaf& leaf) {
  leaf.field.type = Type::kByteArray;
  const int32_t converted = element.converted_type.value_or(static_cast<int32_t>(ConvertedType::kUtf8));
  const bool is_text =
      converted == static_cast<int32_t>(ConvertedType::kUtf8) || converted == kEnum || converted == kJson;
  const bool is_other =
      element.logical.kind == LogicalType::Kind::kOther && !element.converted_type.has_value();
  if (!is_text || is_other) return "is binary, but no text";
  leaf.field.meaning = Meaning::kString;
  return nullptr;
}

const char* InterpretValue(const SchemaElement& element, Leaf& leaf) {
  leaf.physical = *element.type;
  switch (leaf.physical) {
    case PhysicalType::kBoolean:
      leaf.field.type = Type::kBoolean;
      return nullptr;
    case PhysicalType::kInt32:
    case PhysicalType::kInt64:
      return InterpretInteger(element, leaf);
    case PhysicalType::kInt96:
      leaf.field.type = Type::kInt64;
      leaf.field.meaning = Meaning::kTimestampMicrosUtc;
      return nullptr;
    case PhysicalType::kByteArray:
      return InterpretText(element, leaf);
    case PhysicalType::kFloat:
    case PhysicalType::kDouble:
      return "is a floating-point number";
    case PhysicalType::kFixedLengthByteArray:
      return "has values of a fixed length";
  }
  return "has a type that is not known";
}

// A list is a leaf in up to two groups, of which the leaf or the one around it is repeated.
const char* InterpretList(Elements column, Leaf& leaf) {
  leaf.field.shape = Shape::kList;
  bool repeated = false;
  for (const SchemaElement& element : column) {
    if (Is(element, Repetition::kRequired)) continue;
    ++leaf.max_definition;
    if (!Is(element, Repetition::kRepeated)) continue;
    if (repeated) return "is a list of lists";
    repeated = true;
    leaf.max_repetition = 1;
    leaf.item_definition = leaf.max_definition;
  }
  const char* const why = InterpretValue(column.back(), leaf);
  if (why != nullptr) return why;
  return leaf.field.type == Type::kByteArray ? nullptr : "is a list of what is no text";
}

bool IsAnnotatedList(const SchemaElement& element) {
  return element.logical.kind == LogicalType::Kind::kList ||
         element.converted_type == static_cast<int32_t>(ConvertedType::kList);
}

// Why the column cannot be read; nothing when it can, and `leaf` says how.
const char* InterpretColumn(Elements column, Leaf& leaf) {
  leaf.field.name = column.front().name;
  if (column.size() == 1 && !IsGroup(column[0])) {
    if (Is(column[0], Repetition::kRepeated)) return InterpretList(column, leaf);
    leaf.max_definition = Is(column[0], Repetition::kOptional) ? 1 : 0;
    leaf.field.shape = leaf.max_definition == 0 ? Shape::kRequired : Shape::kOptional;
    return InterpretValue(column[0], leaf);
  }
  if (!IsAnnotatedList(column.front()) || Is(column.front(), Repetition::kRepeated)) return "is a structure";
  if (column.size() < 2 || column.size() > 3 || column.front().children != 1 || IsGroup(column.back()) ||
      !Is(column[1], Repetition::kRepeated)) {
    return "is a list of structures";
  }
  return InterpretList(column, leaf);
}

size_t CountLeaves(Elements elements) {
  size_t leaves = 0;
  for (const SchemaElement& element : elements) leaves += IsGroup(element) ? 0 : 1;
  return leaves;
}

}  // namespace

absl::StatusOr<Leaves> ReadSchema(std::span<const SchemaElement> schema) {
  const std::optional<size_t> all = schema.empty() ? std::nullopt : SubtreeSize(schema);
  if (all != schema.size() || !IsGroup(schema.front())) {
    return absl::DataLossError("the schema is no tree of columns");
  }
  Leaves leaves;
  for (Elements rest = schema.subspan(1); !rest.empty();) {
    const Elements column = rest.first(*SubtreeSize(rest));
    Leaf leaf;
    leaf.index = leaves.count;
    const char* const why = InterpretColumn(column, leaf);
    if (why == nullptr) {
      leaves.usable.push_back(leaf);
    } else {
      leaves.unusable.push_back({.name = column.front().name, .why = why});
    }
    leaves.count += CountLeaves(column);
    rest = rest.subspan(column.size());
  }
  return leaves;
}

}  // namespace codec::parquet
