"""How does an agency live on its feed: rebuild, keep up, park what fails, prove it has everything."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from onefile_client.events import Broken, Event, read
from onefile_client.handling import Handlers
from onefile_client.source import Away, Source
from onefile_client.store import Store
from onefile_client.tree import above, read_checkpoint, root

PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds between two questions for a part of a snapshot, while nobody answers."""


class FeedDiffers(Exception):
    """The feed says something else than before, or another feed: rebuild, and ask why."""


class Incomplete(Exception):
    """What is held is not what the feed holds; `position` is the first that differs."""

    def __init__(self, position: int) -> None:
        super().__init__(
            f"第 {position} 条起与发布方不一致 · position {position} is the first that differs: rebuild"
        )
        self.position = position


@dataclass(frozen=True, slots=True)
class Proof:
    """Both sides have the same messages up to `size`, and the operator signed it."""

    size: int
    root: bytes
    note: str | None


class Reader:
    """Takes a feed, in order and once.

    `vkey` is the operator's key you pinned; without it nothing signed is asked for.
    """

    def __init__(
        self, source: Source, store: Store, handlers: Handlers, *, vkey: str | None = None
    ) -> None:
        self.source, self.store, self.handlers, self.vkey = source, store, handlers, vkey

    def close(self) -> None:
        self.source.close()
        self.store.close()

    # beginning, and beginning again

    def rebuild(self) -> int:
        """From nothing to the head: by signed snapshot where there is one, then the tail.

        An operator who is away for a moment is asked again; after `Away`, call it again: it goes
        on with the first part that is missing.
        """
        told = self.source.snapshot()
        held = self.store.position
        if held and (held >= told["size"] or held % told["part"]):
            raise FeedDiffers("存储不是空的 · rebuild into an empty store")
        self._same(told["feed"])
        if told["parts"]:
            self._trusted(told)
            leaves = self.store.leaves()
            for number, expected in enumerate(told["parts"]):
                if number * told["part"] < held:
                    found, events = root(islice(leaves, told["part"])), list[Event]()
                else:
                    events = [read(message) for message in self._part(told["feed"], number)]
                    found = root(event.leaf for event in events)
                if found.hex() != expected:
                    raise FeedDiffers(
                        f"快照分卷 {number} 摘要不符 · part {number} is not as signed"
                    )
                self._take(events)
        return self.catch_up()

    def _part(self, feed: str, number: int) -> list[bytes]:
        for pause in PAUSES:
            try:
                return self.source.part(feed, number)
            except Away:
                time.sleep(pause)
        return self.source.part(feed, number)

    def catch_up(self) -> int:
        """Take everything up to the head; the position reached."""
        feed = self._feed()
        while page := self.source.page(feed, self.store.position):
            self._take([read(message) for message in page])
        return self.store.position

    def follow(self, until: Callable[[], bool] = lambda: False, *, pause: float = 1.0) -> None:
        """Keep up as events come, through outages, until told to stop."""
        while not until():
            try:
                self.catch_up()
                for batch in self.source.follow(self._feed(), self.store.position):
                    self.take(batch)
                    if until():
                        return
            except Away:
                time.sleep(pause)

    # taking

    def take(self, messages: Sequence[bytes]) -> None:
        """Messages as any door brought them: twice is once, a gap or a broken one is fetched."""
        events: list[Event] = []
        for message in messages:
            try:
                event = read(message)
            except Broken:
                self._take(events)
                self.catch_up()
                return
            expected = self.store.position + len(events) + 1
            if event.position > expected:
                self._take(events)
                self.catch_up()
                return
            if event.position < expected:
                self._seen(event, events)
                continue
            events.append(event)
        self._take(events)

    def _seen(self, event: Event, coming: Sequence[Event]) -> None:
        """The same place again: it must be the same message."""
        held = self.store.leaf_at(event.position) or next(
            (one.leaf for one in coming if one.position == event.position), None
        )
        if held != event.leaf:
            raise FeedDiffers(
                f"第 {event.position} 条与之前不同 · position {event.position} is not what it was"
            )

    def _take(self, events: Sequence[Event]) -> None:
        """One transaction: what the handlers write, the hashes, the position."""
        if not events:
            return
        with self.store.unit():
            for feed in {event.feed for event in events}:
                self._same(feed)
            for event in events:
                if event.position != self.store.position + 1 or event.before != self.store.last:
                    raise FeedDiffers(
                        f"第 {event.position} 条接不上 · position {event.position} does not follow"
                    )
                self._handle(event)
                self.store.took(event)

    def _handle(self, event: Event) -> None:
        if self.store.holds(event.subject):
            self.store.park(
                event, "同一办件有搁置的消息 · an earlier message of this matter is parked"
            )
            return
        try:
            handle, today = self.handlers.of(event)
        except Exception as error:  # an upcaster of the agency's own
            self.store.park(event, repr(error))
            return
        if handle is None:
            self.store.unknown(event.type)
            return
        self.store.db.execute("SAVEPOINT event")
        try:
            handle(self.store.db, today)
        except Exception as error:
            self.store.db.execute("ROLLBACK TO event")
            self.store.park(event, repr(error))
        finally:
            self.store.db.execute("RELEASE event")

    def replay(self, subject: str) -> int:
        """Handle what is parked of a matter, in order; how many were taken. The first error ends it."""
        taken = 0
        for one in self.store.parked(subject):
            handle, event = self.handlers.of(read(one.message))
            with self.store.unit():
                if handle:
                    handle(self.store.db, event)
                self.store.taken_up(one)
            taken += 1
        self.store.look_again()
        return taken

    # proving

    def prove(self) -> Proof:
        """That everything is here and nothing else; raises `Incomplete` naming the first place."""
        size, mine = self.store.position, self.store.root()
        told = self.source.prove(self._feed(), size, mine)
        if not told["equal"]:
            raise Incomplete(self._first_difference())
        note = self.witness(size) if self.vkey else None
        return Proof(size, mine, note)

    def witness(self, size: int) -> str:
        """The operator's signature under what we hold ourselves, kept as evidence.

        Raises `FeedDiffers` when something was signed that is not what was sent to us.
        """
        assert self.vkey
        signed = read_checkpoint(self.source.checkpoint(size), self.vkey)
        if signed.size != size or signed.root != self.store.root(size):
            with self.store.unit():
                self.store.signed(signed.size, signed.root, signed.note)
            raise FeedDiffers(
                "已签名的根与收到的不符 · what was signed is not what was sent: keep the note"
            )
        with self.store.unit():
            self.store.signed(size, signed.root, signed.note)
        return signed.note

    def _first_difference(self) -> int:
        levels = [list(self.store.leaves())]
        while len(levels[-1]) >= 256:
            levels.append(above(levels[-1]))
        start = 0
        for level in range(len(levels) - 1, -1, -1):
            mine = levels[level]
            start *= 256
            while start < len(mine):
                theirs = self.source.hashes(level, start, min(256, len(mine) - start))
                same = next((n for n, one in enumerate(theirs) if one != mine[start + n]), None)
                if same is not None:
                    start += same
                    break
                if not theirs:
                    break
                start += len(theirs)
        return start + 1

    def _feed(self) -> str:
        if self.store.feed is None:
            self._same(str(self.source.feed()["feed"]))
        feed = self.store.feed
        assert feed
        return feed

    def _same(self, feed: str) -> None:
        known = self.store.feed
        if known is None:
            self.store.begin(feed)
        elif known != feed:
            raise FeedDiffers(
                f"订阅已变更为 {feed} · what you are given has changed: rebuild from zero"
            )

    def _trusted(self, told: dict[str, object]) -> None:
        """The parts make the root, and the pinned key signed it."""
        parts = told["parts"]
        assert isinstance(parts, list)
        made = root(bytes.fromhex(str(one)) for one in parts)
        if made.hex() != told["root"]:
            raise FeedDiffers("快照的根不符 · the parts of the snapshot do not make its root")
        if self.vkey:
            signed = read_checkpoint(str(told["checkpoint"]), self.vkey)
            if (signed.size, signed.root) != (told["size"], made):
                raise FeedDiffers("快照与签名不符 · the snapshot is not what was signed")
