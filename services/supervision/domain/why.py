"""Why is an item due on that day (为什么是这一天): what does each of its clocks add up to?"""

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from itertools import pairwise
from typing import Literal

from contracts.calendar import Calendar
from contracts.canonical import canonical
from contracts.catalogue import Item
from contracts.pack import Pack
from contracts.pack.promising import path_of, promise_of
from services.supervision.domain.clocks import Kind, Running, limited
from services.supervision.domain.course import Course
from services.supervision.domain.daybyday import Account, Run, Span, Unit, account
from services.supervision.domain.grounds import ground_for
from services.supervision.domain.serving import stretch_of

type Clock = Kind | Literal["notice"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What days are counted by: the catalogue's item, the pack, and one edition of a calendar."""

    item: Item
    pack: Pack
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Reckoning:
    """One clock of an item: its account, what it leans on, how it stands."""

    clock: Clock
    state: Running
    account: Account | None
    rule: str
    started: str | None = None
    ended: str | None = None
    names: tuple[tuple[str, str, str], ...] = ()
    """Of each interruption: its Chinese and English name, and on which ground."""

    @property
    def due_on(self) -> date | None:
        return self.account.due_on if self.account else None


def reckonings(course: Course, rules: Rules, today: date) -> tuple[Reckoning, ...]:
    """The clocks of an item on `today`: the four, and the five days for a notice (X-07)."""
    found = [
        reckon(course, rules, today, "statutory"),
        reckon(course, rules, today, "commitment"),
        _service(course, rules, today),
        _applicant(course, rules, today),
    ]
    if course.state == "received" and course.papers_on and rules.item.kind == "licence":
        found.insert(0, _notice(course, rules, today))
    return tuple(found)


def reckon(
    course: Course, rules: Rules, today: date, clock: Literal["statutory", "commitment"]
) -> Reckoning:
    """The legal or the promised limit, from acceptance to decision."""
    limit = rules.item.limit
    legal = clock == "statutory"
    rule = f"catalogue.{rules.item.id}.limit.{'statutory' if legal else 'commit_wd'}"
    allowed = limit.statutory if legal else limit.commit_wd
    if legal and limit.unit == "instant":
        allowed = 0
    if legal and allowed is not None:
        allowed += course.extended_days
    start = course.accepted_on
    if not limited(rules.item, clock):
        return Reckoning(clock, "no_limit", None, rule)
    if start is None or allowed is None:
        return Reckoning(clock, "not_started", None, rule)
    spans = [
        Span(one.started_on, one.ended_on, n)
        for n, one in enumerate(course.specials)
        if one.started_on is not None
    ]
    run = Run(
        start,
        "cd" if legal and limit.unit == "cd" else "wd",
        allowed,
        course.decided_on or max(today, start),
        spans,
        same_day=rules.pack.clocks.count_from == "same_day",
    )
    suspended = course.state == "suspended"
    state: Running = "stopped" if course.decided_on else "suspended" if suspended else "running"
    return Reckoning(
        clock,
        state,
        account(run, rules.calendar),
        rule,
        "deemed" if course.deemed else "accepted",
        "decided" if course.decided_on else None,
        tuple(_named(rules.item, one.procedure) for one in course.specials),
    )


def _named(item: Item, procedure: str) -> tuple[str, str, str]:
    known = ground_for(item, procedure)
    return (known.zh, known.en, known.basis) if known else (procedure, procedure, "")


def _notice(course: Course, rules: Rules, today: date) -> Reckoning:
    """The days for a notice; on the day after them the item counts as accepted (视为受理)."""
    days = rules.pack.clocks.deemed_acceptance
    start = course.papers_on
    assert start is not None
    run = Run(start, days.unit, days.days, max(today, start))
    counted = account(run, rules.calendar)
    started = "supplied" if start != course.received_on else "received"
    return Reckoning("notice", "running", counted, "clocks.deemed_acceptance", started)


def _service(course: Course, rules: Rules, today: date) -> Reckoning:
    """The service's own promise: file what is ready, fetch and hand over (服务时限)."""
    found = stretch_of(course, rules.pack)
    promise = found.promise if found else promise_of(rules.pack, "ItemSubmitted")
    rule = path_of(promise) if promise else "clocks.promises"
    if found is None:
        return Reckoning("service", "not_started", None, rule)
    unit: Unit = promise.within.unit if promise else "wd"
    allowed = promise.within.days if promise else None
    stop, start = found.ended_on, found.begins_on
    counted = account(Run(start, unit, allowed, stop or max(today, start)), rules.calendar)
    state: Running = "stopped" if stop else "running"
    ended = found.ended if stop else None
    return Reckoning("service", state, counted, rule, found.began, ended)


def third_party_days(course: Course, calendar: Calendar, today: date) -> int:
    """How many of the unit's days were those of a firm that it had to chase (YY-47)."""
    return sum(
        calendar.working_days_between(one.requested_on, one.supplied_on or today)
        for one in course.corrections
        if one.requested_on is not None and one.waiting_on == "third_party"
    )


def _applicant(course: Course, rules: Rules, today: date) -> Reckoning:
    """What the unit was waited for (待申请人), kept apart from the time of the staff (HS-37)."""
    asked = [one for one in course.corrections if one.requested_on is not None]
    rule = "CorrectionRequested.due_on"
    if not asked or asked[0].requested_on is None:
        return Reckoning("applicant", "not_started", None, rule)
    waiting = course.state == "correcting"
    upto = today if waiting else asked[-1].supplied_on or asked[-1].requested_on or today
    between = [
        (before.supplied_on, after.requested_on)
        for before, after in pairwise(asked)
        if before.supplied_on and after.requested_on
    ]
    spans = [Span(first, last, n) for n, (first, last) in enumerate(between)]
    run = Run(asked[0].requested_on, "wd", None, max(upto, asked[0].requested_on), spans)
    counted = replace(
        account(run, rules.calendar), due_on=asked[-1].due_on if waiting else None
    )
    names = tuple(("材料在办理方", "the papers were with the body", "") for _ in between)
    state: Running = "running" if waiting else "stopped"
    ended = None if waiting else "supplied"
    return Reckoning("applicant", state, counted, rule, "requested", ended, names)


def digest_of(found: Reckoning, calendar: str) -> str | None:
    """The digest of what a due day was counted from: the same as long as the day stands.

    What came after the due day, and how much of it had passed, are left out.
    """
    if found.account is None:
        return None
    run = found.account.run
    said = {
        "clock": found.clock,
        "unit": run.unit,
        "allowed": run.allowed,
        "start": run.start.isoformat(),
        "due": found.due_on.isoformat() if found.due_on else None,
        "calendar": calendar,
        "days": [
            [one.day.isoformat(), int(one.counts), one.why, one.remaining]
            for one in found.account.until_due()
        ],
    }
    return sha256(canonical(said).encode()).hexdigest()
