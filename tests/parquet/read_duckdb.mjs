// DuckDB's reader, which turns values into text itself.
import { DuckDBInstance } from '@duckdb/node-api';
import { kindOf } from './columns.mjs';

export const typeNames = {
  string: 'VARCHAR',
  list: 'VARCHAR[]',
  int32: 'INTEGER',
  int64: 'BIGINT',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP WITH TIME ZONE',
};

export function quoted(text) {
  return `'${text.replaceAll("'", "''")}'`;
}

export async function connect() {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  return connection;
}

// SQL for the text of a column.
function textOf(column) {
  const name = `"${column}"`;
  switch (kindOf(column)) {
    case 'list':
      return `CASE WHEN len(list_filter(${name}, item -> item IS NULL OR item = '' OR contains(item, ' '))) > 0
              THEN CAST(to_json(${name}) AS VARCHAR) ELSE array_to_string(${name}, ' ') END`;
    case 'timestamp':
      return `strftime(${name}, '%Y-%m-%dT%H:%M:%S.%fZ')`;
    default:
      return `CAST(${name} AS VARCHAR)`;
  }
}

async function rowsOf(connection, sql) {
  return (await connection.runAndReadAll(sql)).getRowsJS();
}

export async function open(path) {
  const connection = await connect();
  const source = `read_parquet(${quoted(path)})`;
  const types = new Map((await rowsOf(connection, `DESCRIBE SELECT * FROM ${source}`)).map((row) => row.slice(0, 2)));
  const columns = [...types.keys()];
  const [[rows]] = await rowsOf(connection, `SELECT count(*) FROM ${source}`);
  const facts = new Map(
    await rowsOf(connection, `SELECT decode(key), decode(value) FROM parquet_kv_metadata(${quoted(path)})`),
  );
  // In the order of the file.
  const stream = await connection.stream(`SELECT ${columns.map(textOf).join(', ')} FROM ${source}`);
  let left = columns.map(() => []);
  return {
    types,
    rows: Number(rows),
    facts,
    async group(_index, _start, size) {
      while (left[0].length < size) {
        const chunk = await stream.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) break;
        const values = chunk.getColumns();
        for (let i = 0; i < columns.length; ++i) for (const value of values[i]) left[i].push(value);
      }
      const group = new Map(columns.map((column, i) => [column, left[i].slice(0, size)]));
      left = left.map((values) => values.slice(size));
      return group;
    },
    close: () => connection.closeSync(),
  };
}
