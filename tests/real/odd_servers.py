"""Servers that no real one can be made to be, each a thread on a UDP and TCP port of its own."""

import ipaddress
import socket
import struct
import threading

import dns_message
import hierarchy_zones
import zone_data

MOST_OCTETS = 1232
FORGED = (b"forged", b"c25", b"isp-two", b"test")


def encode_value(kind, value):
    return value.packed if kind in ("A", "AAAA") else dns_message.encode_name(value)


def absence(zone):
    soa = zone.sets[zone.apex, "SOA"]
    rdata = dns_message.encode_name(()) * 2 + struct.pack(">IIIII", 1, 7200, 900, 1209600, soa.values[0])
    return dns_message.encode_record(zone.apex, "SOA", soa.ttl, rdata)


def answer(lookup, octets, flags, more=((), (), ())):
    """What the zones of `lookup` say to the query `octets`, aliases not followed; and `more` records in the answer,
    authority and additional sections."""
    query = dns_message.Message(octets)
    name, kind = query.question
    zone = lookup.zone_of(name)
    status, ttl, values = lookup.step(zone, name, kind)
    if status == "ALIAS":
        kind, values = "CNAME", [values]
    sections = [[dns_message.encode_record(name, kind, ttl, encode_value(kind, value)) for value in values], [], []]
    if not values:
        sections[1].append(absence(zone))
    sections = [[*records, *added] for records, added in zip(sections, more)]
    rcode = 3 if status == "NXDOMAIN" else 0
    return (struct.pack(">HHHHHH", query.id, dns_message.QR | flags | rcode, 1, *map(len, sections))
            + octets[12:query.question_end] + b"".join(record for records in sections for record in records))


def plain(lookup, octets):
    return answer(lookup, octets, dns_message.AA)


def forger(lookup, octets):
    """Right, and says more than it is asked of what is not its own (RFC 5452 section 6, RFC 2181 section 5.4.1): who
    serves the forward tree, that a name confirms the address it was asked about, what is at the end of an alias."""
    name, kind = dns_message.Message(octets).question
    status, _, values = lookup.step(lookup.zone_of(name), name, kind)
    asked = ipaddress.ip_address(".".join(label.decode() for label in reversed(name[:4])))
    hole = ipaddress.ip_address(hierarchy_zones.ADDRESSES["hole"][0])
    server = zone_data.parse_name(hierarchy_zones.NAMES["two"])
    forged = [(values, "PTR", dns_message.encode_name(FORGED))] if status == "ALIAS" else []
    authority = [(apex, "NS", dns_message.encode_name(server)) for apex in (FORGED[2:], FORGED[3:])]
    addresses = [(server, "A", hole.packed)]
    if status == "NOERROR":
        addresses += [(value, "A", asked.packed) for value in values]
    more = [[dns_message.encode_record(owner, record_kind, 3600, rdata) for owner, record_kind, rdata in section]
            for section in (forged, authority, addresses)]
    return answer(lookup, octets, dns_message.AA, more)


def unsure(lookup, octets):
    """Right, but without AA."""
    return answer(lookup, octets, 0)


def old(lookup, octets):
    """Knows no EDNS (RFC 6891 section 7)."""
    query = dns_message.Message(octets)
    if any(kind == "OPT" for _, kind, _, _ in query.sections[2]):
        return struct.pack(">HHHHHH", query.id, dns_message.QR | 1, 1, 0, 0, 0) + octets[12:query.question_end]
    return plain(lookup, octets)


def garbled(_lookup, octets):
    """With an answer that ends within its owner name."""
    query = dns_message.Message(octets)
    return (struct.pack(">HHHHHH", query.id, dns_message.QR | dns_message.AA, 1, 1, 0, 0)
            + octets[12:query.question_end] + b"\x3fx")


class Server:
    """`respond` makes a response of (lookup, query); None makes a hole: what comes is never read. Ends with the
    process."""

    def __init__(self, address, port, respond, lookup):
        self.respond, self.lookup = respond, lookup
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind((address, port))
        self.tcp = socket.create_server((address, port))
        if respond is not None:
            threading.Thread(target=self.serve_udp, daemon=True).start()
            threading.Thread(target=self.serve_tcp, daemon=True).start()

    def serve_udp(self):
        while True:
            octets, peer = self.udp.recvfrom(4096)
            response = self.respond(self.lookup, octets)
            assert len(response) <= MOST_OCTETS
            self.udp.sendto(response, peer)

    def serve_tcp(self):
        """One query a connection, one connection at a time: enough for what is asked again after nonsense."""
        while True:
            stream, _ = self.tcp.accept()
            with stream, stream.makefile("rwb") as octets:
                try:
                    stream.settimeout(5)
                    length = struct.unpack(">H", octets.read(2))[0]
                    response = self.respond(self.lookup, octets.read(length))
                    octets.write(struct.pack(">H", len(response)) + response)
                    octets.flush()
                except (OSError, struct.error):
                    continue
