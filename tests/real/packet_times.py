"""When packets came, by the kernel."""

import socket
import struct

SO_TIMESTAMPNS = 35  # socket(7); Python 3.11 has no name for it.
NANOSECONDS = 1_000_000_000


def time_stamp(ancillary):
    """Nanoseconds, of the ancillary data of a recvmsg() on a socket with SO_TIMESTAMPNS."""
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS):
            seconds, nanoseconds = struct.unpack("=qq", data[:16])
            return seconds * NANOSECONDS + nanoseconds
    raise RuntimeError("a packet without a time stamp")


def most_in_a_second(times):
    """Of `times` in nanoseconds, whichever second that is."""
    times, most, first = sorted(times), 0, 0
    for last, time in enumerate(times):
        while time - times[first] >= NANOSECONDS:
            first += 1
        most = max(most, last - first + 1)
    return most
