#include "codec/parquet/page_reader.h"

#include <zlib.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "codec/parquet/metadata_reader.h"
#include "codec/parquet/read_error.h"
#include "codec/parquet/thrift_reader.h"

namespace codec::parquet {
namespace {

constexpr uint64_t kWindow = 64 << 10;
constexpr uint64_t kMaxHeader = 16 << 20;  // Headers may hold the page's lowest and highest value.

}  // namespace

void PageReader::Begin(uint64_t begin, uint64_t end, Codec codec) {
  next_ = begin;
  end_ = end;
  codec_ = codec;
  window_begin_ = 0;
  window_end_ = 0;
}

// Has [at, at + size), which lies before end_, in the window, and more when the source is read for it.
absl::Status PageReader::Fill(uint64_t at, uint64_t size) {
  if (at >= window_begin_ && at + size <= window_end_) return absl::OkStatus();
  const size_t wanted = std::max(size, std::min(kWindow, end_ - at));
  window_.Reserve(wanted, 0);
  window_begin_ = at;
  window_end_ = at;
  source_error_ = source_.ReadAt(at, {window_.data(), wanted});
  if (source_error_.ok()) window_end_ = at + wanted;
  return source_error_;
}

std::span<const uint8_t> PageReader::Filled(uint64_t at) const {
  return {window_.data() + (at - window_begin_), window_end_ - at};
}

// Gives the header's length.
absl::StatusOr<size_t> PageReader::ReadHeader(Page& page) {
  const uint64_t left = end_ - page.offset;
  if (left == 0) return absl::DataLossError("the column chunk ends before its last value");
  for (uint64_t wanted = 1;; wanted = std::min(left, Filled(page.offset).size() * 4)) {
    absl::Status filled = Fill(page.offset, wanted);
    if (!filled.ok()) return filled;
    const std::span<const uint8_t> octets = Filled(page.offset);
    ThriftReader reader(octets);
    page.header = PageHeader{};
    ReadPageHeader(reader, page.header);
    if (reader.ok()) return reader.offset();
    if (!reader.cut_off() || octets.size() >= std::min(left, kMaxHeader)) {
      return absl::DataLossError(absl::StrCat("page header: ", reader.fault()));
    }
  }
}

absl::Status PageReader::CheckHeader(const PageHeader& header, uint64_t body) const {
  if (header.compressed_size < 0 || header.uncompressed_size < 0 || header.values < 0) {
    return absl::DataLossError("the page header has a negative length or number of values");
  }
  if (static_cast<uint64_t>(header.compressed_size) > end_ - body) {
    return absl::DataLossError("the page runs past the end of its column chunk");
  }
  if (static_cast<size_t>(std::max(header.compressed_size, header.uncompressed_size)) >
      Decompressor::kMaxOctets) {
    return absl::DataLossError("the page has more than 256 MiB");
  }
  return absl::OkStatus();
}

// Takes the levels off the octets of a data page of version 2, and decompresses what is left.
absl::Status PageReader::SplitLevels(Page& page, std::span<const uint8_t> octets) {
  const PageHeader& header = page.header;
  if (header.repetition_bytes < 0 || header.definition_bytes < 0) {
    return absl::DataLossError("the page header has a negative length");
  }
  const auto repetition = static_cast<size_t>(header.repetition_bytes);
  const auto definition = static_cast<size_t>(header.definition_bytes);
  const auto size = static_cast<size_t>(header.uncompressed_size);
  if (repetition + definition > std::min(octets.size(), size)) {
    return absl::DataLossError("the levels are longer than their page");
  }
  page.repetition = octets.first(repetition);
  page.definition = octets.subspan(repetition, definition);
  const absl::StatusOr<std::span<const uint8_t>> body = decompressor_.Decompress(
      header.compressed ? codec_ : Codec::kUncompressed, octets.subspan(repetition + definition),
      size - repetition - definition, decompressed_);
  if (!body.ok()) return body.status();
  page.body = *body;
  return absl::OkStatus();
}

absl::Status PageReader::ReadBody(Page& page) {
  const auto size = static_cast<size_t>(page.header.compressed_size);
  absl::Status filled = Fill(next_ - size, size);
  if (!filled.ok()) return filled;
  const std::span<const uint8_t> octets = Filled(next_ - size).first(size);
  if (page.header.crc.has_value() &&
      *page.header.crc != crc32_z(crc32_z(0, nullptr, 0), octets.data(), octets.size())) {
    return absl::DataLossError("the page is damaged: its checksum is another one");
  }
  if (page.header.type == PageType::kDataV2) return SplitLevels(page, octets);
  const absl::StatusOr<std::span<const uint8_t>> body = decompressor_.Decompress(
      codec_, octets, static_cast<size_t>(page.header.uncompressed_size), decompressed_);
  if (!body.ok()) return body.status();
  page.body = *body;
  return absl::OkStatus();
}

absl::StatusOr<Page> PageReader::Next() {
  Page page;
  page.offset = next_;
  const absl::StatusOr<size_t> header = ReadHeader(page);
  absl::Status read = header.status();
  if (read.ok()) read = CheckHeader(page.header, page.offset + *header);
  if (read.ok()) {
    next_ = page.offset + *header + static_cast<uint64_t>(page.header.compressed_size);
    // The index pages of an early version of the format are passed over.
    if (page.header.type != PageType::kIndex) read = ReadBody(page);
  }
  if (!source_error_.ok()) return source_error_;
  if (!read.ok()) return ErrorAt(source_, page.offset, read);
  return page;
}

}  // namespace codec::parquet
