"""How a file becomes a film: lanes by body and person, both rulers, bars, and nothing left out."""

from collections.abc import Callable
from typing import Any

import orjson

from contracts.event import Event
from contracts.supervision import ItemAccepted, ItemDecided, ItemReceived, ItemSubmitted
from services.archive.api import framed
from services.archive.domain.file import facts_in
from services.archive.domain.phrasing import CHINESE
from services.archive.domain.story import story
from services.archive.domain.telling import fold
from services.archive.service.stories import Stories
from services.console.film.model import (
    AUTOMATIC,
    DECISION,
    DEFAULT,
    LATE,
    People,
    film_of,
)
from tests.unit.archive.examples import (
    AGENT,
    APPROVER,
    CLERK,
    ITEM,
    MATTER,
    NUMBER,
    UNIT,
    Telling,
    known,
    requested,
)

PLACE, FLAGS, LANE, TEXT = 2, 8, 7, 10


def course() -> Telling:
    """Asked for, filed, received, accepted, decided; each by whom it would be."""
    told = Telling().project(known).say(requested, actor=UNIT)
    steps: tuple[tuple[Event, str], ...] = (
        (ItemSubmitted(item=ITEM, body="depts", filed_by="agent", served_by="hall"), AGENT),
        (ItemReceived(item=ITEM, body="depts"), APPROVER),
        (ItemAccepted(item=ITEM, calendar="cn-national@0000000000000000"), APPROVER),
        (ItemDecided(item=ITEM, outcome="approved", body="depts"), APPROVER),
    )
    for event, actor in steps:
        told.say(event, actor=actor)
    return told


def film(told: Telling, *, english: bool = False, agents: tuple[str, ...] = (AGENT,)) -> Any:
    frames, _ = answers(told)
    people = People(frozenset({UNIT}), frozenset(agents))
    name: Callable[[str], str] = lambda code: f"<{code}>"  # noqa: E731
    return film_of(frames, people, name, english=english)


def answers(told: Telling) -> tuple[Any, Any]:
    """What archive answers: the frames, and the story."""
    filed = told.filed()
    matter = fold(facts_in(filed))
    frames = [
        framed(one, one.shown(matter, CHINESE)) for one in Stories().of(filed, None, CHINESE)
    ]
    answer = {
        "matter": filed.matter, "number": NUMBER, "position": filed.entries[-1].position,
        "frames": frames,
    }  # fmt: skip
    lines = [{"position": line.position, "text": line.text} for line in story(filed)]
    plain = orjson.loads(orjson.dumps({"frames": answer, "lines": lines}))
    return plain["frames"], {"lines": plain["lines"]}


def test_every_line_of_the_story_is_in_the_film_once_and_in_archives_order() -> None:
    told = course()
    made = film(told)
    _, lines = answers(told)
    assert [one[0] for one in made["events"]] == sorted(x["position"] for x in lines["lines"])
    assert (made["id"], made["number"]) == (str(MATTER), NUMBER)
    assert {one[TEXT] for one in made["events"]} == {line["text"] for line in lines["lines"]}


def test_lanes_are_people_and_departments_stand_under_the_body_the_item_is_with() -> None:
    made = film(course())
    lanes = {(one["group"], one["body"], one["name"]) for one in made["lanes"]}
    assert ("unit", "", f"项目单位 {UNIT[-6:]}") in lanes
    assert ("service", "", f"代办专员 {AGENT[-6:]}") in lanes
    assert ("department", "<depts>", f"审批人员 {APPROVER[-6:]}") in lanes
    assert ("system", "", "归档") in lanes


def test_an_agent_who_enters_what_a_department_did_stays_in_his_own_lane() -> None:
    told = Telling().project(known).say(requested, actor=CLERK)
    told.say(ItemReceived(item=ITEM, body="depts"), actor=AGENT)
    made = film(told)
    last = made["events"][-1]
    assert made["lanes"][last[LANE]]["group"] == "service"


def test_decisions_late_entries_defaults_and_what_nobody_did_are_marked() -> None:
    made = film(course())
    flags = {made["types"][one[3]].split(".")[1]: one[FLAGS] for one in made["events"]}
    assert flags["item_decided"] & DECISION and flags["item_accepted"] & DECISION
    assert not flags["item_received"] & DECISION
    assert flags["file_opened"] & AUTOMATIC and not flags["item_decided"] & AUTOMATIC
    late = Telling().project(known).say(requested, effective="2026-04-01")
    assert film(late)["events"][-1][FLAGS] & LATE
    assert not film(course())["events"][0][FLAGS] & DEFAULT


def test_an_item_is_a_bar_from_its_filing_to_its_decision() -> None:
    made = film(course())
    (bar,) = made["bars"]
    place = {made["types"][one[3]].split(".")[1]: one[0] for one in made["events"]}
    assert bar[:3] == [
        made["items"].index(ITEM),
        place["item_submitted"],
        place["item_decided"],
    ]


def test_an_item_that_is_still_open_is_a_bar_without_an_end() -> None:
    told = Telling().project(known).say(requested)
    told.say(ItemReceived(item=ITEM, body="depts"), actor=APPROVER)
    (bar,) = film(told)["bars"]
    assert bar[2] == 0


def test_the_film_speaks_english() -> None:
    made = film(course(), english=True)
    assert made["groups"]["unit"] == "Project unit"
    assert {"unit", "agent", "approver"} <= {one["name"].split()[0] for one in made["lanes"]}
