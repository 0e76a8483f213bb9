"""What do the bodies owe the reform office, and what does it do with it (报送与督查, YO-59…63)?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from contracts.event import Event
from contracts.pack import Pack
from contracts.pack.rules import Return
from contracts.supervision import (
    FeedSilent,
    InspectionMade,
    IssueListDispatched,
    ReturnDue,
    ReturnFiled,
    StatesImported,
)
from contracts.vocabulary import Reliance
from services.supervision.domain.commands.message import NoteSilentFeed, SettleMessage
from services.supervision.domain.commands.oversight import (
    CallForReturn,
    DispatchIssueList,
    FileReturn,
    ImportStates,
    NoteReturnDue,
    RecordInspection,
)
from services.supervision.domain.facts import OfficeFacts
from services.supervision.domain.messages import settled
from services.supervision.domain.quarters import quarter_of, span_of
from shared.command import Command
from shared.decider import Refused
from shared.zone import LEGAL_ZONE

type Key = tuple[str, str, str]
"""A return by form, quarter and body."""


def _none() -> Any:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Office:
    """An area's returns, owed until the day and filed or not yet, and its inspections."""

    due: Mapping[Key, date] = field(default_factory=_none)
    filed: Mapping[Key, int] = field(default_factory=_none)
    media: Mapping[Key, tuple[str, ...]] = field(default_factory=_none)
    lists: frozenset[object] = frozenset()
    inspections: frozenset[object] = frozenset()
    feeds: Mapping[str, tuple[datetime, bool]] = field(default_factory=_none)
    """When each feed was last taken in, and whether its silence since was said."""

    def owed(self) -> tuple[Key, ...]:
        """The returns that are due and not filed."""
        return tuple(key for key in self.due if key not in self.filed)


EMPTY = Office()


def evolve_office(office: Office, event: Event) -> Office:
    """The office after `event`."""
    match event:
        case ReturnDue():
            key = event.form, event.quarter, event.body
            due = MappingProxyType({**office.due, key: event.due_on})
            media = MappingProxyType({**office.media, key: event.media or ()})
            return replace(office, due=due, media=media)
        case ReturnFiled():
            key = event.form, event.quarter, event.body
            position = next((r.position for r in event.cut), 0)
            filed = MappingProxyType({**office.filed, key: position})
            return replace(office, filed=filed)
        case IssueListDispatched():
            return replace(office, lists=office.lists | {event.issue_list})
        case InspectionMade():
            return replace(office, inspections=office.inspections | {event.inspection})
        case StatesImported() | FeedSilent():
            return _fed(office, event)
    return office


def _fed(office: Office, event: StatesImported | FeedSilent) -> Office:
    last = office.feeds.get(event.source)
    if isinstance(event, StatesImported) and last is not None and last[0] > event.observed_at:
        return office
    now = event.observed_at, isinstance(event, FeedSilent)
    return replace(office, feeds=MappingProxyType({**office.feeds, event.source: now}))


def decide_office(command: Command, office: Office, facts: OfficeFacts) -> Sequence[Event]:
    """What follows from `command`, or nothing; raises `Refused`."""
    match command:
        case NoteReturnDue():
            return _due(command, office, facts)
        case CallForReturn():
            return _call(command, office, facts)
        case FileReturn():
            return _file(command, office, facts)
        case DispatchIssueList():
            return _dispatch(command, facts)
        case RecordInspection():
            return _inspect(command, facts)
        case ImportStates():
            return [_imported(command)]
        case NoteSilentFeed():
            return _silent(command, office)
        case SettleMessage():
            return settled(command, facts.on)
    raise Refused("unknown_command", command=type(command).__name__)


def quarterly(pack: Pack) -> tuple[Return, ...]:
    """The returns of the pack that fall due at the end of a quarter."""
    return tuple(one for one in pack.reporting if one.period == "quarter")


def return_of(pack: Pack, form: str, *, called: bool = False) -> Return:
    """The pack's return of that name; refused when there is none. `called`: no quarter ends it."""
    known = [one.id for one in pack.reporting if called or one in quarterly(pack)]
    for one in pack.reporting:
        if one.id == form and form in known:
            return one
    raise Refused("no_such_return", form=form, known=known, rule="reporting")


def _due(command: NoteReturnDue, office: Office, facts: OfficeFacts) -> Sequence[Event]:
    if (command.form, command.quarter, command.body) in office.due:
        return []
    rule = return_of(facts.pack, command.form)
    return [
        ReturnDue(
            form=command.form,
            quarter=command.quarter,
            body=command.body,
            to=rule.to,
            due_on=span_of(command.quarter)[1],
            rule=f"reporting.{rule.id}",
            defaults=facts.ours(f"reporting.{rule.id}.nil"),
        )
    ]


def _call(command: CallForReturn, office: Office, facts: OfficeFacts) -> Sequence[Event]:
    """The office asks for a return by an hour; no answer is owed too (HS-03, HS-04)."""
    rule = return_of(facts.pack, command.form, called=True)
    if rule.period == "quarter":
        raise Refused("owed_by_itself", rule=f"reporting.{rule.id}.period")
    strangers = [body for body in command.bodies if body not in rule.sender]
    if strangers:
        raise Refused(
            "not_a_sender",
            body=strangers[0],
            senders=list(rule.sender),
            rule=f"reporting.{rule.id}.from",
        )
    day = command.due_at.astimezone(LEGAL_ZONE).date()
    if day < facts.on:
        raise Refused("due_in_the_past", due_on=day.isoformat())
    quarter = quarter_of(day)
    return [
        ReturnDue(
            form=rule.id,
            quarter=quarter,
            body=body,
            to=rule.to,
            due_on=day,
            rule=f"reporting.{rule.id}",
            defaults=facts.ours(f"reporting.{rule.id}.nil"),
            due_at=command.due_at,
            media=command.media or None,
        )
        for body in command.bodies or rule.sender
        if (rule.id, quarter, body) not in office.due
    ]


def _file(command: FileReturn, office: Office, facts: OfficeFacts) -> Sequence[Event]:
    """A person confirms what the events give; nil is said, never inferred (YO-60, X-09)."""
    rule = return_of(facts.pack, command.form, called=True)
    key = command.form, command.quarter, command.body
    if key in office.filed:
        return []
    if rule.period != "quarter" and key not in office.due:
        raise Refused("not_called_for", rule=f"reporting.{rule.id}.period")
    if command.body not in rule.sender:
        raise Refused(
            "not_a_sender",
            body=command.body,
            senders=list(rule.sender),
            rule=f"reporting.{rule.id}.from",
        )
    first, last = span_of(command.quarter)
    if rule.period == "quarter" and facts.on < first:
        raise Refused("quarter_not_begun", begins_on=first.isoformat())
    if rule.period == "quarter":
        _require_nil_said(command, rule, facts)
    else:
        _require_answer(command, rule, office.media.get(key, ()))
    due_on = office.due.get(key, last)
    return [
        ReturnFiled(
            form=command.form,
            quarter=command.quarter,
            body=command.body,
            to=rule.to,
            nil=command.nil,
            rows=facts.rows if rule.period == "quarter" else 0,
            late_days=max(0, (facts.on - due_on).days),
            cut=(Reliance(store="supervision", position=facts.cut),),
            document=command.document,
            remark=command.remark,
            media=office.media.get(key) or None,
            sealed=command.sealed,
        )
    ]


def _require_answer(command: FileReturn, rule: Return, media: tuple[str, ...]) -> None:
    """An opinion, or the word that there is none, in every form that was asked for (HS-04)."""
    if command.nil and not rule.nil:
        raise Refused("no_nil_return", rule=f"reporting.{rule.id}.nil")
    if not command.nil and command.document is None and command.remark is None:
        raise Refused(
            "nil_not_said",
            remedy="无意见也请回复，请明确零报告（nil=true） / say so where there is nothing: nil=true",
        )
    given = {"electronic": command.document, "sealed": command.sealed}
    lacking = [form for form in media if given.get(form) is None]
    if lacking:
        raise Refused(
            "media_missing",
            missing=lacking,
            rule=f"reporting.{rule.id}",
            remedy="电子版、盖章版须一并报送 / send the electronic and the sealed copy together",
        )


def _require_nil_said(command: FileReturn, rule: Return, facts: OfficeFacts) -> None:
    if command.nil and facts.rows:
        raise Refused(
            "not_nil",
            rows=facts.rows,
            remedy=(
                "本季度有事项，不能零报告 / "
                "there were issues this quarter: it cannot be reported as none"
            ),
        )
    if not command.nil and not facts.rows:
        raise Refused(
            "nil_not_said",
            remedy="本季度无事项，请明确零报告（nil=true） / nothing happened: say nil=true",
        )
    if command.nil and not rule.nil:
        raise Refused("no_nil_return", rule=f"reporting.{rule.id}.nil")


def _dispatch(command: DispatchIssueList, facts: OfficeFacts) -> Sequence[Event]:
    """Split by site and sent to who answers there (YO-61)."""
    rule = next((one for one in quarterly(facts.pack) if one.then is not None), None)
    if rule is None:
        raise Refused("no_dispatch_by_territory", rule="reporting")
    if not facts.territories:
        raise Refused(
            "nothing_to_dispatch",
            remedy="没有提级且未解决的问题 / no issue is both escalated and unresolved",
        )
    if command.due_on < facts.on:
        raise Refused("due_in_the_past", due_on=command.due_on.isoformat())
    return [
        IssueListDispatched(
            issue_list=facts.new,
            quarter=command.quarter,
            site=part.site,
            to=part.to,
            persons=part.persons,
            issues=part.issues,
            due_on=command.due_on,
            rule=f"reporting.{rule.id}.then",
        )
        for part in facts.territories
    ]


def _imported(command: ImportStates) -> Event:
    """A feed ran, whether or not it had news: that is how a silent one is noticed (HS-12)."""
    counts = command.model_dump(include=set(StatesImported.model_fields) - {"left", "type"})
    return StatesImported(**counts, left=command.left)


def _silent(command: NoteSilentFeed, office: Office) -> Sequence[Event]:
    """Once for each silence: the feed came again, or it was said already (HS-12)."""
    if office.feeds.get(command.source) != (command.observed_at, False):
        return []
    minutes = int((command.noted_at - command.observed_at).total_seconds() // 60)
    return [
        FeedSilent(
            source=command.source,
            observed_at=command.observed_at,
            noted_at=command.noted_at,
            minutes=minutes,
        )
    ]


def _inspect(command: RecordInspection, facts: OfficeFacts) -> Sequence[Event]:
    """What the reform office found (YO-63)."""
    known = {body.id for body in facts.pack.bodies}
    if command.body not in known:
        raise Refused("body_unknown", body=command.body, known=sorted(known))
    return [
        InspectionMade(
            inspection=facts.new,
            body=command.body,
            matters=command.matters,
            shortcomings=command.shortcomings,
            rectify_by_on=command.rectify_by_on,
            findings=command.findings,
        )
    ]
