"""The zones under zones/, and how an authoritative server answers from them (RFC 1034 section 4.3.2, RFC 6672).

Names are tuples of labels, each label bytes in lower case, the root an empty tuple.
"""

import dataclasses
import ipaddress
import pathlib

MOST_ALIASES = 16
ZONES = pathlib.Path(__file__).resolve().parent / "zones"


def parse_name(text, origin=()):
    """Presentation form (RFC 1035 section 5.1) to labels; without a final dot below `origin`."""
    if text == "@":
        return origin
    labels, label, at = [], bytearray(), 0
    while at < len(text):
        if text[at] == "\\" and text[at + 1].isdigit():
            label.append(int(text[at + 1:at + 4]))
            at += 4
        elif text[at] == "\\":
            label.append(ord(text[at + 1]))
            at += 2
        elif text[at] == ".":
            labels.append(bytes(label).lower())
            label.clear()
            at += 1
        else:
            label.append(ord(text[at]))
            at += 1
    if label:
        return tuple(labels) + (bytes(label).lower(),) + origin
    return tuple(filter(None, labels))


def wire_length(name):
    return sum(1 + len(label) for label in name) + 1


@dataclasses.dataclass
class RecordSet:
    ttl: int
    values: list


@dataclasses.dataclass
class Zone:
    apex: tuple
    path: pathlib.Path
    sets: dict = dataclasses.field(default_factory=dict)  # (owner, type) to RecordSet.
    nodes: set = dataclasses.field(default_factory=set)   # Owners and the empty non-terminals above them.

    def add(self, owner, kind, ttl, value):
        self.sets.setdefault((owner, kind), RecordSet(ttl, [])).values.append(value)
        self.nodes.update(owner[above:] for above in range(len(owner) - len(self.apex) + 1))

    @property
    def negative_ttl(self):
        soa = self.sets[self.apex, "SOA"]
        return min(soa.ttl, soa.values[0])


def read_value(kind, words, origin):
    if kind in ("PTR", "CNAME", "DNAME", "NS"):
        return parse_name(words[0], origin)
    if kind in ("A", "AAAA"):
        return ipaddress.ip_address(words[0])
    if kind == "SOA":
        return int(words[6])  # MINIMUM
    assert kind == "TXT", kind
    return " ".join(words)


def read_zone(path):
    """One record a line: OWNER [TTL] TYPE RDATA."""
    zone = Zone(parse_name(path.name.removesuffix("zone")), path)
    origin = default_ttl = None
    for line in path.read_text(encoding="ascii").splitlines():
        words = line.split()
        if not words or line.startswith(";"):
            continue
        if words[0] == "$ORIGIN":
            origin = parse_name(words[1])
        elif words[0] == "$TTL":
            default_ttl = int(words[1])
        else:
            owner, ttl, rest = parse_name(words[0], origin), default_ttl, words[1:]
            if rest[0].isdigit():
                ttl, rest = int(rest[0]), rest[1:]
            zone.add(owner, rest[0], ttl, read_value(rest[0], rest[1:], origin))
    return zone


def read_zones():
    return [read_zone(path) for path in sorted(ZONES.glob("*.zone"))]


@dataclasses.dataclass
class Found:
    """How a lookup ended: NOERROR, NODATA, NXDOMAIN, LOOP, or OUTSIDE (no zone here) and REFERRAL."""
    status: str
    owner: tuple          # At the end of the aliases.
    aliases: int
    ttl: int = None       # Lowest of the aliases and of what ended the lookup.
    values: tuple = ()
    zone: tuple = None    # Of an absence.
    octets: int = 0       # Of the records, uncompressed owners not counted.


class Lookup:
    def __init__(self, zones):
        self.zones = zones

    def zone_of(self, name):
        holders = [zone for zone in self.zones if name[len(name) - len(zone.apex):] == zone.apex]
        return max(holders, key=lambda zone: len(zone.apex), default=None)

    def __call__(self, name, kind):
        ttls, seen = [], set()
        while True:
            if name in seen or len(seen) > MOST_ALIASES:
                return Found("LOOP", name, len(seen))
            seen.add(name)
            zone = self.zone_of(name)
            if zone is None:
                return Found("OUTSIDE", name, len(seen) - 1)
            step = self.step(zone, name, kind)
            if step[0] != "ALIAS":
                break
            ttls.append(step[1])
            name = step[2]
        status, ttl, values = step
        if status == "REFERRAL":
            return Found(status, name, len(seen) - 1)
        size = {"PTR": lambda value: wire_length(value), "A": lambda _: 4, "AAAA": lambda _: 16}[kind]
        return Found(status, name, len(seen) - 1, min(ttls + [ttl]), tuple(values),
                     None if status == "NOERROR" else zone.apex, sum(12 + size(value) for value in values))

    @staticmethod
    def step(zone, name, kind):
        """One look into one zone: (status, TTL, values), or ("ALIAS", TTL, next name)."""
        for depth in range(len(zone.apex) + 1, len(name) + 1):
            above = name[len(name) - depth:]
            if (above, "NS") in zone.sets:
                return "REFERRAL", None, ()
            if (above, "DNAME") in zone.sets and above != name:
                renamed = zone.sets[above, "DNAME"]
                return "ALIAS", renamed.ttl, name[:len(name) - depth] + renamed.values[0]
        node = name
        if name not in zone.nodes:
            encloser = name
            while encloser not in zone.nodes:
                encloser = encloser[1:]
            node = (b"*",) + encloser
            if node not in zone.nodes:
                return "NXDOMAIN", zone.negative_ttl, ()
        if (node, "CNAME") in zone.sets:
            alias = zone.sets[node, "CNAME"]
            return "ALIAS", alias.ttl, alias.values[0]
        found = zone.sets.get((node, kind))
        if found is None:
            return "NODATA", zone.negative_ttl, ()
        return "NOERROR", found.ttl, found.values
