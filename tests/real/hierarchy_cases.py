"""What is swept in the hierarchy, and where a sweep may say something else than a resolver that has tried the same.

A resolver has one word, SERVFAIL, for whatever kept it from an answer. arpasweep says what did.
"""

import dataclasses

import dns_message
import hierarchy_zones
import zone_data

TARGETS = [
    # Zones whose servers do what they should.
    *(f"44.16.{third}.0/24" for third in (1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 15)), "44.32.1.0/24",
    *(f"44.16.{third}.0/28" for third in (9, 10, 16, 17, 18, 19)), "44.16.11.0/29", "44.16.14.0/29", "44.48.7.0/28",
    "2600:44:1::/124", "2600:44:2::/120",
    # Nobody has delegated or holds them: absent in the zones of the registry, of an ISP, and of the root.
    "44.48.8.0/28", "44.16.99.0/28", "45.0.0.0/30",
    # One server of two can answer.
    *(f"44.32.{third}.0/28" for third in (2, 5, 7, 9, 11, 16, 18, 22, 23, 24, 25)),
    # None can.
    *(f"44.32.{third}.0/28" for third in (3, 4, 6, 8, 10, 12, 13, 14, 15, 17, 20, 21, 26)), "2600:44:3::/125",
]


@dataclasses.dataclass(frozen=True)
class Failure:
    """Of every name below a zone cut. `resolver`: what unbound says, None for what the zone has."""
    sweep: tuple   # Statuses of which a sweep says one.
    why: str       # It differs from the resolver's word.
    resolver: str = "SERVFAIL"


REFUSED = Failure(
    ("LAME",), "RFC 9499 section 7 (lame delegation), RFC 9520 section 2.2: every server answers, none for this zone")
DEAD = Failure(
    ("TIMEOUT", "UNREACHABLE"), "RFC 9520 section 2.3: no server was heard, or ICMP says that none is there")
HOLE = Failure(("TIMEOUT",), "RFC 9520 section 2.3: no server was heard")
SERVFAIL = Failure(("SERVFAIL",), "RFC 9520 section 2.1: the server has the zone and cannot serve it; both say so")
NO_ADDRESS = Failure(
    ("LAME", "SERVFAIL"), "RFC 9520 section 2.4, RFC 1034 section 5.3.3: no NS name leads to an address to ask")
UPWARD = Failure(("LAME",), "RFC 1034 section 5.3.3: a referral that is no closer to the name is of no use")
SIDEWARD = Failure(
    ("LAME",), "RFC 2308 section 2.2: NS without SOA is a referral, never NODATA; this one is to who gives it",
    resolver="NODATA")
UNSURE = Failure(
    ("LAME",), "RFC 1035 section 4.1.1, RFC 2181 section 5.4.1: what a server says of its own zone has AA; a resolver "
    "takes it without", resolver=None)
MIXED = Failure(
    ("LAME", "TIMEOUT"), "RFC 9520 sections 2.2 and 2.3: one server refuses, and the other was not heard")
GARBLED = Failure(
    ("MALFORMED", "FORMERR"), "RFC 9520 section 2.7: a response that cannot be read is a failure of its server")
LOOP = Failure(
    ("LOOP",), "RFC 1034 section 3.6.2, RFC 9520 section 2.5: a loop of aliases is an error of zones, not of servers")

# By zone cut.
FAILURES = {
    hierarchy_zones.reverse("44.32.3"): REFUSED,
    hierarchy_zones.reverse("44.32.4"): DEAD,
    hierarchy_zones.reverse("44.32.6"): HOLE,
    hierarchy_zones.reverse("44.32.8"): SERVFAIL,
    hierarchy_zones.reverse("44.32.10"): NO_ADDRESS,
    hierarchy_zones.reverse("44.32.12"): NO_ADDRESS,
    hierarchy_zones.reverse("44.32.13"): UPWARD,
    hierarchy_zones.reverse("44.32.14"): UPWARD,
    hierarchy_zones.reverse("44.32.15"): UNSURE,
    hierarchy_zones.reverse("44.32.17"): SIDEWARD,
    hierarchy_zones.reverse("44.32.20"): MIXED,
    hierarchy_zones.reverse("44.32.21"): GARBLED,
    hierarchy_zones.reverse("44.32.26"): NO_ADDRESS,
    hierarchy_zones.reverse("2600:44:3::/48"): DEAD,
    "a.test.": NO_ADDRESS,
    "b.test.": NO_ADDRESS,
    "dead.test.": DEAD,
    "hole.test.": HOLE,
    "refused.test.": REFUSED,
    "ghost.test.": NO_ADDRESS,
    "servfail.test.": SERVFAIL,
}
CUTS = {zone_data.parse_name(name): failure for name, failure in FAILURES.items()}


def cut_at(name):
    return next((name[above:] for above in range(len(name)) if name[above:] in CUTS), None)


class Lookup:
    """As the zones of the hierarchy have it for those who ask. `word` says with which status a Failure ends; None
    where it is what the zone has."""

    def __init__(self, zones, word):
        self.lookup = zone_data.Lookup(zones)
        self.word = word

    def failure(self, found):
        return LOOP if found.status == "LOOP" else CUTS.get(cut_at(found.owner))

    def __call__(self, name, kind):
        found = self.lookup(name, kind)
        failure = self.failure(found)
        word = failure and self.word(failure)
        if word is not None:
            found.status, found.values, found.octets, found.zone = word, (), 0, cut_at(found.owner)
            found.ttl = 0 if word == "NODATA" else None
        return found


def resolver_word(failure):
    return failure.resolver


def sweep_words():
    """Every function that picks one status of each Failure."""
    most = max(len(failure.sweep) for failure in CUTS.values())
    return [lambda failure, choice=choice: failure.sweep[min(choice, len(failure.sweep) - 1)]
            for choice in range(most)]


def failures(zones, address):
    """(Question, Failure) of every lookup that `address` needs and that fails."""
    lookup = Lookup(zones, lambda failure: None)
    question = dns_message.reverse(address), "PTR"
    found = lookup(*question)
    questions = [question]
    if lookup.failure(found) is None:
        questions += [(name, dns_message.address_type(address)) for name in found.values]
    for one in questions:
        failure = lookup.failure(lookup(*one))
        if failure is not None:
            yield one, failure
