"""What can be asked about agreements with the unit and its application form?"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.event import Personal
from contracts.vocabulary import (
    ActorId,
    Document,
    Hash,
    ItemStage,
    MatterNumber,
    Ordinal,
    Signing,
    Word,
)
from services.intake.domain.commands.words import Items, Name, Phone, Sentence
from shared.command import Command

type Parties = Annotated[tuple[Word, ...], Field(max_length=10)]


class FileApplication(Command):
    """提交服务申请表 Put the application form on file, a new revision each time (HS-28, HS-53)."""

    form: Word | None = None
    content: Personal[Document]
    fields_hash: Personal[Hash] | None = None
    signatory: Name | None = None


class MoveAgreement(Command):
    """办理协议手续 Sign, amend, suspend, resume, renew or end an agreement (HS-27, YY-13, X-03).

    `move` is one of the pack's. `signed_by` are the parties whose signature stands on the
    paper; left out, the caller signs for himself. What is entered for others needs `paper`.
    `number` is the one printed on it beforehand (预印编号).
    """

    agreement: UUID | None = None
    kind: Word | None = None
    move: Word
    number: MatterNumber | None = None
    signed_by: Parties = ()
    ground: Word | None = None
    application: Ordinal | None = None
    stages: Annotated[tuple[ItemStage, ...], Field(max_length=10)] | None = None
    items: Items | None = None
    begins_on: date | None = None
    ends_on: date | None = None
    signed_on: date | None = None
    signing: Signing | None = None
    agent: ActorId | None = None
    principal: Name | None = None
    signatory: Name | None = None
    lead_name: Name | None = None
    handler_name: Name | None = None
    agent_name: Name | None = None
    address: Name | None = None
    phone: Phone | None = None
    reason: Sentence | None = None
    paper: Personal[Document] | None = None


class WithdrawMove(Command):
    """撤回待会签 Take back a move that has no effect yet (HS-27, YY-13)."""

    agreement: UUID
    reason: Sentence | None = None


class EndAgreement(Command):
    """终止协议 End the agreement with one press and a reason (X-03, YY-50)."""

    agreement: UUID | None = None
    ground: Word | None = None
    reason: Sentence


class SettleAgreement(Command):
    """到期结算协议 What is due by the calendar: notice run out, or term over (X-03)."""

    agreement: UUID
