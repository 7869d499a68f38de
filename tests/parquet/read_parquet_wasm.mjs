// The Rust implementation of Arrow and Parquet, compiled to WebAssembly; its tables are read with Arrow's own
// JavaScript.
import fs from 'node:fs';
import { makeVector, tableFromIPC } from 'apache-arrow';
import { ParquetFile, readParquet, readSchema } from 'parquet-wasm';
import { listText, timeText } from './cell_text.mjs';
import { kindOf } from './columns.mjs';

export const typeNames = {
  string: 'Utf8',
  list: 'List<Utf8>',
  int32: 'Int32',
  int64: 'Int64',
  boolean: 'Bool',
  timestamp: 'Timestamp<MICROSECOND, UTC>',
};

function vectorTexts(data, texts, text) {
  const vector = makeVector(data);
  for (let i = 0; i < data.length; ++i) {
    const value = vector.get(i);
    texts.push(value === null ? null : text(value));
  }
}

const appendTexts = {
  string: (data, texts) => vectorTexts(data, texts, (value) => value),
  int32: (data, texts) => vectorTexts(data, texts, String),
  int64: (data, texts) => vectorTexts(data, texts, String),
  boolean: (data, texts) => vectorTexts(data, texts, String),
  // A vector would give milliseconds.
  timestamp(data, texts) {
    for (let i = 0; i < data.length; ++i) texts.push(data.getValid(i) ? timeText(data.values[i]) : null);
  },
  list(data, texts) {
    const items = makeVector(data.children[0]);
    for (let i = 0; i < data.length; ++i) {
      const list = [];
      for (let item = data.valueOffsets[i]; item < data.valueOffsets[i + 1]; ++item) list.push(items.get(item));
      texts.push(data.getValid(i) ? listText(list) : null);
    }
  },
};

export async function open(path) {
  const bytes = fs.readFileSync(path);
  const { fields } = tableFromIPC(readSchema(bytes).intoIPCStream()).schema;
  const types = new Map(fields.map((field) => [field.name, String(field.type)]));
  const metadata = (await ParquetFile.fromFile(new Blob([bytes]))).metadata().fileMetadata();
  return {
    types,
    rows: Number(metadata.numRows()),
    facts: metadata.keyValueMetadata(),
    async group(index) {
      const table = tableFromIPC(readParquet(bytes, { rowGroups: [index], batchSize: 1 << 14 }).intoIPCStream());
      const group = new Map();
      for (const column of types.keys()) {
        const texts = [];
        for (const data of table.getChild(column).data) appendTexts[kindOf(column)](data, texts);
        group.set(column, texts);
      }
      return group;
    },
    close: () => {},
  };
}
