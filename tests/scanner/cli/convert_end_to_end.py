#!/usr/bin/env python3
"""`arpasweep convert` by the program itself: every direction, conflicts, bad input, and how it ends.

ARPASWEEP names the program. Every test has its own directory.
"""

import json
import os
import resource
import signal
import subprocess
import tempfile
import time
import unittest

ARPASWEEP = os.environ.get("ARPASWEEP", "arpasweep")
COLUMNS = ("address,verdict,reason,names,confirmed_names,forward_addresses,flags,template,registered_domain,"
           "ptr_status,forward_status,ptr_ttl,forward_ttl,ptr_alias_target,zone,server,authoritative,"
           "authenticated,evidence,attempts,rtt_us,ede,observed_at,ipv4,prefix,asn,announced_prefix,scan_id")
FORMATS = ["csv", "ndjson", "parquet", "csv.zst", "ndjson.zst"]

# Sorted, as it is written, with everything that a value can be.
ROWS = [
    "0.0.0.0,permerror,no_ptr,,,,,,,NXDOMAIN,,0,,,0.in-addr.arpa,,,,nsec,0,,,1970-01-01T00:00:00.000000Z,0,"
    "0.0.0.0/24,,,s",
    "9.255.255.255,,,a.example,,,,,,NOERROR,,,,,,192.0.2.53,false,true,query,1,17,,,167772159,,64496,"
    "9.0.0.0/8,s",
    r"10.0.0.1,pass,confirmed,. \045a.example b.example,b.example,10.0.0.1 192.0.2.7,multiple_names tcp,"
    r"""host-{1},example,NOERROR,NOERROR,86400,3600,1.0/25.example,10.in-addr.arpa,2001:db8::53,true,false,"""
    r"query,2,1234,22,2026-01-31T23:59:59.123456Z,167772161,10.0.0.0/24,4294967295,10.0.0.0/8,s",
    '128.0.0.0,temperror,ptr_timeout,,,,,"a,""b"" c",,TIMEOUT,,2147483647,,,,,,,query,32,,65535,'
    "9999-12-31T23:59:59.999999Z,2147483648,128.0.0.0/24,,,s",
    "255.255.255.255,fail,forward_missing,x,,,,,,NOERROR,NXDOMAIN,1,1,,,,,,query,1,1,,"
    "2026-01-31T23:59:59.000000Z,4294967295,255.255.255.0/24,,,",
    "::,temperror,ptr_lame,,,,,,,LAME,,,,,,,,,query,1,,,,,::/64,,,s",
    "::ffff:192.0.2.1,pass,confirmed,\u00e4,\u00e4,::1 2001:db8::1,,,,NOERROR,,,,,,,,,query,1,,,,,,,,s",
    "2001:db8::1,,,,,,,,,,,,,,,,,,,,,,,,,,,",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,pass,confirmed,,,,,,,,,,,,,,,,axfr,,,,,,,,,s",
]


class ConvertTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def path(self, name):
        return os.path.join(self.directory, name)

    def put(self, name, contents):
        with open(self.path(name), "wb") as file:
            file.write(contents if isinstance(contents, bytes) else contents.encode())
        return name

    def put_rows(self, name, header, *rows):
        return self.put(name, "".join(line + "\r\n" for line in [header, *rows]))

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def convert(self, *words, expect=0, **more):
        more.setdefault("stdin", subprocess.DEVNULL)
        if "input" in more:
            del more["stdin"]
        done = subprocess.run([ARPASWEEP, "convert", *words], capture_output=True, timeout=120,
                              cwd=self.directory, **more)
        done.stderr = done.stderr.decode()
        self.assertEqual(done.returncode, expect, done.stderr)
        return done

    def rows(self, *words, **more):
        """What is written to standard output as CSV, line by line without the header."""
        return self.convert(*words, "-o", "-", **more).stdout.decode().split("\r\n")[1:-1]

    def files(self):
        return {name: None if os.path.isdir(self.path(name)) else self.read(name)
                for name in os.listdir(self.directory)}

    def assert_one_line(self, stderr):
        self.assertRegex(stderr, r"\Aarpasweep: [^\n]+\n\Z")


class Directions(ConvertTest):
    def setUp(self):
        super().setUp()
        self.put_rows("a.csv", COLUMNS, *ROWS)

    def test_every_direction_keeps_every_value(self):
        for first in FORMATS:
            self.convert("a.csv", "-o", "1." + first)
            for second in FORMATS:
                name = f"{first}-2.{second}"
                self.convert("1." + first, "-o", name)
                self.convert(name, "-o", "back.csv", "--overwrite")
                self.assertEqual(self.read("back.csv"), self.read("a.csv"), name)

    def test_order_of_the_input_does_not_matter(self):
        self.put_rows("mixed.csv", COLUMNS, *ROWS[4:], *reversed(ROWS[:4]))
        self.convert("mixed.csv", "-o", "back.csv")
        self.assertEqual(self.read("back.csv"), self.read("a.csv"))

    def test_ndjson_has_what_the_columns_are(self):
        lines = self.convert("a.csv", "-o", "-", "--format", "ndjson").stdout.decode().splitlines()
        rows = [json.loads(line) for line in lines]
        self.assertEqual([row["address"] for row in rows], [row.split(",")[0] for row in ROWS])
        self.assertEqual(rows[2]["names"], [".", "\\045a.example", "b.example"])
        self.assertEqual(rows[2]["asn"], 4294967295)
        self.assertIs(rows[2]["authoritative"], True)
        self.assertEqual(rows[3]["template"], 'a,"b" c')
        self.assertEqual(rows[7], {"address": "2001:db8::1", "names": [], "confirmed_names": [],
                                   "forward_addresses": [], "flags": []})

    def test_nothing_in_every_format(self):
        self.put_rows("none.csv", COLUMNS)
        for name in FORMATS:
            self.convert("none.csv", "-o", "n." + name)
            self.assertEqual(self.rows("n." + name, "-f", "address"), [])
            self.convert("n." + name, "-o", "back.csv", "--overwrite")
            self.assertEqual(self.read("back.csv"), self.read("none.csv"))

    def test_standard_input_and_output(self):
        for name in ["csv", "ndjson", "csv.zst", "ndjson.zst"]:
            text = self.convert("a.csv", "-o", "-", "--format", name, "-q").stdout
            done = self.convert("-", "-o", "-", input=text)
            self.assertEqual(done.stdout, self.read("a.csv"))
            self.assertEqual(done.stderr, "9 rows from 1 file; 9 written to standard output\n")

    def test_parquet_to_standard_output_in_many_row_groups(self):
        text = self.convert("a.csv", "-o", "-", "--format", "parquet", "--row-group-rows", "2", "--no-bloom").stdout
        self.put("p", text)
        self.convert("p", "-o", "back.csv")
        self.assertEqual(self.read("back.csv"), self.read("a.csv"))

    def test_many_rows(self):
        rows = [f"10.{i >> 16}.{i >> 8 & 255}.{i & 255},n{i}.example,{i}" for i in range(150000)]
        self.put_rows("m.csv", "address,names,attempts", *reversed(rows))
        self.convert("m.csv", "-o", "m.parquet", "--row-group-rows", "20000")
        self.assertEqual(self.rows("m.parquet"), rows)


class Columns(ConvertTest):
    def test_are_those_of_the_inputs(self):
        self.put_rows("a.csv", "verdict,address", "pass,::1")
        self.put_rows("b.csv", "verdict,address", "fail,::2")
        self.put_rows("c.csv", "zone,address", "z,::3")
        for inputs, text in [(["a.csv"], "verdict,address\r\npass,::1\r\n"),
                             (["a.csv", "b.csv"], "verdict,address\r\npass,::1\r\nfail,::2\r\n"),
                             (["a.csv", "c.csv"], "address,verdict,zone\r\n::1,pass,\r\n::3,,z\r\n")]:
            self.assertEqual(self.convert(*inputs, "-o", "-").stdout.decode(), text)

    def test_are_those_asked_for(self):
        self.put_rows("a.csv", COLUMNS, *ROWS)
        self.assertEqual(self.rows("a.csv", "-f", "ede,address", "--only", "ptr_timeout"), ["65535,128.0.0.0"])
        self.convert("a.csv", "-o", "a.parquet", "--fields", "ipv4,address")
        self.assertEqual(self.rows("a.parquet")[2], "167772161,10.0.0.1")

    def test_rows_are_those_asked_for(self):
        self.put_rows("a.csv", COLUMNS, *ROWS)
        for only, places in [("all", range(9)), ("found", [1, 2, 4, 6]), ("problems", [0, 3, 4, 5]),
                             ("pass", [2, 6, 8]), ("fail,ptr_lame", [4, 5])]:
            self.assertEqual(self.rows("a.csv", "--only", only), [ROWS[i] for i in places], only)


class Merging(ConvertTest):
    HEADER = "address,verdict,observed_at,zone"

    def test_the_better_row_of_an_address_counts(self):
        early, late = "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000001Z"
        for first, second, winner in [
                (("temperror", late), ("pass", early), 1),
                (("pass", early), ("temperror", late), 0),
                (("permerror", early), ("temperror", late), 0),
                (("", late), ("fail", early), 1),
                (("fail", early), ("", late), 0),
                (("pass", early), ("fail", late), 1),
                (("pass", late), ("fail", early), 0),
                (("temperror", late), ("temperror", early), 0),
                (("temperror", early), ("", late), 1),
                (("pass", early), ("fail", early), 1),
                (("pass", ""), ("fail", early), 1),
                (("pass", early), ("fail", ""), 0),
                (("pass", ""), ("fail", ""), 1)]:
            rows = [",".join(["192.0.2.1", *row, str(place)]) for place, row in enumerate([first, second])]
            self.put_rows("one.csv", self.HEADER, *rows)
            self.put_rows("a.csv", self.HEADER, rows[0])
            self.put_rows("b.csv", self.HEADER, rows[1])
            for inputs, files in [(["one.csv"], "1 file"), (["a.csv", "b.csv"], "2 files")]:
                done = self.convert(*inputs, "-o", "-")
                self.assertEqual(done.stdout.decode().split("\r\n")[1][-1], str(winner), rows)
                self.assertEqual(done.stderr, f"2 rows from {files}; 1 replaced by a better one of the same "
                                              "address; 1 written to standard output\n")

    def test_one_address_in_two_forms_is_one(self):
        self.put_rows("a.csv", self.HEADER, "2001:DB8:0::1,pass,,0", "2001:db8::1,pass,,1")
        self.assertEqual(self.rows("a.csv"), ["2001:db8::1,pass,,1"])

    def test_only_is_asked_of_the_row_that_counts(self):
        self.put_rows("a.csv", self.HEADER, "::1,temperror,,0", "::1,pass,,1", "::2,temperror,,2")
        done = self.convert("a.csv", "-o", "-", "--only", "temperror")
        self.assertEqual(done.stdout.decode().split("\r\n")[1:-1], ["::2,temperror,,2"])
        self.assertEqual(done.stderr, "3 rows from 1 file; 1 replaced by a better one of the same address; 1 "
                                      "written to standard output\n")

    def test_shards_of_all_formats_are_one(self):
        rows = [f"10.0.{i >> 8}.{i & 255},pass,,{i}" for i in range(2000)]
        names = []
        for place, name in enumerate(FORMATS):
            self.put_rows("part.csv", self.HEADER, *rows[place::len(FORMATS)], *rows[:7])
            self.convert("part.csv", "-o", "s." + name)
            names.append("s." + name)
        done = self.convert(*names, "-o", "all.csv", "-f", self.HEADER)
        self.assertEqual(self.read("all.csv").decode().split("\r\n")[1:-1], rows)
        # Seven rows a shard, of which each shard has one or two of its own, already counted once.
        self.assertEqual(done.stderr, "2,028 rows from 5 files; 28 replaced by a better one of the same address; "
                                      "2,000 written to all.csv\n")


class BadInput(ConvertTest):
    def assert_refused(self, message, *words, **more):
        before = self.files()
        done = self.convert(*words, expect=2, **more)
        self.assert_one_line(done.stderr)
        self.assertIn(message, done.stderr)
        self.assertEqual(done.stdout, b"")
        self.assertEqual(self.files(), before)

    def test_is_named_with_its_place(self):
        self.put_rows("good.csv", "address", "::1")
        self.convert("good.csv", "-o", "good.parquet")
        parquet = self.read("good.parquet")
        self.convert("good.csv", "-o", "good.csv.zst")
        compressed = self.read("good.csv.zst")
        for name, contents, message in [
                ("empty.csv", "", "empty.csv: empty"),
                ("noise.csv", b"\x00\x01\x02\xff" * 100, "noise.csv:1: "),
                ("text.csv", "hello\nworld\n", "text.csv:1: no results of arpasweep: 'hello'"),
                ("column.csv", "address,colour\n::1,red\n", "column.csv:1: no results of arpasweep: 'colour'"),
                ("none.csv", "verdict\npass\n", "none.csv:1: there is no column 'address'"),
                ("twice.csv", "address,zone,zone\n", "twice.csv:1: the column 'zone' is there twice"),
                ("late.csv", "address\n::1\n::2\nhost\n", "late.csv:4: address: 'host' is not an IPv4 or IPv6"),
                ("cut.csv", "address,verdict\n::1,pass\n::2\n", "cut.csv:3: the header has 2 columns"),
                ("cut.ndjson", '{"address":"::1"}\n{"addr', "cut.ndjson:2: no JSON object"),
                ("cut.csv.zst", compressed[:-1], "cut.csv.zst: octet "),
                ("cut.parquet", parquet[:-1], "cut.parquet: octet "),
                ("short.parquet", b"PAR1", "short.parquet: octet "),
                ("flipped.parquet", parquet[:-20] + b"\xff" * 8 + parquet[-12:], "flipped.parquet: octet ")]:
            self.put(name, contents)
            self.assert_refused(message, "good.csv", name, "-o", "x.csv")
            self.assert_refused(message, name, "good.csv", "-o", "-")

    def test_is_named_when_it_is_no_file(self):
        os.mkdir(self.path("dir"))
        self.assert_refused("dir: Is a directory", "dir", "-o", "x.csv")
        self.assert_refused("none.csv: No such file or directory", "none.csv", "-o", "x.csv")

    def test_parquet_is_not_read_from_a_pipe(self):
        self.put_rows("a.csv", "address", "::1")
        parquet = self.convert("a.csv", "-o", "-", "--format", "parquet").stdout
        self.assert_refused("standard input: Parquet is read from its end", "-", "-o", "x.csv", input=parquet)

    def test_usage(self):
        self.put_rows("a.csv", "address,verdict", "::1,pass")
        self.put_rows("x.csv", "address", "::1")
        self.put("y.csv.partial", "")
        self.put("z.csv.journal", "")
        os.mkdir(self.path("dir"))
        for message, words in [
                ("nothing to convert", ["-o", "n.csv"]),
                ("no output; name a file with -o", ["a.csv"]),
                ("standard input is named twice", ["-", "-", "-o", "n.csv"]),
                ("--output: n.txt: the name ends in no format", ["a.csv", "-o", "n.txt"]),
                ("--format: unknown format 'xml'", ["a.csv", "-o", "n.csv", "--format", "xml"]),
                ("--fields: unknown field 'color'", ["a.csv", "-o", "n.csv", "-f", "color"]),
                ("--only: unknown 'some'", ["a.csv", "-o", "n.csv", "--only", "some"]),
                ("--only judges by the column names, which a.csv does not have",
                 ["a.csv", "-o", "n.csv", "--only", "found"]),
                ("--row-group-rows: '0' is not a number from 1 to 1048576",
                 ["a.csv", "-o", "n.parquet", "--row-group-rows", "0"]),
                ("--output: none: No such file", ["a.csv", "-o", "none/n.csv"]),
                ("--output: x.csv exists; --overwrite replaces it", ["a.csv", "-o", "x.csv"]),
                ("--output: y.csv.partial is left from an interrupted run; --overwrite", ["a.csv", "-o", "y.csv"]),
                ("--output: z.csv.journal is left from an interrupted run; --overwrite", ["a.csv", "-o", "z.csv"]),
                ("--output: dir: Is a directory", ["a.csv", "-o", "dir", "--format", "csv"]),
                ("unknown option '--rate'", ["a.csv", "-o", "n.csv", "--rate"])]:
            self.assert_refused(message, *words)


class Endings(ConvertTest):
    def setUp(self):
        super().setUp()
        self.put_rows("a.csv", "address,verdict", "::2,pass", "::1,fail")

    def test_an_output_that_exists_is_replaced_when_told_to(self):
        for ending in ["", ".partial", ".journal"]:
            self.put("x.csv" + ending, "old")
        self.convert("a.csv", "-o", "x.csv", "--overwrite", "-q")
        self.assertEqual(self.read("x.csv"), b"address,verdict\r\n::1,fail\r\n::2,pass\r\n")
        self.assertEqual(sorted(os.listdir(self.directory)), ["a.csv", "x.csv"])

    def test_an_input_can_be_the_output(self):
        self.convert("a.csv", "-o", "a.csv", "--overwrite")
        self.assertEqual(self.read("a.csv"), b"address,verdict\r\n::1,fail\r\n::2,pass\r\n")
        self.assertEqual(os.listdir(self.directory), ["a.csv"])

    def test_quiet_says_nothing(self):
        done = self.convert("a.csv", "-o", "x.csv", "-q")
        self.assertEqual((done.stdout, done.stderr), (b"", ""))

    def test_a_full_disk_is_told_and_leaves_nothing(self):
        done = self.convert("a.csv", "-o", "/dev/full", "--format", "csv", expect=1)
        self.assertEqual(done.stderr, "arpasweep: /dev/full: No space left on device\n")
        rows = [f"10.0.{i >> 8}.{i & 255},pass" for i in range(50000)]
        self.put_rows("m.csv", "address,verdict", *rows)

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (10000, 10000))

        for name in FORMATS:
            before = self.files()
            done = self.convert("m.csv", "-o", "x." + name, expect=1, preexec_fn=limit)
            self.assert_one_line(done.stderr)
            self.assertIn("File too large", done.stderr)
            self.assertEqual(self.files(), before)

    def test_a_signal_ends_it_while_it_waits_for_input(self):
        for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
            process = subprocess.Popen([ARPASWEEP, "convert", "-", "-o", "x.csv"], stdin=subprocess.PIPE,
                                       stderr=subprocess.PIPE, cwd=self.directory)
            process.stdin.write(b"address\r\n::1\r\n")
            process.stdin.flush()
            self.wait_until_blocked(process)
            process.send_signal(number)
            self.assertEqual(process.wait(timeout=60), 130)
            self.assertEqual(process.stderr.read(), b"arpasweep: interrupted; nothing was written\n")
            process.stdin.close()
            process.stderr.close()
            self.assertEqual(os.listdir(self.directory), ["a.csv"])

    def test_a_signal_ends_it_while_nobody_reads(self):
        rows = [f"10.{i >> 16}.{i >> 8 & 255}.{i & 255},pass" for i in range(100000)]
        self.put_rows("m.csv", "address,verdict", *rows)
        process = subprocess.Popen([ARPASWEEP, "convert", "m.csv", "-o", "-"], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.directory)
        self.assertEqual(process.stdout.read(7), b"address")  # It writes, and fills the pipe.
        self.wait_until_blocked(process)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=60), 130)
        process.stdout.close()
        process.stderr.close()
        self.assertEqual(sorted(os.listdir(self.directory)), ["a.csv", "m.csv"])

    def test_a_reader_that_leaves_ends_it(self):
        rows = [f"10.{i >> 16}.{i >> 8 & 255}.{i & 255},pass" for i in range(100000)]
        self.put_rows("m.csv", "address,verdict", *rows)
        process = subprocess.Popen([ARPASWEEP, "convert", "m.csv", "-o", "-"], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.directory)
        process.stdout.read(7)
        process.stdout.close()
        self.assertEqual(process.wait(timeout=60), -signal.SIGPIPE)
        self.assertEqual(process.stderr.read(), b"")
        process.stderr.close()

    @staticmethod
    def wait_until_blocked(process):
        """Until every thread sleeps: it has read what there is and waits."""
        tasks = f"/proc/{process.pid}/task"
        sleeping = 0
        while sleeping < 3:
            states = []
            for task in os.listdir(tasks):
                with open(f"{tasks}/{task}/stat", encoding="ascii") as file:
                    states.append(file.read().rsplit(")", 1)[1].split()[0])
            sleeping = sleeping + 1 if len(states) > 1 and set(states) == {"S"} else 0
            time.sleep(0.02)


if __name__ == "__main__":
    unittest.main()
