"""How long does the state of a matter of 10 000 facts at a cut take: the first one, and the next?"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from contracts.archive import EntryFiled
from contracts.canonical import body_of, canonical, leaf_hash
from contracts.event import Event
from services.archive.domain.difference import hash_of, state_of
from services.archive.domain.file import Entry, Filed, Leaf
from services.archive.domain.replay import stood
from services.archive.domain.timetravel import Cut, history_of
from shared.effects import monotonic
from shared.eventstore.identity import NAMESPACE, derived
from tests.unit.archive.examples import BEGAN, COURSE, MATTER, logged, told

FACTS = 10_000


def long_file(facts: int = FACTS) -> Filed:
    """The usual course, and then so many lines of the work log that there are `facts` in all."""
    filed = told(*COURSE).filed()
    entries = list(filed.entries)
    own, copy = entries[-1].own, entries[-1].copy
    assert copy is not None
    places = {"archive": own.position, "supervision": 1_000}
    for n in range(facts - len(entries)):
        places = {store: position + 1 for store, position in places.items()}
        told_of = _leaf(copy, "supervision", places["supervision"], logged, n)
        filing = EntryFiled(
            store="supervision", position=told_of.position, leafhash=told_of.leafhash,
            entry_type=logged.type,
        )  # fmt: skip
        entries.append(Entry(_leaf(own, "archive", places["archive"], filing, n), told_of))
    return Filed(filed.matter, tuple(entries), filed.project)


def _leaf(like: Leaf, store: str, position: int, event: Event, n: int) -> Leaf:
    about, _ = like.parts()
    at = BEGAN + timedelta(days=1, minutes=n)
    given: dict[str, Any] = {
        **json.loads(about.model_dump_json()),
        "effective": at.isoformat(timespec="milliseconds"),
        "id": str(derived(NAMESPACE, f"bench/{store}/{position}")),
        "recorded": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "store": store,
        "stream": str(MATTER),
        "type": event.type,
    }
    body = body_of(canonical(given), canonical(event.public()))
    return Leaf(store, position, leaf_hash(body).hex(), body)  # type: ignore[arg-type]


def measured(facts: int = FACTS) -> dict[str, float]:
    """Milliseconds: opening the file, then cuts of it."""
    filed = long_file(facts)
    found: dict[str, float] = {}

    def took[T](name: str, do: Callable[[], T]) -> T:
        began = monotonic()
        made = do()
        found[name] = round((monotonic() - began) * 1000, 1)
        return made

    half = filed.entries[facts // 2].position
    history = took("open_ms", lambda: history_of(filed))
    took("first_ms", lambda: hash_of(state_of(stood(history, Cut()))))
    took("known_ms", lambda: hash_of(state_of(stood(history, Cut(half)))))
    day = history.points[facts // 2].day
    took("effective_ms", lambda: hash_of(state_of(stood(history, Cut(half, day)))))
    again = history_of(filed)
    took("cold_known_ms", lambda: hash_of(state_of(stood(again, Cut(half)))))
    return found


if __name__ == "__main__":
    print(json.dumps(measured()))
