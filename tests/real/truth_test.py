#!/usr/bin/env python3
"""truth_test.py ARPASWEEP ARPASIM --io IO [--dead] [--prefix PREFIX]

A sweep of an arpasim that loses 2% of its packets finds what `arpasim truth` says, in every column that depends on
neither time nor path. With --dead one of the resolvers is a port where nobody listens.
"""

import argparse
import collections
import contextlib
import csv
import pathlib
import socket
import subprocess
import sys
import tempfile

import arpasim_server

PATH_OR_TIME = {"server", "attempts", "rtt_us", "observed_at", "scan_id"}
SHOWN = 20  # Differences that are printed.


@contextlib.contextmanager
def closed_port():
    """Taken, so that nobody else gets it, and connected elsewhere, so that the kernel refuses what comes to it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.connect(("127.0.0.1", 9))
        yield taken.getsockname()[1]


def differences(found, wanted):
    for row in found:
        want = wanted.pop(row["address"], None)
        if want is None:
            yield "address", f"{row['address']}: a second row, or one that is no target"
            continue
        for column in row.keys() - PATH_OR_TIME:
            if row[column] != want[column]:
                yield column, f"{row['address']}: {column} is '{row[column]}', the truth is '{want[column]}'"
    for address in wanted:
        yield "address", f"{address}: no row"


def sweep(arguments, resolvers, directory):
    output = pathlib.Path(directory) / "sweep.csv"
    command = [arguments.arpasweep, "scan", arguments.prefix, "-o", output, "--quiet", "--max-temperror", "100%",
               "--io", arguments.io]
    for resolver in resolvers:
        command += ["--resolver", resolver]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=280,
                          check=False)
    if done.returncode != 0:
        raise RuntimeError(f"arpasweep ended with {done.returncode}: {done.stderr}")
    with open(output, encoding="ascii", newline="") as rows:
        return list(csv.DictReader(rows))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("arpasweep")
    parser.add_argument("arpasim")
    parser.add_argument("--dead", action="store_true")
    parser.add_argument("--prefix", default="198.18.0.0/16")
    parser.add_argument("--io", required=True)
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory())
        resolvers = [stack.enter_context(arpasim_server.serving(arguments.arpasim, "--loss", "2%"))]
        if arguments.dead:
            resolvers.append(f"127.0.0.1:{stack.enter_context(closed_port())}")
            resolvers.append(stack.enter_context(arpasim_server.serving(arguments.arpasim, "--loss", "2%")))
        found = sweep(arguments, resolvers, directory)
    wrong = list(differences(found, arpasim_server.truth(arguments.arpasim, arguments.prefix)))
    print(*(text for _, text in wrong[:SHOWN]), sep="\n")
    print(f"{len(found)} rows, {len(wrong)} differences", dict(collections.Counter(column for column, _ in wrong)))
    return 1 if wrong or not found else 0


sys.exit(main())
