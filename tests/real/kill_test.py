#!/usr/bin/env python3
"""kill_test.py ARPASWEEP ARPASIM [--kills N] [--seed N]: scans that are killed at any instant and gone on with.

Each scan is killed several times, with an arpasim of its own that counts the questions. In the end every address has
the row that an uninterrupted scan gives it, once, and a kill costs at most the questions of one window and of one
journal interval.
"""

import argparse
import concurrent.futures
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import arpasim_server
from scan_results import FORMATS, by_address, journal_states, rows_of

PREFIX, TARGETS = "198.18.0.0/20", 4096
KILLS_A_SCAN = 5
# Packets a second: so slow that no scan ends before its last kill.
RATE, WINDOW, INTERVAL = 350, 64, 1.0
# Of a run that is killed, in seconds: the first checkpoint of a scan comes after a little more than one.
LEAST, MOST = 0.1, 3.4
AT_ONCE = 20
DURABLE = 0.8  # The share of kills that must fall when something but not all is durable.


class Scan:
    def __init__(self, arguments, directory, number, expected):
        self.arguments = arguments
        self.expected = expected
        self.random = random.Random(arguments.seed * 1000 + number)
        self.format = FORMATS[number % len(FORMATS)]
        self.file = pathlib.Path(directory) / f"{number}.{self.format}"
        self.name = f"seed {arguments.seed}, scan {number} ({self.format})"
        self.words = ["--order", self.random.choice(["random", "sequential"]), "--seed", str(number)]
        self.durable_kills = 0

    def require(self, truth, what):
        if not truth:
            raise AssertionError(f"{self.name}: {what}")

    def command(self, resolver, *words):
        return [self.arguments.arpasweep, "scan", PREFIX, "--resolver", resolver, "-o", self.file, "--quiet",
                "--row-group-rows", "1000", "--burst", "4", "--window", str(WINDOW), "--threads", "1", *self.words, *words]

    def kill(self, resolver, *words):
        process = subprocess.Popen(self.command(resolver, "--rate", str(RATE), *words), stdin=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
        time.sleep(self.random.uniform(LEAST, MOST))
        process.kill()
        _, complaint = process.communicate()
        self.require(process.returncode == -9, f"ended with {process.returncode} before the kill: {complaint}")
        journal = self.file.with_name(self.file.name + ".journal")
        partial = self.file.with_name(self.file.name + ".partial")
        states = journal_states(journal) if journal.exists() else []
        if states:
            self.require(partial.stat().st_size >= states[-1][0], "the journal claims octets that are not there")
            self.durable_kills += 0 < states[-1][1] < TARGETS

    def run(self):
        with arpasim_server.counting(self.arguments.arpasim, "--mix", "clean", "--plain") as server:
            for kill in range(KILLS_A_SCAN):
                self.kill(server.address, *(["--resume"] if kill > 0 else []))
            done = subprocess.run(self.command(server.address, "--rate", "0", "--resume"), stdin=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, text=True, timeout=120, check=False)
            self.require(done.returncode == 0, f"ended with {done.returncode}: {done.stderr}")
        questions = server.statistics["types"]["PTR"]
        left = sorted(path.name for path in self.file.parent.glob(self.file.name + ".*"))
        self.require(left == [], f"{left} are left")
        found = by_address(rows_of(self.file, self.arguments.arpasweep))
        for row in found.values():
            row.pop("scan_id")
        self.require(found == self.expected, "other rows than those of an uninterrupted scan")
        most = TARGETS + KILLS_A_SCAN * (WINDOW + RATE * INTERVAL)
        self.require(questions <= most, f"{questions} questions for {TARGETS} targets; at most {most:.0f}")
        return questions


def uninterrupted(arguments, directory):
    file = pathlib.Path(directory) / "uninterrupted.csv"
    with arpasim_server.serving(arguments.arpasim, "--mix", "clean") as resolver:
        subprocess.run([arguments.arpasweep, "scan", PREFIX, "--resolver", resolver, "-o", file, "--quiet",
                        "--rate", "0"], stdin=subprocess.DEVNULL, check=True)
    rows = by_address(rows_of(file, arguments.arpasweep))
    for row in rows.values():
        row.pop("scan_id")
    assert len(rows) == TARGETS
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("arpasweep")
    parser.add_argument("arpasim")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    with tempfile.TemporaryDirectory() as directory:
        expected = uninterrupted(arguments, directory)
        scans = [Scan(arguments, directory, number, expected)
                 for number in range(-(-arguments.kills // KILLS_A_SCAN))]
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            questions = list(pool.map(Scan.run, scans))
    kills = KILLS_A_SCAN * len(scans)
    durable = sum(scan.durable_kills for scan in scans)
    again = sum(questions) - TARGETS * len(scans)
    print(f"{kills} kills of {len(scans)} scans, {durable} of them when something but not all was durable; "
          f"{again / kills:.0f} questions asked again a kill")
    if durable < DURABLE * kills:
        sys.exit(f"seed {arguments.seed}: only {durable} of {kills} kills fell when something was durable")


if __name__ == "__main__":
    main()
