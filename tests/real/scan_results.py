"""Results of sweeps as rows by address, whatever their format; and what a journal says is durable."""

import csv
import io
import json
import pathlib
import struct
import subprocess

FORMATS = ["parquet", "csv", "csv.zst", "ndjson", "ndjson.zst"]
LISTS = {"names", "confirmed_names", "forward_addresses", "flags"}
PATH_OR_TIME = {"attempts", "rtt_us", "observed_at"}


def text(path):
    if path.name.removesuffix(".partial").endswith(".zst"):
        done = subprocess.run(["zstd", "-dcq", "--", path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True)
        return done.stdout.decode("ascii")
    return path.read_text(encoding="ascii", errors="strict")


def csv_rows(written):
    return list(csv.DictReader(io.StringIO(written, newline="")))


def as_csv(value):
    if isinstance(value, list):
        return " ".join(value)
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def rows_of(path, arpasweep):
    """Rows as CSV has them, in the order of the file. The name of `path` says its format."""
    path = pathlib.Path(path)
    kind = path.name.removesuffix(".partial")
    if kind.endswith(".parquet"):
        converted = subprocess.run([arpasweep, "convert", path, "-o", "-", "--format", "csv", "--quiet"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True)
        return csv_rows(converted.stdout.decode("ascii"))
    if ".csv" in kind:
        return csv_rows(text(path))
    return [{key: as_csv(value) for key, value in json.loads(line).items()} for line in text(path).splitlines()]


def by_address(rows):
    """Without empty values and what depends on time or path. An address with two rows is an error."""
    found = {}
    for row in rows:
        address = row["address"]
        if address in found:
            raise AssertionError(f"{address} has two rows")
        found[address] = {key: value for key, value in row.items() if value != "" and key not in PATH_OR_TIME}
    return found


def varint(octets, at):
    value = shift = 0
    while True:
        octet = octets[at]
        at += 1
        value |= (octet & 0x7F) << shift
        shift += 7
        if octet < 0x80:
            return value, at


def journal_states(path):
    """(octets of the data file, targets done) of each checkpoint, as far as the journal is whole."""
    octets = pathlib.Path(path).read_bytes()
    states, offset = [], 0
    while offset + 24 <= len(octets):
        magic, kind, length = struct.unpack_from("<4sIQ", octets, offset)
        payload = octets[offset + 24:offset + 24 + length]
        if magic != b"ArpJ" or len(payload) != length:
            break
        if kind == 2:
            groups, at = varint(payload, 0)
            for _ in range(groups):
                size, at = varint(payload, at)
                at += size
            durable, at = varint(payload, at)
            completed, at = varint(payload, at)
            states.append((durable, completed))
        offset += 24 + length
    return states
