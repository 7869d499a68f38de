// layout_test.mjs DIRECTORY: in every file of the matrix each octet has its place, each page its CRC, and what the
// indexes and statistics say is true of the values.
import fs from 'node:fs';
import { asyncBufferFromFile, parquetScan } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { addressKey } from './address_key.mjs';
import { checkBounds } from './bounds.mjs';
import { Differences } from './differences.mjs';
import { layoutOf, storedValues } from './layout.mjs';
import { matrixIn } from './matrix_files.mjs';

const PAGE_ROWS = 20_480;

function checkExtents(where, layout, differences) {
  const chunks = layout.groups.flatMap((group) => group.chunks);
  const extents = [...layout.extents, ...chunks.flatMap((chunk) => chunk.extents)].sort((a, b) => a[0] - b[0]);
  let at = 0;
  for (const [begin, end, what] of extents) {
    if (begin !== at) differences.add({ where, column: what, wanted: `at ${at}, behind the last`, found: `at ${begin}` });
    at = end;
  }
  if (at !== layout.octets.length) differences.add({ where, wanted: layout.octets.length, found: at });
  for (const magic of [layout.octets.subarray(0, 4), layout.octets.subarray(-4)]) {
    if (magic.toString('latin1') !== 'PAR1') differences.add({ where, wanted: 'PAR1', found: magic.toString('latin1') });
  }
}

function checkPages(where, chunk, rows, differences) {
  const column = chunk.path.join('.');
  const expect = (what, wanted, found) => {
    if (wanted !== found) differences.add({ where, column: `${column} ${what}`, wanted, found });
  };
  for (const { offset, crc, crcOfBody } of chunk.pages) expect(`CRC of the page at ${offset}`, crcOfBody, crc);
  expect('end of the last page', chunk.begin + chunk.size, chunk.pages.reduce((at, { size }) => at + size, chunk.begin));
  const data = chunk.pages.filter((page) => page.data);
  expect('dictionary pages', chunk.pages.length - data.length, chunk.pages[0].dictionary ? 1 : 0);
  expect('first data page', data[0].offset, Number(chunk.about.data_page_offset));
  expect('pages in the offset index', data.length, chunk.offsetIndex.length);
  expect('values', data.reduce((sum, { values }) => sum + values, 0), Number(chunk.about.num_values));
  let row = 0;
  data.forEach((page, i) => {
    const { offset, compressed_page_size: size, first_row_index: first } = chunk.offsetIndex[i] ?? {};
    expect(`page ${i}`, [page.offset, page.size, row].join(), [offset, size, first].join());
    if (page.rows > PAGE_ROWS) expect(`rows of page ${i}`, `${PAGE_ROWS} at most`, page.rows);
    row += page.rows;
  });
  expect('rows', rows, row);
}

function checkGroups(made, layout, differences) {
  const where = made.name;
  const { metadata } = layout;
  const rows = layout.groups.reduce((sum, group) => sum + group.rows, 0);
  if (rows !== made.rows || Number(metadata.num_rows) !== rows) {
    differences.add({ where, wanted: made.rows, found: `${rows}, and ${metadata.num_rows} in the footer` });
  }
  let left = made.rows;
  for (const [i, group] of layout.groups.entries()) {
    const inGroup = `${where}, row group ${i}`;
    const most = Math.min(made.row_group_rows, left);
    if (group.rows === 0 || group.rows > most || (made.fills_row_groups && group.rows < most)) {
      differences.add({ where: inGroup, wanted: `${most} rows`, found: group.rows });
    }
    left -= group.rows;
    if (group.about.sorting_columns !== undefined) differences.add({ where: inGroup, wanted: 'no sorting columns' });
    for (const chunk of group.chunks) {
      checkPages(inGroup, chunk, group.rows, differences);
      const wanted = made.bloom_filter && chunk.name === 'address';
      if (wanted !== (chunk.bloomFilter !== undefined)) {
        differences.add({ where: inGroup, column: chunk.name, wanted: `bloom filter: ${wanted}`, found: !wanted });
      }
      if (chunk.about.codec !== 'ZSTD') differences.add({ where: inGroup, wanted: 'ZSTD', found: chunk.about.codec });
    }
  }
}

function checkSorted(where, addresses, differences) {
  const keys = addresses.map(addressKey);
  for (let i = 1; i < keys.length; ++i) {
    if (keys[i - 1] < keys[i]) continue;
    differences.add({ where, address: addresses[i], wanted: `before ${addresses[i - 1]}`, found: 'behind it' });
  }
}

async function checkValues(made, layout, differences) {
  const file = await asyncBufferFromFile(made.parquet);
  const scan = await parquetScan({ file, compressors, parsers: storedValues });
  let start = 0;
  for (const [i, group] of layout.groups.entries()) {
    for (const chunk of group.chunks) {
      const where = `${made.name}, row group ${i}`;
      const rows = await scan.readColumn({ column: chunk.name, rowStart: start, rowEnd: start + group.rows });
      checkBounds(where, chunk, rows, differences);
      if (chunk.name === 'address') checkSorted(where, rows, differences);
    }
    start += group.rows;
  }
}

// An octet of each page is changed in turn: of that page, and of no other, the CRC is wrong then.
function checkThatCrcsAreSeen(made) {
  const pagesOf = (path) => layoutOf(path).groups.flatMap(({ chunks }) => chunks.flatMap(({ pages }) => pages));
  const octets = fs.readFileSync(made.parquet);
  const damaged = `${made.parquet}.damaged`;
  const pages = pagesOf(made.parquet);
  for (const { offset, body, size } of pages) {
    const changed = Buffer.from(octets);
    changed[Math.floor((body + offset + size) / 2)] ^= 0x10;
    fs.writeFileSync(damaged, changed);
    const wrong = pagesOf(damaged).filter(({ crc, crcOfBody }) => crc !== crcOfBody);
    if (wrong.length !== 1 || wrong[0].offset !== offset) throw new Error(`the page at ${offset} was not seen to be damaged`);
  }
  fs.unlinkSync(damaged);
  console.log(`${made.name}: damage is seen in each of ${pages.length} pages`);
}

const { cases } = matrixIn(process.argv[2]);
let wrong = 0;
for (const made of cases) {
  const begin = Date.now();
  const differences = new Differences();
  try {
    const layout = layoutOf(made.parquet);
    checkExtents(made.name, layout, differences);
    checkGroups(made, layout, differences);
    await checkValues(made, layout, differences);
  } catch (error) {
    differences.add({ where: made.name, wanted: 'a file whose layout can be followed', found: String(error.stack) });
  }
  console.log(`${made.name}: ${differences.count} differences, ${Date.now() - begin} ms`);
  if (differences.count === 0) continue;
  ++wrong;
  console.log(String(differences));
}
checkThatCrcsAreSeen(cases.find(({ name }) => name === 'rows_129'));
process.exitCode = wrong === 0 ? 0 : 1;
