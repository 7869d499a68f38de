#include "codec/parquet/metadata_reader.h"

#include <string>

namespace codec::parquet {
namespace {

constexpr const char* kMissing = "a field is missing that the format requires";
constexpr const char* kEncrypted = "the file is encrypted, which is not read here";

// The fields of a structure that were there, as bits; ids beyond 63 are of no interest.
class Seen {
 public:
  void Add(int16_t id) {
    if (id >= 0 && id < 64) bits_ |= uint64_t{1} << id;
  }
  void Require(ThriftReader& reader, std::initializer_list<int> ids) const {
    for (const int id : ids) {
      if ((bits_ >> id & 1) == 0) reader.Fail(kMissing);
    }
  }

 private:
  uint64_t bits_ = 0;
};

// The member of a union: the id of its only field, whose structure is passed over.
int16_t ReadUnion(ThriftReader& reader) {
  int16_t member = 0;
  for (ThriftField field; reader.Next(field);) {
    member = field.id;
    reader.Skip(field);
  }
  return member;
}

void ReadTimestampType(ThriftReader& reader, LogicalType& type) {
  for (ThriftField field; reader.Next(field);) {
    if (field.id == 1) {
      type.utc = reader.ReadBool(field);
    } else if (field.id == 2) {
      reader.EnterStruct(field);
      const int16_t unit = ReadUnion(reader);
      type.unit = unit == 1 ? TimeUnit::kMillis : unit == 2 ? TimeUnit::kMicros : TimeUnit::kNanos;
      if (unit < 1 || unit > 3) reader.Fail("a time has an unknown unit");
    } else {
      reader.Skip(field);
    }
  }
}

void ReadLogicalType(ThriftReader& reader, LogicalType& type) {
  for (ThriftField field; reader.Next(field);) {
    type.kind = field.id == 1   ? LogicalType::Kind::kString
                : field.id == 3 ? LogicalType::Kind::kList
                : field.id == 8 ? LogicalType::Kind::kTimestamp
                                : LogicalType::Kind::kOther;
    if (field.id == 8) {
      reader.EnterStruct(field);
      ReadTimestampType(reader, type);
    } else {
      reader.Skip(field);
    }
  }
}

void ReadSchemaElement(ThriftReader& reader, SchemaElement& element) {
  Seen seen;
  for (ThriftField field; reader.Next(field); seen.Add(field.id)) {
    switch (field.id) {
      case 1:
        element.type = static_cast<PhysicalType>(reader.ReadI32(field));
        break;
      case 3:
        element.repetition = static_cast<Repetition>(reader.ReadI32(field));
        break;
      case 4:
        element.name = reader.ReadBinary(field);
        break;
      case 5:
        element.children = reader.ReadI32(field);
        break;
      case 6:
        element.converted_type = reader.ReadI32(field);
        break;
      case 10:
        reader.EnterStruct(field);
        ReadLogicalType(reader, element.logical);
        break;
      default:
        reader.Skip(field);
    }
  }
  seen.Require(reader, {4});
}

void ReadKeyValue(ThriftReader& reader, KeyValue& pair) {
  Seen seen;
  for (ThriftField field; reader.Next(field); seen.Add(field.id)) {
    if (field.id == 1) {
      pair.key = reader.ReadBinary(field);
    } else if (field.id == 2) {
      pair.value = reader.ReadBinary(field);
    } else {
      reader.Skip(field);
    }
  }
  seen.Require(reader, {1});
}

void ReadColumnMetadata(ThriftReader& reader, ColumnMetadata& metadata) {
  Seen seen;
  for (ThriftField field; reader.Next(field); seen.Add(field.id)) {
    switch (field.id) {
      case 1:
        metadata.type = static_cast<PhysicalType>(reader.ReadI32(field));
        break;
      case 4:
        metadata.codec = static_cast<Codec>(reader.ReadI32(field));
        break;
      case 5:
        metadata.values = reader.ReadI64(field);
        break;
      case 6:
        metadata.uncompressed_bytes = reader.ReadI64(field);
        break;
      case 7:
        metadata.compressed_bytes = reader.ReadI64(field);
        break;
      case 9:
        metadata.data_page_offset = reader.ReadI64(field);
        break;
      case 11:
        metadata.dictionary_page_offset = reader.ReadI64(field);
        break;
      default:
        reader.Skip(field);
    }
  }
  seen.Require(reader, {1, 4, 5, 7, 9});
}

void ReadColumnChunk(ThriftReader& reader, ColumnChunk& chunk) {
  Seen seen;
  for (ThriftField field; reader.Next(field); seen.Add(field.id)) {
    switch (field.id) {
      case 1:
        if (!reader.ReadBinary(field).empty()) reader.Fail("a column is in another file");
        break;
      case 3:
        reader.EnterStruct(field);
        ReadColumnMetadata(reader, chunk.metadata);
        break;
      case 8:
      case 9:
        reader.Fail(kEncrypted);
        break;
      default:
        reader.Skip(field);
    }
  }
  seen.Require(reader, {3});
}

// The octets are passed over: the caller reads the row groups one at a time.
void ReadRowGroupOffsets(ThriftReader& reader, const ThriftField& list, std::vector<size_t>& offsets) {
  offsets.clear();
  for (size_t left = reader.ReadList(list, ThriftType::kStruct); left > 0 && reader.ok(); --left) {
    offsets.push_back(reader.offset());
    reader.Skip({.id = 0, .type = ThriftType::kStruct});
  }
}

template <typename T>
void ReadEntries(ThriftReader& reader, const ThriftField& list, void (*read)(ThriftReader&, T&),
                 std::vector<T>& entries) {
  const size_t count = reader.ReadList(list, ThriftType::kStruct);
  if (count > kMaxFooterEntries) reader.Fail("the file's metadata has more than 65536 entries of one kind");
  entries.clear();
  for (size_t i = 0; i < count && reader.ok(); ++i) read(reader, entries.emplace_back());
}

// DataPageHeader, DictionaryPageHeader and DataPageHeaderV2 have their own meanings for each id.
void ReadDataPageHeader(ThriftReader& reader, PageHeader& header) {
  Seen seen;
  for (ThriftField field; reader.Next(field); seen.Add(field.id)) {
    switch (field.id) {
      case 1:
        header.values = reader.ReadI32(field);
        break;
      case 2:
        header.encoding = static_cast<Encoding>(reader.ReadI32(field));
        break;
      case 3:
        header.definition_encoding = static_cast<Encoding>(reader.ReadI32(field));
        break;
      case 4:
        header.repetition_encoding = static_cast<Encoding>(reader.ReadI32(field));
        break;
      default:
        reader.Skip(field);
    }
  }
  seen.Require(reader, {1, 2, 3, 4});
}

void ReadDictionaryPageHeader(ThriftReader& reader, PageHeader& header) {
  Seen seen;
  for (ThriftField field; reader.Next(field); seen.Add(field.id)) {
    if (field.id == 1) {
      header.values = reader.ReadI32(field);
    } else if (field.id == 2) {
      header.encoding = static_cast<Encoding>(reader.ReadI32(field));
    } else {
      reader.Skip(field);
    }
  }
  seen.Require(reader, {1, 2});
}

void ReadDataPageHeaderV2(ThriftReader& reader, PageHeader& header) {
  Seen seen;
  for (ThriftField field; reader.Next(field); seen.Add(field.id)) {
    switch (field.id) {
      case 1:
        header.values = reader.ReadI32(field);
        break;
      case 2:
        header.nulls = reader.ReadI32(field);
        break;
      case 3:
        header.rows = reader.ReadI32(field);
        break;
      case 4:
        header.encoding = static_cast<Encoding>(reader.ReadI32(field));
        break;
      case 5:
        header.definition_bytes = reader.ReadI32(field);
        break;
      case 6:
        header.repetition_bytes = reader.ReadI32(field);
        break;
      case 7:
        header.compressed = reader.ReadBool(field);
        break;
      default:
        reader.Skip(field);
    }
  }
  seen.Require(reader, {1, 2, 3, 4, 5, 6});
}

}  // namespace

void ReadFooter(ThriftReader& reader, Footer& footer) {
  Seen seen;
  for (ThriftField field; reader.Next(field); seen.Add(field.id)) {
    switch (field.id) {
      case 2:
        ReadEntries(reader, field, ReadSchemaElement, footer.schema);
        break;
      case 3:
        footer.rows = reader.ReadI64(field);
        break;
      case 4:
        ReadRowGroupOffsets(reader, field, footer.row_groups);
        break;
      case 5:
        ReadEntries(reader, field, ReadKeyValue, footer.key_values);
        break;
      case 8:
        reader.Fail(kEncrypted);
        break;
      default:
        reader.Skip(field);
    }
  }
  seen.Require(reader, {2, 3, 4});
}

void ReadRowGroup(ThriftReader& reader, size_t leaves, RowGroup& group) {
  Seen seen;
  for (ThriftField field; reader.Next(field); seen.Add(field.id)) {
    switch (field.id) {
      case 1:
        if (reader.ReadList(field, ThriftType::kStruct) != leaves) {
          reader.Fail("a row group has another number of columns than the schema");
        }
        group.columns.clear();
        for (size_t i = 0; i < leaves && reader.ok(); ++i)
          ReadColumnChunk(reader, group.columns.emplace_back());
        break;
      case 3:
        group.rows = reader.ReadI64(field);
        break;
      default:
        reader.Skip(field);
    }
  }
  seen.Require(reader, {1, 3});
}

void ReadPageHeader(ThriftReader& reader, PageHeader& header) {
  Seen seen;
  for (ThriftField field; reader.Next(field); seen.Add(field.id)) {
    switch (field.id) {
      case 1:
        header.type = static_cast<PageType>(reader.ReadI32(field));
        break;
      case 2:
        header.uncompressed_size = reader.ReadI32(field);
        break;
      case 3:
        header.compressed_size = reader.ReadI32(field);
        break;
      case 4:
        header.crc = static_cast<uint32_t>(reader.ReadI32(field));
        break;
      case 5:
        reader.EnterStruct(field);
        ReadDataPageHeader(reader, header);
        break;
      case 7:
        reader.EnterStruct(field);
        ReadDictionaryPageHeader(reader, header);
        break;
      case 8:
        reader.EnterStruct(field);
        ReadDataPageHeaderV2(reader, header);
        break;
      default:
        reader.Skip(field);
    }
  }
  seen.Require(reader, {1, 2, 3});
  switch (header.type) {
    case PageType::kData:
      return seen.Require(reader, {5});
    case PageType::kDictionary:
      return seen.Require(reader, {7});
    case PageType::kDataV2:
      return seen.Require(reader, {8});
    case PageType::kIndex:
      return;
  }
}

}  // namespace codec::parquet
