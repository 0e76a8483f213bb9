"""When may personal data be restricted, erased or corrected, and by whose two names?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.archive import (
    CorrectionWorded,
    DisclosureCorrected,
    DisclosuresErased,
    ProcessingRestricted,
    ProtectionProposed,
    ProtectionRejected,
    RestrictionLifted,
)
from contracts.event import Event, Personal, SafeText
from contracts.vocabulary import (
    ActorId,
    Digest,
    EventId,
    LegalGround,
    Protection,
    Subject,
    Word,
)
from shared.command import Command
from shared.decider import Refused

AT_ONCE = 500
"""Digests that one event names; a longer list is told in several."""

GROUNDS: Mapping[Protection, frozenset[LegalGround]] = {
    "restrict": frozenset(
        {"consent_withdrawn", "purpose_fulfilled", "retention_expired", "disputed", "ordered",
         "unlawful_or_excessive"}
    ),
    "lift": frozenset({"ground_ended", "ordered"}),
    "erase": frozenset(
        {"consent_withdrawn", "purpose_fulfilled", "retention_expired", "unlawful_or_excessive",
         "wrong_subject", "ordered"}
    ),
    "correct": frozenset({"inaccurate", "ordered"}),
}  # fmt: skip
"""个人信息保护法 art. 46 (correct) and 47 (erase; else keep only)."""
WHEN_CLOSED = frozenset({"purpose_fulfilled", "retention_expired", "consent_withdrawn"})
"""Grounds on which an open matter's data are restricted, and not erased: the duty goes on."""

type Wording = Annotated[str, Field(min_length=1, max_length=1000)]


class ProposeProtection(Command):
    """限制、删除、更正 Propose to restrict, lift, erase or correct personal data of a matter (X-13).

    `of` says whose, `person` which one where the facts name him. To correct, `event` and `member`
    say which field, and `value` what it should say. A second person approves.
    """

    protection: Protection
    of: Subject
    person: ActorId | None = None
    whole_project: bool = False
    ground: LegalGround
    reference: SafeText | None = None
    reason: Personal[Wording]
    event: EventId | None = None
    member: Word | None = None
    value: Personal[Wording] | None = None


class ApproveProtection(Command):
    """批准 Approve what another person proposed: it is carried out at once (X-13)."""

    decision: UUID


class RejectProtection(Command):
    """不予批准 Do not approve what another person proposed (X-13)."""

    decision: UUID
    reason: Personal[Wording] | None = None


@dataclass(frozen=True, slots=True)
class ExtendRestriction:
    """限制随人 A restriction in force takes in keys that were made after it. Asked by the agenda."""

    decision: UUID
    keys: tuple[UUID, ...]


type AskingProtection = ProposeProtection | ApproveProtection | RejectProtection


@dataclass(frozen=True, slots=True)
class Aim:
    """What a decision is about: data keys, digests, and for a correction the field's event."""

    keys: tuple[UUID, ...] = ()
    digests: tuple[Digest, ...] = ()
    correctable: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """A proposal, and how it ended: `pending`, `approved` or `rejected`."""

    id: UUID
    protection: Protection
    of: Subject
    person: str | None
    whole_project: bool
    ground: LegalGround
    proposed_by: str
    event: UUID | None = None
    member: str | None = None
    ended: str = "pending"
    second: str | None = None


type Decisions = Mapping[UUID, Decision]
NO_DECISIONS: Decisions = MappingProxyType({})


def evolve(known: Decisions, event: Event) -> Decisions:
    match event:
        case ProtectionProposed():
            made = Decision(
                event.decision, event.protection, event.of, event.person, event.whole_project,
                event.ground, event.proposed_by,
            )  # fmt: skip
        case CorrectionWorded(decision=id, event=of, member=member):
            made = replace(known[id], event=of, member=member)
        case ProtectionRejected(decision=id, rejected_by=by):
            made = replace(known[id], ended="rejected", second=by)
        case (
            ProcessingRestricted(decision=id, approved_by=names)
            | RestrictionLifted(decision=id, approved_by=names)
            | DisclosuresErased(decision=id, approved_by=names)
            | DisclosureCorrected(decision=id, approved_by=names)
        ):
            made = replace(known[id], ended="approved", second=names[1])
        case _:
            return known
    return MappingProxyType({**known, made.id: made})


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked up for a decision: whom and what it concerns, and the id of a new one.

    `worded` is the event that holds the new wording of a field; `closed`: the duty is over.
    """

    actor: ActorId
    aim: Aim
    closed: bool
    id: UUID
    worded: EventId | None = None


def decide(command: AskingProtection, known: Decisions, facts: Looked) -> Sequence[Event]:
    """The first row that fits decides. Who may ask is settled before."""
    actor = facts.actor
    match command:
        case ProposeProtection():
            return list(_proposed(command, known, facts))
        case RejectProtection():
            decision = _of(command.decision, known)
            if decision.ended == "rejected":
                return []
            _still_pending(decision)
            return [
                ProtectionRejected(
                    decision=decision.id, rejected_by=actor, reason=command.reason
                )
            ]
        case ApproveProtection():
            decision = _of(command.decision, known)
            if decision.ended == "approved":
                return []
            _still_pending(decision)
            if actor == decision.proposed_by:
                raise Refused("four_eyes", remedy="请由另一人批准 / another person approves")
            return list(_approved(decision, facts))


def extended(command: ExtendRestriction, known: Decisions) -> Sequence[Event]:
    """The same decision over further keys: the two people who took it stand by its name."""
    decision = _of(command.decision, known)
    if (decision.protection, decision.ended) != ("restrict", "approved"):
        return []
    return [
        ProcessingRestricted(
            decision=decision.id, of=decision.of, person=decision.person,
            ground=decision.ground, keys=command.keys,
            approved_by=(decision.proposed_by, decision.second or decision.proposed_by),
        )
    ]  # fmt: skip


def _proposed(asked: ProposeProtection, known: Decisions, facts: Looked) -> Iterator[Event]:
    _refuse_ground(asked, facts.closed)
    actor, aim, id = facts.actor, facts.aim, facts.id
    corrects = asked.protection == "correct"
    worded = (asked.event, asked.member, asked.value)
    if corrects and (None in worded or not aim.correctable):
        raise Refused(
            "field_unknown",
            event=str(asked.event), member=asked.member,
            remedy="更正须写明 event、member、value，且须是本事、本人的个人信息字段 / "
            "name an event of this matter, a personal member of it and its value",
        )  # fmt: skip
    if not corrects and any(part is not None for part in worded):
        raise Refused(
            "only_a_correction_names_a_field", remedy="去掉 event、member、value / omit"
        )
    if not corrects and not aim.keys and not (aim.digests and asked.protection == "erase"):
        raise Refused(
            "nothing_kept",
            of=asked.of, person=asked.person,
            remedy="没有可处置的个人信息（可能已删除）/ nothing of that is kept, or no more",
        )  # fmt: skip
    if any(_same(asked, one) for one in known.values()):
        return
    yield ProtectionProposed(
        decision=id, protection=asked.protection, of=asked.of, person=asked.person,
        whole_project=asked.whole_project, ground=asked.ground, reference=asked.reference,
        proposed_by=actor, reason=asked.reason,
    )  # fmt: skip
    if corrects and asked.event and asked.member and asked.value:
        yield CorrectionWorded(
            decision=id, event=asked.event, member=asked.member, of=asked.of,
            person=asked.person, value=asked.value,
        )  # fmt: skip


def _refuse_ground(asked: ProposeProtection, closed: bool) -> None:
    allowed = GROUNDS[asked.protection]
    if asked.ground not in allowed:
        raise Refused(
            "ground_does_not_fit", ground=asked.ground, allowed=sorted(allowed),
            remedy="请选择与处置方式相符的法定事由 / choose a ground the law gives for this",
        )  # fmt: skip
    if asked.protection == "erase" and asked.ground in WHEN_CLOSED and not closed:
        raise Refused(
            "matter_still_open", ground=asked.ground,
            remedy="未结档的办件请先限制处理（restrict）/ restrict it while the matter is open",
        )  # fmt: skip


def _same(asked: ProposeProtection, one: Decision) -> bool:
    return one.ended == "pending" and (
        (one.protection, one.of, one.person, one.whole_project, one.event, one.member)
        == (asked.protection, asked.of, asked.person, asked.whole_project, asked.event,
            asked.member)
    )  # fmt: skip


def _of(id: UUID, known: Decisions) -> Decision:
    decision = known.get(id)
    if decision is None:
        raise Refused("decision_unknown", remedy="见 GET …/protections / see the list of them")
    return decision


def _still_pending(decision: Decision) -> None:
    if decision.ended != "pending":
        raise Refused(
            "decision_settled", ended=decision.ended, remedy="请重新提出 / propose it anew"
        )


def _approved(decision: Decision, facts: Looked) -> Iterator[Event]:
    aim, worded = facts.aim, facts.worded
    names = (decision.proposed_by, facts.actor)
    id, of, person, ground = decision.id, decision.of, decision.person, decision.ground
    match decision.protection:
        case "restrict":
            yield ProcessingRestricted(
                decision=id, of=of, person=person, ground=ground, approved_by=names,
                keys=aim.keys,
            )  # fmt: skip
        case "lift":
            yield RestrictionLifted(
                decision=id, of=of, person=person, ground=ground, approved_by=names,
                keys=aim.keys,
            )  # fmt: skip
        case "erase":
            pages = [aim.digests[n : n + AT_ONCE] for n in range(0, len(aim.digests), AT_ONCE)]
            for part, page in enumerate(pages or [()], 1):
                yield DisclosuresErased(
                    decision=id, of=of, person=person, ground=ground, approved_by=names,
                    keys=aim.keys if part == 1 else (), digests=page, part=part,
                    parts=max(1, len(pages)),
                )  # fmt: skip
        case "correct":
            assert decision.event and decision.member and worded
            yield DisclosureCorrected(
                decision=id, event=decision.event, member=decision.member, worded=worded,
                ground=ground, approved_by=names,
            )  # fmt: skip
