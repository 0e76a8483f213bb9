"""What does supervision do under a pack: powers, tasks, clocks, ladders, delivery, returns?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from contracts.event import Personal
from contracts.pack import Pack
from contracts.pack.words import Act
from contracts.project import Nature
from contracts.vocabulary import Delivery, IssueSeverity, Mode, Role, Signal
from services.supervision.domain import commands
from services.supervision.domain.attendance import record_fee
from services.supervision.domain.clocks import clocks_of, deemed_after, dues
from services.supervision.domain.convening import call_meeting
from services.supervision.domain.coordination import Climb, Coordination, FollowUp
from services.supervision.domain.course import Course
from services.supervision.domain.delivery import deliver, send
from services.supervision.domain.due import Rulebook, due, returns_due
from services.supervision.domain.facts import Engagement, Facts, OfficeFacts, Team, Territory
from services.supervision.domain.follow import contact, open_follow_up
from services.supervision.domain.issues import open_issue, raise_issue
from services.supervision.domain.ladders import ladder_for, rules_owner
from services.supervision.domain.office import EMPTY, decide_office
from services.supervision.domain.planning import owner_of
from services.supervision.domain.powers import filed_by, require
from services.supervision.domain.state import Issue, Matter, Milestone
from services.supervision.domain.tasks import NEXT, tasks_of
from services.supervision.domain.together import together
from services.supervision.domain.urging import urge, urge_by_itself
from tests.contract.probes.asking import (
    AGENT,
    CALENDAR,
    CATALOGUE,
    FRIDAY,
    MONDAY,
    UNIT,
    Base,
    answer,
    id_of,
    words,
)

LICENCE, AT_ONCE = "S1-05", "S1-01"
ISSUE = id_of(77)
DAYS = tuple(
    MONDAY + timedelta(days=n) for n in (0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 18, 25)
)


def _facts(pack: Pack, mode: str | None = "agent", on: date = MONDAY, **more: Any) -> Facts:
    engagement = Engagement(
        id=id_of(50), area="990100", pack=pack.edition, mode=mode, items=(LICENCE, AT_ONCE),
        applicant=UNIT, opened_on=MONDAY,
    )  # fmt: skip
    given: dict[str, Any] = {
        "today": on, "on": on, "pack": pack, "catalogue": CATALOGUE, "calendar": CALENDAR,
        "actor": AGENT, "roles": frozenset({"agent"}), "new": id_of(60),
        "engagement": engagement, "team": Team(lead_body="lead", lead_agent=AGENT),
    }  # fmt: skip
    return Facts(**(given | more))


def _matter(state: Any, **more: Any) -> Matter:
    given: dict[str, Any] = {"state": state, "body": "b1", "moved_on": MONDAY}
    course = Course(LICENCE, **(given | more))
    return Matter(items=MappingProxyType({LICENCE: course}))


def _accepted() -> Matter:
    due_on = CALENDAR.add_working_days(MONDAY, 10).date
    return _matter("accepted", accepted_on=MONDAY, commitment_due_on=due_on)


HUNDRED = tuple(CALENDAR.add_working_days(MONDAY, n).date for n in range(1, 101))
LONG = _matter(
    "accepted", accepted_on=MONDAY, commitment_due_on=HUNDRED[-1], moved_on=HUNDRED[-1]
)
"""Accepted for a hundred working days: each is one percent of its time."""


def _powers(pack: Pack, base: Base) -> object:
    found: list[object] = []
    for mode in words(Mode):
        facts = _facts(pack, mode)
        found.append((mode, answer(filed_by, facts)))
        for act in words(Act):
            found.append(answer(require, facts, act, LICENCE, "submit"))
    return found


def _tasks(pack: Pack, base: Base) -> object:
    return [
        tasks_of(_matter(state, e_certificate=False), _facts(pack, mode))
        for mode in (*words(Mode), None)
        for state in NEXT
    ]


def _clocks(pack: Pack, base: Base) -> object:
    items = [item for item in CATALOGUE.items if item.kind != "self"][:12]
    found: list[object] = [dues(item, MONDAY, (), pack, CALENDAR) for item in items]
    for state in ("ready", "received", "accepted", "collected"):
        course = Course(
            LICENCE, state=state, ready_on=FRIDAY, received_on=FRIDAY, moved_on=FRIDAY
        )
        found.append(deemed_after(course, pack, CALENDAR))
        found.append(clocks_of(course, CATALOGUE.item(LICENCE), DAYS[-1], pack, CALENDAR))
    return found


def _due(pack: Pack, base: Base) -> object:
    rules = Rulebook(pack, CATALOGUE, CALENDAR)
    matters = [
        _matter("received", received_on=FRIDAY, moved_on=FRIDAY), _matter("submitted"),
        _matter("collected", served_by="b2", moved_on=FRIDAY),
    ]  # fmt: skip
    short = [due(matter, rules, day) for matter in matters for day in DAYS]
    return short, [due(LONG, rules, day) for day in HUNDRED[40:]]


def _urging(pack: Pack, base: Base) -> Iterator[object]:
    for rung in range(1, 10):
        for signal in words(Signal):
            command = commands.UrgeItem.model_construct(
                item=LICENCE, signal=signal, rung=rung, person=None, wording=None
            )
            facts = _facts(pack, roles=frozenset({"supervisor"}))
            yield answer(urge, command, _accepted(), facts)
    for role in words(Role):
        for rung, signal in _rungs_of(pack):
            command = commands.UrgeItem.model_construct(
                item=LICENCE, signal=signal, rung=rung, person=None, wording=None
            )
            facts = _facts(pack, roles=frozenset({role}))
            yield answer(urge, command, _accepted(), facts)
    for mode in words(Mode):
        for signal in words(Signal)[:3]:
            told = commands.UrgeByItself(item=LICENCE, signal=signal)
            yield answer(urge_by_itself, told, _accepted(), _facts(pack, mode))


def _rungs_of(pack: Pack) -> list[tuple[int, Any]]:
    """Each urging rung of the pack, with a signal it fires on."""
    try:
        rungs = ladder_for(pack, "slow_item").rungs
    except Exception:  # a pack without such a ladder has no rung to ask about
        return []
    return [(max(rung.rung, 1), next(iter(rung.fires), "stalled")) for rung in rungs]


def _problem(severity: Any, climbs: tuple[Climb, ...] = ()) -> Matter:
    opened = Issue("approval", severity, "lead", (LICENCE,), None, FRIDAY, None)
    return Matter(
        items=_matter("received").items,
        issues=MappingProxyType({ISSUE: opened}),
        beyond=Coordination(climbs=climbs),
    )


def _stood(pack: Pack, about: str, concerns: str) -> Iterator[tuple[Climb, ...]]:
    """Nothing climbed, then the rungs up to one, then up to the next."""
    yield ()
    for top in sorted({r.rung for ladder in pack.ladders for r in ladder.rungs}):
        yield tuple(
            Climb(about, rung.do, f"ladders.{ladder.id}", rung.rung, rung.id, FRIDAY)
            for ladder in pack.ladders
            for rung in ladder.rungs
            if rung.rung <= top and ladder.concerns == concerns
        )


def _issues(pack: Pack, base: Base) -> Iterator[object]:
    everybody = frozenset(words(Role))
    for kind in ("approval", "no_rule"):
        asked = commands.OpenIssue(kind=kind, description=Personal("卡住了"))
        yield answer(lambda a=asked: open_issue(a, Matter(), _facts(pack, on=FRIDAY)))
    for severity in words(IssueSeverity):
        for climbs in _stood(base.pack, str(ISSUE), "problem"):
            matter = _problem(severity, climbs)
            yield together(matter, _facts(pack, on=DAYS[-1]))["ladders"]
            for signal in words(Signal):
                raised = commands.RaiseIssue(issue=ISSUE, signal=signal)
                facts = _facts(
                    pack, on=DAYS[-1], roles=everybody, bodies=frozenset(base.bodies)
                )
                yield answer(lambda r=raised, m=matter, f=facts: raise_issue(r, m, f))
    told = Climb(str(ISSUE), "inform", None, 1, None, FRIDAY)
    for day in DAYS:
        late = commands.RaiseIssue(issue=ISSUE, signal="no_effect_after")
        facts = _facts(pack, on=day, roles=everybody, bodies=frozenset(base.bodies))
        yield answer(lambda r=late, f=facts: raise_issue(r, _problem("general", (told,)), f))
    alone = commands.RaiseIssue(issue=ISSUE, signal="beyond_power")
    yield answer(lambda: raise_issue(alone, _problem("general", (told,)), _facts(pack)))


def _slow(pack: Pack, base: Base) -> Iterator[object]:
    for climbs in _stood(base.pack, LICENCE, "slow_item"):
        matter = replace(_matter("received"), beyond=Coordination(climbs=climbs))
        yield together(matter, _facts(pack, on=DAYS[-1]))["ladders"]


def _ladders(pack: Pack, base: Base) -> object:
    return [*_urging(pack, base), *_issues(pack, base), *_slow(pack, base)]


def _meetings(pack: Pack, base: Base) -> Iterator[object]:
    for kind in [*(one.id for one in base.pack.meetings), None]:
        for body in base.bodies:
            asked = commands.CallMeeting.model_validate(
                {
                    "kind": kind,
                    "bodies": ("b1",),
                    "starts_at": "2026-03-06T09:00:00+08:00",
                    "topic": "会",
                }
            )
            facts = _facts(pack, roles=frozenset({"office"}), bodies=frozenset({body}))
            yield answer(lambda a=asked, f=facts: call_meeting(a, Matter(), f))


def _after(pack: Pack, base: Base) -> Iterator[object]:
    reached = MappingProxyType({"MS-DONE": Milestone(MONDAY, True)})
    decided = _matter("decided", decided_on=MONDAY).items
    delivered = _matter("delivered").items
    closed = _matter("closed").items
    stood = [
        Matter(milestones=reached),
        *(Matter(items=i) for i in (decided, delivered, closed)),
    ]
    for matter in stood:
        yield due(matter, Rulebook(pack, CATALOGUE, CALENDAR), FRIDAY)
    for rule in base.pack.after:
        asked = commands.OpenFollowUp(rule=rule.id)
        yield answer(
            lambda a=asked: open_follow_up(a, Matter(milestones=reached), _facts(pack))
        )
        care = FollowUp(f"after.{rule.id}", MONDAY, FRIDAY)
        open_one = Coordination(follow_ups=MappingProxyType({ISSUE: care}))
        for wish in words(Nature):
            rang = commands.ContactUnit(follow_up=ISSUE, means="phone", wish=wish)
            matter = Matter(beyond=open_one)
            yield answer(lambda r=rang, m=matter: contact(r, m, _facts(pack)))


def _delivery(pack: Pack, base: Base) -> Iterator[object]:
    name = Personal("甲")
    for state in ("decided", "collected"):
        matter = _matter(state, e_certificate=True, decided_on=MONDAY)
        for way in words(Delivery):
            for actor, receipt in ((AGENT, None), (AGENT, name), (UNIT, None)):
                facts = _facts(pack, actor=actor)
                handed = commands.DeliverResult(
                    items=(LICENCE,), delivery=way, recipient=receipt
                )
                yield answer(deliver, handed, matter, facts)
            posted = commands.SendResult(items=(LICENCE,), delivery=way)
            yield answer(send, posted, matter, _facts(pack))


def _fees(pack: Pack, base: Base) -> Iterator[object]:
    for payee in (*base.bodies, "tax"):
        fee = commands.RecordFee(
            item=LICENCE, kind="land", amount=Decimal("1.00"), payee=payee, basis="《测试法》"
        )
        yield answer(record_fee, fee, _accepted(), _facts(pack))
    yield rules_owner(pack)
    yield [owner_of(item, pack) for item in CATALOGUE.items]


def _returns(pack: Pack, base: Base) -> Iterator[object]:
    day = date(2026, 4, 2)
    part = Territory("elsewhere", "b1", (AGENT,), (ISSUE,))
    facts = OfficeFacts(day, day, pack, CALENDAR, new=id_of(61), territories=(part,))
    yield returns_due(EMPTY, pack, day, date(2026, 1, 5))
    for form in (one.id for one in base.pack.reporting):
        for body in base.bodies:
            owed = commands.NoteReturnDue(form=form, quarter="2026-Q1", body=body)
            yield answer(decide_office, owed, EMPTY, facts)
            nothing = commands.FileReturn(
                area="990100", form=form, quarter="2026-Q1", body=body, nil=True
            )
            yield answer(decide_office, nothing, EMPTY, facts)
    listed = commands.DispatchIssueList(area="990100", quarter="2026-Q1", due_on=day)
    yield answer(decide_office, listed, EMPTY, facts)


_AT = "services.supervision.domain"
PROBES = {
    f"{_AT}.powers": _powers,
    f"{_AT}.tasks": _tasks,
    f"{_AT}.clocks": _clocks,
    f"{_AT}.due": _due,
    f"{_AT}.ladders": _ladders,
    f"{_AT}.convening": lambda pack, base: list(_meetings(pack, base)),
    f"{_AT}.follow": lambda pack, base: list(_after(pack, base)),
    f"{_AT}.delivery": lambda pack, base: list(_delivery(pack, base)),
    f"{_AT}.attendance": lambda pack, base: list(_fees(pack, base)),
    f"{_AT}.office": lambda pack, base: list(_returns(pack, base)),
}
