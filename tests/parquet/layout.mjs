// What lies where in a Parquet file: found by walking from page to page, not from what the indexes say.
import fs from 'node:fs';
import { parquetMetadata, readOffsetIndex } from 'hyparquet';
import { readBloomFilter } from 'hyparquet/src/bloom.js';
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { convertMetadata } from 'hyparquet/src/metadata.js';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import { crc32 } from './crc32.mjs';

const DATA = 0;
const DICTIONARY = 2;
const DATA_V2 = 3;

// Values as they are stored: microseconds, octets.
export const storedValues = {
  timestampFromMicroseconds: (microseconds) => microseconds,
  stringFromBytes: (octets) => Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1'),
};

function viewOf(octets, begin, length) {
  return { view: new DataView(octets.buffer, octets.byteOffset + begin, length), offset: 0 };
}

// Unlike hyparquet's own, which cannot read the bounds, of no octets, that a page without values has.
function readColumnIndex(reader, element) {
  const { field_1: nullPages, field_2: mins, field_3: maxs, field_4: order, field_5: nullCounts } =
    deserializeTCompactProtocol(reader);
  const parsers = { ...DEFAULT_PARSERS, ...storedValues };
  const values = (bounds) => bounds.map((bound) => (bound.length === 0 ? '' : convertMetadata(bound, element, parsers)));
  return { nullPages, mins: values(mins), maxs: values(maxs), order, nullCounts };
}

function pageAt(octets, offset) {
  const reader = viewOf(octets, offset, octets.length - offset);
  const header = deserializeTCompactProtocol(reader);
  const body = octets.subarray(offset + reader.offset, offset + reader.offset + header.field_3);
  const about = header.field_8 ?? header.field_5 ?? header.field_7;
  return {
    offset,
    size: reader.offset + header.field_3,
    body: offset + reader.offset,
    data: header.field_1 === DATA || header.field_1 === DATA_V2,
    dictionary: header.field_1 === DICTIONARY,
    crc: header.field_4 === undefined ? undefined : header.field_4 >>> 0,
    crcOfBody: crc32(body),
    values: about?.field_1,
    nulls: header.field_8?.field_2,
    rows: header.field_8?.field_3,
  };
}

// [first octet, octet behind the last, what it is]
function extent(offset, length, what) {
  return offset === undefined ? undefined : [Number(offset), Number(offset) + Number(length), what];
}

function chunkLayout(octets, { meta_data: about, ...chunk }, element) {
  const begin = Number(about.dictionary_page_offset ?? about.data_page_offset);
  const size = Number(about.total_compressed_size);
  const pages = [];
  for (let at = begin; at < begin + size; at += pages[pages.length - 1].size) pages.push(pageAt(octets, at));
  const slice = (offset, length) => viewOf(octets, Number(offset), Number(length));
  return {
    path: about.path_in_schema,
    name: about.path_in_schema[0],
    about,
    begin,
    size,
    pages,
    offsetIndex: readOffsetIndex(slice(chunk.offset_index_offset, chunk.offset_index_length)).page_locations,
    columnIndex: readColumnIndex(slice(chunk.column_index_offset, chunk.column_index_length), element),
    bloomFilter:
      about.bloom_filter_offset === undefined
        ? undefined
        : readBloomFilter(slice(about.bloom_filter_offset, about.bloom_filter_length)),
    extents: [
      extent(begin, size, 'pages'),
      extent(chunk.offset_index_offset, chunk.offset_index_length, 'offset index'),
      extent(chunk.column_index_offset, chunk.column_index_length, 'column index'),
      extent(about.bloom_filter_offset, about.bloom_filter_length, 'bloom filter'),
    ].filter((found) => found !== undefined),
  };
}

export function layoutOf(path) {
  const octets = fs.readFileSync(path);
  const metadata = parquetMetadata(octets, { parsers: storedValues });
  const leaves = metadata.schema.filter(({ type }) => type !== undefined);
  const footer = octets.length - 8 - metadata.metadata_length;
  return {
    octets,
    metadata,
    groups: metadata.row_groups.map((group) => ({
      about: group,
      rows: Number(group.num_rows),
      chunks: group.columns.map((chunk, i) => chunkLayout(octets, chunk, leaves[i])),
    })),
    extents: [
      [0, 4, 'magic'],
      [footer, octets.length, 'footer'],
    ],
  };
}
