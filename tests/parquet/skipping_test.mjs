// skipping_test.mjs DIRECTORY: readers that use the bloom filter, the page index and the statistics find what they
// look for, and leave out what they need not read: shown by the octets they ask for, or by ruining what they must not
// touch.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { hashParquetValue, sbbfContains } from 'hyparquet/src/bloom.js';
import { compressors } from 'hyparquet-compressors';
import { layoutOf } from './layout.mjs';
import { matrixIn } from './matrix_files.mjs';
import { connect, quoted } from './read_duckdb.mjs';
import { ResultsCsv } from './results_csv.mjs';

const { cases } = matrixIn(process.argv[2]);
const caseNamed = (name) => cases.find((made) => made.name === name);
const duckdb = await connect();
const query = async (sql) => (await duckdb.runAndReadAll(sql)).getRowsJS();

function csvColumns(made) {
  const csv = new ResultsCsv(made.csv);
  const columns = csv.take(made.rows);
  csv.close();
  return Object.fromEntries(csv.columns.map((column, i) => [column, columns[i]]));
}

// How many octets hyparquet asks for, besides the footer, and what it finds.
async function counted(made, options) {
  const file = await asyncBufferFromFile(made.parquet);
  const metadata = await parquetMetadataAsync(file);
  let octets = 0;
  const slice = (begin, end) => {
    octets += (end ?? file.byteLength) - begin;
    return file.slice(begin, end);
  };
  const counting = { byteLength: file.byteLength, slice };
  const rows = await parquetReadObjects({ file: counting, metadata, compressors, ...options });
  return { octets, rows };
}

// Makes the pages of these row groups unreadable in a copy of the file.
function withRuinedGroups(made, groups, use) {
  const { octets, groups: all } = layoutOf(made.parquet);
  const ruined = `${made.parquet}.ruined`;
  for (const group of groups) {
    for (const { begin, size } of all[group].chunks) octets.fill(0xff, begin, begin + size);
  }
  fs.writeFileSync(ruined, octets);
  return use(`read_parquet(${quoted(ruined)})`).finally(() => fs.unlinkSync(ruined));
}

// Addresses of no row of kMixed, spread as its rows are.
function absentAddresses(present, count) {
  const known = new Set(present);
  const absent = [];
  for (let i = 1; absent.length < count; ++i) {
    const number = (i * 40_503_017) % 2 ** 32;
    const address = [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
    if (!known.has(address)) absent.push(address);
  }
  return absent;
}

const tests = {
  async 'every address is in the bloom filter of its row group'() {
    for (const made of cases.filter(({ bloom_filter: has, rows }) => has && rows > 0 && rows <= 20_481)) {
      const { groups, metadata } = layoutOf(made.parquet);
      const element = metadata.schema.find(({ name }) => name === 'address');
      if (element === undefined) continue;
      const file = await asyncBufferFromFile(made.parquet);
      let start = 0;
      for (const { rows, chunks } of groups) {
        const { bloomFilter } = chunks.find(({ name }) => name === 'address');
        const range = { rowStart: start, rowEnd: start + rows };
        const found = await parquetReadObjects({ file, compressors, columns: ['address'], ...range });
        assert.equal(found.length, rows);
        for (const { address } of found) {
          assert.ok(sbbfContains(bloomFilter.blocks, hashParquetValue(address, element)), `${made.name}: ${address}`);
        }
        start += rows;
      }
    }
  },

  async 'DuckDB finds by the bloom filter which row groups lack an address'() {
    const made = caseNamed('groups_of_1000');
    const { address: present } = csvColumns(made);
    const probe = async (address) => {
      const sql = `FROM parquet_bloom_probe(${quoted(made.parquet)}, 'address', ${quoted(address)})`;
      const rows = await query(`SELECT bloom_filter_excludes ${sql} ORDER BY row_group_id`);
      return rows.map(([excludes]) => excludes);
    };
    // The CSV's rows are those of the row groups, a thousand each.
    for (let row = 0; row < present.length; row += 97) {
      const excluded = await probe(present[row]);
      assert.equal(excluded.length, 11);
      assert.equal(excluded[Math.floor(row / 1000)], false, present[row]);
    }
    let probes = 0;
    let passed = 0;
    for (const address of absentAddresses(present, 100)) {
      const excluded = await probe(address);
      probes += excluded.length;
      passed += excluded.filter((excludes) => !excludes).length;
    }
    console.log(`  of absent addresses ${passed} of ${probes} row groups are not excluded`);
    assert.ok(passed < probes / 20);
  },

  async 'DuckDB leaves out row groups by the bloom filter'() {
    const made = caseNamed('groups_of_1000');
    const { address: present } = csvColumns(made);
    const { groups } = layoutOf(made.parquet);
    const bounds = groups.map(({ chunks }) => chunks.find(({ name }) => name === 'address').about.statistics);
    const excludedByAll = async (address) => {
      const sql = `FROM parquet_bloom_probe(${quoted(made.parquet)}, 'address', ${quoted(address)})`;
      const [[all]] = await query(`SELECT bool_and(bloom_filter_excludes) ${sql}`);
      return all;
    };
    await withRuinedGroups(made, groups.keys(), async (source) => {
      let asked = 0;
      for (const address of absentAddresses(present, 50)) {
        // The statistics alone would not do, but for the last row group, of one row.
        const within = bounds.filter(({ min_value: min, max_value: max }) => min < address && address < max);
        if (within.length < 10 || !(await excludedByAll(address))) continue;
        ++asked;
        assert.deepEqual(await query(`SELECT count(*) FROM ${source} WHERE address = ${quoted(address)}`), [[0n]]);
      }
      assert.ok(asked > 10, `${asked} addresses`);
      await assert.rejects(query(`SELECT names FROM ${source} WHERE address = ${quoted(present[5000])}`));
    });
  },

  async 'hyparquet reads less by the bloom filter'() {
    const made = caseNamed('groups_of_1000');
    const { address: present } = csvColumns(made);
    const columns = ['address', 'names', 'verdict'];
    const sum = { with: 0, without: 0 };
    for (const address of [...absentAddresses(present, 20), present[0], present[5000], present[10_000]]) {
      const options = { columns, filter: { address: { $eq: address } } };
      const without = await counted(made, options);
      const found = await counted(made, { ...options, useBloomFilters: true });
      assert.equal(found.rows.length, present.includes(address) ? 1 : 0);
      assert.deepEqual(found.rows, without.rows);
      sum.with += found.octets;
      sum.without += without.octets;
    }
    console.log(`  ${sum.with} octets with the filters, ${sum.without} without`);
    assert.ok(sum.with < sum.without / 2);
  },

  async 'without a bloom filter nothing is excluded'() {
    const made = caseNamed('no_bloom');
    const sql = `FROM parquet_bloom_probe(${quoted(made.parquet)}, 'address', '192.0.2.1')`;
    for (const [excludes] of await query(`SELECT bloom_filter_excludes ${sql}`)) assert.equal(excludes, false);
  },

  async 'hyparquet reads single pages by the column index'() {
    const made = caseNamed('groups_of_122880');
    const { address, ipv4, observed_at: observed } = csvColumns(made);
    const columns = ['address', 'ipv4', 'observed_at', 'rtt_us', 'names'];
    for (const row of [0, 20_479, 61_000, 122_879, 122_880, 245_759]) {
      const options = { columns, filter: { ipv4: { $eq: BigInt(ipv4[row]) } } };
      const without = await counted(made, options);
      const found = await counted(made, { ...options, usePageIndex: true });
      assert.deepEqual(found.rows, without.rows);
      assert.equal(found.rows.length, 1);
      assert.equal(found.rows[0].address, address[row]);
      assert.equal(found.rows[0].observed_at.getTime(), Date.parse(observed[row]));
      console.log(`  ${found.octets} octets with the page index, ${without.octets} without`);
      assert.ok(found.octets < without.octets / 2);
    }
    const nowhere = { columns, filter: { ipv4: { $eq: 1n } }, usePageIndex: true };
    assert.deepEqual((await counted(made, nowhere)).rows, []);
  },

  async 'hyparquet reads a range of rows by the offset index'() {
    const made = caseNamed('groups_of_122880');
    const all = await counted(made, {});
    for (const [rowStart, rowEnd] of [[0, 10], [20_470, 20_490], [100_000, 100_001], [122_870, 122_881]]) {
      const without = await counted(made, { rowStart, rowEnd });
      const found = await counted(made, { rowStart, rowEnd, useOffsetIndex: true });
      assert.deepEqual(found.rows, all.rows.slice(rowStart, rowEnd));
      console.log(`  rows ${rowStart} to ${rowEnd}: ${found.octets} octets with the offset index, ${without.octets} without`);
      assert.ok(found.octets < without.octets / 2);
    }
  },

  async 'DuckDB leaves out row groups by the statistics'() {
    const made = caseNamed('groups_and_checkpoints');
    const { address, ipv4 } = csvColumns(made);
    const bounds = layoutOf(made.parquet).groups.map(
      ({ chunks }) => chunks.find(({ name }) => name === 'ipv4').about.statistics,
    );
    let ruinedInAll = 0;
    for (const row of [0, 999, 1000, 4321, 9999]) {
      const number = BigInt(ipv4[row]);
      const needless = [...bounds.keys()].filter((i) => number < bounds[i].min_value || number > bounds[i].max_value);
      ruinedInAll += needless.length;
      await withRuinedGroups(made, needless, async (source) => {
        const found = await query(`SELECT address FROM ${source} WHERE ipv4 = ${number}`);
        assert.deepEqual(found, [[address[row]]]);
      });
    }
    console.log(`  ${ruinedInAll} row groups were left out`);
    assert.ok(ruinedInAll > 0);
    const numbers = ipv4.map(Number).sort((a, b) => a - b);
    for (const [from, to] of [[0, 100], [5000, 5001], [9000, 9999], [0, 9999]]) {
      const sql = `FROM read_parquet(${quoted(made.parquet)}) WHERE ipv4 BETWEEN ${numbers[from]} AND ${numbers[to]}`;
      assert.deepEqual(await query(`SELECT count(*) ${sql}`), [[BigInt(to - from + 1)]]);
    }
  },
};

let failed = 0;
for (const [name, run] of Object.entries(tests)) {
  console.log(name);
  try {
    await run();
  } catch (error) {
    ++failed;
    console.log(`  FAILED: ${error.stack}`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
