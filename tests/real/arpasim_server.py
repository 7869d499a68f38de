"""arpasim on loopback, and what it says a sweep of it must find."""

import contextlib
import csv
import io
import json
import subprocess


class Server:
    """Of `counting`."""

    def __init__(self, address):
        self.address = address  # ADDR:PORT
        self.statistics = None  # What it has counted, after it has ended.


@contextlib.contextmanager
def counting(arpasim, *options, listen="127.0.0.1:0"):
    """Yields the Server that is an arpasim until the context ends."""
    with subprocess.Popen([arpasim, "serve", "--listen", listen, *options], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True) as process:
        server = None
        try:
            words = process.stdout.readline().split()
            if words[:1] != ["listening"]:
                raise RuntimeError(f"arpasim said {words}")
            server = Server(words[1])
            yield server
        finally:
            process.terminate()
            said, _ = process.communicate(timeout=10)
            if server is not None:
                server.statistics = json.loads(said)


@contextlib.contextmanager
def serving(arpasim, *options, listen="127.0.0.1:0"):
    """Yields the `ADDR:PORT` of an arpasim that runs until the context ends."""
    with counting(arpasim, *options, listen=listen) as server:
        yield server.address


def truth(arpasim, prefix, *options):
    """Rows by address."""
    text = subprocess.run([arpasim, "truth", prefix, *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          text=True, check=True).stdout
    return {row["address"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
