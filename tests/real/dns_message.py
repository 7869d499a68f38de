"""DNS messages as these tests need them (RFC 1035 section 4). Names are tuples of labels, as in zone_data."""

import struct

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "AAAA": 28, "DNAME": 39, "OPT": 41}
KINDS = {number: kind for kind, number in TYPES.items()}
RCODES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
QR, AA, TC, RD = 0x8000, 0x0400, 0x0200, 0x0100


def encode_name(name):
    return b"".join(bytes([len(label)]) + label for label in name) + b"\0"


def encode_question(name, kind):
    return encode_name(name) + struct.pack(">HH", TYPES[kind], 1)


def encode_record(owner, kind, ttl, rdata):
    return encode_name(owner) + struct.pack(">HHIH", TYPES[kind], 1, ttl, len(rdata)) + rdata


def query(message_id, name, kind, udp_size=1232):
    """With RD, and with EDNS."""
    return (struct.pack(">HHHHHH", message_id, RD, 1, 0, 0, 1) + encode_question(name, kind)
            + struct.pack(">BHHIH", 0, TYPES["OPT"], udp_size, 0, 0))


def read_name(octets, at):
    """The name in lower case, and where what follows it begins."""
    labels, end = [], None
    while octets[at]:
        if octets[at] >= 0xC0:
            end = end or at + 2
            at = struct.unpack_from(">H", octets, at)[0] & 0x3FFF
        else:
            labels.append(octets[at + 1:at + 1 + octets[at]].lower())
            at += 1 + octets[at]
    return tuple(labels), end or at + 1


class Message:
    """Of `octets`; IndexError or struct.error when they are none."""

    def __init__(self, octets):
        self.id, self.flags, questions, *counts = struct.unpack_from(">HHHHHH", octets)
        at, self.question = 12, None
        for _ in range(questions):
            name, at = read_name(octets, at)
            self.question = name, KINDS.get(struct.unpack_from(">H", octets, at)[0])
            at += 4
        self.question_end = at
        self.sections = []  # Answer, authority, additional: lists of (owner, kind, ttl, value).
        for count in counts:
            section = []
            for _ in range(count):
                owner, at = read_name(octets, at)
                number, _, ttl, length = struct.unpack_from(">HHIH", octets, at)
                at += 10
                kind = KINDS.get(number)
                value = octets[at:at + length]
                if kind in ("PTR", "CNAME", "DNAME", "NS"):
                    value = read_name(octets, at)[0]
                section.append((owner, kind, ttl, value))
                at += length
            self.sections.append(section)
        self.end = at

    @property
    def rcode(self):
        return RCODES.get(self.flags & 15, f"RCODE{self.flags & 15}")

    @property
    def truncated(self):
        return bool(self.flags & TC)


def reverse(address):
    return tuple(label.encode() for label in address.reverse_pointer.split("."))


def address_type(address):
    return "A" if address.version == 4 else "AAAA"
