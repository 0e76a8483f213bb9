"""Which rows of a view make a page, and in which order do they stand?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.eventstore.postgres import Reads

type Condition = tuple[str, *tuple[Any, ...]]
"""SQL with `{}` for each of its values. It is asked for unless one of them is None; True and False
are no values, and say whether it is.
"""


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows: of which areas (None: any), after which id, at most how many."""

    areas: Sequence[str] | None
    after: UUID | None
    limit: int


async def paged(
    over: Reads, columns: str, view: str, by: str, page: Page, *conditions: Condition
) -> list[dict[str, Any]]:
    """Rows by `by`, a day and the row's id: what waits longest, or is due first, stands first.

    An id says nothing of when; the row after which a page begins says from where it goes on.
    """
    order, id = by.split(", ")
    which, values = asked(
        ("area = ANY ({})", page.areas),
        (f"({by}) > (SELECT v.{order}, v.{id} FROM {view} v WHERE v.{id} = {{}})", page.after),
        *conditions,
    )
    rows = await over.fetch(
        f"SELECT {columns} FROM {view} WHERE {which} ORDER BY {by} LIMIT ${len(values) + 1}",
        *values, page.limit,
    )  # fmt: skip
    return [dict(row) for row in rows]


def asked(*conditions: Condition) -> tuple[str, list[Any]]:
    """The conditions that were asked for, and their values.

    One statement for all of them would be planned once, for everything and nothing: then a person's
    few matters are looked for among all.
    """
    which, given = [], list[Any]()
    for text, *said in conditions:
        if any(value is None or value is False for value in said):
            continue
        values = [value for value in said if value is not True]
        which.append(text.format(*(f"${len(given) + n}" for n, _ in enumerate(values, 1))))
        given += values
    return " AND ".join(which) or "true", given
