"""What all clients ask for, in the files that they read it from, and what is true."""

import csv
import io
import ipaddress
import pathlib
import struct
import subprocess
import types

# What asks whether a name exists and not of what type, nmap for one, takes NODATA for silence: there is none here.
MIX = "pass=70,nxdomain=30"
TTL = 3600
SOA = "SOA ns.example.test. hostmaster.example.test. 1 3600 600 86400 300"
PTR, OPT, IN = 12, 41, 1
COOKIE = 10


def wire_query(number, owner):
    """As long as arpasweep's first queries: RD, EDNS and a client cookie (RFC 1035 4.1, RFC 6891 6.1.2, RFC 7873 4)."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in owner.split("."))
    question = labels + b"\0" + struct.pack(">HH", PTR, IN)
    cookie = struct.pack(">HHQ", COOKIE, 8, number)
    edns = struct.pack(">BHHIH", 0, OPT, 1232, 0, len(cookie)) + cookie
    return struct.pack(">HHHHHH", number & 0xFFFF, 0x0100, 1, 0, 0, 1) + question + edns


class Corpus:
    """An IPv4 prefix of an Internet of arpasim's: every address has one name of its own, or none."""

    def __init__(self, arpasim, prefix, directory):
        self.prefix = ipaddress.ip_network(prefix)
        if self.prefix.version != 4 or self.prefix.prefixlen < 16:
            raise ValueError(f"{prefix} is no IPv4 prefix of at most 65,536 addresses")
        self.directory = pathlib.Path(directory)
        truth = subprocess.run([arpasim, "truth", prefix, "--mix", MIX, "--fields", "address,ptr_status,names"],
                               stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout
        self.status, self.name = {}, {}  # By address; the name is empty where there is none.
        for row in csv.DictReader(io.StringIO(truth, newline="")):
            self.status[row["address"]] = row["ptr_status"]
            self.name[row["address"]] = row["names"]
        self.owner = {address: ipaddress.ip_address(address).reverse_pointer for address in self.name}
        self.addresses_file = self.write("addresses", self.name)
        self.owners_file = self.write("owners", self.owner.values())
        self.questions_file = self.write("questions", (f"{owner} PTR" for owner in self.owner.values()))
        self.payloads_file = self.directory / "payloads"
        queries = sorted((wire_query(i, owner) for i, owner in enumerate(self.owner.values())), key=len)
        self.payloads_file.write_bytes(b"".join(struct.pack(">H", len(query)) + query for query in queries))

    def __len__(self):
        return len(self.name)

    def write(self, name, lines):
        path = self.directory / name
        path.write_text("".join(line + "\n" for line in lines))
        return path

    def zones(self):
        """Files of zones with the truth in them: the reverse one, and one for each two labels that names end in."""
        octets = str(self.prefix.network_address).split(".")
        reverse = f"{octets[1]}.{octets[0]}.in-addr.arpa"
        records = {reverse: []}
        for address, status in self.status.items():
            if status == "NOERROR":
                name = self.name[address]
                records[reverse].append(f"{self.owner[address]}. PTR {name}.")
                records.setdefault(".".join(name.split(".")[-2:]), []).append(f"{name}. A {address}")
        zones = []
        for name, lines in records.items():
            path = self.write(name + ".zone", [f"$TTL {TTL}", f"{name}. {SOA}", f"{name}. NS ns.example.test.", *lines])
            zones.append(types.SimpleNamespace(path=path, apex=tuple(label.encode() for label in name.split("."))))
        return zones
