#!/usr/bin/env python3
"""Sweeps of arpasim's Internet by the program itself: what it writes, and how it ends.

ARPASWEEP and ARPASIM name the programs. Every test has its own directory; every class its own server on a
free loopback port.
"""

import csv
import datetime
import io
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ARPASWEEP = os.environ.get("ARPASWEEP", "arpasweep")
ARPASIM = os.environ.get("ARPASIM", "arpasim")
PREFIX = "198.18.0.0/22"
TARGETS = 1024
LARGE = "198.18.0.0/15"  # More than any test waits for.

# What does not depend on time, path or the order of events.
STABLE = "address,verdict,reason,names,confirmed_names,forward_addresses,flags,ptr_status,forward_status"


class SweepTest(unittest.TestCase):
    SIM = ["--mix", "clean"]

    @classmethod
    def setUpClass(cls):
        cls.sim = subprocess.Popen(
            [ARPASIM, "serve", "--listen", "127.0.0.1:0", *cls.SIM],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        cls.addClassCleanup(cls.end_server)
        cls.resolver = cls.sim.stdout.readline().split()[1]

    @classmethod
    def end_server(cls):
        cls.sim.terminate()
        cls.sim.communicate()

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def path(self, name):
        return os.path.join(self.directory, name)

    def command(self, *words):
        return [ARPASWEEP, "scan", *words]

    def asking(self, *words):
        return self.command("--resolver", self.resolver, "--rate", "0", *words)

    def run_words(self, words, **more):
        if "input" in more:
            more["input"] = more["input"].encode()
        else:
            more["stdin"] = subprocess.DEVNULL
        done = subprocess.run(words, capture_output=True, timeout=120, cwd=self.directory, **more)
        done.stdout = done.stdout.decode()
        done.stderr = done.stderr.decode()  # A carriage return stays one.
        return done

    def sweep(self, *words, expect=0, **more):
        done = self.run_words(self.asking(*words), **more)
        self.assertEqual(done.returncode, expect, done.stderr)
        return done

    def rows(self, *words, **more):
        """The rows of a sweep to standard output, by address."""
        text = self.sweep("-q", *words, **more).stdout
        rows = list(csv.DictReader(io.StringIO(text)))
        by_address = {row["address"]: row for row in rows}
        self.assertEqual(len(by_address), len(rows), "an address has two rows")
        return by_address

    def read(self, name):
        with open(self.path(name), encoding="utf-8", newline="") as file:
            return file.read()

    def assert_one_line(self, stderr):
        self.assertRegex(stderr, r"\Aarpasweep: [^\n]+\n\Z")


class TrueSweeps(SweepTest):
    SIM = ["--mix", "internet"]

    def test_rows_equal_truth(self):
        truth = subprocess.run([ARPASIM, "truth", PREFIX, "--mix", "internet", "--fields", STABLE],
                               capture_output=True, text=True, check=True).stdout
        expected = {row["address"]: row for row in csv.DictReader(io.StringIO(truth))}
        self.assertEqual(len(expected), TARGETS)
        self.assertEqual(self.rows(PREFIX, "--max-temperror", "100%", "-f", STABLE), expected)


class CompleteSweeps(SweepTest):
    # Of the errors, which take seconds to be sure of, only one.
    SIM = ["--mix", "clean,several=500,mismatch=500,missing=500,blocked=100"]
    ANY = ["--max-temperror", "100%"]

    def test_file_is_renamed_and_described(self):
        done = self.sweep(PREFIX, "-x", "198.18.0.0/24", *self.ANY, "-o", "x.csv", "--metadata-file", "m.json",
                          "--status-file", "s.ndjson", "-v")
        self.assertEqual(sorted(os.listdir(self.directory)), ["m.json", "s.ndjson", "x.csv"])
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"complete: 768 targets")
        self.assertRegex(done.stderr, r"all +768 +100\.0%")
        rows = list(csv.DictReader(io.StringIO(self.read("x.csv"))))
        self.assertEqual(len(rows), 768)
        meta = json.loads(self.read("m.json"))
        self.assertEqual(meta["targets"], 768)
        self.assertEqual(meta["excluded"], 256)
        self.assertEqual(meta["rows"], 768)
        for key in ["verdicts", "reasons", "ptr_statuses", "evidence"]:
            self.assertEqual(sum(meta[key].values()), 768, key)
        for key, column in [("verdicts", "verdict"), ("reasons", "reason"), ("ptr_statuses", "ptr_status")]:
            for word, count in meta[key].items():
                self.assertEqual(sum(row[column] == word for row in rows), count, word)
        self.assertEqual({row["scan_id"] for row in rows}, {meta["scan_id"]})
        self.assertEqual(meta["servers"][self.resolver]["sent"], meta["packets_sent"])
        self.assertEqual(meta["options"]["exclude"], ["198.18.0.0/24"])
        lines = [json.loads(line) for line in self.read("s.ndjson").splitlines()]
        self.assertEqual(lines[-1]["completed"], 768)
        self.assertEqual(lines[-1]["packets_sent"], meta["packets_sent"])
        completed = [line["completed"] for line in lines]
        self.assertEqual(completed, sorted(completed))

    def test_formats_agree(self):
        expected = self.rows("198.18.0.0/24", *self.ANY)
        for name in ["x.ndjson", "x.ndjson.zst", "x.csv.zst", "x.dat"]:
            as_ndjson = ["--format", "ndjson"] if name == "x.dat" else []
            self.sweep("198.18.0.0/24", *self.ANY, "-q", "-o", name, *as_ndjson)
            if name.endswith(".zst"):
                subprocess.run(["zstd", "-qdf", name], check=True, cwd=self.directory)
                name = name.removesuffix(".zst")
            if name.endswith(".csv"):
                rows = list(csv.DictReader(io.StringIO(self.read(name))))
                self.assertEqual({row["address"] for row in rows}, set(expected))
                continue
            rows = [json.loads(line) for line in self.read(name).splitlines()]
            self.assertEqual({row["address"] for row in rows}, set(expected))
            for row in rows:
                text = expected[row["address"]]
                self.assertEqual((row["verdict"], row["reason"], " ".join(row["names"])),
                                 (text["verdict"], text["reason"], text["names"]))

    def test_fields_and_only(self):
        every = self.rows(PREFIX, *self.ANY)
        for only, wanted in [
                ("all", lambda row: True),
                ("found", lambda row: row["names"] != ""),
                ("problems", lambda row: row["verdict"] != "pass"),
                ("fail,no_ptr", lambda row: row["verdict"] == "fail" or row["reason"] == "no_ptr")]:
            some = self.sweep(PREFIX, *self.ANY, "-q", "--only", only, "-f", "reason,address").stdout.splitlines()
            self.assertEqual(some[0], "reason,address")
            self.assertEqual(sorted(some[1:]), sorted(f"{row['reason']},{row['address']}"
                                                      for row in every.values() if wanted(row)), only)

    def test_without_forward(self):
        rows = self.rows(PREFIX, *self.ANY, "--no-forward")
        self.assertEqual(len(rows), TARGETS)
        with_names = [row for row in rows.values() if row["names"]]
        self.assertGreater(len(with_names), 0)
        self.assertEqual({(row["verdict"], row["reason"], row["forward_status"]) for row in with_names},
                         {("", "", "")})

    def test_too_many_temperrors(self):
        for limit, code in [("0%", 3), ("100%", 0)]:
            self.sweep(PREFIX, "-q", "-o", "x.csv", "--overwrite", "--max-temperror", limit, expect=code)
            self.assertEqual(os.listdir(self.directory), ["x.csv"])


class EqualSweeps(SweepTest):
    def stable(self, *words, **more):
        return self.rows(*words, "-f", STABLE, **more)

    def test_whatever_the_way(self):
        expected = self.stable(PREFIX)
        self.assertEqual(len(expected), TARGETS)
        for words in [["--threads", "2"], ["--order", "sequential"], ["--seed", "9"], ["--io", "mmsg"],
                      ["--io", "auto"], ["--0x20"], ["--no-cookies"], ["--no-recurse"], ["--edns-size", "4096"],
                      ["--window", "7"], ["--source", "127.0.0.1"], ["--timeout", "700", "--retries", "5"],
                      ["--rate", "20k", "--burst", "16", "--threads", "2"]]:
            words = ["--resolver", self.resolver, *words]
            if "--rate" not in words:
                words += ["--rate", "0"]
            text = self.run_words(self.command("-q", PREFIX, "-f", STABLE, *words))
            self.assertEqual(text.returncode, 0, text.stderr)
            rows = list(csv.DictReader(io.StringIO(text.stdout)))
            self.assertEqual(len(rows), TARGETS, words)
            self.assertEqual({row["address"]: row for row in rows}, expected, words)

    def test_sequential_order_begins_in_front(self):
        # Of 2,048 blocks, at most 1,024 are open at once where the window is small.
        front = {f"198.{16 + i // 256}.{i % 256}.0/24" for i in range(1024)}
        for order, in_front in [("sequential", True), ("random", False)]:
            done = self.sweep("-q", "198.16.0.0/13", "--include-reserved", "-f", "prefix", "-n", "512", "--order",
                              order, "--window", "64", "--threads", "1", expect=130)
            self.assertEqual(set(done.stdout.splitlines()[1:]) <= front, in_front, order)

    def test_shards_make_the_whole(self):
        expected = self.stable(PREFIX)
        union = {}
        scan_ids = set()
        for shard in range(3):
            rows = self.rows(PREFIX, "--shard", f"{shard}/3")
            scan_ids |= {row["scan_id"] for row in rows.values()}
            self.assertFalse(union.keys() & rows.keys())
            union |= rows
        self.assertEqual(union.keys(), expected.keys())
        self.assertEqual(len(scan_ids), 1)

    def test_targets_from_everywhere(self):
        with open(self.path("list"), "w", encoding="ascii") as file:
            file.write("198.18.1.0/24 # the second\n\n")
        with open(self.path("not"), "w", encoding="ascii") as file:
            file.write("198.18.1.128/25\n")
        rows = self.rows("-", "-w", "list", "-b", "not", "-x", "198.18.0.9",
                         input="198.18.0.0/28\r\n198.18.3.1-198.18.3.4")
        self.assertEqual(len(rows), 128 + 15 + 4)

    def test_families(self):
        mixed = ["2001:db8:1::/120", "198.18.0.0/28"]
        self.assertEqual(len(self.rows(*mixed)), 256 + 16)
        v6 = self.rows(*mixed, "-6")
        self.assertEqual(len(v6), 256)
        self.assertTrue(all(":" in address for address in v6))
        self.assertEqual({row["ipv4"] for row in v6.values()}, {""})
        self.assertEqual(len(self.rows(*mixed, "-4")), 16)

    def test_resolvers_file(self):
        with open(self.path("resolvers"), "w", encoding="ascii") as file:
            file.write(f"# one\n{self.resolver}\n")
        done = self.run_words(self.command("-q", "198.18.0.0/24", "--resolvers-file", "resolvers"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("\n"), 257)

    def test_max_targets_of_everything_is_complete(self):
        self.sweep("198.18.0.0/24", "-n", "256", "-q", "-o", "x.csv")
        self.assertEqual(os.listdir(self.directory), ["x.csv"])

    def test_dry_run_sends_and_writes_nothing(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))
            resolver = f"127.0.0.1:{server.getsockname()[1]}"
            done = self.run_words(self.command(PREFIX, "--dry-run", "--resolver", resolver, "-o", "x.csv"))
            self.assertEqual(done.returncode, 0)
            self.assertIn("1,024", done.stderr)
            self.assertEqual(os.listdir(self.directory), [])
            server.setblocking(False)
            self.assertRaises(BlockingIOError, server.recv, 1)

    def test_dry_run_of_authoritative_mode(self):
        with open(self.path("hints"), "w", encoding="ascii") as file:
            file.write(". NS root.test.\nroot.test. A 127.0.0.1\n")
        done = self.run_words(self.command(PREFIX, "--dry-run", "--mode", "authoritative", "--root-hints", "hints"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("1,024", done.stderr)
        self.assertIn("to each at most 50 packets per second", done.stderr)

    def test_contact_is_in_the_metadata(self):
        self.sweep("198.18.0.0/24", "-q", "-o", "x.csv", "--contact", "noc@example.net", "--metadata-file", "m.json")
        self.assertEqual(json.loads(self.read("m.json"))["contact"], "noc@example.net")

    def test_progress(self):
        self.assertNotIn("\r", self.sweep("198.18.0.0/24", "-o", "a.csv").stderr)
        always = self.sweep("198.18.0.0/24", "-o", "b.csv", "--progress", "always").stderr
        self.assertRegex(always, r"\r\x1b\[K[0-9.]+%  [0-9,]+/256 ")
        self.assertIn("\r\x1b[Kcomplete", always)
        self.assertEqual(self.sweep("198.18.0.0/24", "-o", "c.csv", "-q").stderr, "")


class EarlyEnds(SweepTest):
    # So slow that no sweep here ends by itself.
    SLOW = ["--rate", "500", "--burst", "1"]

    def start(self, *words):
        started = subprocess.Popen(self.command("--resolver", self.resolver, *self.SLOW, *words),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, cwd=self.directory)
        self.addCleanup(started.communicate)
        self.addCleanup(started.kill)
        return started

    def wait_for_rows(self, name):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if os.path.exists(self.path(name)) and self.read(name).count("\n") > 10:
                return
            time.sleep(0.05)
        self.fail(f"no rows in {name}")

    def assert_partial(self, name="x.csv"):
        self.assertNotIn(name, os.listdir(self.directory))
        rows = list(csv.DictReader(io.StringIO(self.read(name + ".partial"))))
        self.assertGreater(len(rows), 0)
        self.assertTrue(all(row["verdict"] and row["scan_id"] for row in rows))
        return rows

    def test_signals(self):
        for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
            name = f"{number}.csv"
            started = self.start(LARGE, "-o", name, "--metadata-file", "m.json")
            self.wait_for_rows(name + ".partial")
            started.send_signal(number)
            _, stderr = started.communicate(timeout=60)
            self.assertEqual(started.returncode, 130, stderr)
            self.assertIn(f"interrupted; what was done is in {name}.partial", stderr)
            rows = self.assert_partial(name)
            meta = json.loads(self.read("m.json"))
            self.assertEqual(meta["rows"], len(rows))
            self.assertEqual(sum(meta["verdicts"].values()), len(rows))

    def test_second_signal(self):
        started = self.start(LARGE, "-o", "x.csv")
        self.wait_for_rows("x.csv.partial")
        started.send_signal(signal.SIGINT)
        started.send_signal(signal.SIGTERM)
        started.communicate(timeout=60)
        self.assertIn(started.returncode, [130, -signal.SIGTERM])
        self.assert_partial()

    def test_interrupted_scan_in_the_way(self):
        started = self.start(LARGE, "-o", "x.csv")
        self.wait_for_rows("x.csv.partial")
        started.terminate()
        started.communicate(timeout=60)
        before = self.read("x.csv.partial")
        done = self.sweep("198.18.0.0/24", "-o", "x.csv", expect=2)
        self.assert_one_line(done.stderr)
        self.assertIn("--resume goes on with it, --overwrite starts afresh", done.stderr)
        self.assertEqual(self.read("x.csv.partial"), before)
        self.sweep("198.18.0.0/24", "-o", "x.csv", "--overwrite")
        self.assertEqual(os.listdir(self.directory), ["x.csv"])

    def test_limits(self):
        done = self.sweep(PREFIX, "-n", "100", "-o", "x.csv", "-q", expect=130)
        self.assert_one_line(done.stderr)
        self.assertIn("--max-targets", done.stderr)
        self.assertEqual(len(self.assert_partial()), 100)
        self.assertEqual(len(self.rows(PREFIX, "-n", "25%", "--threads", "2", expect=130)), 256)
        started = self.start(LARGE, "--max-runtime", "1", "-o", "y.csv", "-q")
        _, stderr = started.communicate(timeout=60)
        self.assertEqual(started.returncode, 130)
        self.assertIn("--max-runtime", stderr)
        self.assert_partial("y.csv")

    def test_reader_goes_away(self):
        reading = subprocess.Popen(self.asking(LARGE), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.assertTrue(reading.stdout.readline().startswith("address,"))
        reading.stdout.close()
        stderr = reading.stderr.read()
        reading.stderr.close()
        self.assertEqual(reading.wait(timeout=60), -signal.SIGPIPE)
        self.assertEqual(stderr, "")

    def test_full_disk(self):
        for words in [["-o", "/dev/full"], ["-o", "/dev/full", "--format", "csv.zst"]]:
            done = self.run_words(self.asking(PREFIX, "-q", *words))
            self.assertIn(done.returncode, [1, 2], done.stderr)
            self.assert_one_line(done.stderr)
            self.assertIn("/dev/full: No space left on device", done.stderr)
        done = self.sweep("198.18.0.0/24", "-q", "-o", "x.csv", "--metadata-file", "/dev/full", expect=1)
        self.assertIn("/dev/full: No space left on device", done.stderr)
        self.assertEqual(os.listdir(self.directory), ["x.csv"])

    def test_file_size_limit(self):
        done = self.run_words(["sh", "-c", 'ulimit -f 100; trap "" XFSZ; exec "$@"', "sh",
                               *self.asking(LARGE, "-q", "-o", "x.csv")])
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assert_one_line(done.stderr)
        self.assertIn("File too large", done.stderr)
        self.assertEqual(sorted(os.listdir(self.directory)), ["x.csv.journal", "x.csv.partial"])

    def test_nobody_answers(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
            closed.bind(("127.0.0.1", 0))
            resolver = f"127.0.0.1:{closed.getsockname()[1]}"
        done = self.run_words(self.command(PREFIX, "--resolver", resolver, "-o", "x.csv"))
        self.assertEqual(done.returncode, 1)
        self.assert_one_line(done.stderr)
        self.assertIn(f"no resolver answers: {resolver}", done.stderr)
        self.assertEqual(os.listdir(self.directory), [])


class Resumed(SweepTest):
    # Of the errors, which take seconds to be sure of, only one.
    SIM = ["--mix", "clean,mismatch=1500,blocked=300"]
    ANY = ["--max-temperror", "100%"]

    def sweep(self, *words, **more):
        return super().sweep(*([] if "--max-temperror" in words else self.ANY), *words, **more)

    def interrupt(self, name, *words):
        self.sweep(PREFIX, "-n", "300", "-o", name, "-q", *words, expect=130)
        self.assertEqual(sorted(os.listdir(self.directory)), sorted([f"{name}.journal", f"{name}.partial"]))

    def test_goes_on_and_tells_of_all_runs(self):
        expected = self.rows(PREFIX, "-f", STABLE)
        self.interrupt("x.csv", "-f", STABLE)
        after_the_first = time.time()
        self.assertEqual(self.read("x.csv.partial").count("\n"), 301)
        self.sweep(PREFIX, "-n", "25%", "-o", "x.csv", "-q", "-f", STABLE, "--resume", "--threads", "2", expect=130)
        self.assertEqual(self.read("x.csv.partial").count("\n"), 301 + 256)
        done = self.sweep(PREFIX, "-o", "x.csv", "-f", STABLE, "--resume", "--io", "mmsg", "--window", "50",
                          "--metadata-file", "m.json", "--status-file", "s.ndjson", "--progress", "always")
        rows = list(csv.DictReader(io.StringIO(self.read("x.csv"))))
        self.assertEqual(len(rows), TARGETS)
        self.assertEqual({row["address"]: row for row in rows}, expected)
        self.assertIn("complete: 1,024 targets", done.stderr)
        self.assertRegex(done.stderr, r"\r\x1b\[K[0-9.]+%  [0-9,]+/1,024 ")
        meta = json.loads(self.read("m.json"))
        self.assertEqual((meta["targets"], meta["rows"]), (TARGETS, TARGETS))
        for key in ["verdicts", "reasons", "ptr_statuses", "evidence"]:
            self.assertEqual(sum(meta[key].values()), TARGETS, key)
        self.assertGreaterEqual(meta["packets_sent"], TARGETS)
        self.assertEqual(meta["servers"][self.resolver]["sent"], meta["packets_sent"])
        started = datetime.datetime.fromisoformat(meta["started_at"])
        self.assertLess(started.timestamp(), after_the_first)
        first = json.loads(self.read("s.ndjson").splitlines()[0])
        self.assertGreaterEqual(first["completed"], 300 + 256)

    def test_temperrors_of_all_runs_count(self):
        words = ["198.18.0.0/24", "-o", "x.csv", "-q"]
        self.sweep(*words, "-n", "250", expect=130)
        self.assertGreater(self.read("x.csv.partial").count(",temperror,"), 0)
        self.sweep(*words, "--resume", "--max-temperror", "0%", expect=3)
        self.assertEqual(os.listdir(self.directory), ["x.csv"])

    def test_complete_already(self):
        self.sweep("198.18.0.0/24", "-o", "x.csv", "-q")
        before = self.read("x.csv")
        done = self.sweep("198.18.0.0/24", "-o", "x.csv", "--resume")
        self.assertEqual(done.stderr, "arpasweep: x.csv is complete already\n")
        self.assertEqual(self.sweep("198.18.0.0/24", "-o", "x.csv", "--resume", "-q").stderr, "")
        self.assertEqual(self.read("x.csv"), before)
        self.assertEqual(os.listdir(self.directory), ["x.csv"])

    def test_nothing_there_starts_afresh(self):
        self.sweep("198.18.0.0/24", "-o", "x.parquet", "--resume", "-q")
        self.assertEqual(os.listdir(self.directory), ["x.parquet"])

    def test_another_scan_is_refused_with_the_difference(self):
        self.interrupt("x.csv")
        before = {name: self.read(name) for name in ["x.csv.partial"]}
        for words, expected in [
                (["198.18.0.0/23"], "of a scan with targets 1,024 ("),
                ([PREFIX, "-x", "198.18.0.9"], "this one has targets 1,023 ("),
                ([PREFIX, "--order", "sequential"], "with --order random, this one has --order sequential"),
                ([PREFIX, "--seed", "1"], "with --seed 0, this one has --seed 1"),
                ([PREFIX, "--shard", "0/2"], "with --shard 0/1, this one has --shard 0/2"),
                ([PREFIX, "--format", "ndjson"], "with --format csv, this one has --format ndjson"),
                ([PREFIX, "-f", "address"], "this one has --fields address;"),
                ([PREFIX, "--only", "found"], "with --only all, this one has --only found"),
                ([PREFIX, "--no-forward"], "forward confirmation on, this one has forward confirmation off")]:
            done = self.sweep(*words, "-o", "x.csv", "--resume", "--metadata-file", "m.json", expect=2)
            self.assert_one_line(done.stderr)
            self.assertIn(expected, done.stderr)
            self.assertIn("--overwrite", done.stderr)
            self.assertEqual(sorted(os.listdir(self.directory)), ["x.csv.journal", "x.csv.partial"])
            self.assertEqual({name: self.read(name) for name in before}, before)
        self.sweep(PREFIX, "-o", "x.csv", "--resume", "-q")

    def test_a_damaged_journal_is_refused(self):
        self.interrupt("x.csv")
        with open(self.path("x.csv.journal"), "r+b") as journal:
            journal.seek(30)
            journal.write(b"damage")
        done = self.sweep(PREFIX, "-o", "x.csv", "--resume", expect=2)
        self.assert_one_line(done.stderr)
        self.assertIn("x.csv.journal is damaged at octet 0", done.stderr)
        self.sweep(PREFIX, "-o", "x.csv", "--overwrite", "-q")
        self.assertEqual(os.listdir(self.directory), ["x.csv"])

    def test_a_stopped_parquet_file_is_readable_and_goes_on(self):
        self.interrupt("x.parquet", "--row-group-rows", "100")
        for name, rows in [("x.parquet.partial", 300), ("x.parquet", TARGETS)]:
            if name == "x.parquet":
                self.sweep(PREFIX, "-o", name, "--resume", "-q", "--row-group-rows", "150", "--no-bloom")
            done = self.run_words([ARPASWEEP, "convert", "-q", name, "-o", "-"])
            self.assertEqual(done.returncode, 0, done.stderr)
            addresses = [row["address"] for row in csv.DictReader(io.StringIO(done.stdout))]
            self.assertEqual((len(addresses), len(set(addresses))), (rows, rows))

    def test_parquet_on_a_pipe(self):
        with open(self.path("x"), "wb") as out:
            piped = subprocess.run(["sh", "-c", '"$@" | cat', "sh",
                                    *self.asking(PREFIX, "-q", "--format", "parquet", "--row-group-rows", "100")],
                                   stdin=subprocess.DEVNULL, stdout=out, check=True, timeout=120)
        self.assertEqual(piped.returncode, 0)
        done = self.run_words([ARPASWEEP, "convert", "-q", "x", "-o", "-"])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("\n"), TARGETS + 1)


class BadInput(SweepTest):
    def test_one_line_and_no_packet(self):
        with open(self.path("there.csv"), "w", encoding="ascii") as file:
            file.write("kept")
        with open(self.path("bad"), "w", encoding="ascii") as file:
            file.write("# targets\n198.18.0.0/24\n198.18.0.0/40\n")
        with open(self.path("empty"), "w", encoding="ascii") as file:
            file.write("# nothing\n")
        with open(self.path("hints"), "w", encoding="ascii") as file:
            file.write(". NS root.test.\nroot.test. A 127.0.0\n")
        with open(self.path("binary"), "wb") as file:
            file.write(b"\x7fELF\0\1\2\n\xff\n")
        os.mkdir(self.path("directory.csv"))
        before = sorted(os.listdir(self.directory))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))
            resolver = f"127.0.0.1:{server.getsockname()[1]}"
            for words, expected in BAD_COMMAND_LINES:
                if not any(word.startswith("--resolver") or word == "authoritative" for word in words):
                    words = [*words, "--resolver", resolver]
                with self.subTest(words=words):
                    done = self.run_words(self.command(*words))
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assert_one_line(done.stderr)
                    self.assertIn(expected, done.stderr)
                    self.assertEqual(done.stdout, "")
                    self.assertEqual(sorted(os.listdir(self.directory)), before)
            server.setblocking(False)
            self.assertRaises(BlockingIOError, server.recv, 1)
        self.assertEqual(self.read("there.csv"), "kept")

    def test_other_commands(self):
        for words, expected in [([], "no command"), (["sweep"], "'sweep'"), (["--frobnicate"], "'--frobnicate'")]:
            done = self.run_words([ARPASWEEP, *words])
            self.assertEqual(done.returncode, 2)
            self.assert_one_line(done.stderr)
            self.assertIn(expected, done.stderr)
        for words in [["--version"], ["scan", "--version"], ["-h"], ["scan", "-h"]]:
            done = self.run_words([ARPASWEEP, *words])
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("arpasweep", done.stdout)


# Command lines without a resolver get one that must not be asked. T is a good target.
T = "198.18.0.0/24"
AUTHORITATIVE = ["--mode", "authoritative"]
BAD_COMMAND_LINES = [
    ([], "no targets"),
    (["-"], "the input names no target"),
    (["-w", "empty"], "the input names no target"),
    (["198.18.0.0/33"], "target '198.18.0.0/33': the prefix length"),
    (["198.18.0"], "target '198.18.0': expected"),
    (["198.18.0.0/24/24"], "target '198.18.0.0/24/24'"),
    (["198.18.0.256"], "target '198.18.0.256'"),
    (["198.18.0.9-198.18.0.1"], "swap them"),
    (["198.18.0.9-2001:db8::1"], "same family"),
    (["example.net"], "target 'example.net'"),
    (["2001:db8::/111"], "/112"),
    (["::/0"], "/112"),
    ([""], "target ''"),
    ([T, "-w", "missing"], "--targets-file missing: No such file or directory"),
    ([T, "-w", "directory.csv"], "directory.csv: cannot be read"),
    ([T, "-w", "bad"], "bad:3: '198.18.0.0/40'"),
    ([T, "-w", "binary"], "binary:1: '\\127ELF\\000\\001\\002'"),
    ([T, "-x", "everything"], "--exclude: 'everything'"),
    ([T, "-x", "0.0.0.0/0"], "every target is excluded"),
    ([T, "-b", "bad"], "bad:3: '198.18.0.0/40'"),
    ([T, "-b", "missing"], "--exclude-file missing: No such file"),
    ([T, "-4", "-6"], "-4 and -6"),
    ([T, "-6"], "no target is IPv6"),
    (["2001:db8::1", "-4"], "no target is IPv4"),
    (["192.168.0.0-192.169.0.0", "-x", "192.169.0.0"], "--include-reserved"),
    ([T, "-n", "0"], "--max-targets: '0'"),
    ([T, "-n", "200%"], "--max-targets: '200%'"),
    ([T, "--max-runtime", "0"], "--max-runtime: '0'"),
    ([T, "--max-runtime", "1h"], "--max-runtime: '1h'"),
    ([T, "--resolver", "localhost"], "--resolver: 'localhost' is not ADDR"),
    ([T, "--resolver", "127.0.0.1:99999"], "--resolver: '127.0.0.1:99999'"),
    ([T, "--resolver", "::1:53x"], "--resolver: '::1:53x'"),
    ([T, "--resolvers-file", "missing"], "--resolvers-file missing: No such file"),
    ([T, "--resolvers-file", "empty"], "empty names no resolver"),
    ([T, "--resolvers-file", "bad"], "bad:2: '198.18.0.0/24' is not ADDR"),
    ([T, "--rate", "fast"], "--rate: 'fast'"),
    ([T, "--rate=-1"], "--rate: '-1'"),
    ([T, "--rate", "2000M"], "--rate: '2000M'"),
    ([T, "--server-rate", "1.5"], "--server-rate: '1.5'"),
    ([T, "--burst", "0"], "--burst: '0'"),
    ([T, "--window", "0"], "--window: '0'"),
    ([T, "--window", "65537"], "--window: '65537'"),
    ([T, "--timeout", "0"], "--timeout: '0'"),
    ([T, "--timeout", "1s"], "--timeout: '1s'"),
    ([T, "--retries", "16"], "--retries: '16'"),
    ([T, "--edns-size", "511"], "--edns-size: '511'"),
    ([T, "--source", "nowhere"], "--source: 'nowhere'"),
    ([T, "--source", "::1"], "no resolver is IPv6"),
    ([T, "--source", "192.0.2.1"], "192.0.2.1"),
    ([T, "--io", "epoll"], "--io: 'epoll' is not one of auto, uring, mmsg"),
    ([T, "--order", "backwards"], "--order: 'backwards'"),
    ([T, "--seed", "abc"], "--seed: 'abc'"),
    ([T, "--shard", "3/3"], "--shard: '3/3'"),
    ([T, "--shard", "auto"], "--shard: 'auto'"),
    ([T, "--threads", "0"], "--threads: '0'"),
    ([T, "-o", "there.csv"], "there.csv exists; --overwrite"),
    ([T, "-o", "missing/x.csv"], "missing: No such file or directory"),
    ([T, "-o", "there.csv/x.csv"], "there.csv/x.csv: Not a directory"),
    ([T, "-o", "directory.csv"], "directory.csv: Is a directory"),
    ([T, "-o", "results"], "--output: results: the name ends in no format"),
    ([T, "--format", "xml"], "--format: unknown format 'xml'"),
    ([T, "-f", "address,colour"], "--fields: unknown field 'colour'"),
    ([T, "-f", "address,address"], "--fields: field 'address' is there twice"),
    ([T, "--only", "good"], "--only: unknown 'good'"),
    ([T, "--only", "found,fail"], "--only: 'found' stands alone"),
    ([T, "--metadata-file", "missing/m.json"], "--metadata-file missing/m.json: No such file"),
    ([T, "--status-file", "missing/s"], "--status-file missing/s: No such file"),
    ([T, "--status-file", "directory.csv"], "--status-file directory.csv: Is a directory"),
    ([T, "--metadata-file", "a", "--status-file", "a"], "'a' is the metadata file"),
    ([T, "-o", "x.csv", "--metadata-file", "x.csv"], "'x.csv' is the output"),
    ([T, "--max-temperror", "101%"], "--max-temperror: '101%'"),
    ([T, "--progress", "sometimes"], "--progress: 'sometimes'"),
    ([T, "--frobnicate"], "unknown option '--frobnicate'"),
    ([T, "--mode", "iterative"], "--mode: 'iterative' is not one of resolver, authoritative"),
    ([T, *AUTHORITATIVE, "--resolver", "127.0.0.1"], "--resolver: --mode authoritative asks no resolver"),
    ([T, *AUTHORITATIVE, "--resolvers-file", "bad"], "--resolvers-file: --mode authoritative asks no resolver"),
    ([T, *AUTHORITATIVE, "--root-hints", "missing"], "--root-hints missing: No such file"),
    ([T, *AUTHORITATIVE, "--root-hints", "empty"], "empty:1: '# nothing' is no NS, A or AAAA record"),
    ([T, *AUTHORITATIVE, "--root-hints", "hints"], "hints:2: '127.0.0' is not an IPv4 address"),
    ([T, *AUTHORITATIVE, "--root-hints", "binary"], "binary:1: '\\127ELF\\000\\001\\002'"),
    ([T, *AUTHORITATIVE, "--dns-port", "0"], "--dns-port: '0'"),
    ([T, *AUTHORITATIVE, "--server-rate", "0"], "--i-own-these-servers"),
    ([T, "10.0.0.0/8", *AUTHORITATIVE], "target '10.0.0.0/8': private space"),
    (["fd00::/120", *AUTHORITATIVE], "target 'fd00::/120': private space"),
    ([T, "--root-hints", "hints"], "--root-hints belongs to --mode authoritative"),
    ([T, "--dns-port", "53"], "--dns-port belongs to --mode authoritative"),
    ([T, "--i-own-these-servers"], "--i-own-these-servers belongs to --mode authoritative"),
    ([T, "--contact", ""], "--contact: ''"),
    ([T, "--resume"], "--resume: standard output cannot be gone on with"),
    ([T, "--resume", "-o", "/dev/null"], "--resume needs a file, and /dev/null is none"),
    ([T, "--resume", "--overwrite", "-o", "x.csv"], "--resume goes on with what is there and --overwrite"),
    ([T, "--resume", "-o", "missing/x.csv"], "missing: No such file or directory"),
    ([T, "--row-group-rows", "0"], "--row-group-rows: '0'"),
    ([T, "--row-group-rows", "1048577"], "--row-group-rows: '1048577'"),
    ([T, "--no-bloom=perhaps"], "--no-bloom"),
    ([T, "--seed", "1", "--seed", "1"], "--seed is given twice"),

]


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
