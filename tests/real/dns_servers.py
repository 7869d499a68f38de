"""Starts nsd, knot, bind9, pdns and unbound on loopback, and stops them.

Each function below writes a configuration and returns the command that runs the server in the foreground.
"""

import contextlib
import dataclasses
import pathlib
import shutil
import socket
import struct
import subprocess
import time

PATIENCE = 20  # Seconds for a server to answer its first query.
# Milliseconds: the first wait for a server and the longest, so that it gives up on a dead one within seconds, and
# the age from which it would keep its answer to itself.
UNBOUND_PATIENCE = "  unknown-server-time-limit: 200\n  infra-cache-max-rtt: 1600\n  discard-timeout: 0\n"


@dataclasses.dataclass
class Place:
    directory: pathlib.Path  # For its files alone; made by `running`.
    port: int
    addresses: tuple = ("127.0.0.1",)

    def of_family(self, version):
        return [address for address in self.addresses if (":" in address) == (version == 6)]


def zone_name(zone):
    """As server configurations and queries have it: with a plain slash, which no file name can have."""
    return zone.path.name.removesuffix(".zone").replace("\\047", "/") or "."


def nsd(place, zones, options="rrl-ratelimit: 0"):
    """Without the limit of 200 responses of one kind a second that nsd has, unless `options` limits it."""
    directory = place.directory
    config = f"""
server:
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
  {options}
"""
    for address in place.addresses:
        config += f"  ip-address: {address}@{place.port}\n"
    config += "remote-control:\n  control-enable: no\n"
    for zone in zones:
        config += f'zone:\n  name: "{zone_name(zone)}"\n  zonefile: "{zone.path}"\n'
    (directory / "nsd.conf").write_text(config)
    return ["nsd", "-d", "-c", directory / "nsd.conf"]


def nsd_limited(place, zones):
    """As it comes: with a limit of 200 responses of one kind a second."""
    return nsd(place, zones, "")


def knot(place, zones, signed=(), modules="", template=""):
    """`signed`: names of zones that it signs itself, each with "nsec" or "nsec3"; `modules`: sections of their own;
    `template`: more lines for every zone."""
    directory = place.directory
    config = f"""
server:
  listen: [ {", ".join(f"{address}@{place.port}" for address in place.addresses)} ]
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
{modules}
policy:
  - id: nsec
    algorithm: ecdsap256sha256
  - id: nsec3
    algorithm: ecdsap256sha256
    nsec3: on
template:
  - id: default
    semantic-checks: off
    zonefile-load: whole
    zonefile-sync: -1
    journal-content: none
    {template}
zone:
"""
    signed = dict(signed)
    for zone in zones:
        config += f'  - domain: "{zone_name(zone)}"\n    file: "{zone.path}"\n'
        if zone_name(zone) in signed:
            config += f"    dnssec-signing: on\n    dnssec-policy: {signed[zone_name(zone)]}\n"
    (directory / "knot.conf").write_text(config)
    return ["knotd", "-c", directory / "knot.conf"]


def bind9(place, zones, options="recursion no;", more=""):
    """`more`: what follows the zones."""
    directory = place.directory
    config = f"""
options {{
  directory "{directory}";
  pid-file "{directory}/pid";
  session-keyfile "{directory}/session.key";
  managed-keys-directory "{directory}";
  lock-file none;
  listen-on port {place.port} {{ {" ".join(f"{address};" for address in place.of_family(4) or ["none"])} }};
  listen-on-v6 port {place.port} {{ {" ".join(f"{address};" for address in place.of_family(6) or ["none"])} }};
  allow-query {{ any; }};
  dnssec-validation no;
  notify no;
  empty-zones-enable no;
  {options}
}};
controls {{ }};
"""
    for zone in zones:
        config += f'zone "{zone_name(zone)}" {{ type primary; file "{zone.path}"; check-names ignore; }};\n'
    (directory / "named.conf").write_text(config + more)
    return ["named", "-f", "-n", "1", "-c", directory / "named.conf", "-L", directory / "log"]


def pdns(place, zones):
    """With its bind backend."""
    directory = place.directory
    named = "".join(f'zone "{zone_name(zone)}" {{ type master; file "{zone.path}"; }};\n' for zone in zones)
    (directory / "named.conf").write_text(named)
    (directory / "pdns.conf").write_text(f"""
launch=bind
bind-config={directory}/named.conf
local-address={", ".join(place.addresses)}
local-port={place.port}
socket-dir={directory}
setuid=
setgid=
daemon=no
guardian=no
write-pid=no
security-poll-suffix=
receiver-threads=1
dname-processing=yes
disable-syslog=yes
loglevel=4
""")
    return ["pdns_server", f"--config-dir={directory}"]


def unbound(place, zones, upstream=None, root_hints=None, minimise=False):
    """Asks either the server of `zones` at the port `upstream`, which it takes for the root too, or, from the
    servers of the file `root_hints` on, whomever the delegations name. In either case it asks nobody else."""
    directory = place.directory
    config = f"""
server:
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
  qname-minimisation: {"yes" if minimise else "no"}
  local-zone: "test." nodefault
"""
    for address in place.addresses:
        config += f"  interface: {address}@{place.port}\n"
    if root_hints is not None:
        config += f'  root-hints: "{root_hints}"\n' + UNBOUND_PATIENCE
    for zone in zones:
        config += f'  local-zone: "{zone_name(zone)}." nodefault\n'
    config += "remote-control:\n  control-enable: no\n"
    if upstream is not None:
        for name in [""] + [zone_name(zone) for zone in zones]:
            config += f'stub-zone:\n  name: "{name}."\n  stub-addr: 127.0.0.1@{upstream}\n'
    (directory / "unbound.conf").write_text(config)
    return ["unbound", "-d", "-c", directory / "unbound.conf"]


def answers(place, apex):
    """One SOA query for the zone at `apex`, and whether an answer without an error came back."""
    question = b"".join(bytes([len(label)]) + label for label in apex) + b"\0" + struct.pack(">HH", 6, 1)
    family = socket.AF_INET6 if ":" in place.addresses[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as client:
        client.settimeout(0.5)
        client.connect((place.addresses[0], place.port))
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


def start(server, place, zones, **options):
    place.directory.mkdir()
    command = server(place, zones, **options)
    program = shutil.which(command[0], path="/usr/sbin:/usr/bin:/sbin:/bin")
    if program is None:
        raise RuntimeError(f"{command[0]} is not installed")
    with open(place.directory / "output", "wb") as output:
        return subprocess.Popen([program, *map(str, command[1:])], stdin=subprocess.DEVNULL,
                                stdout=output, stderr=output)


def await_answers(process, place, apexes):
    until = time.monotonic() + PATIENCE
    for apex in apexes:
        while not answers(place, apex):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{process.args[0]} does not serve {apex}:\n" + "".join(
                    path.read_text(errors="replace") for path in (place.directory / "output", place.directory / "log")
                    if path.exists()))
            time.sleep(0.05)


@contextlib.contextmanager
def running(server, place, zones, **options):
    """Runs `server`, one of the functions above, until the context ends; it serves every one of `zones`."""
    process = start(server, place, zones, **options)
    try:
        await_answers(process, place, [zone.apex for zone in zones])
        yield
    finally:
        end(process)
