"""Who is somebody on a desk: by the post he holds; his name is opened only on purpose, and noted."""

from collections.abc import Iterable, Mapping
from itertools import batched
from typing import Any, NamedTuple

from services.console.backend import Caller
from services.console.listing import everything
from services.console.naming import Names, word

AT_ONCE = 200
"""People that assignment opens by one act."""


class Known(NamedTuple):
    """Somebody of the roster: his body, and what a desk calls him (`代办专员·000005`)."""

    body: str
    called: str


class Roster(dict[str, Known]):
    """The people of an area; whoever is not among them is the end of his pseudonym."""

    def __call__(self, person: str | None) -> str:
        known = self.get(person or "")
        return known.called if known else Names.person(person)


async def roster_of(me: Caller, area: str) -> Roster:
    """Everybody whom this person may see on the roster, without names."""
    rows = await everything(me, "assignment", "/staff", area=area)
    return Roster((row["person"], _known(row, me.language)) for row in rows)


async def opened(me: Caller, area: str, people: Iterable[str]) -> Mapping[str, Any]:
    """Person to his name, telephone and title; that they were looked at is on record (HS-72)."""
    found: dict[str, Any] = {}
    for some in batched(people, AT_ONCE):
        asked = {"area": area, "persons": some, "purpose": "contact"}
        answer = await me.post("assignment", "/staff/views", asked)
        found |= {one["person"]: one for one in answer.body["people"]}
    return found


def _known(row: Mapping[str, Any], language: str) -> Known:
    between, space = ("、", "") if language == "zh" else (", ", " ")
    posts = between.join(word(role, language, "role") for role in row["roles"])
    return Known(row["body"], f"{posts}{space}{Names.person(row['person'])}")
