// The columns of results and what each holds.
const KINDS = {
  list: ['names', 'confirmed_names', 'forward_addresses', 'flags'],
  int32: ['ptr_ttl', 'forward_ttl', 'attempts', 'rtt_us', 'ede'],
  int64: ['ipv4', 'asn'],
  boolean: ['authoritative', 'authenticated'],
  timestamp: ['observed_at'],
  string: [
    'address', 'verdict', 'reason', 'template', 'registered_domain', 'ptr_status', 'forward_status',
    'ptr_alias_target', 'zone', 'server', 'evidence', 'prefix', 'announced_prefix', 'scan_id',
  ],
};
const KIND_OF = new Map(Object.entries(KINDS).flatMap(([kind, names]) => names.map((name) => [name, kind])));

export function kindOf(column) {
  const kind = KIND_OF.get(column);
  if (kind === undefined) throw new Error(`there is no column ${column}`);
  return kind;
}
