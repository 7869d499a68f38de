#!/usr/bin/env python3
"""smoke_test.py BENCH BUILD SCRIPT: a script of bench/ still runs and its tables have the rows that they are to have.

It sweeps a few addresses once: no figure says anything.
"""

import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

SERVERS = ["arpasim, coalesces", "arpasim, one datagram each", "knot", "nsd", "1,000 servers"]
SWEEPS = ["arpasweep, uring", "arpasweep, mmsg"]
BURSTS = [f"kernel, {io}, 64 a send{more}" for io in ("uring", "mmsg") for more in ("", ", UDP_GRO")]
SINGLE = [f"kernel, {io}, single packets" for io in ("uring", "mmsg")]


def rows(text):
    """The cells of all tables, without heads and rules."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    kept = [line for i, line in enumerate(lines)
            if not line.startswith("|-") and not (i + 1 < len(lines) and lines[i + 1].startswith("|-"))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in kept]


def expect(found, wanted, what):
    if found != wanted:
        sys.exit(f"{what}: found {found}, wanted {wanted}")


def number(cell):
    return float(cell.replace(",", ""))


def run(script, *arguments):
    return subprocess.run([script, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                          timeout=250, check=True).stdout


def compare(script, build):
    with tempfile.TemporaryDirectory() as directory:
        markdown, svg = pathlib.Path(directory) / "table.md", pathlib.Path(directory) / "chart.svg"
        run(script, build, "--prefix", "198.18.7.0/28", "--repeats", 1, "--only", "arpasweep|kernel", "--markdown",
            markdown, "--svg", svg)
        found = rows(markdown.read_text())
        chart = xml.etree.ElementTree.parse(svg)
    measured = [row for row in found if len(row) == 7]
    lookups = [(server, client) for server in SERVERS
               for client in SWEEPS + (SINGLE if server == "1,000 servers" else BURSTS)]
    forward = [(SERVERS[0], "arpasweep, uring"), (SERVERS[0], "arpasweep, uring, into Parquet"),
               ("knot", "arpasweep, uring")]
    expect([tuple(row[:2]) for row in measured], lookups + forward, "servers and clients")
    for row in measured:
        if number(row[2]) <= 0 or number(row[4]) <= 0 or number(row[5]) <= 0:
            sys.exit(f"nothing was measured: {row}")
    expect([row[6] for row in measured if row[1].startswith("arpasweep")], ["0"] * 13, "answers lost by arpasweep")
    goals = [row[0] for row in found if len(row) == 3]
    expect(len(goals), 2 * 6 + 2, "goals that need no peer and no /16")
    bars = [element for element in chart.iter() if element.tag.endswith("rect")]
    expect(len(bars), len(lookups), "bars")


def growth(script, build):
    text = run(script, build, "--repeats", 1, "--lengths", "30,28", "--simulated-lengths", "28,24", "--servers", "1,3",
               "--windows", "64,128", "--threads", "1,2", "--length", 26)
    found = rows(text)
    expect([row[0] for row in found], ["30", "28", "24", "1", "3", "64", "128", "1", "2"], "what grows")
    for row in found:
        length = row[0]
        expect(["" == cell for cell in row[1:]], [length == "24"] * 3 + [length == "30"] * 3, f"cells of {length}")
        if any(number(cell) <= 0 for cell in row[1:] if cell):
            sys.exit(f"nothing was measured: {row}")


def transport_ways(script, build):
    found = rows(run(script, build, "--prefix", "198.18.7.0/28", "--repeats", 1))
    expect(len(found), 11, "ways")
    for row in found:
        if len(row) != 4 or any(number(cell) <= 0 for cell in row[1:]):
            sys.exit(f"nothing was measured: {row}")


def goodput(script, build):
    case = "a /20 at 1,000, bucket of 1 s"
    lines = run(script, build, "--only", case, "--repeats", 1).splitlines()
    without_a_wrong_row = [line.removeprefix(case).split()[0] for line in lines if "  0 wrong" in line]
    expect(without_a_wrong_row, ["1", "2"], "threads of the case")


def main():
    bench, build, name = sys.argv[1:]
    {"compare": compare, "growth": growth, "transport_ways": transport_ways,
     "goodput": goodput}[name](pathlib.Path(bench) / name, build)


if __name__ == "__main__":
    main()
