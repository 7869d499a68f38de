"""Starts nsd, knot, bind9 and unbound on loopback, and stops them."""

import contextlib
import pathlib
import shutil
import socket
import struct
import subprocess
import time

PATIENCE = 20  # Seconds for a server to answer its first query.


def zone_name(zone):
    return zone.path.name.removesuffix(".zone")


def nsd(directory, port, zones, _upstream, limits=""):
    config = f"""
server:
  ip-address: 127.0.0.1@{port}
  username: ""
  chroot: ""
  zonesdir: "{directory}"
  database: ""
  pidfile: "{directory}/pid"
  logfile: "{directory}/log"
  xfrdfile: "{directory}/xfrd.state"
  xfrdir: "{directory}"
  zonelistfile: "{directory}/zone.list"
  server-count: 1
  {limits}
remote-control:
  control-enable: no
"""
    for zone in zones:
        config += f'zone:\n  name: "{zone_name(zone)}"\n  zonefile: "{zone.path}"\n'
    (directory / "nsd.conf").write_text(config)
    return ["nsd", "-d", "-c", directory / "nsd.conf"]


def nsd_behind_resolver(directory, port, zones, upstream):
    """Without the limit of 200 responses of one kind a second that nsd has: to a resolver it is a silent server."""
    return nsd(directory, port, zones, upstream, "rrl-ratelimit: 0")


def knot(directory, port, zones, _upstream):
    config = f"""
server:
  listen: 127.0.0.1@{port}
  rundir: {directory}
  pidfile: {directory}/pid
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
database:
  storage: {directory}
log:
  - target: {directory}/log
    any: info
template:
  - id: default
    semantic-checks: off
    zonefile-load: whole
    zonefile-sync: -1
    journal-content: none
zone:
"""
    for zone in zones:
        config += f'  - domain: {zone_name(zone)}\n    file: "{zone.path}"\n'
    (directory / "knot.conf").write_text(config)
    return ["knotd", "-c", directory / "knot.conf"]


def bind9(directory, port, zones, _upstream):
    config = f"""
options {{
  directory "{directory}";
  pid-file "{directory}/pid";
  session-keyfile "{directory}/session.key";
  managed-keys-directory "{directory}";
  lock-file none;
  listen-on port {port} {{ 127.0.0.1; }};
  listen-on-v6 {{ none; }};
  recursion no;
  allow-query {{ any; }};
  dnssec-validation no;
  notify no;
}};
controls {{ }};
"""
    for zone in zones:
        config += f'zone "{zone_name(zone)}" {{ type primary; file "{zone.path}"; check-names ignore; }};\n'
    (directory / "named.conf").write_text(config)
    return ["named", "-f", "-n", "1", "-c", directory / "named.conf", "-L", directory / "log"]


def unbound(directory, port, zones, upstream):
    """In front of `upstream`, which it also takes for the root, so that it asks nobody else."""
    config = f"""
server:
  interface: 127.0.0.1@{port}
  username: ""
  chroot: ""
  directory: "{directory}"
  pidfile: "{directory}/pid"
  logfile: "{directory}/log"
  use-syslog: no
  num-threads: 1
  access-control: 127.0.0.0/8 allow
  do-not-query-localhost: no
  module-config: "iterator"
  local-zone: "test." nodefault
"""
    for zone in zones:
        config += f'  local-zone: "{zone_name(zone)}." nodefault\n'
    config += "remote-control:\n  control-enable: no\n"
    for name in [""] + [zone_name(zone) for zone in zones]:
        config += f'stub-zone:\n  name: "{name}."\n  stub-addr: 127.0.0.1@{upstream}\n'
    (directory / "unbound.conf").write_text(config)
    return ["unbound", "-d", "-c", directory / "unbound.conf"]


def answers(port, zone):
    """One SOA query for `zone`, and whether an answer without an error came back."""
    question = b"".join(bytes([len(label)]) + label for label in zone.apex) + b"\0" + struct.pack(">HH", 6, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(0.5)
        client.connect(("127.0.0.1", port))
        try:
            client.send(struct.pack(">HHHHHH", 4711, 0x0100, 1, 0, 0, 0) + question)
            flags = client.recv(4096)[2:4]
        except OSError:
            return False
        return struct.unpack(">H", flags)[0] & 15 == 0


def end(process):
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def running(server, directory, port, zones, upstream=None):
    """Runs `server`, one of the functions above, until the context ends; it serves every one of `zones`."""
    directory = pathlib.Path(directory) / server.__name__
    directory.mkdir()
    command = server(directory, port, zones, upstream)
    program = shutil.which(command[0], path="/usr/sbin:/usr/bin:/sbin:/bin")
    if program is None:
        raise RuntimeError(f"{command[0]} is not installed")
    with open(directory / "output", "wb") as output:
        process = subprocess.Popen([program, *map(str, command[1:])], stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=output)
    try:
        until = time.monotonic() + PATIENCE
        while not all(answers(port, zone) for zone in zones):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{server.__name__} does not serve its zones:\n" + "".join(
                    path.read_text(errors="replace") for path in (directory / "output", directory / "log")
                    if path.exists()))
            time.sleep(0.05)
        yield
    finally:
        end(process)
