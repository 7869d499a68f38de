#!/usr/bin/env python3
"""budget_test.py ARPASWEEP: no second sees more queries than --server-rate and --burst allow.

The server counts by the kernel's receive time stamps, and makes the sweep spend more than one query a target: of the
targets it ignores a third once, and sends a tenth to TCP.
"""

import contextlib
import csv
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import threading

import packet_times

RATE, BURST = 500, 8
PREFIX, TARGETS = "198.18.0.0/21", 2048
NXDOMAIN, TRUNCATED = 0x8483, 0x8680  # QR AA RA and the RCODE; QR AA TC RA.


def question_of(query):
    end = 12
    while query[end]:
        end += 1 + query[end]
    return query[12:end + 5]


def respond(query, flags):
    return query[:2] + struct.pack(">HHHHH", flags, 1, 0, 0, 0) + question_of(query)


class Server:
    def __init__(self):
        self.times = []    # Of every query, over UDP and TCP; the threads only append.
        self.streamed = 0
        self.ignored = set()
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(self.tcp.getsockname())
        for one in (self.udp, self.tcp):
            one.setsockopt(socket.SOL_SOCKET, packet_times.SO_TIMESTAMPNS, 1)
        self.port = self.tcp.getsockname()[1]
        for loop in (self.serve_udp, self.serve_tcp):
            threading.Thread(target=loop, daemon=True).start()

    def serve_udp(self):
        while True:
            query, ancillary, _, peer = self.udp.recvmsg(4096, 256)
            self.times.append(packet_times.time_stamp(ancillary))
            host = int(query[13:13 + query[12]])  # The last octet of the address.
            if host % 3 == 0 and question_of(query) not in self.ignored:
                self.ignored.add(question_of(query))
            else:
                self.udp.sendto(respond(query, TRUNCATED if host % 10 == 0 else NXDOMAIN), peer)

    def serve_tcp(self):
        while True:
            stream, _ = self.tcp.accept()
            threading.Thread(target=self.serve_stream, args=(stream,), daemon=True).start()

    def serve_stream(self, stream):
        stream.setsockopt(socket.SOL_SOCKET, packet_times.SO_TIMESTAMPNS, 1)
        pending = b""
        with contextlib.suppress(ConnectionError):
            while True:
                octets, ancillary, _, _ = stream.recvmsg(65536, 256)
                if not octets:
                    return
                pending += octets
                while len(pending) >= 2 and len(pending) >= 2 + struct.unpack(">H", pending[:2])[0]:
                    length = struct.unpack(">H", pending[:2])[0]
                    query, pending = pending[2:2 + length], pending[2 + length:]
                    self.times.append(packet_times.time_stamp(ancillary))
                    self.streamed += 1
                    answer = respond(query, NXDOMAIN)
                    stream.sendall(struct.pack(">H", len(answer)) + answer)


def main():
    server = Server()
    with tempfile.TemporaryDirectory() as directory:
        output = pathlib.Path(directory) / "sweep.csv"
        subprocess.run([sys.argv[1], "scan", PREFIX, "--resolver", f"127.0.0.1:{server.port}", "-o", output, "--quiet",
                        "--server-rate", str(RATE), "--burst", str(BURST)],
                       stdin=subprocess.DEVNULL, timeout=120, check=True)
        with open(output, encoding="ascii", newline="") as rows:
            absent = sum(row["ptr_status"] == "NXDOMAIN" for row in csv.DictReader(rows))
    most = packet_times.most_in_a_second(server.times)
    retries = len(server.times) - server.streamed - TARGETS
    print(f"{absent} rows, {len(server.times)} queries ({retries} retries, {server.streamed} by TCP), "
          f"at most {most} in a second")
    return 0 if absent == TARGETS and retries > 0 and server.streamed > 0 and most <= RATE + BURST else 1


sys.exit(main())
