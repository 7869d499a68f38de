// The readers, by name.
export const READERS = ['duckdb', 'hyparquet', 'parquet_wasm', 'polars'];

export async function readerNamed(name) {
  if (!READERS.includes(name)) throw new Error(`there is no reader ${name}; there are ${READERS.join(', ')}`);
  return import(`./read_${name}.mjs`);
}
