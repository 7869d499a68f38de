"""The zones of a DNS hierarchy on loopback: who holds each, and its records.

A holder is a role, one server of `hierarchy_servers`. Names are absolute, with the final dot.
"""

import dataclasses
import ipaddress

ROOT_SERVER = "a.root-servers.net."
# Role to its addresses. "closed" has no socket, "hole" never answers; what the others do that are not of the
# hierarchy itself is in `odd_servers` and `limited_servers`.
ADDRESSES = {
    "root": ("127.53.0.1", "fd00:53::1"),
    "arpa": ("127.53.0.2",),
    "numbers": ("127.53.0.3",),
    "registry": ("127.53.0.4", "fd00:53::4"),
    "one": ("127.53.0.5",),
    "two": ("127.53.0.6",),
    "customer": ("127.53.0.7",),
    "six": ("fd00:53::8",),
    "upward": ("127.53.0.9",),
    "hole": ("127.53.0.10",),
    "closed": ("127.53.0.11",),
    "unsure": ("127.53.0.12",),
    "garbled": ("127.53.0.13",),
    "old": ("127.53.0.14",),
    "forger": ("127.53.0.15",),
    "flooded": ("127.53.0.16",),
    "limited-nsd": ("127.53.1.1",),
    "limited-knot": ("127.53.1.2",),
    "limited-bind9": ("127.53.1.3",),
}
# The /24 of each, with a PTR at every fourth address.
LIMITED = {"limited-nsd": "44.65.1", "limited-knot": "44.65.2", "limited-bind9": "44.65.3"}
# Those whose servers have their names in isp-one.test.
APART = ("upward", "hole", "closed", "unsure", "garbled", "old", "forger", "flooded", *LIMITED)
# The name of a role's server.
NAMES = {role: f"{role}.isp-one.test." for role in APART} | {
    "root": ROOT_SERVER,
    "arpa": "a.ns.arpa.",
    "numbers": "a.in-addr-servers.arpa.",
    "registry": "ns1.registry.test.",
    "one": "ns1.isp-one.test.",
    "two": "ns1.isp-two.test.",
    "customer": "ns1.customer.test.",
    "six": "ns1.six.test.",
}
SOA = "3600 SOA a.root-servers.net. hostmaster.registry.test. 1 7200 900 1209600 300"


@dataclasses.dataclass
class ZoneText:
    name: str
    holders: tuple
    lines: list
    signed: str = ""  # "nsec" or "nsec3" where its holder signs it.

    def text(self):
        return "".join(line + "\n" for line in ("$TTL 3600", *self.lines))


def below(name, apex):
    return name == apex or apex == "." or name.endswith("." + apex)


def reverse(prefix):
    """Of whole labels only: `44.16`, or an IPv6 network of whole nibbles."""
    if "/" not in prefix:
        return ".".join(reversed(prefix.split("."))) + ".in-addr.arpa."
    network = ipaddress.ip_network(prefix)
    labels = network.network_address.reverse_pointer.split(".")
    return ".".join(labels[32 - network.prefixlen // 4:]) + "."


def pointer(address):
    return ipaddress.ip_address(address).reverse_pointer + "."


def addresses(name, role):
    return [f"{name} {'AAAA' if ':' in address else 'A'} {address}" for address in ADDRESSES[role]]


BROKEN_TEXT = "broken. 3600 A 192.0.2.1\n"  # No SOA and no NS: no server loads it.
# Zones of which a role has only that.
BROKEN = {"customer": (reverse("44.32.8"), reverse("44.32.9"), "servfail.test.")}


class Zones:
    def __init__(self):
        self.by_name = {}

    def zone_of(self, name):
        holders = (zone for zone in self.by_name.values() if below(name, zone.name))
        return max(holders, key=lambda zone: len(zone.name))

    def add(self, *lines):
        """Each to the zone that its owner lies in."""
        for line in lines:
            self.zone_of(line.split()[0]).lines.append(line)

    def delegate(self, name, *servers, holders=(), glue=(), signed=""):
        """A zone cut. `servers` are roles, or names of servers; `holders` are the roles that really have the zone:
        with none there is only the delegation. `glue` are records that the parent adds."""
        records = [f"{name} NS {NAMES.get(server, server)}" for server in servers]
        if self.by_name:
            self.zone_of(name).lines += [*records, *glue]
        if holders:
            own = [line for line in glue if below(line.split()[0], name)]
            self.by_name[name] = ZoneText(name, tuple(holders), [f"{name} {SOA}", *records, *own], signed)

    def hosts(self, block, domain, owner=pointer):
        """PTRs for the addresses of `block`, most of them confirmed by `domain`. `owner` is where an address has its
        PTR."""
        for address in ipaddress.ip_network(block):
            low = int(address) & 0xFFFF
            name = f"h{low >> 8}-{low & 255}.{domain}"
            if low % 8 == 0:  # Does not exist.
                continue
            self.add(f"{owner(address)} PTR {name}")
            if low % 8 == 3:
                self.add(f"{name} {'A 44.99.0.1' if address.version == 4 else 'AAAA 2600:44:99::1'}")
            elif low % 8 != 5:
                self.add(f"{name} {'A' if address.version == 4 else 'AAAA'} {address}")


def top(zones):
    zones.delegate(".", "root", holders=["root"], glue=addresses(ROOT_SERVER, "root"))
    zones.delegate("arpa.", "arpa", holders=["arpa"], glue=addresses(NAMES["arpa"], "arpa"))
    zones.delegate("in-addr.arpa.", "numbers", holders=["numbers"])
    zones.delegate("ip6.arpa.", "numbers", holders=["numbers"])
    zones.add(*addresses(NAMES["numbers"], "numbers"))
    zones.delegate("test.", "registry", holders=["registry"], glue=addresses(NAMES["registry"], "registry"))
    zones.delegate(reverse("44"), "registry", holders=["registry"])
    zones.delegate(reverse("2600:44::/32"), "registry", holders=["registry"])
    for domain, role in (("isp-one", "one"), ("isp-two", "two"), ("customer", "customer"), ("six", "six")):
        zones.delegate(f"{domain}.test.", role, holders=[role], glue=addresses(f"ns1.{domain}.test.", role))
    for role in APART:
        zones.add(*addresses(NAMES[role], role))
    zones.delegate(reverse("44.16"), "one", holders=["one"])
    zones.delegate(reverse("44.32"), "two", holders=["two"])


def whole(zones):
    """Zones whose servers all do what they should."""
    for third, servers in ((1, ["one"]), (2, ["customer", "two"]), (15, ["six"]), (12, ["one"]), (13, ["one"])):
        zones.delegate(reverse(f"44.16.{third}"), *servers, holders=servers,
                       signed={12: "nsec", 13: "nsec3"}.get(third, ""))
        zones.hosts(f"44.16.{third}.0/24", f"c{third}.isp-one.test.")
    zones.delegate(reverse("44.32.1"), "two", holders=["two"])
    zones.hosts("44.32.1.0/24", "c1.isp-two.test.")
    zones.hosts("44.16.7.0/24", "c7.six.test.")  # In the zone of the /16, with names that only have names below them.
    zones.add(*(f"x.{pointer(f'44.16.7.{host}')} PTR below.customer.test." for host in range(0, 256, 16)))

    # A cut two labels below its parent, and one at each address.
    zones.delegate(reverse("44.48.7"), "customer", holders=["customer"])
    zones.hosts("44.48.7.0/28", "c7.customer.test.")
    for host in range(8):
        zones.delegate(pointer(f"44.16.14.{host}"), "customer", holders=["customer"])
    zones.hosts("44.16.14.0/29", "c14.customer.test.")

    # Glue within the zone; names of servers in another tree; and in a zone that itself has such servers.
    inside = "ns." + reverse("44.16.18")
    zones.delegate(reverse("44.16.18"), inside, holders=["customer"], glue=addresses(inside, "customer"))
    zones.hosts("44.16.18.0/28", "c18.customer.test.")
    zones.delegate("glueless.test.", "customer", holders=["customer"])
    zones.delegate("twice.glueless.test.", "ns.glueless.test.", holders=["two"])
    zones.add(*addresses("ns.glueless.test.", "two"), *addresses("ns.twice.glueless.test.", "customer"))
    zones.delegate(reverse("44.16.16"), "ns.glueless.test.", holders=["two"])
    zones.hosts("44.16.16.0/28", "c16.glueless.test.")
    zones.delegate(reverse("44.16.17"), "ns.twice.glueless.test.", holders=["customer"])
    zones.hosts("44.16.17.0/28", "c17.twice.glueless.test.")

    wild = reverse("44.16.6")
    zones.delegate(wild, "one", holders=["one"])
    zones.add(f"*.{wild} PTR pool.isp-one.test.", "pool.isp-one.test. A 44.16.6.7", f"9.{wild} TXT no",
              f"10.{wild} PTR h6-10.isp-one.test.", "h6-10.isp-one.test. A 44.16.6.10",
              f"x.11.{wild} PTR below.isp-one.test.")


def classless(zones):
    """RFC 2317: both halves of a /24 are a customer's, in each spelling."""
    for third, halves in ((3, ("0/25", "128/25")), (4, ("0-127", "128-255")), (5, ("0.sub", "128.sub"))):
        above = reverse(f"44.16.{third}")
        zones.delegate(above, "one", holders=["one"])
        for half, first in zip(halves, (0, 128)):
            apex = f"{half}.{above}"
            zones.delegate(apex, "customer", holders=["customer"])
            zones.add(*(f"{host}.{above} CNAME {host}.{apex}" for host in range(first, first + 128)))
            zones.hosts(f"44.16.{third}.{first}/25", f"c{third}.customer.test.",
                        lambda address, apex=apex: f"{int(address) & 255}.{apex}")
    # Section 5.2: into the customer's forward tree; and the same by one DNAME.
    zones.delegate(reverse("44.16.19"), "one", holders=["one"])
    zones.add(*(f"{pointer(f'44.16.19.{host}')} CNAME {host}.rev19.customer.test." for host in range(16)))
    zones.hosts("44.16.19.0/28", "c19.customer.test.", lambda address: f"{int(address) & 255}.rev19.customer.test.")
    zones.add(f"{reverse('44.16.8')} DNAME rev8.customer.test.")
    zones.hosts("44.16.8.0/24", "c8.customer.test.", lambda address: f"{int(address) & 255}.rev8.customer.test.")


def aliases(zones):
    """Chains, loops and loose ends: 44.16.9.0/28 on the reverse path, 44.16.10.0/28 on the forward path."""
    def chain(owner, *names):
        zones.add(*(f"{left} CNAME {right}" for left, right in zip((owner, *names), names)))

    zones.delegate(reverse("44.16.9"), "one", holders=["one"])

    def at(host):
        return pointer(f"44.16.9.{host}")

    chain(at(1), "1.chain.customer.test.", "1.chain.isp-two.test.", "1.chain.isp-one.test.")
    zones.add("1.chain.isp-one.test. PTR h9-1.isp-two.test.", "h9-1.isp-two.test. A 44.16.9.1")
    chain(at(2), *(f"{link}.long.{('isp-two', 'customer')[link % 2]}.test." for link in range(8)))
    zones.add("7.long.customer.test. PTR h9-2.isp-two.test.", "h9-2.isp-two.test. A 44.16.9.2")
    chain(at(3), at(4), at(3))
    chain(at(5), "5.loop.customer.test.", "5.loop.isp-two.test.", at(5))
    chain(at(6), at(6))
    chain(at(7), "gone.customer.test.")
    chain(at(8), "gone.nowhere.")
    chain(at(9), "only-text.customer.test.")
    zones.add("only-text.customer.test. TXT no")
    chain(at(10), "x.dead.test.")
    chain(at(11), "x.refused.test.")
    chain(at(12), "x.servfail.test.")

    zones.delegate(reverse("44.16.10"), "one", holders=["one"])
    forward = {1: "gone.nowhere.", 2: "x.dead.test.", 3: "x.refused.test.", 4: "x.servfail.test.", 5: "x.a.test.",
               6: "h6.forward.isp-one.test.", 7: "h7.forward.isp-one.test.", 8: "h8.renamed.isp-two.test.",
               9: "h9.wild.isp-two.test.", 10: "only-text.customer.test.", 11: "h11.hole.test.", 12: "h12.ghost.test."}
    zones.add(*(f"{pointer(f'44.16.10.{host}')} PTR {name}" for host, name in forward.items()))
    chain("h6.forward.isp-one.test.", "h6.forward.customer.test.", "h6.forward.isp-two.test.")
    chain("h7.forward.isp-one.test.", "h7.forward.customer.test.", "h7.forward.isp-one.test.")
    zones.add("h6.forward.isp-two.test. A 44.16.10.6", "renamed.isp-two.test. DNAME renamed.customer.test.",
              "h8.renamed.customer.test. A 44.16.10.8", "*.wild.isp-two.test. A 44.16.10.9")


def large(zones):
    """More names, and more addresses of a name, than a datagram holds."""
    apex = reverse("44.16.11")
    zones.delegate(apex, "one", "customer", holders=["one", "customer"])
    for host, names in ((1, 60), (2, 64)):
        for number in range(names):
            name = f"one-of-many-{number}.and-a-longer-name.c11-{host}.isp-two.test."
            zones.add(f"{host}.{apex} PTR {name}", f"{name} A 44.16.11.{host if number % 2 else 99}")
    zones.add(f"3.{apex} PTR many-addresses.isp-two.test.")
    zones.add(*(f"many-addresses.isp-two.test. A 44.16.11.{host}" for host in range(3, 203)))


def partly(zones):
    """Zones with one good server, and one that is not."""
    bad = {2: "customer", 5: "closed", 7: "hole", 9: "customer", 11: "ns.nowhere.test.", 16: "unsure", 18: "upward",
           22: "garbled", 23: "six"}
    for third, server in bad.items():
        zones.delegate(reverse(f"44.32.{third}"), server, "two", holders=["two"])
        zones.hosts(f"44.32.{third}.0/28", f"c{third}.isp-two.test.")
    zones.delegate(reverse("44.32.24"), "old", holders=["old"])  # Answers FORMERR to EDNS.
    zones.hosts("44.32.24.0/28", "c24.isp-two.test.")
    forged = reverse("44.32.25")
    zones.delegate(forged, "forger", holders=["forger"])
    zones.hosts("44.32.25.0/28", "c25.isp-two.test.")
    zones.add(f"8.{forged} CNAME {pointer('44.16.1.1')}", "forged.c25.isp-two.test. A 44.32.25.8")


def broken(zones):
    """Zones without a server that can answer for them; what becomes of them is in `hierarchy_cases`."""
    nobody = {3: ["customer", "one"], 4: ["closed"], 6: ["hole"], 8: ["customer"],
              10: ["ns.nowhere.test.", "ns.gone.customer.test."],
              12: ["ns.a.test."], 13: ["upward"], 14: ["root"], 17: ["two"], 20: ["customer", "hole"],
              21: ["garbled"], 26: [f"ns{number}.flooded.test." for number in range(20)]}
    for third, servers in nobody.items():
        zones.delegate(reverse(f"44.32.{third}"), *servers)
    zones.delegate(reverse("44.32.15"), "unsure", holders=["unsure"])
    zones.hosts("44.32.15.0/28", "c15.isp-two.test.")
    zones.delegate("a.test.", "ns.b.test.")
    zones.delegate("b.test.", "ns.a.test.")
    zones.delegate("flooded.test.", "flooded", holders=["flooded"])  # Without any of the names that 44.32.26 has.
    zones.delegate("dead.test.", "closed")
    zones.delegate("hole.test.", "hole")
    zones.delegate("refused.test.", "customer", "one")
    zones.delegate("ghost.test.", "ns.nowhere.test.")
    zones.delegate("servfail.test.", "customer")


def version_six(zones):
    zones.delegate(reverse("2600:44:1::/48"), "one", holders=["one"])
    zones.hosts("2600:44:1::/124", "v6.isp-one.test.")  # Far below the apex: empty non-terminals between.
    zones.delegate(reverse("2600:44:2::/64"), "six", holders=["six"])
    zones.hosts("2600:44:2::/120", "v6.six.test.")
    zones.delegate(reverse("2600:44:3::/48"), "closed")


def limited(zones):
    for role, prefix in LIMITED.items():
        zones.delegate(reverse(prefix), role, holders=[role])
        for host in range(0, 256, 4):
            zones.add(f"{pointer(f'{prefix}.{host}')} PTR h{host}.{role}.isp-two.test.",
                      f"h{host}.{role}.isp-two.test. A {prefix}.{host}")


def build():
    """By name. The order matters: a record goes to the zone that its owner lies in at that moment."""
    zones = Zones()
    for part in (top, whole, broken, partly, classless, aliases, large, version_six, limited):
        part(zones)
    return zones.by_name
