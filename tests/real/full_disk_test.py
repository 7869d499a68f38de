#!/usr/bin/env python3
"""full_disk_test.py ARPASWEEP ARPASIM FAILING_SYNC: scans that cannot be written end with 1 and go on once they can.

In every format: a file system that fills up, a limit on the size of files, a file system that may only be read, and
one that cannot keep what it was given (FAILING_SYNC is loaded before libc). Mounts file systems of its own, in a mount
namespace of its own.
"""

import contextlib
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import unittest

import arpasim_server
from scan_results import FORMATS, by_address, rows_of

PREFIX, TARGETS = "198.18.0.0-198.18.5.255", 1536
SIZE = 1 << 20
# Octets that the file system has left, or that a file may have: some rows fit, and not all.
ROOM = {"parquet": 24 << 10, "csv": 200 << 10, "csv.zst": 28 << 10, "ndjson": 440 << 10, "ndjson.zst": 28 << 10}
# Packets a second with which a scan makes several checkpoints.
SLOWLY = ["--rate", "1000"]

ARPASWEEP, ARPASIM, FAILING_SYNC = sys.argv[1:4]


class DiskTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        stack = cls.enterClassContext
        cls.resolver = stack(arpasim_server.serving(ARPASIM, "--mix", "clean"))
        expected = pathlib.Path(stack(tempfile.TemporaryDirectory())) / "expected.csv"
        subprocess.run(cls.command("-o", expected), stdin=subprocess.DEVNULL, check=True)
        cls.expected = by_address(rows_of(expected, ARPASWEEP))
        assert len(cls.expected) == TARGETS

    @classmethod
    def command(cls, *words):
        rate = [] if "--rate" in words else ["--rate", "0"]
        return [ARPASWEEP, "scan", PREFIX, "--resolver", cls.resolver, "--row-group-rows", "300", "--quiet", *rate,
                *words]

    def setUp(self):
        self.directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", self.directory], check=True)
        self.addCleanup(subprocess.run, ["umount", self.directory], check=True)

    @contextlib.contextmanager
    def empty_disk(self, kind):
        """Gives a file to write."""
        with self.subTest(kind=kind):
            try:
                yield self.directory / f"x.{kind}"
            finally:
                self.remount("rw")
                for path in self.directory.iterdir():
                    path.unlink()

    def scan(self, file, *words, code, **more):
        done = subprocess.run(self.command("-o", file, *words), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              text=True, timeout=120, check=False, **more)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stderr

    def go_on(self, file):
        self.scan(file, "--resume", code=0)
        self.assertEqual([path.name for path in self.directory.glob(file.name + "*")], [file.name])
        self.assertEqual(by_address(rows_of(file, ARPASWEEP)), self.expected)
        file.unlink()

    def assert_kept(self, file, complaint, reason):
        """One line with the reason; what was written is there, can be read as it is, and is not all.

        Returns how many rows that is; nothing where a Parquet file has no room for its footer.
        """
        self.assertRegex(complaint, rf"\Aarpasweep: [^\n]*{reason}[^\n]*--resume[^\n]*\n\Z")
        partial = file.with_name(file.name + ".partial")
        self.assertTrue(file.with_name(file.name + ".journal").exists())
        self.assertFalse(file.exists())
        if reason.startswith("No space") and ".parquet" in file.name and partial.read_bytes()[-4:] != b"PAR1":
            return None
        found = by_address(rows_of(partial, ARPASWEEP))
        self.assertLess(len(found), TARGETS)
        for address, row in found.items():
            self.assertEqual(row, self.expected[address])
        return len(found)

    def test_a_file_system_that_fills_up(self):
        for kind in FORMATS:
            with self.empty_disk(kind) as file:
                ballast = self.directory / "ballast"
                ballast.write_bytes(bytes(SIZE - ROOM[kind]))
                complaint = self.scan(file, *SLOWLY, code=1)
                kept = self.assert_kept(file, complaint, "No space left on device")
                self.assertNotEqual(kept, 0)
                # As long as there is no room nothing is lost by trying.
                self.scan(file, "--resume", code=1)
                ballast.unlink()
                self.go_on(file)

    def test_a_limit_on_the_size_of_files(self):
        for kind in FORMATS:
            with self.empty_disk(kind) as file:
                limit = ROOM[kind] * 2 // 3  # What comes quickly is compressed better, and the journal has its own.
                complaint = self.scan(file, code=1,
                                      preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
                self.assert_kept(file, complaint, "File too large")
                self.go_on(file)

    def test_a_file_system_that_may_only_be_read(self):
        for kind in FORMATS:
            with self.empty_disk(kind) as file:
                self.remount("ro")
                self.assertRegex(self.scan(file, code=1), r"\Aarpasweep: [^\n]*Read-only file system\n\Z")
                self.remount("rw")
                self.assertEqual(list(self.directory.iterdir()), [])
                self.scan(file, "-n", "600", code=130)
                self.remount("ro")
                before = self.contents()
                self.assertIn("Read-only file system", self.scan(file, "--resume", code=1))
                self.assertEqual(self.contents(), before)
                self.remount("rw")
                self.go_on(file)

    def test_a_sync_that_fails(self):
        # The first ones are those of the files' beginning; then the data's and the journal's take turns.
        for kind, call in zip(FORMATS, range(5, 5 + len(FORMATS))):
            with self.empty_disk(kind) as file:
                complaint = self.scan(file, *SLOWLY, code=1,
                                      env=os.environ | {"LD_PRELOAD": FAILING_SYNC, "FAIL_SYNC": str(call)})
                self.assertRegex(complaint, r"\Aarpasweep: [^\n]*Input/output error[^\n]*--resume[^\n]*\n\Z")
                self.assertFalse(file.exists())
                self.go_on(file)

    def remount(self, how):
        subprocess.run(["mount", "-o", f"remount,bind,{how}", self.directory], check=True)

    def contents(self):
        return {path.name: path.read_bytes() for path in self.directory.iterdir()}


if __name__ == "__main__":
    if os.environ.get("OWN_MOUNTS") != "yes":
        os.environ["OWN_MOUNTS"] = "yes"
        os.execvp("unshare", ["unshare", "--mount", sys.executable, "-B", *sys.argv])
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it, and its children would.
    unittest.main(argv=sys.argv[:1])
