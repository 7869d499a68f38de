// Values as the CSV writes them, but for null, which stays null: so it is told from an empty list.

// An item that could not be told from its neighbours once they are joined makes the text unlike any of a CSV.
export function listText(items) {
  const clean = items.every((item) => typeof item === 'string' && item !== '' && !item.includes(' '));
  return clean ? items.join(' ') : JSON.stringify(items);
}

// Of microseconds since 1970, a bigint.
export function timeText(microseconds) {
  const fraction = ((microseconds % 1000n) + 1000n) % 1000n;
  const milliseconds = Number((microseconds - fraction) / 1000n);
  return new Date(milliseconds).toISOString().replace('Z', `${String(fraction).padStart(3, '0')}Z`);
}
