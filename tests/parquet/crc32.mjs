// CRC-32 as in gzip (RFC 1952, section 8), which Parquet's pages have.
const TABLE = Uint32Array.from({ length: 256 }, (_, octet) => {
  let crc = octet;
  for (let bit = 0; bit < 8; ++bit) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

export function crc32(octets) {
  let crc = 0xffffffff;
  for (let i = 0; i < octets.length; ++i) crc = TABLE[(crc ^ octets[i]) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
