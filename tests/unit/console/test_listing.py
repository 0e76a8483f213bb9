"""A list beside others never ends silently: it says that there are more and leads there."""

from typing import Any

import pytest
from fastapi import Request

from services.console.listing import ROWS, Listed, listed, paged
from services.console.matters import is_over
from services.console.pages.start import desks_of


def request(query: str = "") -> Request:
    return Request(
        {"type": "http", "method": "GET", "path": "/desk/chief", "query_string": query.encode(),
         "headers": [], "server": ("box", 80), "scheme": "http"}
    )  # fmt: skip


class Asked:
    """Somebody who reads one list of three pages."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    async def maybe(self, service: str, path: str, **wanted: Any) -> Any:
        self.asked.append(wanted)
        place = {"": 0, "b": 1, "c": 2}[wanted.get("after", "")]
        return {"rows": [{"n": place}] * wanted["limit"], "after": ("b", "c", None)[place]}


async def read(me: Any, query: str = "") -> Listed:
    return await listed(request(query), me, "silent", "assignment", "/unacknowledged", area="1")


async def test_a_list_that_goes_on_says_so_and_leads_on_and_back() -> None:
    me = Asked()
    first = await read(me, "since=2026-01-01&done=X")
    assert len(first) == ROWS and first.shown == f"{ROWS}+"
    assert first.rest == "/desk/chief?since=2026-01-01&after-silent=b#silent"
    assert first.start is None

    last = await read(me, "since=2026-01-01&after-silent=c&after-other=b")
    assert last.rest is None and last[0] == {"n": 2}
    assert last.start == "/desk/chief?since=2026-01-01&after-other=b#silent"
    assert [one.get("after") for one in me.asked] == [None, "c"]


def test_a_list_that_is_whole_says_nothing() -> None:
    whole = paged(request(), "mine", [{}, {}], None)
    assert (whole.shown, whole.rest, whole.start) == ("2", None, None)


def test_an_auditor_starts_at_the_audit() -> None:
    assert desks_of(("auditor",))[0][1] == "/desk/audit"
    assert desks_of(("admin",))[0][1] == "/desk/admin"


@pytest.mark.parametrize(
    ("states", "phase", "over"),
    [
        (("closed", "withdrawn"), "accepted", True),
        (("closed", "decided"), "accepted", False),
        ((), "accepted", False),
        ((), "declined", True),
    ],
)
def test_a_matter_is_over_when_nothing_of_it_is_open(
    states: tuple[str, ...], phase: str, over: bool
) -> None:
    items = {f"S1-0{n}": {"state": state} for n, state in enumerate(states)}
    assert is_over({"state": phase, "course": {"items": items}}) is over
    assert is_over({"state": phase, "course": None}) is (phase == "declined")
