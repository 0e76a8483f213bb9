"""An item for which nobody set a time: every surface says so, and nobody is called late for it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from contracts.catalogue import REPRESENTATIVE, Catalogue, load_catalogue
from contracts.event import Event
from contracts.supervision import (
    ItemAccepted,
    ItemExtended,
    PlanMade,
    ReminderSent,
    UrgeSent,
)
from services.supervision.domain import DECIDER
from services.supervision.domain.clocks import clocks_of
from services.supervision.domain.commands import (
    AcceptItem,
    ArrangePlan,
    DecideItem,
    ExtendItem,
    RemindNode,
    UrgeItem,
)
from services.supervision.domain.drawing import draw
from services.supervision.domain.due import Rulebook, due
from services.supervision.domain.explaining import explained as why_in_words
from services.supervision.domain.facts import Facts
from services.supervision.domain.foreseeing import foreseen
from services.supervision.domain.gantt import explained as plan_in_words
from services.supervision.domain.gantt import gantt_of
from services.supervision.domain.morning import Seen, morning
from services.supervision.domain.picture import picture
from services.supervision.domain.saying import printed
from services.supervision.domain.state import INITIAL, Matter
from services.supervision.domain.why import Rules
from tests.unit.supervision.examples import (
    CALENDAR,
    FILING,
    LAND_PERMIT,
    MATTER,
    MONDAY,
    NOTICE,
    PACK,
    SCOPE,
    agents_facts,
    approvers_facts,
    by_itself,
    licence_received,
    text,
)

TEXT = REPRESENTATIVE.read_text()
USUAL = "kind: licence, limit: {statutory: 20, unit: wd, conf: h, commit_wd: 3}, after: [S1-01, S1-04]"


def with_limit(limit: str) -> Catalogue:
    assert TEXT.count(USUAL) == 1
    changed = USUAL.replace("{statutory: 20, unit: wd, conf: h, commit_wd: 3}", limit)
    return load_catalogue(TEXT.replace(USUAL, changed).encode())


NONE = with_limit("{statutory: null, unit: none, conf: l, commit_wd: null}")
BY_LAW = with_limit("{statutory: 20, unit: wd, conf: h, commit_wd: null}")
IN_DAYS = with_limit("{statutory: 30, unit: cd, conf: h, commit_wd: null}")
RULES = Rulebook(PACK, NONE, CALENDAR)
LATER = date(2026, 6, 1)


def under(catalogue: Catalogue, facts: Facts, day: date = MONDAY) -> Facts:
    return replace(facts, catalogue=catalogue, on=day, today=day)


def planned(catalogue: Catalogue) -> Matter:
    (made,) = DECIDER.decide(ArrangePlan(items=SCOPE), INITIAL, under(catalogue, by_itself))
    assert isinstance(made, PlanMade)
    return DECIDER.fold((made, *licence_received()))


def accepted(catalogue: Catalogue) -> tuple[Matter, ItemAccepted]:
    before = planned(catalogue)
    asked = AcceptItem(item=LAND_PERMIT)
    events = DECIDER.decide(asked, before, under(catalogue, approvers_facts))
    found = next(one for one in events if isinstance(one, ItemAccepted))
    return after(before, *events), found


def after(matter: Matter, *events: Event) -> Matter:
    for event in events:
        matter = DECIDER.evolve(matter, event)
    return matter


def why(matter: Matter, catalogue: Catalogue) -> list[str]:
    rules = Rules(catalogue.item(LAND_PERMIT), PACK, CALENDAR)
    found = why_in_words(matter.items[LAND_PERMIT], rules, LATER, ())
    return [*printed(found), *printed(found, english=True)]


def test_the_plan_counts_no_time_for_it_and_says_so() -> None:
    matter = planned(NONE)
    shown = gantt_of(matter, under(NONE, agents_facts))
    assert shown is not None
    line = next(one for one in shown["lines"] if one["item"] == LAND_PERMIT)
    assert (line["working_days"], line["limit_known"]) == (0, False)
    assert line["planned"]["to"] is None and line["planned"]["latest"] is None
    assert shown["without_limit"] == [LAND_PERMIT]
    assert f"没有时限，工期未计入：{LAND_PERMIT}" in list(plan_in_words(shown))
    assert any("no limit is known" in one for one in plan_in_words(shown, english=True))
    for lang, words in (("zh", "没有时限"), ("en", "no limit is known")):
        assert words in draw(shown, lang)  # type: ignore[arg-type]


def test_a_plan_whose_items_all_have_a_limit_says_nothing_of_it() -> None:
    shown = gantt_of(planned(BY_LAW), under(BY_LAW, agents_facts))
    assert shown is not None and shown["without_limit"] == []
    assert "没有时限" not in draw(shown, "zh")


def test_it_is_accepted_without_a_day_and_its_clocks_say_why() -> None:
    matter, found = accepted(NONE)
    assert (found.statutory_due_on, found.commitment_due_on) == (None, None)
    clocks = clocks_of(matter.items[LAND_PERMIT], NONE.item(LAND_PERMIT), LATER, PACK, CALENDAR)
    told = {one.kind: one for one in clocks}
    assert told["statutory"].state == told["commitment"].state == "no_limit"
    assert told["commitment"].due_on is None
    shown = picture(matter, under(NONE, agents_facts, LATER))["items"][LAND_PERMIT]
    assert shown["due_on"] is None
    assert {one["state"] for one in shown["clocks"]} >= {"no_limit"}


def test_why_answers_with_a_sentence_in_both_languages() -> None:
    matter, _ = accepted(NONE)
    said = why(matter, NONE)
    assert "事项目录未载明法定时限。" in said
    assert "The catalogue names no limit of the law." in said
    assert any("无时限可计" in one for one in said)
    assert any("no limit is known" in one for one in said)


def test_the_agenda_calls_nobody_late_but_notices_silence() -> None:
    matter, _ = accepted(NONE)
    commands = [one.command for one in due(matter, RULES, LATER)]
    assert not [
        one for one in commands if isinstance(one, RemindNode) and one.item == LAND_PERMIT
    ]
    urged = UrgeItem(item=LAND_PERMIT, signal="stalled")
    sent = DECIDER.decide(urged, matter, under(NONE, agents_facts, LATER))
    (one,) = [event for event in sent if isinstance(event, UrgeSent | ReminderSent)]
    if isinstance(one, UrgeSent):
        assert one.allowed_days is None


def test_nothing_is_foreseen_or_crossed_for_it_but_a_standstill_shows() -> None:
    matter, _ = accepted(NONE)
    items = {item.id: item for item in NONE.items}
    late = foreseen(matter, items, CALENDAR, LATER)
    assert LAND_PERMIT not in {one.item for one in late}
    sheet = morning([Seen(MATTER, matter, RULES)], MONDAY, LATER)
    assert sheet["crossed"] == {}
    assert [one["item"] for one in sheet["stalled"]] == [LAND_PERMIT]


def test_it_is_decided_like_any_other() -> None:
    matter, _ = accepted(NONE)
    asked = DecideItem(item=LAND_PERMIT, outcome="approved")
    events = DECIDER.decide(asked, matter, under(NONE, approvers_facts, LATER))
    done = after(matter, *events)
    assert done.items[LAND_PERMIT].decided_on == LATER
    assert gantt_of(done, under(NONE, agents_facts, LATER)) is not None


@pytest.mark.parametrize(
    ("catalogue", "due_on", "days"),
    [
        (BY_LAW, CALENDAR.add_working_days(MONDAY, 20).date, 20),
        (IN_DAYS, CALENDAR.working_day_from(MONDAY + timedelta(days=30)), 22),
    ],
)
def test_where_nothing_was_promised_the_law_says_the_day(
    catalogue: Catalogue, due_on: date, days: int
) -> None:
    matter, found = accepted(catalogue)
    assert found.statutory_due_on == found.commitment_due_on == due_on
    assert matter.plan is not None and matter.plan.lines[LAND_PERMIT].working_days == days
    assert any(
        "法定时限" in one and due_on.isoformat() in one for one in why(matter, catalogue)
    )


def test_an_extension_of_the_law_moves_the_day_where_none_was_promised() -> None:
    matter, found = accepted(BY_LAW)
    asked = ExtendItem(
        item=LAND_PERMIT, days=5, approved_by="organ", reason=text("情况复杂"), notice=NOTICE
    )
    events = DECIDER.decide(asked, matter, under(BY_LAW, approvers_facts))
    extended = next(one for one in events if isinstance(one, ItemExtended))
    assert extended.commitment_due_on == extended.statutory_due_on
    course = after(matter, *events).items[LAND_PERMIT]
    assert course.commitment_due_on == CALENDAR.add_working_days(MONDAY, 25).date
    assert found.commitment_due_on != course.commitment_due_on
    assert FILING in matter.items
