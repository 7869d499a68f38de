"""What was measured, as numbers."""

import dataclasses
import statistics


@dataclasses.dataclass
class Result:
    """All runs of one client against one server."""
    server: str
    client: str
    task: str
    kind: str
    addresses: int
    cpu: list = dataclasses.field(default_factory=list)   # Seconds of each run.
    wall: list = dataclasses.field(default_factory=list)
    peak: list = dataclasses.field(default_factory=list)  # Octets.
    lost: list = dataclasses.field(default_factory=list)  # Answers.

    @property
    def cpu_ns(self):
        """Median per address."""
        return statistics.median(self.cpu) * 1e9 / self.addresses

    @property
    def cpu_spread(self):
        return min(self.cpu) * 1e9 / self.addresses, max(self.cpu) * 1e9 / self.addresses

    @property
    def rate(self):
        """Median of addresses a second."""
        return self.addresses / statistics.median(self.wall)

    @property
    def peak_mib(self):
        return max(self.peak) / (1 << 20)


class Results(list):
    def find(self, server, client, task="PTR"):
        """None where it was not measured."""
        return next((one for one in self if (one.server, one.client, one.task) == (server, client, task)), None)

    def floor(self, server):
        """The cheapest way of the kernel; None where none was measured."""
        return min((one.cpu_ns for one in self if one.server == server and one.kind == "floor"), default=None)

    def servers(self):
        return list(dict.fromkeys(one.server for one in self))
