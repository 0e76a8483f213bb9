"""The clock of every promise of a place runs, whichever services record its two events."""

from datetime import date
from uuid import UUID

import pytest

from contracts.assignment import ItemDispatched
from contracts.event import Event, Personal
from contracts.intake import (
    ConsultationAnswered,
    ConsultationReferred,
    MaterialSetCompleted,
    ServiceDeclined,
)
from contracts.pack.promising import is_ours, last_day, promise_of
from contracts.pack.rules import Promise
from contracts.pack.sections import Days
from contracts.registry import BY_TYPE
from contracts.supervision import ItemDecided, ItemReady, ItemSubmitted, ResultCollected
from services.archive.domain.promised import Happened, Span, clocks, keeping, printed, spans
from shared.packs import Packs
from tests.unit.archive.examples import (
    CATALOGUE,
    COURSE,
    ITEM,
    PACK,
    RULES,
    accepted,
    assigned,
    closed,
    delivered,
    matter,
    requested,
    scoped,
)

FRIDAY, SATURDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 9)
TUESDAY = date(2026, 3, 10)
OTHER = "S1-02"


def promise(starts: str, ends: str, days: int = 1, unit: str = "wd") -> Promise:
    within = {"days": days, "unit": unit}
    return Promise.model_validate(
        {"id": "one", "zh": "一项", "starts": starts, "ends": ends, "within": within}
    )


def told(*events: Event, on: date = FRIDAY) -> list[Happened]:
    return [(n, on, event) for n, event in enumerate(events, 1)]


def dispatched(item: str = ITEM) -> ItemDispatched:
    return ItemDispatched(item=item, body="depts", agent=assigned.agent, rule="routing.by_item")


def complete(item: str) -> MaterialSetCompleted:
    return MaterialSetCompleted(item=item, catalogue=CATALOGUE.edition, materials=("M04",))


def ready(item: str) -> ItemReady:
    return ItemReady(item=item, ready_on=FRIDAY)


def submitted(item: str) -> ItemSubmitted:
    return ItemSubmitted(item=item, body="depts", filed_by="agent")


def test_what_is_of_the_matter_ends_with_the_first_that_comes() -> None:
    run = promise("ServiceAccepted", "ItemDispatched")
    found = spans(run, told(requested, accepted, dispatched(), dispatched(OTHER)))
    assert found == (Span(None, 2, FRIDAY, 3, FRIDAY),)


def test_each_item_has_a_run_of_its_own() -> None:
    run = promise("ItemReady", "ItemSubmitted")
    found = spans(run, told(ready(ITEM), ready(OTHER), submitted(OTHER)))
    assert {(one.of, one.ended_at) for one in found} == {(OTHER, 3), (ITEM, None)}


def test_whole_papers_wait_for_the_items_before_theirs() -> None:
    """Nobody can file what is not ready, as the service clock of the item counts."""
    run = promise("MaterialSetCompleted", "ItemSubmitted")
    early = told(complete(ITEM), on=FRIDAY)
    later = [(2, MONDAY, ready(ITEM)), (3, TUESDAY, submitted(ITEM))]
    assert spans(run, early) == ()
    assert spans(run, [*early, *later]) == (Span(ITEM, 2, MONDAY, 3, TUESDAY),)


def test_one_event_about_several_items_ends_each_of_them() -> None:
    run = promise("ResultCollected", "ResultDelivered")
    collected = [
        ResultCollected(item=one, body="depts", kind="licence") for one in (ITEM, OTHER)
    ]
    both = delivered.model_copy(update={"items": (ITEM, OTHER)})
    assert [one.ended_at for one in spans(run, told(*collected, both))] == [3, 3]


def test_a_question_is_answered_by_its_own_answer() -> None:
    run = promise("ConsultationReferred", "ConsultationAnswered")
    first, second = UUID(int=1), UUID(int=2)
    asked = [
        ConsultationReferred.model_validate(
            {"consultation": one, "items": (ITEM,), "to_body": "depts", "to_role": "approver",
             "asked_at": "2026-03-06T09:00:00+08:00", "found_by": "item", "question": "问"}
        )
        for one in (first, second)
    ]  # fmt: skip
    answer = ConsultationAnswered.model_validate(
        {"consultation": second, "topic": "drainage", "items": (ITEM,), "sources": (),
         "question": "问", "answer": "答"}
    )  # fmt: skip
    found = {one.of: one.ended_at for one in spans(run, told(*asked, answer))}
    assert found == {str(first): None, str(second): 3}


def test_what_begins_again_while_it_runs_goes_on_and_afterwards_begins_anew() -> None:
    run = promise("ItemReady", "ItemSubmitted")
    again = told(ready(ITEM), ready(ITEM), submitted(ITEM), ready(ITEM))
    assert [(one.started_at, one.ended_at) for one in spans(run, again)] == [(1, 3), (4, None)]


def test_any_two_events_that_exist_may_be_promised() -> None:
    """The clocks of a place that nobody has seen yet."""
    names = sorted({kind.__name__ for kind in BY_TYPE.values()})
    for starts in names:
        assert spans(promise(starts, names[0]), told(*COURSE)) is not None


@pytest.mark.parametrize(
    ("ended_on", "today", "said"),
    [
        (MONDAY, TUESDAY, "kept"), (TUESDAY, TUESDAY, "late"),
        (None, MONDAY, "running"), (None, TUESDAY, "overdue"),
    ],
)  # fmt: skip
def test_it_is_kept_up_to_its_last_day(ended_on: date | None, today: date, said: str) -> None:
    due = last_day(RULES.calendar, FRIDAY, Days(days=1, unit="wd"))
    run = Span(None, 1, FRIDAY, 2 if ended_on else None, ended_on)
    assert due.date == MONDAY
    assert keeping(run, due, matter(requested), today) == said


def test_days_are_counted_in_the_unit_of_the_pack() -> None:
    assert last_day(RULES.calendar, FRIDAY, Days(days=1, unit="cd")).date == SATURDAY
    assert last_day(RULES.calendar, FRIDAY, Days(days=0, unit="wd")).date == FRIDAY


def test_what_will_not_come_any_more_is_not_overdue() -> None:
    due = last_day(RULES.calendar, FRIDAY, Days(days=1, unit="wd"))
    of_matter, of_item = Span(None, 1, FRIDAY), Span(ITEM, 1, FRIDAY)
    declined = ServiceDeclined(
        cause="out_of_scope", eligible=False, reason=Personal("不在范围")
    )
    elsewhere = scoped.model_copy(update={"items": (OTHER,)})
    decided = ItemDecided(item=ITEM, outcome="not_approved", body="depts")
    assert keeping(of_matter, due, matter(requested, declined), TUESDAY) == "lapsed"
    assert keeping(of_item, due, matter(requested, scoped, closed), TUESDAY) == "lapsed"
    gone = matter(requested, scoped, decided, elsewhere)
    assert keeping(of_item, due, gone, TUESDAY) == "lapsed"
    assert keeping(of_item, due, matter(requested, scoped, decided), TUESDAY) == "overdue"


@pytest.mark.parametrize("rules", Packs.load(None).carried(), ids=lambda one: one.pack.id)
def test_every_promise_of_every_place_is_shown_with_its_label(rules: object) -> None:
    pack, calendar = rules.pack, rules.calendar  # type: ignore[attr-defined]
    course = matter(*COURSE)
    found = list(clocks(told(*COURSE), course, pack, calendar, TUESDAY))
    assert [one["promise"] for one in found] == [one.id for one in pack.clocks.promises]
    for one, made in zip(found, pack.clocks.promises, strict=True):
        assert (one["label"] == "默认值") is is_ours(pack, made)
    acceptance = next(one for one in found if one["ends"] == "ServiceAccepted")
    assert [run["state"] for run in acceptance["runs"]] == ["kept"]
    for english in (False, True):
        lines = list(printed(found, english=english))
        assert any(("kept" if english else "按期") in line for line in lines)


def test_a_promise_is_found_by_its_events_and_never_by_its_name() -> None:
    assert promise_of(PACK, "ServiceAccepted", "ServiceRequested") is PACK.clocks.promises[0]
    assert promise_of(PACK, "ServiceAccepted", "ItemDecided") is None
