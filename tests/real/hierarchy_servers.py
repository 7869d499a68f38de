"""Runs the hierarchy of `hierarchy_zones`, and unbound in front of it, in a private network."""

import contextlib
import functools
import pathlib
import subprocess

import dns_servers
import hierarchy_zones
import odd_servers
import zone_data

PORT = 53
RESOLVER = "127.53.0.53"
KINDS = {
    "root": dns_servers.nsd,
    "arpa": dns_servers.knot,
    "numbers": dns_servers.bind9,
    "registry": dns_servers.nsd,
    "one": dns_servers.knot,
    "two": dns_servers.pdns,
    "customer": dns_servers.bind9,
    "six": dns_servers.nsd,
}
ODD = {"hole": None, "unsure": odd_servers.unsure, "garbled": odd_servers.garbled, "old": odd_servers.old,
       "forger": odd_servers.forger, "flooded": odd_servers.plain}


def add_addresses():
    """named listens on addresses of an interface only, and there are no others of IPv6."""
    commands = [f"addr add {address}/{128 if ':' in address else 32} dev lo {'nodad' if ':' in address else ''}\n"
                for addresses in hierarchy_zones.ADDRESSES.values() for address in addresses]
    subprocess.run(["ip", "-batch", "-"], input="".join(commands), text=True, check=True)


def write_zone(directory, name, text):
    """As zone_data reads it. A slash cannot be in a file's name."""
    path = directory / (name.replace("/", "\\047") + "zone" if name != "." else ".zone")
    path.write_text(text, encoding="ascii")
    return path


def hints_file(directory):
    path = directory / "root.hints"
    records = [f". NS {hierarchy_zones.ROOT_SERVER}",
               *hierarchy_zones.addresses(hierarchy_zones.ROOT_SERVER, "root")]
    path.write_text("".join(record.replace(" ", " 3600000 ", 1) + "\n" for record in records))
    return path


def place(directory, role):
    return dns_servers.Place(directory / role, PORT, hierarchy_zones.ADDRESSES[role])


class Hierarchy:
    """`zones`: as zone_data reads them, also by name; `hints`: the file that names its root."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.texts = hierarchy_zones.build()
        self.hints = hints_file(self.directory)
        self.by_name = {name: zone_data.read_zone(write_zone(self.directory, name, zone.text()))
                        for name, zone in self.texts.items()}
        self.zones = list(self.by_name.values())
        self.odd = []

    def start(self, stack, role):
        held = [zone for zone in self.texts.values() if role in zone.holders]
        zones = [self.by_name[zone.name] for zone in held]
        options = {}
        if KINDS[role] is dns_servers.knot:
            options["signed"] = {zone.name[:-1]: zone.signed for zone in held if zone.signed}
        process = dns_servers.start(KINDS[role], place(self.directory, role), zones + self.broken(role), **options)
        stack.callback(dns_servers.end, process)
        return process, place(self.directory, role), [zone.apex for zone in zones]

    def broken(self, role):
        directory = self.directory / f"broken-{role}"
        directory.mkdir()
        return [zone_data.Zone(zone_data.parse_name(name), write_zone(directory, name, hierarchy_zones.BROKEN_TEXT))
                for name in hierarchy_zones.BROKEN.get(role, ())]

    def start_upward(self, stack):
        """named without a zone, that tells those who ask where the root is."""
        options = "recursion yes; allow-recursion { none; }; allow-query-cache { any; };"
        hint = f'zone "." {{ type hint; file "{self.hints}"; }};\n'
        process = dns_servers.start(functools.partial(dns_servers.bind9, options=options, more=hint),
                                    place(self.directory, "upward"), [])
        stack.callback(dns_servers.end, process)

    @contextlib.contextmanager
    def running(self):
        add_addresses()
        lookup = zone_data.Lookup(self.zones)
        with contextlib.ExitStack() as stack:
            # A hole that nothing refers to would be closed.
            self.odd = [odd_servers.Server(hierarchy_zones.ADDRESSES[role][0], PORT, respond, lookup)
                        for role, respond in ODD.items()]
            started = [self.start(stack, role) for role in KINDS]
            self.start_upward(stack)
            for one in started:
                dns_servers.await_answers(*one)
            yield

    @contextlib.contextmanager
    def resolver(self, minimise=False):
        """unbound, with an empty cache."""
        where = dns_servers.Place(self.directory / f"unbound-{minimise}", PORT, (RESOLVER,))
        process = dns_servers.start(dns_servers.unbound, where, [], root_hints=self.hints, minimise=minimise)
        try:
            dns_servers.await_answers(process, where, [()])
            yield
        finally:
            dns_servers.end(process)
