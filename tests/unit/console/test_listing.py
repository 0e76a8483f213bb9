"""A list beside others never ends silently: it says that there are more and leads there."""

from typing import Any

import pytest
from fastapi import Request

from services.console.listing import ROWS, Listed, listed, paged
from services.console.matters import is_over, numbers_of
from services.console.pages.start import desks_of
from services.console.pages.supervisor import MORNING, _morning
from services.console.rendering import environment


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


class Morning:
    """Supervision, where 120 lines were crossed and three items stand still."""

    area = "500242"

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    async def maybe(self, service: str, path: str, **wanted: Any) -> Any:
        self.asked.append(wanted)
        passed = int(wanted.get("after") or 0)
        shown = min(wanted["limit"], 120 - passed)
        left = 120 - passed - shown
        first: dict[str, Any] = {
            "stalled": [{"matter": "m"}] * 3,
            "counts": {"stalled": {"all": 3, "shown": 3, "left_out": 0}},
        }
        return {
            "crossed": {"depts": [{"body": "depts"}] * shown},
            "after": {"crossed": str(passed + shown)} if left else {},
            **({} if passed else first),
            "counts": {
                **({} if passed else first["counts"]),
                "crossed": {"all": 120, "shown": shown, "left_out": left},
            },
        }


async def morning_of(me: Any, query: str) -> tuple[dict[str, Any], dict[str, Listed]]:
    return await _morning(request(query), me, None)


def said(rows: Listed, language: str) -> str:
    template = '{% from "parts.html" import rest %}{{ rest(rows, t) }}'
    text = environment().from_string(template)
    return text.render(rows=rows, t=lambda zh, en: zh if language == "zh" else en)


async def test_the_supervisor_is_told_how_many_lines_of_the_morning_are_left_out() -> None:
    _, lists = await morning_of(Morning(), "since=2026-01-01")
    assert (lists["crossed"].shown, len(lists["crossed"])) == ("120", ROWS)
    assert lists["crossed"].rest == "/desk/chief?since=2026-01-01&after-crossed=50#crossed"
    assert "共 120 条，后面还有 70 条" in said(lists["crossed"], "zh")
    assert "50 of 120; left for the next pages: 70" in said(lists["crossed"], "en")
    assert (lists["stalled"].shown, said(lists["stalled"], "zh")) == ("3", "")


async def test_one_list_of_the_morning_is_read_on_and_the_others_stay() -> None:
    me = Morning()
    morning, lists = await morning_of(me, "after-crossed=100")
    assert len(lists["crossed"]) == 20 and len(morning["crossed"]["depts"]) == 20
    assert lists["crossed"].rest is None and lists["crossed"].start == "/desk/chief#crossed"
    assert len(lists["stalled"]) == 3
    assert [(one.get("kind"), one.get("after")) for one in me.asked] == [
        (None, None), ("crossed", "100"),
    ]  # fmt: skip
    assert set(lists) == set(MORNING)


async def test_numbers_are_asked_of_the_list_fifty_at_a_time_and_then_one_by_one() -> None:
    asked: list[tuple[str, int]] = []
    known = {"/matters": {str(n) for n in range(69)}, "/several-matters": {"69"}}

    class Intake:
        async def maybe(self, service: str, path: str, id: list[str]) -> Any:
            asked.append((path, len(id)))
            return {
                "items": [{"id": one, "number": f"n{one}"} for one in id if one in known[path]]
            }

    ids = [str(n) for n in range(70)]
    found = await numbers_of(Intake(), [*ids, "hidden"])  # type: ignore[arg-type]
    assert asked == [("/matters", 50), ("/matters", 21), ("/several-matters", 2)]
    assert found["68"] == "n68" and found["69"] == "n69" and found["hidden"] == "hidden"
