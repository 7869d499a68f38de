#!/usr/bin/env python3
"""limits_test.py ARPASWEEP authoritative|resolver [--server S] [--limit N] [--targets N] [--server-rate N]

Sweeps a zone of real servers with response rate limiting, with cookies and TCP each on and off. Every PTR is found,
none is called absent that is there, every address has its row, and no second sees more queries than the budget of
--server-rate, counted at the server. In the mode resolver the server itself is asked, without recursion.
Runs within in_private_network.sh.
"""

import argparse
import collections
import csv
import ipaddress
import itertools
import pathlib
import subprocess
import sys
import tempfile
import time

import dns_message
import hierarchy_servers
import limited_servers
import query_counter
import zone_data

BURST = 8


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("arpasweep")
    parser.add_argument("mode", choices=["authoritative", "resolver"])
    parser.add_argument("--server", choices=limited_servers.SERVERS, action="append")
    parser.add_argument("--limit", type=int, action="append")
    parser.add_argument("--targets", type=int, default=64)
    parser.add_argument("--server-rate", type=int, default=50)
    return parser.parse_args()


def sweep(arguments, limit, hierarchy, targets):
    """The rows, and the seconds that they took."""
    options = ["--mode", "authoritative", "--root-hints", hierarchy.hints, "--i-own-these-servers"]
    if arguments.mode == "resolver":
        options = ["--resolver", f"{limit.address}:{hierarchy_servers.PORT}", "--no-recurse", "--no-forward"]
    output = hierarchy.directory / "limited.csv"
    started = time.monotonic()
    done = subprocess.run([arguments.arpasweep, "scan", targets, *options, "--include-reserved", "--quiet",
                           "--max-temperror", "100%", "--server-rate", str(arguments.server_rate),
                           "--burst", str(BURST), "--overwrite", "-o", output],
                          stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=280, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"arpasweep ended with {done.returncode}: {done.stderr}")
    with open(output, encoding="ascii", newline="") as rows:
        return {row["address"]: row for row in csv.DictReader(rows)}, time.monotonic() - started


def faults(lookup, rows, targets):
    """Counts of PTRs that were missed, of those among them that were called absent, and of rows that are not there."""
    wrong = collections.Counter()
    for address in ipaddress.ip_network(targets):
        row = rows.get(str(address))
        status = lookup(dns_message.reverse(address), "PTR").status
        if row is None:
            wrong["no row"] += 1
        elif row["ptr_status"] != status:
            wrong["falsely absent" if row["ptr_status"] in ("NXDOMAIN", "NODATA") else row["ptr_status"]] += 1
    return wrong


def main():
    arguments = parse_arguments()
    limits = [limited_servers.Limit(*values) for values in itertools.product(
        arguments.server or limited_servers.SERVERS, arguments.limit or (5, 20), (True, False), (True, False))]
    failed = False
    with tempfile.TemporaryDirectory() as directory:
        hierarchy = hierarchy_servers.Hierarchy(pathlib.Path(directory))
        lookup = zone_data.Lookup(hierarchy.zones)
        with hierarchy.running():
            for limit in limits:
                targets = f"{limit.block}.0/{32 - (arguments.targets - 1).bit_length()}"
                with limited_servers.running(hierarchy, limit), \
                        query_counter.QueryCounter([limit.address], hierarchy_servers.PORT) as counter:
                    rows, seconds = sweep(arguments, limit, hierarchy, targets)
                seen, wrong = counter.seen[limit.address], faults(lookup, rows, targets)
                print(f"{limit.server}, {limit.per_second} a second, cookies {limit.cookies}, TCP {limit.tcp}: "
                      f"{len(rows)} rows in {seconds:.1f} s, {len(seen.queries)} queries "
                      f"({len(seen.streamed)} by TCP), {seen.responses} responses by UDP "
                      f"({seen.truncated} truncated), at most {seen.most_in_a_second} queries in a second; wrong: {dict(wrong)}", flush=True)
                failed |= bool(wrong) or seen.most_in_a_second > arguments.server_rate + BURST or not seen.queries
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
