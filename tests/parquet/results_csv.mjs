// Rows of results as CSV, read strictly: lines end with CR LF, nothing is quoted, and each row has as many fields
// as the header.
import fs from 'node:fs';

const PIECE = 1 << 22;

export class ResultsCsv {
  #file;
  #piece = Buffer.alloc(PIECE);
  #text = '';
  #at = 0;
  #row = 1;

  constructor(path) {
    this.path = path;
    this.#file = fs.openSync(path, 'r');
    const header = this.#line();
    if (header === null) throw new Error(`${path} has no header`);
    this.columns = header.split(',');
  }

  close() {
    fs.closeSync(this.#file);
  }

  // At most `rows` of the next rows, as an array of texts for each column.
  take(rows) {
    const columns = this.columns.map(() => []);
    for (let row = 0; row < rows; ++row) {
      const line = this.#line();
      if (line === null) break;
      const fields = line.split(',');
      if (fields.length !== columns.length || line.includes('"')) {
        throw new Error(`${this.path}, row ${this.#row}: ${fields.length} fields, or a quote: ${line.slice(0, 200)}`);
      }
      for (let i = 0; i < fields.length; ++i) columns[i].push(fields[i]);
      ++this.#row;
    }
    return columns;
  }

  #line() {
    for (;;) {
      const end = this.#text.indexOf('\r\n', this.#at);
      if (end >= 0) {
        const line = this.#text.slice(this.#at, end);
        this.#at = end + 2;
        return line;
      }
      const length = fs.readSync(this.#file, this.#piece, 0, PIECE);
      if (length === 0) {
        if (this.#at !== this.#text.length) throw new Error(`${this.path} ends within a row`);
        return null;
      }
      this.#text = this.#text.slice(this.#at) + this.#piece.toString('latin1', 0, length);
      this.#at = 0;
    }
  }
}
