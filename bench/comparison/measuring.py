"""Runs programs on a core of their own and says what they took."""

import contextlib
import dataclasses
import json
import os
import subprocess
import tempfile

PATIENCE = 300  # Seconds for one run.


class Failed(Exception):
    """One line that says how a program ended."""


@dataclasses.dataclass(frozen=True)
class Run:
    cpu: float   # User and system seconds.
    wall: float  # Seconds.
    peak: int    # Octets.
    said: str    # On standard output.


def cores():
    """The client's core and the server's; one core serves both where there is no other."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[1 % len(usable)]


@contextlib.contextmanager
def on_core(core):
    """What is started within the context stays on `core`."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def measure(build, core, command, standard_input=None):
    """One run of `command`, which must end with 0."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        with open(standard_input or os.devnull, "rb") as source:
            subprocess.run([build / "bench/measured_run", str(core), *map(str, command)], stdin=source, stdout=said,
                           stderr=complained, timeout=PATIENCE, check=True)
        said.seek(0)
        complained.seek(0)
        *complaints, report = complained.read().decode(errors="replace").splitlines()
        report = json.loads(report)
        if report["status"] != 0:
            raise Failed(f"exit {report['status']}: {' '.join(map(str, command))}: {' '.join(complaints[-3:])}")
        return Run(report["user"] + report["system"], report["wall"], report["peak_kib"] * 1024,
                   said.read().decode(errors="replace"))
