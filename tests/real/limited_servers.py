"""nsd, knot and bind9 with response rate limiting, each with a zone of the hierarchy that is mostly NXDOMAIN."""

import contextlib
import dataclasses
import subprocess

import dns_servers
import hierarchy_servers
import hierarchy_zones

SLIP = 2  # Of the responses over the limit, one in so many comes truncated.


@dataclasses.dataclass(frozen=True)
class Limit:
    server: str      # "nsd", "knot" or "bind9".
    per_second: int  # Responses of a kind, to a network.
    cookies: bool    # Whether it knows DNS cookies: a client whose cookie it gave is not limited.
    tcp: bool        # Whether it can be reached over TCP.

    @property
    def role(self):
        return f"limited-{self.server}"

    @property
    def address(self):
        return hierarchy_zones.ADDRESSES[self.role][0]

    @property
    def block(self):
        return hierarchy_zones.LIMITED[self.role]


def nsd(place, zones, limit):
    return dns_servers.nsd(place, zones, f"""
  rrl-ratelimit: {limit.per_second}
  rrl-slip: {SLIP}
  answer-cookie: {"yes" if limit.cookies else "no"}
""")


def knot(place, zones, limit):
    modules = f"mod-rrl:\n  - id: limit\n    rate-limit: {limit.per_second}\n    slip: {SLIP}\n"
    names = ["mod-rrl/limit"]
    if limit.cookies:
        modules += "mod-cookies:\n  - id: cookies\n"
        names.insert(0, "mod-cookies/cookies")
    return dns_servers.knot(place, zones, modules=modules, template=f"module: [{', '.join(names)}]")


def bind9(place, zones, limit):
    return dns_servers.bind9(place, zones, f"""
  recursion no;
  rate-limit {{ responses-per-second {limit.per_second}; slip {SLIP}; }};
  answer-cookie {"yes" if limit.cookies else "no"};
""")


SERVERS = {"nsd": nsd, "knot": knot, "bind9": bind9}


def forbid_tcp(address):
    """The kernel says that the host cannot be reached. Its rule has to come before that for local addresses."""
    rules = f"""rule add pref 10 ipproto tcp dport {hierarchy_servers.PORT} to {address} unreachable
rule add pref 100 lookup local
rule del pref 0
"""
    subprocess.run(["ip", "-batch", "-"], input=rules, text=True, check=True)


def allow_tcp():
    rules = "rule add pref 0 lookup local\nrule del pref 10\nrule del pref 100\n"
    subprocess.run(["ip", "-batch", "-"], input=rules, text=True, check=True)


@contextlib.contextmanager
def running(hierarchy, limit):
    """The server of `limit`, with nothing counted yet, until the context ends; `hierarchy` may run or not."""
    place = dns_servers.Place(hierarchy.directory / f"{limit.server}-{limit.per_second}-{limit.cookies}-{limit.tcp}",
                              hierarchy_servers.PORT, hierarchy_zones.ADDRESSES[limit.role])
    zones = [zone for name, zone in hierarchy.by_name.items() if limit.role in hierarchy.texts[name].holders]
    with contextlib.ExitStack() as stack:
        if not limit.tcp:
            forbid_tcp(limit.address)
            stack.callback(allow_tcp)
        stack.enter_context(dns_servers.running(SERVERS[limit.server], place, zones, limit=limit))
        yield
