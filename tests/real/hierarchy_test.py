#!/usr/bin/env python3
"""hierarchy_test.py ARPASWEEP authoritative|resolver: a sweep of a hierarchy of real servers equals what unbound says.

unbound, in front of the same hierarchy and with and without QNAME minimisation, must say what the zones hold. Then the
sweep must say it, in the mode resolver through that unbound, except where hierarchy_cases lists that it says more.
Runs within in_private_network.sh.
"""

import collections
import csv
import ipaddress
import pathlib
import subprocess
import sys
import tempfile

import dns_message
import expected_rows
import hierarchy_cases
import hierarchy_servers
import hierarchy_zones
import query_counter
import reference
import zone_data

# What a resolver's answers tell of a row.
SAID = ["ptr_status", "names", "confirmed_names", "forward_addresses", "forward_status", "verdict", "reason",
        "ptr_alias_target"]
ANSWERED = ("NOERROR", "NODATA", "NXDOMAIN")
MOST_OF_A_DISCOVERY = 64  # Queries that one referral may cost, whatever names it makes up.
SHOWN = 40  # Differences that are printed.
ADDRESSES = [address for target in hierarchy_cases.TARGETS for address in ipaddress.ip_network(target)]


def rows_of(lookup):
    expectation = expected_rows.Expectation(lookup, {})
    return {str(address): expectation.row(address) for address in ADDRESSES}


def options(mode, hierarchy):
    if mode == "resolver":
        return ["--resolver", f"{hierarchy_servers.RESOLVER}:{hierarchy_servers.PORT}"]
    return ["--mode", "authoritative", "--root-hints", hierarchy.hints, "--server-rate", "0",
            "--i-own-these-servers"]


def sweep(arpasweep, directory, more):
    output = pathlib.Path(directory) / "sweep.csv"
    done = subprocess.run([arpasweep, "scan", *hierarchy_cases.TARGETS, *more, "--include-reserved", "--rate", "0",
                           "--max-temperror", "100%", "--quiet", "-o", output],
                          stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=200, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"arpasweep ended with {done.returncode}: {done.stderr}")
    with open(output, encoding="ascii", newline="") as rows:
        return list(csv.DictReader(rows))


def unlike(row, want, columns):
    return [column for column in columns if row[column] != want[column]]


def tell(address, row, want, columns, whose):
    return "; ".join(f"{address}: {column} is '{row[column]}', {whose} '{want[column]}'" for column in columns)


def zones_of(hierarchy, row, address):
    """Where an answer can come from: the zone of the name at the end of the aliases; and the zone above, where one
    server has both, so that no referral tells them apart."""
    found = hierarchy_cases.Lookup(hierarchy.zones, lambda failure: None)(dns_message.reverse(address), "PTR")
    apex = hierarchy_cases.cut_at(found.owner) or zone_data.Lookup(hierarchy.zones).zone_of(found.owner).apex
    names = [apex]
    while row["ptr_status"] == "NOERROR" and apex:
        zone = hierarchy.texts[written(apex)]
        above = zone_data.Lookup(hierarchy.zones).zone_of(apex[1:]).apex
        if not set(zone.holders) & set(hierarchy.texts[written(above)].holders):
            break
        names.append(above)
        apex = above
    return [expected_rows.presentation(name) for name in names]


def written(apex):
    return expected_rows.presentation(apex).rstrip(".") + "."


class Comparison:
    def __init__(self, hierarchy, mode, said):
        self.hierarchy, self.said = hierarchy, said
        words = hierarchy_cases.sweep_words() if mode == "authoritative" else [hierarchy_cases.resolver_word]
        self.wanted = [rows_of(hierarchy_cases.Lookup(hierarchy.zones, word)) for word in words]
        self.authoritative = mode == "authoritative"
        self.listed = collections.Counter()  # Addresses by the reason of their difference.

    def columns(self, row):
        """Those that the zones decide. Where aliases lead to what failed is not said."""
        columns = set(SAID) | {"flags", "evidence", "prefix", "ipv4"}
        if self.authoritative:
            columns |= {"ptr_ttl", "forward_ttl"}
        if row["ptr_status"] not in ANSWERED:
            columns -= {"flags", "ptr_alias_target"}
        if row["forward_status"] not in (*ANSWERED, ""):
            columns -= {"flags"}
        return sorted(columns)

    def differences(self, address, row):
        known = dict(hierarchy_cases.failures(self.hierarchy.zones, address))
        unheard = unlike(row, self.said[str(address)], SAID)
        if unheard and self.authoritative and known:
            for failure in known.values():
                self.listed[failure] += 1
        elif unheard:
            yield tell(address, row, self.said[str(address)], unheard, "unbound says")
        wants = [rows[str(address)] for rows in self.wanted]
        tries = [(unlike(row, want, self.columns(row)), want) for want in wants]
        wrong, want = min(tries, key=lambda one: len(one[0]))
        if wrong:
            yield tell(address, row, want, wrong, "the zones say")
        if self.authoritative and row["ptr_status"] != "LOOP":
            zones = zones_of(self.hierarchy, row, address)
            if row["zone"] not in zones:
                yield f"{address}: zone is '{row['zone']}', it is one of {zones}"
            if row["ptr_status"] in ANSWERED and row["authoritative"] != "true":
                yield f"{address}: an answer without AA was taken"

    def all(self, found):
        left = {str(address): address for address in ADDRESSES}
        for row in found:
            address = left.pop(row["address"], None)
            if address is None:
                yield f"{row['address']}: a second row, or one that is no target"
            else:
                yield from self.differences(address, row)
        yield from (f"{address}: no row" for address in left)


def ask_resolver(hierarchy, minimise):
    """Rows as unbound's answers make them, and what in them the zones do not say."""
    failing = {question for address in ADDRESSES
               for question, failure in hierarchy_cases.failures(hierarchy.zones, address)
               if failure.resolver == "SERVFAIL"}
    said = rows_of(reference.Reference(hierarchy_servers.RESOLVER, hierarchy_servers.PORT, ADDRESSES, failing))
    held = rows_of(hierarchy_cases.Lookup(hierarchy.zones, hierarchy_cases.resolver_word))
    wrong = [tell(address, row, held[address], columns, "the zones say") for address, row in said.items()
             if (columns := unlike(row, held[address], SAID))]
    print(f"unbound {'with' if minimise else 'without'} QNAME minimisation: {len(said)} addresses, "
          f"{len(wrong)} differences from the zones", dict(collections.Counter(row["ptr_status"]
                                                                               for row in said.values())))
    return said, wrong


def main():
    arpasweep, mode = sys.argv[1:]
    with tempfile.TemporaryDirectory() as directory:
        hierarchy = hierarchy_servers.Hierarchy(directory)
        with hierarchy.running():
            with hierarchy.resolver(minimise=True):
                _, wrong = ask_resolver(hierarchy, True)
            with hierarchy.resolver():
                said, more = ask_resolver(hierarchy, False)
                comparison = Comparison(hierarchy, mode, said)
                flooded = hierarchy_zones.ADDRESSES["flooded"][0]
                with query_counter.QueryCounter([flooded], hierarchy_servers.PORT) as counter:
                    found = sweep(arpasweep, directory, options(mode, hierarchy))
                flood = len(counter.seen[flooded].queries)
        wrong += more + list(comparison.all(found))
    print(*wrong[:SHOWN], sep="\n")
    for failure, addresses in comparison.listed.items():
        print(f"{addresses} addresses are {' or '.join(failure.sweep)}: {failure.why}")
    print(f"{len(found)} rows, {len(wrong)} differences that no list allows")
    print(f"{flood} queries for the names that one referral made up")
    return 1 if wrong or not found or flood > MOST_OF_A_DISCOVERY else 0


if __name__ == "__main__":
    sys.exit(main())
