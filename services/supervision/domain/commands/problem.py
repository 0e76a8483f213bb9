"""What can be asked about slow items and about problems (催办与问题)?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.event import Personal
from contracts.vocabulary import (
    ActorId,
    BodyId,
    Count,
    Document,
    IssueKind,
    IssueOutcome,
    IssueSeverity,
    ItemCode,
    LetterKind,
    Ordinal,
    PackPath,
    Signal,
    Word,
)
from services.supervision.domain.commands.days import CalendarDay
from shared.command import Command

type Text = Personal[Annotated[str, Field(min_length=1, max_length=2000)]]
type Papers = Personal[Annotated[tuple[Document, ...], Field(min_length=1, max_length=20)]]


class RemindNode(Command):
    """节点提醒：计划节点临近，提醒项目单位和承办单位 (YO-33)."""

    item: ItemCode
    to: BodyId
    signal: Signal = "at_risk"
    due_on: CalendarDay
    percent: Count
    rule: PackPath = "clocks.warn_at_percent"


class UrgeItem(Command):
    """跟踪催办：按催办层级催促承办单位 (YO-42, YO-63)."""

    item: ItemCode
    signal: Signal
    rung: Ordinal = 1
    person: ActorId | None = None
    wording: Text | None = None
    reason: Text | None = None
    waiver: Text | None = None


class UrgeByItself(Command):
    """临期或停滞自动催办，只到第一级 (YO-42)."""

    item: ItemCode
    signal: Signal


class SendLetter(Command):
    """发协办单或联系函：不登录系统的部门也能协办 (X-12, YO-22)."""

    kind: LetterKind
    to: BodyId
    items: tuple[ItemCode, ...] = ()
    issue: UUID | None = None
    reply_by_on: CalendarDay | None = None
    wording: Text
    paper: Personal[Document] | None = None


class AnswerLetter(Command):
    """协办回复：回执已收回并录入 (X-12, YO-22)."""

    letter: UUID
    answer: Text
    paper: Personal[Document] | None = None


class OpenIssue(Command):
    """问题登记：每个问题有责任单位和期限 (YO-35, YO-43, YO-75).

    Without `owner` the leading body of the matter; a problem that no rule covers goes to the
    owner of the rules. Without `due_on` the first wait of the ladder. What a department handles
    outside the approval system (体外循环), or turns away at its window although a commission is
    shown, names that department (`body`) and goes to the supervisor (YY-28, YY-53).
    """

    kind: IssueKind
    severity: IssueSeverity = "general"
    items: tuple[ItemCode, ...] = ()
    owner: BodyId | None = None
    person: ActorId | None = None
    due_on: CalendarDay | None = None
    body: BodyId | None = None
    description: Text


class TakeListedIssue(Command):
    """清单问题落实：清单转来的每一条都成为有责任人和期限的问题 (YO-62)."""

    issue: UUID
    issue_list: UUID
    raised: UUID
    severity: IssueSeverity
    items: tuple[ItemCode, ...] = ()
    owner: BodyId
    person: ActorId | None = None
    due_on: CalendarDay


class RaiseIssue(Command):
    """问题提级：按层级报上级协调，越级须说明理由 (YO-60, YO-62, AS-83, YY-25).

    `waiver` says why lower rungs are passed over.
    """

    issue: UUID
    signal: Signal
    severity: IssueSeverity | None = None
    reason: Text | None = None
    rung_id: Word | None = None
    evidence: Papers | None = None
    approved_by: ActorId | None = None
    waiver: Text | None = None


class ResolveIssue(Command):
    """问题销号：问题已解决，写明如何解决 (YO-43, YO-75)."""

    issue: UUID
    outcome: IssueOutcome
    resolution: Text
