"""What a resolver says: the PTR of every address, and the addresses of every name that came back."""

import dataclasses
import ipaddress
import selectors
import socket
import struct
import time

import dns_message
import zone_data

WINDOW = 100        # Queries at once.
PATIENCE = 40       # Seconds for the resolver to give up on a dead server.
ASKS = 3            # Of a name that was answered with SERVFAIL: it can be the load of the machine.
PAUSE = 5.5         # Seconds before it is asked again: unbound keeps a SERVFAIL for 5.


@dataclasses.dataclass
class Answer:
    status: str            # NOERROR, NODATA or an RCODE.
    owner: tuple           # At the end of the aliases.
    values: list           # Names, or addresses as octets.


def read_answer(message):
    owner, kind = message.question
    records = message.sections[0]
    aliases = {left: right for left, record_kind, _, right in records if record_kind == "CNAME"}
    for _ in range(len(aliases)):
        owner = aliases.get(owner, owner)
    values = [value for left, record_kind, _, value in records if (left, record_kind) == (owner, kind)]
    status = message.rcode
    if status == "NOERROR" and not values:
        status = "NODATA"
    return Answer(status, owner, values)


def ask_stream(address, port, question):
    with socket.create_connection((address, port), timeout=PATIENCE) as stream:
        octets = dns_message.query(1, *question)
        stream.sendall(struct.pack(">H", len(octets)) + octets)
        with stream.makefile("rb") as responses:
            return dns_message.Message(responses.read(struct.unpack(">H", responses.read(2))[0]))


def ask_once(address, port, questions):
    """Answers by question (name, kind); one that has none in PATIENCE is an error of the reference itself."""
    answers, waiting, pending = {}, {}, list(enumerate(questions))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client, selectors.DefaultSelector() as selector:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        client.connect((address, port))
        selector.register(client, selectors.EVENT_READ)
        until = time.monotonic() + PATIENCE
        while pending or waiting:
            while pending and len(waiting) < WINDOW:
                number, question = pending.pop()
                waiting[number & 0xFFFF] = question
                client.send(dns_message.query(number & 0xFFFF, *question))
            if not selector.select(max(0, until - time.monotonic())):
                raise RuntimeError(f"the resolver does not answer {list(waiting.values())[:5]}")
            message = dns_message.Message(client.recv(4096))
            question = waiting.pop(message.id, None)
            if question is None or message.question != question:
                continue
            answers[question] = read_answer(ask_stream(address, port, question) if message.truncated else message)
            until = time.monotonic() + PATIENCE
    return answers


def ask(address, port, questions, failing):
    """SERVFAIL is asked again, except for the questions of `failing`."""
    answers = ask_once(address, port, sorted(set(questions)))
    for _ in range(ASKS - 1):
        failed = [question for question, one in answers.items()
                  if one.status == "SERVFAIL" and question not in failing]
        if not failed:
            break
        time.sleep(PAUSE)
        answers |= ask_once(address, port, failed)
    return answers


class Reference:
    """A lookup like zone_data.Lookup, whose answers are the resolver's. `failing`: questions that SERVFAIL is the
    expected answer to."""

    def __init__(self, address, port, addresses, failing):
        self.answers = ask(address, port, [(dns_message.reverse(one), "PTR") for one in addresses], failing)
        forward = [(name, dns_message.address_type(one)) for one in addresses
                   for name in self.answers[dns_message.reverse(one), "PTR"].values]
        self.answers |= ask(address, port, forward, failing)

    def __call__(self, name, kind):
        answer = self.answers[name, kind]
        values = answer.values if kind == "PTR" else [ipaddress.ip_address(value) for value in answer.values]
        ttl = None if answer.status == "SERVFAIL" else 0
        return zone_data.Found(answer.status, answer.owner, int(answer.owner != name), ttl, tuple(values))
