"""What is brought to a project before it asks, by which ways, and with what proof (主动服务)?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.intake import (
    ChecklistDelivered,
    ChecklistPublished,
    OutreachClosed,
    OutreachOpened,
    PolicyPushed,
    ServiceVisited,
)
from contracts.pack import Pack
from contracts.pack.sections import Outreaching
from contracts.predicate import holds
from contracts.project import ProjectFacts
from contracts.vocabulary import Document, OutreachVia, PackPath, SystemRef, Word
from services.intake.domain.commands import Name, Sentence
from services.intake.domain.desk import Desk
from services.intake.domain.facts import defaults_of
from services.intake.domain.notice import applying
from shared.command import Command
from shared.decider import Decider, Refused

CHECKLIST, POLICY, VISIT = "pre_approval_checklist", "policy_push", "service_visit"


class OpenOutreach(Command):
    """主动对接 Go to a project that the place's rule selects (HS-73, HS-74, HS-79)."""

    rule: PackPath
    notice: UUID | None = None


class PublishChecklist(Command):
    """形成批前服务清单 Make the list of what the project will need, from the catalogue (HS-75)."""


class DeliverChecklist(Command):
    """送达批前服务清单 The whole list was handed over by one way, with proof (HS-76)."""

    via: OutreachVia
    proven_by: Word
    reference: SystemRef | None = None
    receiver: Name | None = None
    proof: Personal[Document] | None = None


class PushPolicy(Command):
    """推送政策 Bring a published policy to the project whose profile it fits (HS-77, HS-79)."""

    notice: UUID
    via: OutreachVia
    proof: Personal[Document] | None = None


class LogVisit(Command):
    """服务上门 Staff came to the unit's door with policy and service (HS-79)."""

    purpose: Word
    receiver: Name | None = None
    findings: Sentence | None = None
    proof: Personal[Document] | None = None


class CloseOutreach(Command):
    """对接完成 Close it: every way evidenced, or the project is no more (HS-76)."""

    outcome: Literal["delivered", "no_longer_applies"] = "delivered"
    reason: Sentence | None = None


type OutreachCommand = (
    OpenOutreach | PublishChecklist | DeliverChecklist | PushPolicy | LogVisit | CloseOutreach
)


@dataclass(frozen=True, slots=True)
class Outreach:
    """One outreach to one project: `brought` are the ways that are evidenced."""

    phase: Literal["absent", "open", "closed"] = "absent"
    rule: str = ""
    what: str = ""
    via: tuple[str, ...] = ()
    edition: int = 0
    digest: str = ""
    brought: frozenset[str] = frozenset()
    pushed: frozenset[tuple[UUID, str]] = frozenset()
    outcome: str | None = None


def evolve(state: Outreach, event: Event) -> Outreach:
    match event:
        case OutreachOpened(rule=rule, what=what, via=via):
            return replace(state, phase="open", rule=rule, what=what, via=via)
        case ChecklistPublished(edition=edition, digest=digest):
            return replace(state, edition=edition, digest=digest, brought=frozenset())
        case ChecklistDelivered(via=via):
            return replace(state, brought=state.brought | {via})
        case PolicyPushed(notice=notice, via=via):
            brought = state.brought | ({via} if state.what == POLICY else set())
            return replace(state, brought=brought, pushed=state.pushed | {(notice, via)})
        case ServiceVisited(via=via) if state.what == VISIT:
            return replace(state, brought=state.brought | {via})
        case OutreachClosed(outcome=outcome):
            return replace(state, phase="closed", outcome=outcome)
    return state


REGISTERED, PUBLISHED, PUSHED = "ProjectRegistered", "NoticePublished", "PolicyPushed"
"""The occasions of an outreach: a project is seen, a policy is published, it was brought."""


def selected(
    pack: Pack, facts: ProjectFacts, occasion: str = REGISTERED
) -> tuple[Outreaching, ...]:
    """The rules of the place that certainly select a project on this occasion (HS-74)."""
    known = {**dict(facts), "site_kind": pack.site_kind(facts.site)}
    return tuple(
        rule
        for rule in pack.proactive
        if (rule.at or REGISTERED) == occasion and holds(rule.when, known)
    )


def decide(command: OutreachCommand, state: Outreach, facts: Desk) -> Sequence[Event]:
    match command, state.phase:
        case OpenOutreach(), "absent":
            return _open(command, facts)
        case OpenOutreach(), _:
            return []
        case PublishChecklist(), "open":
            return _published(state, facts)
        case DeliverChecklist(), "open":
            return _deliver(command, state, facts)
        case PushPolicy(), "open" | "closed":
            return _push(command, state, facts)
        case LogVisit(), "open" | "closed":
            return [_visited(command, facts)]
        case CloseOutreach(), "open":
            return _close(command, state, facts)
        case CloseOutreach(outcome=outcome), "closed" if outcome == state.outcome:
            return []
    raise Refused(
        "not_in_this_state",
        command=type(command).__name__,
        state=state.phase,
        allowed=_ALLOWED[state.phase],
        remedy="请先办理 allowed 所列事项；为空则已了结 / do one of `allowed`; empty: it is over",
    )


_ALLOWED = {
    "absent": ["OpenOutreach"],
    "open": ["PublishChecklist", "DeliverChecklist", "PushPolicy", "LogVisit", "CloseOutreach"],
    "closed": ["PushPolicy", "LogVisit"],
}


def _open(command: OpenOutreach, facts: Desk) -> list[Event]:
    """The list is made at once: what is opened has something to bring."""
    rule = next((r for r in facts.pack.proactive if f"proactive.{r.id}" == command.rule), None)
    if rule is None:
        raise Refused(
            "rule_unknown",
            rule=command.rule,
            known=[f"proactive.{r.id}" for r in facts.pack.proactive],
            remedy="请选择本方案的主动服务规则 / name a rule of the pack",
        )
    opened = OutreachOpened(
        rule=command.rule,
        what=rule.what,
        via=rule.via,
        opened_on=facts.day,
        notice=command.notice,
        companion=rule.companion,
        defaults=defaults_of(facts.pack, command.rule),
    )
    state = evolve(Outreach(), opened)
    if rule.what == POLICY and command.notice is not None and "online" in rule.via:
        return [opened, *_pushed_by_itself(command.notice, state, facts)]
    return [opened, *_published(state, facts)]


def _pushed_by_itself(notice: UUID, state: Outreach, facts: Desk) -> list[Event]:
    """Online it is brought at once, to the unit's own page; other ways are left to people."""
    pushed = _push(PushPolicy(notice=notice, via="online"), state, facts)
    if set(state.via) == {"online"}:
        return [*pushed, OutreachClosed(outcome="delivered", closed_on=facts.day)]
    return pushed


def _published(state: Outreach, facts: Desk) -> list[Event]:
    """Another content is another edition, and every way has to bring it anew."""
    if state.what != CHECKLIST:
        return []
    said = applying(facts.project, facts.pack, facts.catalogue)
    if said.digest == state.digest:
        return []
    return [
        ChecklistPublished(
            edition=state.edition + 1,
            digest=said.digest,
            catalogue=said.catalogue,
            items=said.items,
            materials=said.materials,
            undecided=said.undecided,
            defaults=defaults_of(facts.pack, "catalogue"),
        )
    ]


def _deliver(command: DeliverChecklist, state: Outreach, facts: Desk) -> list[Event]:
    """Each way once, each with something that proves it."""
    if not state.edition:
        raise Refused(
            "no_checklist", what=state.what, remedy="此项对接没有清单 / it has no list"
        )
    if command.via not in state.via:
        raise Refused(
            "way_not_offered",
            via=command.via,
            offered=list(state.via),
            rule=state.rule,
            remedy="请选择方案规定的渠道 / choose a way that the rule names",
        )
    if command.via in state.brought:
        return []
    if command.proof is None and command.reference is None:
        raise Refused(
            "proof_required",
            via=command.via,
            remedy="请附送达凭据（回执编号或签收影像） / give a reference or a proof",
        )
    return [
        ChecklistDelivered(
            edition=state.edition,
            digest=state.digest,
            via=command.via,
            delivered_on=facts.day,
            proven_by=command.proven_by,
            reference=command.reference,
            receiver=command.receiver,
            proof=command.proof,
        )
    ]


def _push(command: PushPolicy, state: Outreach, facts: Desk) -> list[Event]:
    if (command.notice, command.via) in state.pushed:
        return []
    return [
        PolicyPushed(
            notice=command.notice,
            rule=state.rule,
            matched=tuple(sorted(facts.project.flags)),
            via=command.via,
            pushed_on=facts.day,
            proof=command.proof,
        )
    ]


def _visited(command: LogVisit, facts: Desk) -> ServiceVisited:
    return ServiceVisited(
        visited_on=facts.day,
        purpose=command.purpose,
        receiver=command.receiver,
        findings=command.findings,
        proof=command.proof,
    )


def _close(command: CloseOutreach, state: Outreach, facts: Desk) -> list[Event]:
    missing = [via for via in state.via if via not in state.brought]
    if command.outcome == "delivered" and missing:
        raise Refused(
            "not_brought_by_every_way",
            missing=missing,
            rule=state.rule,
            remedy="线上、线下均须留有送达凭据 / every way must be evidenced first",
        )
    if command.outcome == "no_longer_applies" and command.reason is None:
        raise Refused("reason_required", remedy="请写明理由 / give the reason")
    return [OutreachClosed(outcome=command.outcome, closed_on=facts.day, reason=command.reason)]


OUTREACH = Decider(Outreach(), evolve, decide)
