"""How does a Python driver run N clients for a while and say what it counted?"""

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from uuid import uuid4

WARM_UP = 0.5
"""Seconds that are driven and not counted, after every client made one operation."""

TEXT = "x" * 120
"""The text every implementation stores in each event."""


def actor() -> str:
    """A 36-character actor, as every implementation stores it in each event."""
    return str(uuid4())


class Window:
    """The counted span of time: opens WARM_UP after the last client is ready.

    An operation counts when it *ends* inside the span, so neither those under way at
    its beginning nor those cut off by its end are counted twice or too kindly.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._opens = self._closes = 0.0
        self.latencies: list[float] = []

    def start(self) -> None:
        """All clients are ready: set the span."""
        self._opens = time.perf_counter() + WARM_UP
        self._closes = self._opens + self._seconds

    def note(self, began: float) -> bool:
        """Count one operation that began at `began` and has just ended; False when over."""
        ended = time.perf_counter()
        if self._opens <= ended < self._closes:
            self.latencies.append(ended - began)
        return ended < self._closes


def drive_threads(
    clients: int, seconds: float, operation: Callable[[int], object]
) -> list[float]:
    """Call `operation(client)` from `clients` threads; latencies in seconds.

    Raises the first error of any client: a driver that fails has no figure.
    """
    window, failures = Window(seconds), list[BaseException]()
    ready = threading.Barrier(clients, action=window.start)

    def client(number: int) -> None:
        try:
            operation(number)
            ready.wait()
            going = True
            while going and not failures:
                began = time.perf_counter()
                operation(number)
                going = window.note(began)
        except threading.BrokenBarrierError:
            return
        except BaseException as failure:
            failures.append(failure)
            ready.abort()

    threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return window.latencies


async def drive_tasks(
    clients: int, seconds: float, operation: Callable[[int], Awaitable[object]]
) -> list[float]:
    """Call `operation(client)` from `clients` tasks; latencies in seconds."""
    window = Window(seconds)

    async def client(number: int) -> None:
        going = True
        while going:
            began = time.perf_counter()
            await operation(number)
            going = window.note(began)

    await asyncio.gather(*(operation(n) for n in range(clients)))
    window.start()
    await asyncio.gather(*(client(n) for n in range(clients)))
    return window.latencies


def line(
    latencies: Sequence[float], seconds: float, events: int = 1, conflicts: int = 0
) -> str:
    """The one JSON line of a measurement; `events` is what one operation handles.

    Rates are per second, latencies in milliseconds.
    """
    if not latencies:
        raise RuntimeError("No operation ended inside the window: measure for longer.")
    ordered = sorted(latencies)

    def quantile(q: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * q))] * 1000, 3)

    rate = len(ordered) / seconds
    return json.dumps(
        {
            "operations_per_s": round(rate, 1),
            "events_per_s": round(rate * events, 1),
            "p50_ms": quantile(0.5),
            "p99_ms": quantile(0.99),
            "conflicts": conflicts,
        }
    )
