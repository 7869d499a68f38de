#!/usr/bin/env python3
"""servers_test.py ARPASWEEP SERVER: a sweep of real servers equals their zones.

SERVER is nsd, knot or bind9, asked directly, or unbound in front of nsd. Runs within in_private_network.sh.
"""

import csv
import ipaddress
import pathlib
import subprocess
import sys
import tempfile

import dns_servers
import expected_rows
import zone_data

TARGETS = ["198.18.0.0/24", "198.18.1.0/29", "198.18.2.0/30", "198.18.3.0/31", "2001:db8::/124"]
PORT, UPSTREAM_PORT = 5301, 5302
SERVERS = {"nsd": dns_servers.nsd_limited, "knot": dns_servers.knot, "bind9": dns_servers.bind9}
ANSWERED = ("NOERROR", "NODATA", "NXDOMAIN")
# What becomes of a name that leads out of the zones or in a circle. The verdict is temperror in every case.
DIRECT = {"OUTSIDE": "REFUSED", "REFERRAL": "LAME"}
STATUSES = {
    "nsd": DIRECT,
    "knot": DIRECT,
    "bind9": DIRECT | {"LOOP": "SERVFAIL"},  # Follows a loop until its limit, and then gives up.
    "unbound": {"OUTSIDE": "SERVFAIL", "REFERRAL": "SERVFAIL", "LOOP": "SERVFAIL"},
}


def sweep(arpasweep, directory, options):
    output = pathlib.Path(directory) / "sweep.csv"
    done = subprocess.run([arpasweep, "scan", *TARGETS, "--resolver", f"127.0.0.1:{PORT}", "-o", output,
                           "--max-temperror", "100%", "--quiet", *options],
                          stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=200, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"arpasweep ended with {done.returncode}: {done.stderr}")
    with open(output, encoding="ascii", newline="") as rows:
        return list(csv.DictReader(rows))


def hide_what_failed(row):
    """A SERVFAIL does not say which aliases led to it."""
    hidden = set()
    if row["ptr_status"] == "SERVFAIL":
        hidden.add("ptr_alias")
    if row["forward_status"] == "SERVFAIL":
        hidden.add("target_alias")
    row["flags"] = " ".join(flag for flag in row["flags"].split() if flag not in hidden)


def expected(zones, name):
    """By address."""
    resolver = name == "unbound"
    expectation = expected_rows.Expectation(zone_data.Lookup(zones), STATUSES[name])
    rows = {}
    for block in TARGETS:
        for address in ipaddress.ip_network(block):
            row = expectation.row(address)
            hide_what_failed(row)
            if row["ptr_status"] in ANSWERED:
                row.update(server="127.0.0.1", authoritative="false" if resolver else "true",
                           authenticated="false")
            if resolver:  # The TTLs are what is left in its cache.
                del row["ptr_ttl"], row["forward_ttl"]
            rows[str(address)] = row
    return rows


def differences(found, wanted):
    for row in found:
        want = wanted.pop(row["address"], None)
        if want is None:
            yield f"{row['address']}: a second row, or one that is no target"
            continue
        for column, value in want.items():
            if row[column] != value:
                yield f"{row['address']}: {column} is '{row[column]}', the zones say '{value}'"
    for address in wanted:
        yield f"{address}: no row"


def main():
    arpasweep, name = sys.argv[1:]
    zones = zone_data.read_zones()
    with tempfile.TemporaryDirectory() as directory:
        place = dns_servers.Place(pathlib.Path(directory) / name, PORT)
        if name == "unbound":
            upstream = dns_servers.Place(pathlib.Path(directory) / "nsd", UPSTREAM_PORT)
            with dns_servers.running(dns_servers.nsd, upstream, zones), \
                    dns_servers.running(dns_servers.unbound, place, zones, upstream=UPSTREAM_PORT):
                found = sweep(arpasweep, directory, [])
        else:
            with dns_servers.running(SERVERS[name], place, zones):
                found = sweep(arpasweep, directory, ["--no-recurse"])
        wrong = list(differences(found, expected(zones, name)))
    print(*wrong, sep="\n")
    print(f"{name}: {len(found)} rows, {len(wrong)} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
