#include "tests/codec/parquet/file_places.h"

#include <algorithm>
#include <span>

#include "codec/parquet/bit_unpacker.h"
#include "codec/parquet/metadata_reader.h"
#include "codec/parquet/thrift_reader.h"

namespace codec::parquet {
namespace {

constexpr size_t kMagic = 4;
constexpr size_t kTail = 8;

void Name(std::span<std::string> places, size_t begin, size_t end, const std::string& name) {
  for (std::string& place : places.subspan(begin, end - begin)) place = name;
}

// Names the octets of the structure that `reader` is at and passes over it.
void NameStruct(ThriftReader& reader, const std::string& name, std::span<std::string> places) {
  size_t begin = reader.offset();
  for (ThriftField field; reader.Next(field); begin = reader.offset()) {
    const std::string inner = name + "." + std::to_string(field.id);
    ThriftReader passed = reader;
    passed.Skip(field);
    Name(places, begin, passed.offset(), inner);
    if (field.type == ThriftType::kStruct) NameStruct(reader, inner, places);
    if (field.type == ThriftType::kList) {
      size_t structures = reader.ReadList(field, ThriftType::kStruct);
      for (; structures > 0 && reader.ok(); --structures) NameStruct(reader, inner, places);
    }
    reader = passed;
  }
  Name(places, begin, reader.offset(), name);
}

}  // namespace

std::vector<std::string> PlacesOf(const std::vector<uint8_t>& file, size_t leaves) {
  std::vector<std::string> places(file.size(), "index");
  const size_t tail = file.size() - kTail;
  const size_t footer = tail - LoadLittleEndian<uint32_t>(file.data() + tail);
  Name(places, 0, kMagic, "magic");
  Name(places, tail, tail + 4, "length");
  Name(places, tail + 4, file.size(), "magic");
  const std::span<const uint8_t> octets(file);
  const std::span<const uint8_t> metadata = octets.subspan(footer, tail - footer);
  ThriftReader reader(metadata);
  NameStruct(reader, "footer", std::span(places).subspan(footer));

  Footer read;
  ThriftReader footer_reader(metadata);
  ReadFooter(footer_reader, read);
  RowGroup group;
  ThriftReader group_reader(metadata, read.row_groups.front());
  ReadRowGroup(group_reader, leaves, group);
  for (const ColumnChunk& column : group.columns) {
    const ColumnMetadata& chunk = column.metadata;
    size_t at = static_cast<size_t>(
        std::min(chunk.data_page_offset, chunk.dictionary_page_offset.value_or(chunk.data_page_offset)));
    for (const size_t end = at + static_cast<size_t>(chunk.compressed_bytes); at < end;) {
      ThriftReader header_reader(octets.subspan(at));
      NameStruct(header_reader, "header", std::span(places).subspan(at));
      ThriftReader values_reader(octets.subspan(at));
      PageHeader header;
      ReadPageHeader(values_reader, header);
      at += values_reader.offset();
      const size_t next = at + static_cast<size_t>(header.compressed_size);
      Name(places, at, next, "page");
      at = next;
    }
  }
  return places;
}

}  // namespace codec::parquet
