"""What does archive do under a pack: what may a file lack, and who may say so?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from contracts.event import Event, Personal
from contracts.pack import Pack
from contracts.pack.words import recorded
from contracts.registry import BY_TYPE
from services.archive.domain import DECIDER
from services.archive.domain.commands import CheckFile, Facts
from services.archive.domain.matter import Item, Matter
from services.archive.domain.promised import begins, clocks
from services.archive.domain.state import File
from tests.contract.probes.asking import CALENDAR, HEAD, MONDAY, Base, answer, id_of

OPEN = File(number="990100-2026-00001")
REASONS = Personal("来文允许")


def _probe(pack: Pack, base: Base) -> Iterator[object]:
    matter = Matter(
        scope=("S1-01",), items=MappingProxyType({"S1-01": Item(closed=True)}),
        invited=frozenset({"overall"}), standing="accepted",
    )  # fmt: skip
    kinds = [content.id for content in base.pack.archive.contents]
    seen = recorded() | {c.required_if for c in base.pack.archive.contents if c.required_if}
    facts = Facts(actor=HEAD, matter=matter, rules=pack.archive, check=id_of(80))
    yield _check(OPEN, facts)
    for event in sorted(seen):
        yield _check(OPEN, replace(facts, matter=replace(matter, seen=frozenset({event}))))
    for kind in kinds:
        for copies in (1, 2):
            papers = {id_of(100 + n): kind for n in range(copies)}
            yield _check(replace(OPEN, documents=MappingProxyType(papers)), facts)
    for may in (True, False):
        for reasons in (REASONS, None):
            waiving = CheckFile(waive=tuple(kinds[:1]), waiver_reasons=reasons)
            allowed = replace(facts, may_waive=may)
            yield answer(DECIDER.decide, waiving, OPEN, allowed)


def _check(file: File, facts: Facts) -> object:
    return answer(DECIDER.decide, CheckFile(), file, facts)


def _promises(pack: Pack, base: Base) -> Iterator[object]:
    """Every step that the place promised something about, begun on each day of the week."""
    names = {name for one in base.pack.clocks.promises for name in (begins(one), one.ends)}
    kinds = [kind for kind in BY_TYPE.values() if kind.__name__ in names]
    told = [
        (round, MONDAY + timedelta(days=8 * round), _of_one_thing(kind))
        for round in range(9)
        for kind in (*kinds, *kinds)
    ]
    for one in clocks(told, Matter(), pack, CALENDAR, MONDAY):
        yield one["promise"], one["runs"]


@cache
def _of_one_thing(kind: type[Event]) -> Event:
    """As much of an event as tells what it is about."""
    links = {n: id_of(90) for n, f in kind.model_fields.items() if f.annotation is UUID}
    about: dict[str, Any] = {**links, "item": "S1-01", "items": ("S1-01",)}
    return kind.model_construct(**about)


PROBES = {
    "services.archive.domain.decide": lambda pack, base: list(_probe(pack, base)),
    "services.archive.domain.promised": lambda pack, base: list(_promises(pack, base)),
}
