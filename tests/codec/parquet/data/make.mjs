// node make.mjs NODE_MODULES OUT [ROWS]: writes the Parquet files that foreign_files_test.cc reads, each by a writer
// that is not ours; with 20 rows the seeds of the fuzz target. They were made with @duckdb/node-api 1.5.6-r.1,
// parquet-wasm 0.8.0 (Rust's parquet) with apache-arrow 21.2.0, nodejs-polars 0.26.1, hyparquet-writer 0.17.0 and
// parquetjs-lite 0.8.7.
import {writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';

const [modules, out] = process.argv.slice(2, 4).map((path) => resolve(path));
const require = createRequire(join(modules, 'x.js'));
const load = (name) => import(pathToFileURL(require.resolve(name)));

// The rows of all files but `types`, as foreign_files_test.cc has them. Lists of every sixteenth row are null.
const ROWS = Number(process.argv[4] ?? 200);
const numbered = [...Array(ROWS).keys()];
const VERDICTS = ['pass', 'fail', 'permerror', 'temperror'];
const table = {
  address: numbered.map((i) => `10.0.${i >> 8}.${i & 255}`),
  verdict: numbered.map((i) => (i % 5 === 4 ? null : VERDICTS[i % 4])),
  names: numbered.map((i) => (i % 16 === 8 ? null : [...Array(i % 4).keys()].map((j) => `host-${i}-${j}.example.net`))),
  ptr_ttl: numbered.map((i) => (i % 7 === 3 ? null : i * 37 - 1000)),
  ipv4: numbered.map((i) => 4294967295n - BigInt(i) * 1000003n),
  authoritative: numbered.map((i) => (i % 6 === 5 ? null : i % 3 === 0)),
  observed_at: numbered.map((i) => 1769904000000000n + BigInt(i) * 1001000n),
};
const SQL = `
  select '10.0.' || (i >> 8) || '.' || (i & 255) as address,
    case when i % 5 = 4 then null else ['pass', 'fail', 'permerror', 'temperror'][i % 4 + 1] end as verdict,
    case when i % 16 = 8 then null
      else list_transform(range(i % 4), j -> 'host-' || i || '-' || j || '.example.net') end as names,
    case when i % 7 = 3 then null else (i * 37 - 1000)::integer end as ptr_ttl,
    4294967295 - i * 1000003 as ipv4,
    case when i % 6 = 5 then null else i % 3 = 0 end as authoritative,
    make_timestamptz(1769904000000000 + i * 1001000) as observed_at
  from range(${ROWS}) t(i) order by i`;
const TYPES = `
  select i::utinyint as u8, i::usmallint as u16, (i + 4294967290)::uinteger as u32, (i + 9000000000)::ubigint as u64,
    (i - 3)::tinyint as i8, (i - 3)::smallint as i16,
    make_timestamp(-1000000 + i * 1000)::timestamp_ms as ms, make_timestamp(-1000000 + i * 1000) as us,
    make_timestamp_ns(-1000000000 + i * 999) as ns,
    case i when 0 then 'a' else 'b' end::enum('a', 'b') as word,
    i / 2.0::double as ratio, {'x': i} as point, map {'k': i} as pairs, i::decimal(9, 2) as price,
    date '2026-01-31' as day, 'x'::blob as bytes, [i] as numbers, [[['x']]] as deep, uuid() as id
  from range(6) t(i) order by i`;

async function duckdb() {
  const {DuckDBInstance} = await load('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create()).connect();
  const copy = (name, rows, options) =>
    connection.run(`copy (${rows}) to '${join(out, name)}.parquet' (format parquet, ${options})`);
  await copy('duckdb_v1_snappy', SQL, "parquet_version v1, kv_metadata {scan_id: '0123', seed: '7'}");
  await copy('duckdb_v1_plain', SQL, 'parquet_version v1, codec uncompressed, dictionary_size_limit 1');
  await copy('duckdb_v2_zstd', SQL, 'parquet_version v2, codec zstd');
  await copy('duckdb_v2_delta', SQL, 'parquet_version v2, codec uncompressed, dictionary_size_limit 1');
  await copy('duckdb_empty', `${SQL} limit 0`, 'codec zstd');
  await copy('duckdb_gzip', SQL, 'codec gzip');
  await copy('duckdb_types', TYPES, 'codec zstd');
}

async function rust() {
  const arrow = await load('apache-arrow');
  const wasm = await load('parquet-wasm');
  const list = new arrow.List(new arrow.Field('item', new arrow.Utf8(), true));
  const vectors = new arrow.Table({
    address: arrow.vectorFromArray(table.address, new arrow.Utf8()),
    verdict: arrow.vectorFromArray(table.verdict, new arrow.Utf8()),
    names: arrow.vectorFromArray(table.names, list),
    ptr_ttl: arrow.vectorFromArray(table.ptr_ttl, new arrow.Int32()),
    ipv4: arrow.vectorFromArray(table.ipv4, new arrow.Int64()),
    authoritative: arrow.vectorFromArray(table.authoritative, new arrow.Bool()),
    observed_at: arrow.makeVector(arrow.makeData({
      type: new arrow.TimestampMicrosecond('UTC'), length: ROWS, data: BigInt64Array.from(table.observed_at),
    })),
  });
  const write = (name, properties) => {
    const stream = wasm.Table.fromIPCStream(arrow.tableToIPC(vectors, 'stream'));
    writeFileSync(join(out, `${name}.parquet`), wasm.writeParquet(stream, properties.build()));
  };
  const {Compression, Encoding, WriterVersion} = wasm;
  const properties = (version, codec) =>
    new wasm.WriterPropertiesBuilder().setWriterVersion(version).setCompression(codec).setWriteBatchSize(16);
  write('rust_v1_snappy', properties(WriterVersion.V1, Compression.SNAPPY).setDataPageSizeLimit(200));
  write('rust_v1_fallback', properties(WriterVersion.V1, Compression.UNCOMPRESSED)
    .setDataPageSizeLimit(400).setDictionaryPageSizeLimit(600));
  write('rust_v2_zstd', properties(WriterVersion.V2, Compression.ZSTD)
    .setDataPageSizeLimit(1000).setMaxRowGroupSize(75));
  write('rust_v2_delta', properties(WriterVersion.V2, Compression.SNAPPY).setDictionaryEnabled(false)
    .setColumnEncoding('names', Encoding.DELTA_LENGTH_BYTE_ARRAY));
}

async function polars() {
  const {default: pl} = await load('nodejs-polars');
  const list = pl.List(pl.Utf8);
  // This writer turns big integers into nulls.
  const int64 = (name) => pl.Series(name, table[name].map(Number), pl.Float64).cast(pl.Int64);
  const frame = pl.DataFrame([
    pl.Series('address', table.address, pl.Utf8), pl.Series('verdict', table.verdict, pl.Utf8),
    pl.Series('names', table.names, list), pl.Series('ptr_ttl', table.ptr_ttl, pl.Int32),
    int64('ipv4'), pl.Series('authoritative', table.authoritative, pl.Bool),
    int64('observed_at').cast(pl.Datetime('us')),
  ]);
  frame.writeParquet(join(out, 'polars_zstd.parquet'), {compression: 'zstd'});
}

async function hyparquet() {
  const {parquetWriteFile} = await load('hyparquet-writer');
  const leaf = (name, type, extra) => ({name, type, repetition_type: 'OPTIONAL', ...extra});
  const encodings = {ptr_ttl: 'DELTA_BINARY_PACKED', ipv4: 'DELTA_BINARY_PACKED', address: 'DELTA_BYTE_ARRAY',
                     authoritative: 'RLE'};
  parquetWriteFile({
    filename: join(out, 'hyparquet_snappy.parquet'),
    columnData: Object.entries(table).map(([name, data]) => ({name, data, encoding: encodings[name]})),
    schema: [
      {name: 'root', num_children: 7},
      leaf('address', 'BYTE_ARRAY', {converted_type: 'UTF8', repetition_type: 'REQUIRED'}),
      leaf('verdict', 'BYTE_ARRAY', {converted_type: 'UTF8'}),
      {name: 'names', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST'},
      {name: 'bag', repetition_type: 'REPEATED', num_children: 1},
      leaf('array_element', 'BYTE_ARRAY', {converted_type: 'UTF8'}),
      leaf('ptr_ttl', 'INT32'), leaf('ipv4', 'INT64', {repetition_type: 'REQUIRED'}), leaf('authoritative', 'BOOLEAN'),
      leaf('observed_at', 'INT64', {logical_type: {type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS'}}),
    ],
    pageSize: 700,
    rowGroupSize: [50, 100],
  });
}

// Lists are repeated columns here, and times milliseconds.
async function parquetjs() {
  const {default: js} = await load('parquetjs-lite');
  const schema = new js.ParquetSchema({
    address: {type: 'UTF8'}, verdict: {type: 'UTF8', optional: true}, names: {type: 'UTF8', repeated: true},
    ptr_ttl: {type: 'INT32', optional: true}, ipv4: {type: 'INT64'}, authoritative: {type: 'BOOLEAN', optional: true},
    observed_at: {type: 'TIMESTAMP_MILLIS'},
  });
  for (const useDataPageV2 of [false, true]) {
    const name = `parquetjs_v${useDataPageV2 ? 2 : 1}.parquet`;
    const writer = await js.ParquetWriter.openFile(schema, join(out, name), {useDataPageV2});
    for (const i of numbered) {
      const row = Object.fromEntries(Object.entries(table).map(([column, values]) => [column, values[i] ?? undefined]));
      await writer.appendRow({...row, ipv4: Number(row.ipv4), observed_at: Number(row.observed_at) / 1000});
    }
    await writer.close();
  }
}

for (const write of [duckdb, rust, polars, hyparquet, parquetjs]) await write();
