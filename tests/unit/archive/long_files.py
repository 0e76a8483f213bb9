"""A file of as many facts as one wants, made in one pass."""

import json
from datetime import timedelta
from typing import Any

from contracts.archive import EntryFiled
from contracts.canonical import body_of, canonical, leaf_hash
from contracts.event import Event
from services.archive.domain.file import Entry, Filed, Leaf
from shared.eventstore.identity import NAMESPACE, derived
from tests.unit.archive.examples import BEGAN, COURSE, MATTER, logged, told


def long_file(facts: int, late: tuple[int, ...] = ()) -> Filed:
    """The usual course, and then so many lines of the work log that there are `facts` in all.

    Those whose number is in `late` are told of the first day.
    """
    filed = told(*COURSE).filed()
    entries = list(filed.entries)
    own, copy = entries[-1].own, entries[-1].copy
    assert copy is not None
    places = {"archive": own.position, "supervision": 1_000}
    for n in range(facts - len(entries)):
        places = {store: position + 1 for store, position in places.items()}
        told_of = _leaf(copy, "supervision", places["supervision"], logged, n, late=n in late)
        filing = EntryFiled(
            store="supervision", position=told_of.position, leafhash=told_of.leafhash,
            entry_type=logged.type,
        )  # fmt: skip
        entries.append(Entry(_leaf(own, "archive", places["archive"], filing, n), told_of))
    return Filed(filed.matter, tuple(entries), filed.project)


def _leaf(
    like: Leaf, store: str, position: int, event: Event, n: int, *, late: bool = False
) -> Leaf:
    about, _ = like.parts()
    at = BEGAN + timedelta(days=1, minutes=n)
    given: dict[str, Any] = {
        **json.loads(about.model_dump_json()),
        "effective": (BEGAN if late else at).isoformat(timespec="milliseconds"),
        "id": str(derived(NAMESPACE, f"bench/{store}/{position}")),
        "recorded": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "store": store,
        "stream": str(MATTER),
        "type": event.type,
    }
    body = body_of(canonical(given), canonical(event.public()))
    return Leaf(store, position, leaf_hash(body).hex(), body)  # type: ignore[arg-type]
