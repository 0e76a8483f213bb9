"""Laws of supervision, whatever people ask and in whatever order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from contracts.event import Event, Personal
from contracts.supervision import ItemDecided, PlanRevised, ProgressReported
from contracts.vocabulary import Outcome
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import (
    AcceptItem,
    AmendScope,
    ArrangePlan,
    CloseItem,
    CollectResult,
    DateMilestone,
    DecideItem,
    DeemAccepted,
    DeliverResult,
    EndSpecialProcedure,
    NoteMaterials,
    ReceiveItem,
    RefuseItem,
    RequestCorrection,
    ReturnOriginals,
    SendResult,
    StartSpecialProcedure,
    SubmitItem,
    SupplyCorrection,
    UrgeByItself,
)
from services.supervision.domain.due import due
from services.supervision.domain.facts import Facts
from services.supervision.domain.picture import picture
from services.supervision.domain.state import Matter
from shared.command import Command
from shared.decider import Refused
from tests.unit.supervision.examples import (
    AGENT,
    DEED,
    MONDAY,
    NOTICE,
    RULES,
    SCOPE,
    agents_facts,
    approvers_facts,
    by_itself,
    planned,
    units_facts,
)

ACTORS = {
    "agent": agents_facts,
    "approver": approvers_facts,
    "unit": units_facts,
    "itself": by_itself,
}
WORDS = Personal("说明")
item = st.sampled_from(SCOPE)
one = st.tuples(item)


def _commands() -> st.SearchStrategy[Command]:
    return st.one_of(
        st.builds(SubmitItem, item=item, explanation=st.sampled_from([None, WORDS])),
        st.builds(ReceiveItem, item=item, system_state=st.sampled_from([None, 1])),
        st.builds(RequestCorrection, item=item, demands=st.just(WORDS)),
        st.builds(SupplyCorrection, item=item),
        st.builds(AcceptItem, item=item, system_state=st.sampled_from([None, 3])),
        st.builds(DeemAccepted, item=item),
        st.builds(RefuseItem, item=item, reason=st.just(WORDS)),
        st.builds(StartSpecialProcedure, item=item, procedure=st.just("expert_review")),
        st.builds(EndSpecialProcedure, item=item),
        st.builds(
            DecideItem,
            item=item,
            outcome=st.sampled_from(["approved", "not_approved"]),
            e_certificate=st.booleans(),
            system_state=st.sampled_from([None, 11]),
        ),
        st.builds(CollectResult, item=item),
        st.builds(
            SendResult, items=one, delivery=st.just("mail"), tracking_number=st.just(WORDS)
        ),
        st.builds(
            DeliverResult,
            items=one,
            delivery=st.sampled_from(["hand", "mail", "e_certificate", "self_pickup"]),
            recipient=st.just(WORDS),
        ),
        st.builds(ReturnOriginals, pieces=st.just((DEED,)), recipient=st.just(WORDS)),
        st.builds(CloseItem, item=item),
        st.builds(
            DateMilestone,
            milestone=st.just("MS-LAND"),
            falls_on=st.just(MONDAY),
            reached=st.just(True),
        ),
        st.builds(NoteMaterials, items=one),
        st.builds(ArrangePlan, items=st.just(SCOPE)),
        st.builds(AmendScope, added=st.sampled_from([(), ("S1-06",)])),
        st.builds(UrgeByItself, item=item, signal=st.just("stalled")),
    )


type Asked = tuple[str | Command, str, int]
"""A question, who asks it, and how many days have passed; a bare item asks for its next step."""

asked = st.lists(
    st.tuples(
        st.one_of(item, item, item, item, _commands()),
        st.sampled_from(sorted(ACTORS)),
        st.integers(0, 4),
    ),
    min_size=20,
    max_size=40,
)


def next_step(code: str, matter: Matter, facts: Facts) -> tuple[Command, Facts]:
    """What would be done with an item now, by whom; `facts` choose the side roads."""
    course = matter.items[code]
    if course.state == "received" and facts is by_itself and not course.corrections:
        return RequestCorrection(item=code, demands=WORDS), approvers_facts
    if course.state == "accepted" and facts is by_itself and not course.specials:
        review = StartSpecialProcedure(item=code, procedure="expert_review", notice=NOTICE)
        return review, approvers_facts
    if course.state == "delivered" and DEED not in matter.returned:
        return ReturnOriginals(pieces=(DEED,), recipient=WORDS), agents_facts
    outcome: Outcome = "not_approved" if facts is units_facts else "approved"
    hand = DeliverResult(items=(code,), delivery="hand", recipient=WORDS)
    road: dict[str, tuple[Command, Facts]] = {
        "submitted": (ReceiveItem(item=code), approvers_facts),
        "received": (AcceptItem(item=code), approvers_facts),
        "correcting": (SupplyCorrection(item=code), agents_facts),
        "accepted": (DecideItem(item=code, outcome=outcome), approvers_facts),
        "suspended": (EndSpecialProcedure(item=code), approvers_facts),
        "decided": (CollectResult(item=code), agents_facts),
        "collected": (hand, agents_facts),
        "delivered": (CloseItem(item=code), agents_facts),
    }
    return road.get(course.state, (SubmitItem(item=code, explanation=WORDS), agents_facts))


type Told = tuple[Matter, list[Event], Matter, Command, Facts]


def told(asked: Sequence[Asked]) -> list[Told]:
    """Every question that was answered: before, events, after, and what was asked by whom."""
    matter, today, found = DECIDER.evolve(DECIDER.initial, planned), MONDAY, list[Told]()
    for question, actor, days in asked:
        facts = ACTORS[actor]
        today += timedelta(days=days)
        command = question if isinstance(question, Command) else None
        if command is None:
            command, facts = next_step(str(question), matter, facts)
        then = replace(facts, today=today, on=today)
        try:
            events = list(DECIDER.decide(command, matter, then))
        except Refused:
            continue
        after = DECIDER.fold(events, matter)
        found.append((matter, events, after, command, then))
        matter = after
    return found


@given(asked)
def test_asking_the_same_again_is_quiet_or_refused(asked: Sequence[Asked]) -> None:
    for _, _, after, command, facts in told(asked):
        try:
            again = DECIDER.decide(command, after, facts)
        except Refused:
            continue
        assert not again, command


@given(asked)
def test_every_fact_about_an_item_moves_the_matter(asked: Sequence[Asked]) -> None:
    for before, events, _, _, _ in told(asked):
        matter = before
        for event in events:
            moved = DECIDER.evolve(matter, event)
            told_only = isinstance(event, ProgressReported) or hasattr(event, "entry")
            assert told_only or moved != matter, event
            matter = moved


@given(asked)
def test_what_is_struck_off_was_decided_and_delivered_or_refused(
    asked: Sequence[Asked],
) -> None:
    for _, _, after, _, _ in told(asked):
        for course in after.items.values():
            if course.closed:
                assert (course.delivered and course.decided_on) or course.refusal
            if course.delivered:
                assert course.decided_on
            if course.decided_on:
                assert course.accepted_on
                assert course.accepted_on <= course.decided_on


@given(asked)
def test_the_agent_of_an_item_never_decides_it(asked: Sequence[Asked]) -> None:
    deciders = [
        event.decider
        for _, events, _, _, _ in told(asked)
        for event in events
        if isinstance(event, ItemDecided)
    ]
    assert AGENT not in deciders


@given(asked)
def test_plans_are_numbered_without_a_gap(asked: Sequence[Asked]) -> None:
    revisions = [
        event
        for _, events, _, _, _ in told(asked)
        for event in events
        if isinstance(event, PlanRevised)
    ]
    assert [one.plan for one in revisions] == list(range(2, len(revisions) + 2))
    assert all(one.replaces == one.plan - 1 for one in revisions)


@given(asked, st.dates(MONDAY, date(2026, 12, 31)))
def test_what_fell_due_and_was_done_is_not_due_again(
    asked: Sequence[Asked], today: date
) -> None:
    answered = told(asked)
    if not answered:
        return
    matter = answered[-1][2]
    facts = replace(by_itself, today=today, on=today)
    names: set[str] = set()
    for _ in range(3):
        fallen = due(matter, RULES, today)
        assert not names & {one.name for one in fallen}
        assert len({one.name for one in fallen}) == len(fallen)
        for threshold in fallen:
            matter = DECIDER.fold(DECIDER.decide(threshold.command, matter, facts), matter)
            names.add(threshold.name)
    assert due(matter, RULES, today) == ()


@given(asked)
def test_a_matter_can_always_be_shown(asked: Sequence[Asked]) -> None:
    for _, _, after, _, facts in told(asked)[-1:]:
        shown = picture(after, facts)
        assert set(shown["items"]) == set(after.scope())
