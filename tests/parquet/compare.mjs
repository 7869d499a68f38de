// A Parquet file, as a reader reads it, against the CSV of the same rows.
import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet';
import { kindOf } from './columns.mjs';
import { ResultsCsv } from './results_csv.mjs';

// A row group holds as many rows as it says, of those that the CSV has next, in an order of its own: where in the
// CSV's rows each of the file's is.
function placesByAddress(wanted, found) {
  const places = new Map(wanted.map((address, i) => [address, i]));
  return found.map((address) => {
    const place = places.get(address);
    places.delete(address);
    return place;
  });
}

// Without addresses: rows are equal to rows, once both are sorted.
function placesByContent(wantedRows, foundRows) {
  const order = (rows) => rows.map((_, i) => i).sort((a, b) => (rows[a] < rows[b] ? -1 : Number(rows[a] > rows[b])));
  const wantedOrder = order(wantedRows);
  const places = [];
  order(foundRows).forEach((row, i) => {
    places[row] = wantedOrder[i];
  });
  return places;
}

function rowTexts(columns) {
  return columns[0].map((_, row) => columns.map((texts) => texts[row] ?? '').join(','));
}

function sameText(kind, wanted, found) {
  if (kind === 'list') return found === wanted;
  return found === null ? wanted === '' : found === wanted && found !== '';
}

function compareGroup(where, names, wanted, group, differences) {
  const found = names.map((name) => group.get(name));
  names.forEach((column, i) => {
    if (found[i].length !== wanted[i].length) {
      differences.add({ where, column, wanted: `${wanted[i].length} rows`, found: `${found[i].length} rows` });
    }
  });
  const key = names.indexOf('address');
  const places =
    key >= 0 ? placesByAddress(wanted[key], found[key]) : placesByContent(rowTexts(wanted), rowTexts(found));
  places.forEach((place, row) => {
    if (place !== undefined) return;
    differences.add({ where, column: 'address', wanted: 'one that the CSV has here, once', found: found[key][row] });
  });
  names.forEach((column, i) => {
    const kind = kindOf(column);
    for (let row = 0; row < places.length; ++row) {
      const place = places[row];
      if (place === undefined || sameText(kind, wanted[i][place], found[i][row])) continue;
      const address = key >= 0 ? wanted[key][place] : undefined;
      differences.add({ where, column, address, wanted: wanted[i][place], found: found[i][row] });
    }
  });
}

function compareTypes(where, reader, columns, types, differences) {
  const wanted = columns.map((column) => [column, reader.typeNames[kindOf(column)]]);
  if (JSON.stringify(wanted) === JSON.stringify([...types])) return true;
  differences.add({ where, wanted, found: [...types] });
  return false;
}

function compareFacts(where, wanted, facts, differences) {
  if (facts === null) return;
  for (const [key, value] of wanted) {
    if (facts.get(key) !== value) differences.add({ where, column: `fact ${key}`, wanted: value, found: facts.get(key) });
  }
}

// `facts`: the key-value metadata that the file is to have, as pairs.
export async function compareFile({ reader, where, parquet, csv, facts, differences }) {
  const rows = new ResultsCsv(csv);
  const file = await reader.open(parquet);
  try {
    if (!compareTypes(where, reader, rows.columns, file.types, differences)) return;
    compareFacts(where, facts, file.facts, differences);
    const { row_groups: groups } = await parquetMetadataAsync(await asyncBufferFromFile(parquet));
    let start = 0;
    for (const [index, { num_rows: size }] of groups.entries()) {
      const wanted = rows.take(Number(size));
      const group = await file.group(index, start, Number(size));
      compareGroup(`${where}, row group ${index}`, rows.columns, wanted, group, differences);
      start += Number(size);
    }
    if (file.rows !== start) differences.add({ where, wanted: `${start} rows`, found: `${file.rows} rows` });
    const [[missing]] = rows.take(1);
    if (missing !== undefined) differences.add({ where, wanted: missing, found: 'no further row' });
  } finally {
    file.close();
    rows.close();
  }
}
