"""How fast is the stock eventsourcing Application on PostgreSQL?

Run as `python -m tests.bench.peers.es MODE CLIENTS SECONDS DSN` on an empty database.
"""

import random
import sys
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import IntegrityError

from tests.bench.peers.window import TEXT, actor, drive_threads, line

EVENTS = 50
MATTERS = {"append": 0, "command": 200, "rebuild": 400}


class Matter(Aggregate):
    """A matter (办件) as the library's manual writes an aggregate."""

    @event("Opened")
    def __init__(self, actor: str, text: str) -> None:
        self.actor = actor
        self.text = text
        self.notes = 0

    @event("Noted")
    def note(self, actor: str, text: str) -> None:
        """Add a note: the event that a command appends."""
        self.actor = actor
        self.text = text
        self.notes += 1


class Matters(Application[UUID]):
    """The application, with nothing overridden."""


def open_application(dsn: str, clients: int) -> Matters:
    """The stock application with one pooled connection for every client."""
    place = urlsplit(dsn)
    return Matters(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": place.path.lstrip("/"),
            "POSTGRES_HOST": str(place.hostname),
            "POSTGRES_PORT": str(place.port),
            "POSTGRES_USER": str(place.username),
            "POSTGRES_PASSWORD": "unused",
            "POSTGRES_POOL_SIZE": str(clients),
        }
    )


def fill(application: Matters, count: int, dsn: str) -> list[UUID]:
    """Save `count` matters of EVENTS events each and settle the planner's statistics."""
    ids: list[UUID] = []
    for _ in range(count):
        matter = Matter(actor=actor(), text=TEXT)
        for _ in range(EVENTS - 1):
            matter.note(actor=actor(), text=TEXT)
        application.save(matter)
        ids.append(matter.id)
    if count:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
    return ids


def measure(mode: str, clients: int, seconds: float, dsn: str) -> str:
    """The JSON line of one measurement of the library."""
    application = open_application(dsn, clients)
    ids = fill(application, MATTERS[mode], dsn)
    conflicts: list[UUID] = []

    def append(_: int) -> None:
        application.save(Matter(actor=actor(), text=TEXT))

    def command(_: int) -> None:
        chosen = random.choice(ids)
        while True:
            matter: Matter = application.repository.get(chosen)
            matter.note(actor=actor(), text=TEXT)
            try:
                application.save(matter)
            except IntegrityError:
                conflicts.append(chosen)
            else:
                return

    turn = iter(range(sys.maxsize))

    def rebuild(_: int) -> None:
        matter: Matter = application.repository.get(ids[next(turn) % len(ids)])
        if matter.version != EVENTS:
            raise RuntimeError(f"a matter came back with {matter.version} events")

    operation = {"append": append, "command": command, "rebuild": rebuild}[mode]
    latencies = drive_threads(clients, seconds, operation)
    application.close()
    handled = EVENTS if mode == "rebuild" else 1
    return line(latencies, seconds, handled, len(conflicts))


if __name__ == "__main__":
    print(measure(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]), flush=True)
