// hyparquet, a reader in JavaScript.
import { asyncBufferFromFile, parquetMetadataAsync, parquetScan, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { listText, timeText } from './cell_text.mjs';
import { kindOf } from './columns.mjs';

export const typeNames = {
  string: 'BYTE_ARRAY STRING UTF8',
  list: 'LIST of BYTE_ARRAY STRING UTF8',
  int32: 'INT32',
  int64: 'INT64',
  boolean: 'BOOLEAN',
  timestamp: 'INT64 TIMESTAMP MICROS UTC TIMESTAMP_MICROS',
};

// Times as text at once: a Date has milliseconds only.
const parsers = { timestampFromMicroseconds: timeText };

const textOf = {
  string: (value) => value,
  list: listText,
  int32: String,
  int64: String,
  boolean: String,
  timestamp: (value) => value,
};

function typeText({ type, logical_type: logical, converted_type: converted }) {
  const parts = [type, logical?.type, logical?.unit, logical?.isAdjustedToUTC ? 'UTC' : undefined, converted];
  return parts.filter((part) => part !== undefined).join(' ');
}

function typeOf(node) {
  if (node.children.length === 0) return typeText(node.element);
  const [list] = node.children;
  if (node.element.logical_type?.type !== 'LIST' || node.element.converted_type !== 'LIST') return 'a group';
  return `LIST of ${typeText(list.children[0].element)}`;
}

export async function open(path) {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const types = new Map(parquetSchema(metadata).children.map((node) => [node.element.name, typeOf(node)]));
  const scan = await parquetScan({ file, metadata, compressors, parsers });
  return {
    types,
    rows: Number(metadata.num_rows),
    facts: new Map((metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value])),
    async group(_index, start, size) {
      const group = new Map();
      for (const column of types.keys()) {
        const values = await scan.readColumn({ column, rowStart: start, rowEnd: start + size });
        const text = textOf[kindOf(column)];
        group.set(column, Array.from(values, (value) => (value === null || value === undefined ? null : text(value))));
      }
      return group;
    },
    close: () => {},
  };
}
