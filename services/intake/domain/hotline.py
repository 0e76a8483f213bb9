"""A work order of the 12345 line: to whom, due when, and answered how (热线工单)?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.calendar import Due
from contracts.event import Event
from contracts.intake import HotlineOrderAnswered, HotlineOrderReceived, HotlineOrderTaken
from contracts.pack.promising import last_day, path_of
from contracts.vocabulary import ActorId, AreaCode, SystemRef, Word
from services.intake.domain.codes import PlainProjectCode
from services.intake.domain.commands import Items, Name, Phone, Sentence
from services.intake.domain.desk import LEGAL_ZONE, Desk
from services.intake.domain.facts import defaults_of
from shared.command import Command
from shared.decider import Decider, Refused

CLOSES = time(17, 30)
"""When the day's work ends and an order counts from the next working day (默认值)."""
LIMIT = 5
"""Working days for an order that brings no limit of its own (默认值)."""
HOURS_RULE, LIMIT_RULE = "channels.hotline.hours", "clocks.promises.hotline_order"


class ReceiveOrder(Command):
    """接收热线工单 Take in an order of the 12345 line; the same number is the same order (AS-23).

    Its limit is `due_on`, or `limit_days` working days. `about_staff` sends it to the supervisor.
    """

    area: AreaCode
    order: SystemRef
    called_at: AwareDatetime
    due_on: date | None = None
    limit_days: Annotated[int, Field(ge=1, le=60)] | None = None
    topic: Word | None = None
    code: PlainProjectCode | None = None
    items: Items = ()
    about_staff: bool = False
    concerns: ActorId | None = None
    caller: Name | None = None
    phone: Phone | None = None
    wording: Sentence


class TakeOrder(Command):
    """签收工单 Take the order on by name (AS-23)."""


class AnswerOrder(Command):
    """答复并办结工单 Say what the caller was told; it goes back to the line with the result (AS-23)."""

    result: Word
    leads_to: UUID | None = None
    understood: bool | None = None
    answer: Sentence


type OrderCommand = ReceiveOrder | TakeOrder | AnswerOrder


@dataclass(frozen=True, slots=True)
class Order:
    """One order."""

    phase: Literal["absent", "open", "answered"] = "absent"
    order: str = ""
    to_role: str = ""
    about_staff: bool = False
    concerns: str | None = None
    due_on: date | None = None
    owner: str | None = None
    result: str | None = None

    def hides_from(self, actor: str, roles: frozenset[str]) -> bool:
        """An order about staff is seen by its supervisor's post, and never by the one meant."""
        if not self.about_staff:
            return False
        return actor == self.concerns or not roles & {self.to_role, "auditor"}


def evolve(state: Order, event: Event) -> Order:
    match event:
        case HotlineOrderReceived():
            return replace(
                state,
                phase="open",
                order=event.order,
                to_role=event.to_role,
                about_staff=event.about_staff,
                concerns=event.concerns,
                due_on=event.due_on,
            )
        case HotlineOrderTaken(owner=owner):
            return replace(state, owner=owner)
        case HotlineOrderAnswered(result=result):
            return replace(state, phase="answered", result=result)
    return state


def decide(command: OrderCommand, state: Order, facts: Desk) -> Sequence[Event]:
    match command, state.phase:
        case ReceiveOrder(), "absent":
            return [_received(command, facts)]
        case ReceiveOrder(), _:
            return []
        case TakeOrder(), "open":
            return _take(state, facts)
        case AnswerOrder(), "open":
            return [_answered(command, state, facts)]
        case AnswerOrder(result=result), "answered" if result == state.result:
            return []
    raise Refused(
        "not_in_this_state",
        command=type(command).__name__,
        state=state.phase,
        owner=state.owner,
        allowed={"absent": ["ReceiveOrder"], "open": ["TakeOrder", "AnswerOrder"]}.get(
            state.phase, []
        ),
        remedy="请先办理 allowed 所列事项；为空则已了结 / do one of `allowed`; empty: it is over",
    )


def counts_from(called_at: datetime, facts: Desk) -> date:
    """The working day on which the order's time begins: the night's orders wait for the morning."""
    called = called_at.astimezone(LEGAL_ZONE)
    day = called.date()
    if called.time() >= CLOSES:
        day += timedelta(days=1)
    return facts.calendar.working_day_from(day)


def _received(command: ReceiveOrder, facts: Desk) -> HotlineOrderReceived:
    if command.called_at > facts.at:
        raise Refused("called_in_the_future", remedy="来电时间不能晚于现在 / check the time")
    begins = counts_from(command.called_at, facts)
    due, ours = _due(command, begins, facts)
    role, body = _goes_to(command, facts)
    return HotlineOrderReceived(
        order=command.order,
        called_at=command.called_at,
        counts_from_on=begins,
        due_on=due.date,
        estimated=due.estimated,
        topic=command.topic,
        code=command.code,
        items=command.items,
        about_staff=command.about_staff,
        concerns=command.concerns,
        to_role=role,  # type: ignore[arg-type]
        to_body=body,
        defaults=(HOURS_RULE, *ours),
        caller=command.caller,
        phone=command.phone,
        wording=command.wording,
    )


def _due(command: ReceiveOrder, begins: date, facts: Desk) -> tuple[Due, tuple[str, ...]]:
    """Its own limit comes first, then the place's promise, then ours."""
    if command.due_on is not None:
        return Due(command.due_on, False), ()
    if command.limit_days is not None:
        return facts.calendar.add_working_days(begins, command.limit_days), ()
    for promise in facts.pack.clocks.promises:
        if promise.starts == "HotlineOrderReceived":
            due = last_day(facts.calendar, begins, promise.within)
            return due, defaults_of(facts.pack, path_of(promise))
    return facts.calendar.add_working_days(begins, LIMIT), (LIMIT_RULE,)


def _goes_to(command: ReceiveOrder, facts: Desk) -> tuple[str, str | None]:
    """To the window; about our own staff to the supervisor, or whoever stands in for him."""
    wanted = ("supervisor", "head", "office") if command.about_staff else ("window_clerk",)
    for canonical in wanted:
        for role in facts.pack.roles:
            if role.canonical == canonical:
                return canonical, next(iter(role.bodies), None)
    return wanted[0], None


def _take(state: Order, facts: Desk) -> list[Event]:
    _mine(state, facts)
    if state.owner == facts.actor:
        return []
    if state.owner is not None:
        raise Refused(
            "taken_by_another",
            owner=state.owner,
            remedy="已由他人签收 / somebody else has it",
        )
    return [HotlineOrderTaken(owner=facts.actor)]


def _answered(command: AnswerOrder, state: Order, facts: Desk) -> HotlineOrderAnswered:
    _mine(state, facts)
    assert state.due_on is not None
    late = facts.calendar.working_days_between(state.due_on, facts.day)
    return HotlineOrderAnswered(
        result=command.result,
        answered_on=facts.day,
        late_days=max(0, late),
        leads_to=command.leads_to,
        understood=command.understood,
        answer=command.answer,
    )


def _mine(state: Order, facts: Desk) -> None:
    """An order about staff is for the supervisor's post alone (12345)."""
    if state.about_staff and state.hides_from(facts.actor, facts.roles):
        raise Refused(
            "order_is_the_supervisors",
            to_role=state.to_role,
            remedy="涉及工作人员的工单由督办人员办理 / only the supervisor may handle it",
        )


ORDER = Decider(Order(), evolve, decide)
