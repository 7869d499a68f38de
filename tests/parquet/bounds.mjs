// What statistics and the column index say of a column chunk, against its values.

function extentOf(values) {
  if (values.length === 0) return undefined;
  let [min] = values;
  let max = min;
  for (const value of values) {
    if (value < min) min = value;
    else if (value > max) max = value;
  }
  return { min, max };
}

// A long text may be cut: to what it begins with, for a maximum with the last octet one up.
const isMinimum = (bound, min) => bound === min || (typeof min === 'string' && bound !== '' && min.startsWith(bound));
const isMaximum = (bound, max) =>
  bound === max || (typeof max === 'string' && bound > max && max.startsWith(bound.slice(0, -1)));

// Of rows as a reader gives them: the values that are there, and how many nulls and empty lists there are.
function contentOf(rows) {
  const values = [];
  let nulls = 0;
  for (const row of rows) {
    if (row === null || row === undefined || (Array.isArray(row) && row.length === 0)) ++nulls;
    else if (Array.isArray(row)) for (const item of row) values.push(item);
    else values.push(row);
  }
  return { values, nulls };
}

const ASCENDING = 1;
const DESCENDING = 2;

function checkOrder(expect, { order, nullPages, mins, maxs }) {
  if (order !== ASCENDING && order !== DESCENDING) return;
  const pages = [...nullPages.keys()].filter((i) => !nullPages[i]);
  for (let i = 1; i < pages.length; ++i) {
    const [before, after] = order === ASCENDING ? [pages[i - 1], pages[i]] : [pages[i], pages[i - 1]];
    expect(`order of pages ${before} and ${after}`, true, mins[before] <= mins[after] && maxs[before] <= maxs[after]);
  }
}

// `rows`: all of the chunk's, stored values or arrays of them.
export function checkBounds(where, chunk, rows, differences) {
  const expect = (what, wanted, found) => {
    if (wanted !== found) differences.add({ where, column: `${chunk.name}: ${what}`, wanted, found });
  };
  const expectBounds = (what, extent, min, max) => {
    if (!isMinimum(min, extent.min)) expect(`least ${what}`, String(extent.min), String(min));
    if (!isMaximum(max, extent.max)) expect(`greatest ${what}`, String(extent.max), String(max));
  };

  const whole = contentOf(rows);
  const { statistics } = chunk.about;
  expect('nulls', whole.nulls, Number(statistics?.null_count));
  expect('values', whole.values.length + whole.nulls, Number(chunk.about.num_values));
  const extent = extentOf(whole.values);
  if (extent === undefined) {
    expect('least of no values', undefined, statistics.min_value);
    expect('greatest of no values', undefined, statistics.max_value);
  } else {
    expectBounds('of the chunk', extent, statistics.min_value, statistics.max_value);
    if (statistics.is_min_value_exact) expect('exact least', extent.min, statistics.min_value);
    if (statistics.is_max_value_exact) expect('exact greatest', extent.max, statistics.max_value);
  }

  const { nullPages, mins, maxs, nullCounts } = chunk.columnIndex;
  chunk.offsetIndex.forEach(({ first_row_index: first }, i) => {
    const behind = chunk.offsetIndex[i + 1]?.first_row_index ?? rows.length;
    const page = contentOf(rows.slice(Number(first), Number(behind)));
    expect(`page ${i} without values`, page.values.length === 0, nullPages[i]);
    expect(`nulls of page ${i}`, page.nulls, Number(nullCounts?.[i]));
    if (page.values.length > 0) expectBounds(`of page ${i}`, extentOf(page.values), mins[i], maxs[i]);
    else expect(`bounds of page ${i}`, '', `${mins[i]}${maxs[i]}`);
  });
  expect('pages in the column index', chunk.offsetIndex.length, nullPages.length);
  checkOrder(expect, chunk.columnIndex);
}
