// Text for an address that sorts as addresses do: by number, IPv4 first.
const hex = (number, digits) => number.toString(16).padStart(digits, '0');

const ipv4Digits = (text) => text.split('.').map((octet) => hex(Number(octet), 2)).join('');

export function addressKey(text) {
  if (!text.includes(':')) return `4${ipv4Digits(text)}`;
  const groupsOf = (part) =>
    part === '' ? '' : part.split(':').map((group) => (group.includes('.') ? ipv4Digits(group) : group.padStart(4, '0'))).join('');
  const [before, behind] = text.split('::').map(groupsOf);
  return `6${behind === undefined ? before : before + behind.padStart(32 - before.length, '0')}`;
}
