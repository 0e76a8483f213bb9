"""What an agency remembers: its position, each message's hash, what is parked, what was signed."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from onefile_client.events import Event
from onefile_client.tree import root

_TABLES = """
CREATE TABLE IF NOT EXISTS feed_name (one INTEGER PRIMARY KEY CHECK (one = 1), feed TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS feed_leaf (position INTEGER PRIMARY KEY, leaf BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS feed_parked (
    position INTEGER PRIMARY KEY, subject TEXT NOT NULL, reason TEXT NOT NULL,
    message BLOB NOT NULL, taken INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS feed_parked_open ON feed_parked (subject) WHERE taken = 0;
CREATE TABLE IF NOT EXISTS feed_unknown (type TEXT PRIMARY KEY, times INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS feed_signed (
    size INTEGER PRIMARY KEY, root BLOB NOT NULL, note TEXT NOT NULL
) STRICT;
"""


_LAST = "SELECT position, leaf FROM feed_leaf ORDER BY position DESC LIMIT 1"
_SIGNED = "SELECT size, root, note FROM feed_signed ORDER BY size DESC LIMIT 1"
_PARK = """
INSERT OR IGNORE INTO feed_parked (position, subject, reason, message) VALUES (?, ?, ?, ?)
"""
_NOTE = """
INSERT INTO feed_unknown VALUES (?, 1) ON CONFLICT (type) DO UPDATE SET times = times + 1
"""
_WAITING = """
SELECT position, subject, reason, message FROM feed_parked
WHERE taken = 0 AND subject = coalesce(?, subject) ORDER BY position
"""


class Parked(NamedTuple):
    """A message that could not be handled, kept until its cause is mended."""

    position: int
    subject: str
    reason: str
    message: bytes


class Store:
    """One SQLite file: your tables and the position move in the same transaction, or not at all."""

    def __init__(self, file: Path | str) -> None:
        self.db = sqlite3.connect(file, isolation_level=None)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.executescript(_TABLES)
        self._held = {
            row[0] for row in self.db.execute("SELECT subject FROM feed_parked WHERE taken = 0")
        }
        self.position: int
        self.last: bytes | None
        self._look()

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def unit(self) -> Iterator[None]:
        """Everything inside happens, or nothing."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            self._look()
            raise
        self.db.execute("COMMIT")

    @property
    def feed(self) -> str | None:
        row = self.db.execute("SELECT feed FROM feed_name").fetchone()
        return str(row[0]) if row else None

    def begin(self, feed: str) -> None:
        self.db.execute("INSERT INTO feed_name (one, feed) VALUES (1, ?)", (feed,))

    def took(self, event: Event) -> None:
        """The message is dealt with: handled, parked, or of no interest."""
        self.db.execute("INSERT INTO feed_leaf VALUES (?, ?)", (event.position, event.leaf))
        self.position, self.last = event.position, event.leaf

    def leaf_at(self, position: int) -> bytes | None:
        row = self.db.execute(
            "SELECT leaf FROM feed_leaf WHERE position = ?", (position,)
        ).fetchone()
        return bytes(row[0]) if row else None

    def leaves(self, size: int | None = None) -> Iterator[bytes]:
        upto = self.position if size is None else size
        query = "SELECT leaf FROM feed_leaf WHERE position <= ? ORDER BY position"
        return (bytes(row[0]) for row in self.db.execute(query, (upto,)))

    def root(self, size: int | None = None) -> bytes:
        """The root over what is held, or over its first `size` messages."""
        return root(self.leaves(size))

    # parking

    def holds(self, subject: str) -> bool:
        """Whether an earlier message of the same matter is parked: then later ones wait too."""
        return subject in self._held

    def park(self, event: Event, reason: str) -> None:
        self.db.execute(
            _PARK,
            (event.position, event.subject, reason[:500], event.raw),
        )
        self._held.add(event.subject)

    def parked(self, subject: str | None = None) -> list[Parked]:
        """What waits, in order; nothing is ever dropped from here."""
        return [Parked(*row) for row in self.db.execute(_WAITING, (subject,))]

    def taken_up(self, one: Parked) -> None:
        self.db.execute("UPDATE feed_parked SET taken = 1 WHERE position = ?", (one.position,))

    def look_again(self) -> None:
        """After parked messages were taken up: which matters are still held?"""
        self._held = {one.subject for one in self.parked()}

    def unknown(self, type: str) -> None:
        self.db.execute(
            _NOTE,
            (type,),
        )

    def unknown_types(self) -> dict[str, int]:
        """Types nobody here handles, with how often they came: noted, and passed over."""
        return dict(
            self.db.execute("SELECT type, times FROM feed_unknown ORDER BY type").fetchall()
        )

    # what was signed

    def signed(self, size: int, root: bytes, note: str) -> None:
        self.db.execute(
            "INSERT OR IGNORE INTO feed_signed VALUES (?, ?, ?)", (size, root, note)
        )

    def last_signed(self) -> tuple[int, bytes, str] | None:
        row = self.db.execute(_SIGNED).fetchone()
        return (int(row[0]), bytes(row[1]), str(row[2])) if row else None

    def _look(self) -> None:
        row = self.db.execute(_LAST).fetchone()
        self.position, self.last = (int(row[0]), bytes(row[1])) if row else (0, None)
