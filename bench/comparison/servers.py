"""The servers that are asked, each on the server's core."""

import contextlib
import pathlib
import socket
import sys

from comparison import measuring
from comparison.corpus import MIX

REAL = pathlib.Path(__file__).resolve().parents[2] / "tests/real"
sys.path.insert(0, str(REAL))
sys.dont_write_bytecode = True
import arpasim_server  # noqa: E402
import dns_servers  # noqa: E402

FAN_OUT = 1000
DNS_PORT = 53  # Some clients ask no other.
# Queries in flight that a server's receive queue holds: Linux's default of 212,992 octets takes 256 datagrams, and
# whoever coalesces, or has asked for a longer queue, many more.
WINDOW, DEFAULT_QUEUE_WINDOW = 4096, 192


def free_port():
    """Of 127.0.0.1: that of DNS where it is free and allowed."""
    for port in (DNS_PORT, 0):
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams, \
                socket.socket(socket.AF_INET, socket.SOCK_STREAM) as streams:
            datagrams.bind(("127.0.0.1", port))
            streams.bind(("127.0.0.1", datagrams.getsockname()[1]))
            return datagrams.getsockname()[1]
    raise measuring.Failed("no port of 127.0.0.1 is free")


def loopback_addresses(count):
    """127.0.0.1, or so many others."""
    return ["127.0.0.1"] if count == 1 else [f"127.0.{1 + i // 250}.{1 + i % 250}" for i in range(count)]


class Server:
    def __init__(self, name, directory, addresses, port, window):
        self.name, self.addresses, self.port, self.window = name, addresses, port, window
        self.resolvers_file = directory / "resolvers"
        self.resolvers_file.write_text("".join(f"{address}:{port}\n" for address in addresses))

    @property
    def address(self):
        return f"{self.addresses[0]}:{self.port}"


@contextlib.contextmanager
def synthetic(name, build, directory, count, *options):
    """An arpasim at so many addresses; at all of loopback when there are several."""
    addresses, port = loopback_addresses(count), free_port()
    listen = f"{addresses[0] if count == 1 else '0.0.0.0'}:{port}"
    with arpasim_server.serving(build / "tools/arpasim/arpasim", "--mix", MIX, *options, listen=listen):
        yield Server(name, directory, addresses, port, WINDOW)


@contextlib.contextmanager
def real(name, start, corpus):
    port = free_port()
    with dns_servers.running(start, dns_servers.Place(corpus.directory / name, port), corpus.zones()):
        yield Server(name, corpus.directory, loopback_addresses(1), port, DEFAULT_QUEUE_WINDOW)


def all_servers(build, corpus):
    """(name, context that yields the Server)."""
    directory = corpus.directory
    return [
        ("arpasim, coalesces", lambda name: synthetic(name, build, directory, 1)),
        ("arpasim, one datagram each", lambda name: synthetic(name, build, directory, 1, "--plain")),
        ("knot", lambda name: real(name, dns_servers.knot, corpus)),
        ("nsd", lambda name: real(name, dns_servers.nsd, corpus)),
        ("1,000 servers", lambda name: synthetic(name, build, directory, FAN_OUT, "--plain")),
    ]
