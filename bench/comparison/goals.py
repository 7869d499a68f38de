"""What arpasweep is meant to cost, beside what it was measured to cost."""

from comparison.clients import FORWARD

COALESCING, PLAIN, MANY = "arpasim, coalesces", "arpasim, one datagram each", "1,000 servers"
ABOVE_FLOOR = 350  # ns.


def measured(results):
    """(goal, measured, whether it is met) of every goal for which all that it takes was measured."""
    for io in ("uring", "mmsg"):
        yield from ptr_goals(results, f"arpasweep, {io}")
    yield from forward_goals(results)
    ours = [one for one in results if one.kind == "arpasweep"]
    if ours:
        lost = sum(max(one.lost) for one in ours)
        yield "no answer lost", f"{lost:,} lost", lost == 0


def ptr_goals(results, client):
    ours = results.find(COALESCING, client)
    if ours:
        yield (f"{COALESCING}; {client}: at most 400 ns a query", f"{ours.cpu_ns:,.0f} ns", ours.cpu_ns <= 400)
        yield (f"{COALESCING}; {client}: 2,500,000 queries a second", f"{ours.rate:,.0f}", ours.rate >= 2.5e6)
    for server in (PLAIN, "knot", "nsd", MANY):
        ours, floor = results.find(server, client), results.floor(server)
        if ours and floor:
            bound = floor + ABOVE_FLOOR
            yield (f"{server}; {client}: at most {ABOVE_FLOOR} ns above the kernel's {floor:,.0f}",
                   f"{ours.cpu_ns:,.0f} ns", ours.cpu_ns <= bound)
    for server, peer, times in (("knot", "massdns, leanest output", 3), ("nsd", "massdns, leanest output", 3),
                                (MANY, "massdns, as it comes", 1.4)):
        ours, theirs = results.find(server, client), results.find(server, peer)
        if ours and theirs:
            share = theirs.cpu_ns / ours.cpu_ns
            yield f"{server}; {client}: {times} times less than {peer}", f"{share:.1f} times", share >= times


def forward_goals(results):
    ours = results.find("knot", "arpasweep, uring", FORWARD)
    if ours:
        yield ("knot, forward confirmation: at most 3,500 ns an address", f"{ours.cpu_ns:,.0f} ns",
               ours.cpu_ns <= 3500)
    ours = results.find(COALESCING, "arpasweep, uring, into Parquet", FORWARD)
    if ours and ours.addresses == 65536:
        cpu = sorted(ours.cpu)[len(ours.cpu) // 2]
        yield (f"{COALESCING}, a /16 with forward confirmation into Parquet: at most 0.25 s of CPU", f"{cpu:.2f} s",
               cpu <= 0.25)
        yield "the same: at most 64 MiB", f"{ours.peak_mib:.1f} MiB", ours.peak_mib <= 64
