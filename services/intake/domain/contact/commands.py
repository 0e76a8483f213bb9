"""What can be asked about a visitor (首问负责)?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from contracts.event import Personal
from contracts.vocabulary import ActorId, AreaCode, BodyId, Document, Role, Word
from services.intake.domain.commands import AnswerConsultation, Items, Name, Phone, Sentence
from shared.command import Command


class ReceiveVisitor(Command):
    """首问接待 Someone came: whatever is known of him; he is yours from now on (AS-16, AS-41, AS-48).

    Nothing but the place is required. An `outcome` closes the contact at once.
    """

    area: AreaCode
    topic: Word | None = None
    items: Items = ()
    project: UUID | None = None
    matter: UUID | None = None
    booking: UUID | None = None
    outcome: Word | None = None
    visitor: Name | None = None
    unit: Name | None = None
    phone: Phone | None = None
    wish: Sentence | None = None
    note: Sentence | None = None


class LinkContact(Command):
    """来访关联 Tie the contact to the project or matter it is about (AS-25, X-11)."""

    project: UUID | None = None
    matter: UUID | None = None


class OfferHandover(Command):
    """提出交接 Ask a person, a post or a body to take the contact over (AS-41, AS-49)."""

    to_person: ActorId | None = None
    to_role: Role | None = None
    to_body: BodyId | None = None
    note: Sentence | None = None

    @model_validator(mode="after")
    def _names_somebody(self) -> "OfferHandover":
        if not (self.to_person or self.to_role or self.to_body):
            raise ValueError("请写明接收人、岗位或单位 / name a person, a post or a body")
        return self


class TakeContact(Command):
    """交接确认 Take over a contact that was offered: it is yours from now on (AS-41, AS-49)."""


class DeclineHandover(Command):
    """不予接收 Do not take over what was offered, and say why; it stays its owner's (AS-41)."""

    reason: Sentence


class CloseContact(Command):
    """首问办结 Say what came of it; what is still open needs a note (AS-41)."""

    outcome: Word
    note: Sentence | None = None


class ReferQuestion(Command):
    """咨询转办 Ask the body that really decides the item, at once (AS-51)."""

    consultation: UUID | None = None
    items: Annotated[Items, Field(max_length=20)] = ()
    to_body: BodyId | None = None
    question: Sentence


class AnswerContact(AnswerConsultation):
    """咨询解答 Answer the visitor, or the question that was referred (AS-19, AS-50, AS-51, HS-80)."""


class TellContact(Command):
    """一次性告知 Tell the visitor all that these items need, generated and complete (AS-42, AS-52)."""

    items: Annotated[Items, Field(min_length=1)]
    receiver: Name | None = None
    reason: Sentence | None = None
    signed: Personal[Document] | None = None


class RemindOfContact(Command):
    """首问未办结提醒 The day is over and the contact is still open (AS-41)."""


type ContactCommand = (
    ReceiveVisitor | LinkContact | OfferHandover | TakeContact | DeclineHandover
    | CloseContact | ReferQuestion | AnswerContact | TellContact | RemindOfContact
)  # fmt: skip
