"""What an agency does with an event: a function for each type, run once for each event."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from onefile_client.events import Event

type Handle = Callable[[sqlite3.Connection, Event], None]
type Raise = Callable[[dict[str, Any]], dict[str, Any]]


class Handlers:
    """Which function handles which type. A type nobody handles is noted and passed over.

    The function gets the connection of the running transaction: what it writes there is
    written exactly once. What it does elsewhere (a letter, a call) it must do so that twice
    is once: use `event.id` as the key.
    """

    def __init__(self) -> None:
        self._handle: dict[str, Handle] = {}
        self._raise: dict[str, tuple[str, Raise]] = {}

    def on(self, *types: str) -> Callable[[Handle], Handle]:
        """`@handlers.on("supervision.fee_due.v1")` above a function of connection and event."""

        def named(handle: Handle) -> Handle:
            for type in types:
                self._handle[type] = handle
            return handle

        return named

    def upcast(self, old: str, new: str) -> Callable[[Raise], Raise]:
        """The function above which it stands makes the fact of `old` one of `new`."""

        def named(raising: Raise) -> Raise:
            self._raise[old] = new, raising
            return raising

        return named

    def of(self, event: Event) -> tuple[Handle | None, Event]:
        """Who handles the event, and the event as it is today's."""
        while event.type not in self._handle and event.type in self._raise:
            new, raising = self._raise[event.type]
            event = replace(event, type=new, fact=raising(dict(event.fact)))
        return self._handle.get(event.type), event
