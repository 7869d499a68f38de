// Polars, which has a Parquet reader of its own, and turns values into text itself.
import pl from 'nodejs-polars';
import { kindOf } from './columns.mjs';

export const typeNames = {
  string: 'DataType(String)',
  list: 'DataType(List(DataType(String)))',
  int32: 'DataType(Int32)',
  int64: 'DataType(Int64)',
  boolean: 'DataType(Bool)',
  timestamp: 'DataType(Datetime(us,UTC))',
};

function textOf(column) {
  const values = pl.col(column);
  switch (kindOf(column)) {
    case 'list':
      return values.lst.join(' ');
    case 'timestamp':
      return values.date.strftime('%Y-%m-%dT%H:%M:%S%.6fZ');
    default:
      return values.cast(pl.Utf8);
  }
}

export async function open(path) {
  const file = pl.scanParquet(path);
  const { schema } = file.limit(0).collectSync();
  const types = new Map(Object.entries(schema).map(([name, type]) => [name, String(type)]));
  const columns = [...types.keys()];
  const [{ rows }] = file.select(pl.col(columns[0]).isNull().count().alias('rows')).collectSync().toRecords();
  return {
    types,
    rows,
    facts: null, // It shows none.
    async group(_index, start, size) {
      const texts = file.slice(start, size).collectSync().select(...columns.map(textOf));
      return new Map(columns.map((column) => [column, texts.getColumn(column).toArray()]));
    },
    close: () => {},
  };
}
