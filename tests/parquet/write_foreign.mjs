// Parquet of results as others write it, from their CSV: for each writer a function that gives the paths of what it
// wrote into a directory.
import fs from 'node:fs';
import path from 'node:path';
import pl from 'nodejs-polars';
import { Compression, Encoding, WriterPropertiesBuilder, WriterVersion, readParquet, writeParquet } from 'parquet-wasm';
import { kindOf } from './columns.mjs';
import { connect, quoted, typeNames } from './read_duckdb.mjs';
import { ResultsCsv } from './results_csv.mjs';

const CODECS = ['uncompressed', 'snappy', 'zstd'];

// SQL for the value of a column of the CSV, all of whose columns are text.
function valueOf(column) {
  const name = `"${column}"`;
  const kind = kindOf(column);
  if (kind === 'list') return `if(coalesce(${name}, '') = '', [], string_split(${name}, ' ')) AS ${name}`;
  return `CAST(nullif(${name}, '') AS ${typeNames[kind]}) AS ${name}`;
}

async function copyByDuckdb(csv, parquet, options) {
  const rows = new ResultsCsv(csv);
  const values = rows.columns.map(valueOf).join(', ');
  rows.close();
  const text = `read_csv(${quoted(csv)}, header = true, all_varchar = true, quote = '', escape = '', delim = ',',
                max_line_size = 10000000)`;
  const connection = await connect();
  await connection.run(`COPY (SELECT ${values} FROM ${text}) TO ${quoted(parquet)} (FORMAT parquet, ${options})`);
  connection.closeSync();
}

async function duckdb(csv, directory) {
  const written = [];
  for (const version of ['v1', 'v2']) {
    for (const codec of CODECS) {
      const file = path.join(directory, `duckdb_${version}_${codec}.parquet`);
      await copyByDuckdb(csv, file, `PARQUET_VERSION ${version}, COMPRESSION ${codec}, ROW_GROUP_SIZE 4096`);
      written.push(file);
    }
  }
  return written;
}

// What the others start from; they read no CSV with lists.
async function tableFile(csv, directory) {
  const file = path.join(directory, 'table.parquet');
  await copyByDuckdb(csv, file, 'COMPRESSION uncompressed');
  return file;
}

async function parquetWasm(csv, directory) {
  const table = fs.readFileSync(await tableFile(csv, directory));
  const written = [];
  const write = (name, choose) => {
    const properties = new WriterPropertiesBuilder().setMaxRowGroupSize(5000).setDataPageSizeLimit(1 << 14);
    const file = path.join(directory, `parquet_wasm_${name}.parquet`);
    fs.writeFileSync(file, writeParquet(readParquet(table, { batchSize: 1 << 14 }), choose(properties).build()));
    written.push(file);
  };
  for (const version of ['V1', 'V2']) {
    for (const codec of CODECS) {
      for (const dictionary of [true, false]) {
        write(`${version}_${codec}_${dictionary ? 'dictionary' : 'plain'}`, (properties) =>
          properties
            .setWriterVersion(WriterVersion[version])
            .setCompression(Compression[codec.toUpperCase()])
            .setDictionaryEnabled(dictionary),
        );
      }
    }
  }
  const plain = (properties) => properties.setDictionaryEnabled(false).setCompression(Compression.SNAPPY);
  write('delta_length', (properties) => {
    const strings = ['address', 'verdict', 'zone', 'server'];
    return strings.reduce((all, name) => all.setColumnEncoding(name, Encoding.DELTA_LENGTH_BYTE_ARRAY), plain(properties));
  });
  return written;
}

async function polars(csv, directory) {
  const table = pl.readParquet(await tableFile(csv, directory));
  return CODECS.map((codec) => {
    const file = path.join(directory, `polars_${codec}.parquet`);
    table.writeParquet(file, { compression: codec });
    return file;
  });
}

export const WRITERS = { duckdb, parquet_wasm: parquetWasm, polars };
