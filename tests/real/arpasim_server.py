"""arpasim on loopback, and what it says a sweep of it must find."""

import contextlib
import csv
import io
import subprocess


@contextlib.contextmanager
def serving(arpasim, *options):
    """Yields the `ADDR:PORT` of an arpasim that runs until the context ends."""
    with subprocess.Popen([arpasim, "serve", "--listen", "127.0.0.1:0", *options], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True) as process:
        try:
            words = process.stdout.readline().split()
            if words[:1] != ["listening"]:
                raise RuntimeError(f"arpasim said {words}")
            yield words[1]
        finally:
            process.terminate()
            process.communicate(timeout=10)


def truth(arpasim, prefix, *options):
    """Rows by address."""
    text = subprocess.run([arpasim, "truth", prefix, *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          text=True, check=True).stdout
    return {row["address"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
