"""What a probe asks with: made-up people, days and projects, and how an answer is written down."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args
from uuid import UUID

from contracts.calendar import Calendar, load_calendar
from contracts.catalogue import Catalogue, load_catalogue
from contracts.event import Event
from contracts.pack import Pack
from contracts.pack.samples import around, plain, rules_of, samples
from contracts.project import MatterFacts
from shared.decider import Refused

MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)
CALENDAR: Calendar = load_calendar()
CATALOGUE: Catalogue = load_catalogue()


def person(n: int) -> str:
    return f"p:01990000-0000-7000-8000-{n:012d}"


def id_of(n: int) -> UUID:
    return UUID(f"01990000-0000-7000-8000-{n:012d}")


AGENT, UNIT, CLERK, HEAD, OTHER = (person(n) for n in range(1, 6))


@dataclass(frozen=True, slots=True)
class Base:
    """The pack before it was changed, and the projects that its own words lead to."""

    pack: Pack
    projects: tuple[MatterFacts, ...]
    bodies: tuple[str, ...]


def base_of(pack: Pack) -> Base:
    """The projects on every side of every rule, and the twenty samples."""
    start = plain(pack)
    found = [facts for rule in rules_of(pack) for facts in around(pack, rule, start)]
    projects = [MatterFacts(**facts) for facts in found]
    projects += [sample.facts for sample in samples(pack)]
    unique = list({repr(sorted(map(str, p))): p for p in projects}.values())
    return Base(pack, tuple(unique), tuple(body.id for body in pack.bodies))


def words(closed: Any) -> tuple[Any, ...]:
    """The members of a closed list of the vocabulary."""
    return get_args(getattr(closed, "__value__", closed))


def answer(ask: Callable[..., Any], *given: Any) -> object:
    """What comes of a question: events without their defaults, or the refusal with its details."""
    try:
        found = ask(*given)
    except LookupError as unknown:
        return str(unknown)
    except Refused as refused:
        return refused.code, sorted((k, str(v)) for k, v in refused.details.items())
    if isinstance(found, Iterable) and not isinstance(found, str):
        return [_said(one) for one in found]
    return _said(found)


def _said(one: object) -> object:
    if isinstance(one, Event):
        members = one.model_dump(exclude={"defaults"})
        return type(one).__name__, {k: str(v) for k, v in members.items()}
    return one
