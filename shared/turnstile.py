"""How often may somebody come through a door that stands open to everybody?"""

from collections import deque
from dataclasses import dataclass, field
from ipaddress import IPv6Network, ip_address
from math import ceil

from starlette.requests import Request

from shared.effects import monotonic

MOST_KNOWN = 10_000
"""Names that are kept in mind; of more than these, those who came longest ago are forgotten."""


def where_from(request: Request) -> str:
    """The address that somebody asks from; empty where nobody knows it.

    Of IPv6 the first half: whoever has one address there has all of the rest of it.
    """
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((address, 64), strict=False).network_address)


@dataclass
class Turnstile:
    """`most` times within so many seconds, for each name by itself."""

    most: int
    within: float
    _came: dict[str, deque[float]] = field(default_factory=dict)

    def wait(self, name: str) -> int:
        """Seconds to wait, and nothing is counted; 0: come in, and this time is counted."""
        now = monotonic()
        came = self._came.pop(name, deque[float]())
        while came and came[0] <= now - self.within:
            came.popleft()
        self._came[name] = came
        if len(came) >= self.most:
            return max(1, ceil(came[0] + self.within - now))
        came.append(now)
        if len(self._came) > MOST_KNOWN:
            del self._came[next(iter(self._came))]
        return 0
