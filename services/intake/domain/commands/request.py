"""What can be asked about a request for the service, and about questions?"""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.event import Personal
from contracts.vocabulary import (
    ActorId,
    AreaCode,
    BodyId,
    DeclineCause,
    Document,
    Medium,
    Mode,
    PackEdition,
    PackPath,
    SystemRef,
    Word,
)
from services.intake.domain.commands.words import Items, Name, Phone, Sentence
from shared.command import Command


class RequestService(Command):
    """提交申请 Ask for help with a project, online or at the window (YO-37, YO-38, X-11).

    `origin` is one of the pack's ways to begin; ordered or asked by others, `ordered_by` whom.
    """

    project: UUID
    area: AreaCode
    wanted: Mode | None = None
    items: Items = ()
    applicant: ActorId | None = None
    handler: ActorId | None = None
    system_ref: SystemRef | None = None
    learned_through: Medium | None = None
    origin: Word | None = None
    ordered_by: BodyId | None = None
    lead_name: Name
    lead_phone: Phone
    handler_name: Name | None = None
    handler_phone: Phone | None = None
    needs: Sentence | None = None
    papers: Personal[tuple[Document, ...]] | None = None


class AcceptService(Command):
    """受理 Take the matter on, for a department or window (YO-14, YO-67, YO-68)."""

    body: BodyId


class DeclineService(Command):
    """不予受理服务 Do not take the matter on, and say why (YO-05, YO-14).

    Of a project that qualifies it is asked only: another person approves it.
    """

    cause: DeclineCause
    reason: Sentence


class MigrateMatter(Command):
    """办件改用新版 Move an open matter to another edition of the rules (X-08, YO-26)."""

    taken: PackEdition
    reason: Sentence


class AnswerConsultation(Command):
    """咨询解答 Answer a question about policy, tax or filing, with sources (YO-27, YO-08, AS-19).

    By video or telephone it says when it was and who took part; `recording` needs consent.
    """

    consultation: UUID | None = None
    topic: Word
    items: Items = ()
    sources: Annotated[tuple[PackPath, ...], Field(max_length=50)] = ()
    understood: bool | None = None
    learned_through: Medium | None = None
    answered_by: BodyId | None = None
    began_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    parties: Annotated[tuple[Word, ...], Field(max_length=20)] = ()
    recorded_with_consent: bool | None = None
    visitor: Name | None = None
    phone: Phone | None = None
    question: Sentence
    answer: Sentence
    recording: Personal[Document] | None = None


class AnswerVisitor(AnswerConsultation):
    """咨询解答 Answer a visitor who has no matter yet (YO-27, YO-76)."""

    area: AreaCode
