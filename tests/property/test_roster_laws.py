"""Laws of the roster, whatever people enter, in whatever order and for whatever days."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contracts.assignment import RosterViewed, StaffImported
from contracts.event import Event, Personal
from services.assignment.domain import ROSTER
from services.assignment.domain.commands import (
    ActivateReserve,
    AddStaff,
    AppointChief,
    EndAbsence,
    FillPost,
    ImportStaff,
    RecordAbsence,
    RemoveStaff,
    StandDownReserve,
    VacatePost,
)
from services.assignment.domain.places import places
from services.assignment.domain.roster import Roster
from services.assignment.domain.teams import teams
from shared.decider import Refused
from tests.unit.assignment.examples import TODAY
from tests.unit.assignment.people import CHIEFED, FAY, GUS, HAL, IDA, joined

AREA = CHIEFED.pack.jurisdiction.code
PEOPLE = (FAY, GUS, HAL, IDA)
SOLE = [p.post for p in places(CHIEFED.pack, CHIEFED.catalogue) if p.sole and p.item is None]
CROWD: tuple[Event, ...] = (
    joined(FAY, CHIEFED, "team", "chief_agent", "agent"),
    joined(GUS, CHIEFED, "team", "chief_agent", "agent"),
    joined(HAL, CHIEFED, "team", "agent", "chief_agent"),
    joined(IDA, CHIEFED, "team", "reserve_agent"),
)

people = st.sampled_from(PEOPLE)
days = st.integers(-12, 12).map(lambda n: TODAY + timedelta(days=n))
ids = st.integers(1, 6).map(lambda n: UUID(int=n))
commands = st.one_of(
    st.builds(
        FillPost,
        area=st.just(AREA),
        person=people,
        slot=st.sampled_from(["chief", "agents"]),
        begins_on=st.none() | days,
        ends_on=st.none() | days,
        acting=st.booleans(),
    ),
    st.builds(
        VacatePost,
        area=st.just(AREA),
        person=people,
        post=st.sampled_from(["chief", "agents"]),
        cause=st.sampled_from(["moved", "period_over"]),
        successor=st.none() | people,
    ),
    st.builds(AppointChief, area=st.just(AREA), person=people, begins_on=st.none() | days),
    st.builds(
        RemoveStaff,
        area=st.just(AREA),
        person=people,
        cause=st.just("left"),
        successor=st.none() | people,
    ),
    st.builds(
        AddStaff,
        area=st.just(AREA),
        person=people,
        body=st.just("team"),
        roles=st.just(("agent", "chief_agent")),
        name=st.just(Personal("测试员")),
    ),
    st.builds(
        RecordAbsence,
        area=st.just(AREA),
        person=people,
        kind=st.just(Personal("leave")),
        begins_on=days,
        ends_on=days,
        substitute=st.none() | people,
    ),
    st.builds(EndAbsence, area=st.just(AREA), absence=ids),
    st.builds(
        ActivateReserve,
        area=st.just(AREA),
        person=people,
        covers=people,
        cause=st.just("absence"),
        begins_on=st.none() | days,
        ends_on=days,
    ),
    st.builds(
        StandDownReserve, area=st.just(AREA), activation=ids, cause=st.just("not_needed")
    ),
)
asked = st.lists(st.tuples(commands, days, days, ids), max_size=25)


def history_of(questions: Any) -> list[Event]:
    """What was recorded when all of it was asked."""
    history = list(CROWD)
    state = ROSTER.fold(CROWD)
    for command, day, acted, new in questions:
        at = replace(CHIEFED, today=max(day, acted), new=new, acted_on=acted)
        if at.new in state.ended or at.new in state.absences or at.new in state.reserves:
            continue  # ids are made once
        try:
            decided = ROSTER.decide(command, state, at)
        except Refused:
            continue
        history.extend(decided)
        state = ROSTER.fold(decided, state)
    return history


def window() -> list[date]:
    return [TODAY + timedelta(days=n) for n in range(-14, 15)]


@given(asked)
def test_a_post_of_one_never_has_two_holders_on_a_day(questions: Any) -> None:
    state = ROSTER.fold(history_of(questions))
    for post in SOLE:
        for day in window():
            assert len({term.person for term in state.holders(post, day)}) <= 1, (post, day)


@given(asked)
def test_a_team_has_one_chief_and_it_is_the_one_who_was_appointed(questions: Any) -> None:
    state = ROSTER.fold(history_of(questions))
    for team in teams(state, CHIEFED):
        if team.chief and team.chief.persons:
            assert len(team.chief.persons) == 1
            assert state.chiefs[team.id] == (team.chief.place.post, team.chief.persons[0])


@given(asked, days)
def test_who_can_be_given_work_is_there_and_not_away(questions: Any, day: date) -> None:
    state = ROSTER.fold(history_of(questions))
    for person in PEOPLE:
        why = state.why_not(person, day)
        assert state.available(person, day) == (why is None)
        if why is None:
            assert person in state.staff and state.absence_on(person, day) is None
            if state.staff[person].only_reserve:
                assert state.activation_on(person, day)


@given(asked)
def test_whoever_left_holds_nothing_and_stands_in_for_nobody(questions: Any) -> None:
    state = ROSTER.fold(history_of(questions))
    gone = {p for p in PEOPLE if p not in state.staff}
    assert not gone & {post.person for post in state.posts.values()}
    assert not gone & {person for _, person in state.chiefs.values()}
    assert not gone & {absence.person for absence in state.absences.values()}
    assert not gone & {activation.person for activation in state.reserves.values()}


@given(asked)
def test_every_fact_moves_the_roster(questions: Any) -> None:
    state = ROSTER.initial
    for event in history_of(questions):
        after = ROSTER.evolve(state, event)
        assert after != state or isinstance(event, RosterViewed), event.type
        state = after


def row(who: str, body: str, *roles: str) -> AddStaff:
    given = {"area": AREA, "person": who, "body": body, "roles": roles}
    return AddStaff.model_validate({**given, "name": Personal("测试员")})


rows = st.lists(
    st.builds(
        row,
        st.integers(1, 12).map(lambda n: f"p:01990000-0000-7000-8000-{n:012d}"),
        st.sampled_from(["team", "zone", "moon"]),
        st.sampled_from(["agent", "window_clerk"]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda command: command.person,
)


def one_by_one(commands: list[AddStaff], state: Roster) -> tuple[list[Event], bool]:
    """What adding them one after another records, and whether one was refused."""
    events: list[Event] = []
    for command in commands:
        try:
            decided = ROSTER.decide(command, state, CHIEFED)
        except Refused:
            return [], True
        events.extend(decided)
        state = ROSTER.fold(decided, state)
    return events, False


@given(rows, st.lists(st.sampled_from([0, 1, 2, 3]), unique=True))
def test_an_import_is_the_same_adds_one_by_one_or_nothing(
    commands: list[AddStaff], known: list[int]
) -> None:
    before = [c for n, c in enumerate(commands) if n in known and c.body == "team"]
    history, _ = one_by_one([c for c in before if c.roles == ("agent",)], ROSTER.initial)
    state = ROSTER.fold(history)
    singly, refused = one_by_one(commands, state)
    command = ImportStaff(area=AREA, batch=UUID(int=9), rows=tuple(commands))
    try:
        whole = list(ROSTER.decide(command, state, CHIEFED))
    except Refused:
        assert refused
        return
    assert not refused
    assert [e for e in whole if not isinstance(e, StaffImported)] == singly
    assert bool(whole) == bool(singly)
    after = ROSTER.fold(whole, state)
    assert after.staff == ROSTER.fold(singly, state).staff
    assert not ROSTER.decide(command, after, CHIEFED)
