"""Counts the queries that come to IPv4 addresses on the loopback interface, without standing in their way."""

import collections
import ctypes
import dataclasses
import ipaddress
import select
import socket
import struct
import threading

import dns_message
import packet_times

ETH_P_IP, PACKET_HOST = 0x0800, 0  # packet(7)
SOL_PACKET, PACKET_STATISTICS = 263, 6
UDP, TCP = 17, 6
BUFFER = 4 << 20  # As much of it as the system allows.
SO_ATTACH_FILTER = 26
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06  # Of classic BPF; linux/filter.h.
PACKET_TYPE = 0xFFFFF004                        # Where it loads what kind of packet it is.
SOURCE, DESTINATION = 12, 16                    # In an IPv4 header.


@dataclasses.dataclass
class Seen:
    """What one address saw: the time of every query in nanoseconds, and its responses over UDP."""
    datagrams: list = dataclasses.field(default_factory=list)
    streamed: list = dataclasses.field(default_factory=list)
    responses: int = 0
    truncated: int = 0  # Of those.

    @property
    def queries(self):
        return self.datagrams + self.streamed

    @property
    def most_in_a_second(self):
        return packet_times.most_in_a_second(self.queries)


def datagrams(payload):
    """How many queries it is: what a program sends as segments of one buffer (UDP_SEGMENT, udp(7)) passes loopback
    as one packet."""
    count = 0
    while payload:
        try:
            payload = payload[dns_message.Message(payload).end:]
        except (IndexError, struct.error):
            return count + 1
        count += 1
    return count


class Stream:
    """The direction of a TCP connection that queries go in."""

    def __init__(self):
        self.next, self.octets = None, b""

    def messages(self, sequence, is_first, payload):
        """How many messages (RFC 1035 section 4.2.2) `payload` completes. A segment that was seen before, or comes
        after a lost one, counts for nothing: on loopback the kernel neither loses nor reorders."""
        if is_first:
            self.next = sequence + 1 & 0xFFFFFFFF
        if sequence != self.next or not payload:
            return 0
        self.next = sequence + len(payload) & 0xFFFFFFFF
        self.octets += payload
        complete = 0
        while len(self.octets) >= 2 and len(self.octets) >= 2 + struct.unpack(">H", self.octets[:2])[0]:
            self.octets = self.octets[2 + struct.unpack(">H", self.octets[:2])[0]:]
            complete += 1
        return complete


def filter_for(addresses):
    """A socket filter that passes what arrives and is from or to `addresses`, so that no other traffic fills the
    buffer."""
    numbers = [int(ipaddress.IPv4Address(address)) for address in addresses]
    code = [(LOAD, 0, 0, PACKET_TYPE), (JUMP_IF_EQUAL, 0, 2 * len(numbers) + 2, PACKET_HOST)]
    for place in (SOURCE, DESTINATION):
        code.append((LOAD, 0, 0, place))
        code += [(JUMP_IF_EQUAL, None, 0, number) for number in numbers]
    code += [(RETURN, 0, 0, 0), (RETURN, 0, 0, 1 << 18)]
    return b"".join(struct.pack("=HBBI", kind, len(code) - at - 2 if yes is None else yes, no, value)
                    for at, (kind, yes, no, value) in enumerate(code))


class QueryCounter:
    """A context; `seen` is by the text of an address."""

    def __init__(self, addresses, port):
        self.seen = {address: Seen() for address in addresses}
        self.by_octets = {ipaddress.ip_address(address).packed: seen for address, seen in self.seen.items()}
        self.port = port
        self.streams = collections.defaultdict(Stream)
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
        code = filter_for(addresses)
        buffer = ctypes.create_string_buffer(code, len(code))
        program = struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self.socket.setsockopt(socket.SOL_SOCKET, packet_times.SO_TIMESTAMPNS, 1)
        self.socket.bind(("lo", ETH_P_IP))
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()
        _, dropped = struct.unpack("=II", self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
        self.socket.close()
        if dropped:
            raise RuntimeError(f"{dropped} packets were not counted")

    def run(self):
        """Until it has ended and what had come by then is counted."""
        while True:
            last = self.ended.is_set()
            while select.select([self.socket], [], [], 0 if last else 0.1)[0]:
                packet, ancillary, _, _ = self.socket.recvmsg(1 << 16, 256)
                self.count(packet, packet_times.time_stamp(ancillary))
            if last:
                return

    def count(self, packet, time):
        transport, ends, at = packet[9], (packet[12:16], packet[16:20]), (packet[0] & 15) * 4
        if transport not in (UDP, TCP):
            return
        ports = struct.unpack_from(">HH", packet, at)
        if ports[1] == self.port and ends[1] in self.by_octets:
            seen = self.by_octets[ends[1]]
            if transport == UDP:
                seen.datagrams += [time] * datagrams(packet[at + 8:])
            else:
                stream = self.streams[ends, ports]
                sequence, flags = struct.unpack_from(">I4xH", packet, at + 4)
                payload = packet[at + (flags >> 12) * 4:]
                seen.streamed += [time] * stream.messages(sequence, bool(flags & 2), payload)
        elif ports[0] == self.port and ends[0] in self.by_octets and transport == UDP:
            seen = self.by_octets[ends[0]]
            seen.responses += 1
            seen.truncated += bool(struct.unpack_from(">H", packet, at + 10)[0] & dns_message.TC)
