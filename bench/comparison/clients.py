"""The clients: how each is asked for the same names, and how many answers it came back without."""

import csv
import dataclasses
import json
import os
import pathlib
import re
import shlex
import shutil
from collections.abc import Callable

from comparison import measuring

PTR, FORWARD = "PTR", "forward"


@dataclasses.dataclass
class Client:
    name: str
    task: str                # PTR, or FORWARD confirmation too.
    command: list
    lost: Callable           # Of a Run: how many addresses it says nothing, or something wrong, of.
    kind: str = "peer"       # "arpasweep", "floor" or "peer".
    standard_input: pathlib.Path = None
    timed: Callable = None   # Of a Run: (CPU seconds, wall seconds) as it measures itself; else all of it.


def wrong_rows(corpus, path):
    """Of a CSV file of arpasweep."""
    with open(path, encoding="ascii", newline="") as rows:
        found = {row["address"]: (row["ptr_status"], row["names"]) for row in csv.DictReader(rows)}
    return sum(found.get(address) != (status, corpus.name[address]) for address, status in corpus.status.items())


def names_missing(corpus, text, keys):
    """Addresses with a name for which no line of `text` holds both their key and their name."""
    by_key = {keys[address]: name for address, name in corpus.name.items() if name}
    total = len(by_key)
    for line in text.splitlines():
        words = {word.rstrip(".") for word in re.split(r"[^0-9A-Za-z.-]+", line)}
        for word in words & by_key.keys():
            if by_key[word] in words:
                del by_key[word]
                break
    assert len(by_key) <= total
    return len(by_key)


def owners_missing(corpus, text):
    """Of a list of owners that have an answer."""
    said = {line.rstrip(".") for line in text.splitlines()}
    return sum(1 for address, name in corpus.name.items() if name and corpus.owner[address] not in said)


def filtered_missing(corpus, text):
    """Of a filter that writes names in the place of addresses, line by line."""
    lines = text.splitlines() + [""] * len(corpus)
    return sum(1 for name, line in zip(corpus.name.values(), lines) if name and line.strip() != name)


def number_after(label, text):
    found = re.search(re.escape(label) + r"\s*([0-9]+)", text)
    return int(found.group(1)) if found else None


class Arsenal:
    """Every client that there is for a server."""

    def __init__(self, build, corpus, peers, core):
        self.build, self.corpus, self.peers, self.core = build, corpus, peers, core
        self.arpasweep = build / "scanner/cli/arpasweep"
        self.missing = {}  # Name of a client to why it does not run.

    def for_server(self, server):
        one = len(server.addresses) == 1
        yield from (self.scan(server, io, PTR) for io in ("uring", "mmsg"))
        yield from self.floors(server)
        if one:
            yield from self.dnsperf(server)
        if server.name == "knot":
            yield from self.slow(server)
        if "massdns" in self.peers:
            yield from self.massdns(server)
        if "zdns" in self.peers and one:
            yield self.zdns(server)
        for name, command in self.peers.items():
            if name not in ("massdns", "zdns"):
                yield self.named(name, command, server)
        if server.name in ("knot", "arpasim, coalesces"):
            yield from self.confirmations(server)

    def scan(self, server, io, task, ending="csv"):
        output = self.corpus.directory / f"sweep.{ending}"
        command = [self.arpasweep, "scan", self.corpus.prefix, "--resolvers-file", server.resolvers_file, "--rate", "0",
                   "--threads", "1", "--io", io, "--quiet", "--overwrite", "-o", output]
        if task == PTR:
            command.append("--no-forward")

        def lost(_run):
            if ending == "csv":
                return wrong_rows(self.corpus, output)
            again = self.corpus.directory / "again.csv"
            measuring.measure(self.build, self.core, [self.arpasweep, "convert", output, "--overwrite", "-o", again])
            return wrong_rows(self.corpus, again)
        name = f"arpasweep, {io}" + ("" if ending == "csv" else ", into Parquet")
        return Client(name, task, command, lost, "arpasweep")

    def floors(self, server):
        program = self.build / "bench/kernel_floor"
        for io in ("uring", "mmsg"):
            ways = [("single packets", [])]
            if len(server.addresses) == 1:
                ways = [("64 a send", ["--segments", "64"]), ("64 a send, UDP_GRO", ["--segments", "64", "--coalesce"])]
            for way, options in ways:
                yield Client(f"kernel, {io}, {way}", PTR,
                             [program, "--io", io, "--payloads", self.corpus.payloads_file, "--servers",
                              server.resolvers_file, "--window", server.window, *options],
                             lambda run: len(self.corpus) - json.loads(run.said)["answers"], "floor",
                             timed=lambda run: (json.loads(run.said)["cpu_seconds"], json.loads(run.said)["seconds"]))

    def dnsperf(self, server):
        corpus = self.corpus
        if self.installed("dnsperf", "dnsperf"):
            yield Client("dnsperf", PTR, ["dnsperf", "-s", server.addresses[0], "-p", server.port, "-d",
                                          corpus.questions_file, "-n", "1", "-c", "1", "-T", "1"],
                         lambda run: len(corpus) - (number_after("Queries completed:", run.said) or 0))

    def slow(self, server):
        """Each takes a minute or more, most of which it sleeps: once for all servers."""
        corpus = self.corpus
        if self.installed("nmap", "nmap", server):
            yield Client("nmap -sL", PTR, ["nmap", "-sL", "-R", "--dns-servers", server.addresses[0], corpus.prefix],
                         lambda run: names_missing(corpus, run.said, {address: address for address in corpus.name}))
        if self.installed("adnsresfilter", "adns-tools", server):
            yield Client("adnsresfilter", PTR,
                         ["adnsresfilter", "--unchecked", "--config", f"nameserver {server.addresses[0]}"],
                         lambda run: filtered_missing(corpus, run.said), standard_input=corpus.addresses_file)

    def installed(self, program, package, server=None):
        if shutil.which(program) is None:
            self.missing[program] = f"not installed (Debian package {package})"
        elif server is not None and server.port != 53:
            self.missing[program] = "asks port 53 only, which is not free or not allowed here"
        return program not in self.missing

    def massdns(self, server):
        output = self.corpus.directory / "massdns"
        base = [self.peers["massdns"], *self.as_root(), "-r", server.resolvers_file, "-t", "PTR", "-w", output]
        yield Client("massdns, as it comes", PTR, [*base, self.corpus.owners_file],
                     lambda _run: names_missing(self.corpus, output.read_text(errors="replace"), self.corpus.owner))
        yield Client("massdns, leanest output", PTR, [*base, "-q", "-o", "L", self.corpus.owners_file],
                     lambda _run: owners_missing(self.corpus, output.read_text(errors="replace")))

    @staticmethod
    def as_root():
        return ["--root"] if os.geteuid() == 0 else []

    def zdns(self, server):
        output = self.corpus.directory / "zdns"
        return Client("zdns", PTR, [self.peers["zdns"], "PTR", "--name-servers", server.address, "--input-file",
                                    self.corpus.addresses_file, "--output-file", output],
                      lambda _run: min(names_missing(self.corpus, output.read_text(), keys) for keys in
                                       (self.corpus.owner, {address: address for address in self.corpus.name})))

    def named(self, name, command, server):
        """A command line with places to fill in: see bench/compare --help."""
        output = self.corpus.directory / "named"
        output.write_text("")
        places = {"address": server.addresses[0], "port": server.port, "resolvers": server.resolvers_file,
                  "owners": self.corpus.owners_file, "addresses": self.corpus.addresses_file, "output": output}

        def lost(run):
            text = run.said + output.read_text(errors="replace")
            return min(names_missing(self.corpus, text, keys) for keys in
                       (self.corpus.owner, {address: address for address in self.corpus.name}))
        return Client(name, PTR, [word.format(**places) for word in shlex.split(command)], lost,
                      standard_input=self.corpus.owners_file)

    def confirmations(self, server):
        yield self.scan(server, "uring", FORWARD)
        if server.name != "knot":
            yield self.scan(server, "uring", FORWARD, "parquet")
        elif "massdns" in self.peers:
            yield self.massdns_twice(server)

    def massdns_twice(self, server):
        """PTR, then A of the names, then both joined by name."""
        directory = self.corpus.directory
        massdns = shlex.join(map(str, [self.peers["massdns"], *self.as_root(), "-q", "-r", server.resolvers_file,
                                       "-o", "Sn"]))
        script = f"""
set -e
cd {shlex.quote(str(directory))}
{massdns} -t PTR -w ptr owners
awk '$2 == "PTR" {{print $3, $1}}' ptr | sort > by_name
cut -d ' ' -f 1 by_name | uniq > names
{massdns} -t A -w a names
awk '$2 == "A" {{print $1, $3}}' a | sort > by_owner
join by_name by_owner > joined
"""
        def lost(_run):
            return names_missing(self.corpus, (directory / "joined").read_text(), self.corpus.owner)
        return Client("massdns twice, joined", FORWARD, ["sh", "-c", script], lost)
