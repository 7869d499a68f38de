// What was found to be different, the first of it in words.
const SHOWN = 20;

export class Differences {
  count = 0;
  #shown = [];

  // Of a value: in which column, and in the row of which address.
  add({ where, column, address, wanted, found }) {
    ++this.count;
    if (this.#shown.length === SHOWN) return;
    this.#shown.push({ where, column, address, wanted, found });
  }

  get first() {
    return this.#shown;
  }

  toString() {
    const lines = this.#shown.map(({ where, column, address, wanted, found }) => {
      const place = [where, address, column].filter((part) => part !== undefined).join(', ');
      return `${place}: wanted ${inspect(wanted)}, found ${inspect(found)}`;
    });
    if (this.count > SHOWN) lines.push(`... and ${this.count - SHOWN} more`);
    return lines.join('\n');
  }
}

function inspect(value) {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 300 ? `${text.slice(0, 300)}... (${text.length} characters)` : text;
}
