"""What can be asked about materials?"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.event import Personal
from contracts.vocabulary import (
    Count,
    Document,
    ItemCode,
    MaterialCode,
    MaterialOrigin,
    UndertakingPoint,
    WaitingOn,
)
from services.intake.domain.commands.words import Items, Materials, Name, Sentence
from shared.command import Command

type Points = Annotated[tuple[UndertakingPoint, ...], Field(max_length=5)]


class RequestMaterials(Command):
    """通知备料 Ask for what is missing, at once and in full, or ahead (YO-30, X-07, X-14).

    No items: all in scope. No materials: everything these items still lack. After the set was
    complete it needs a `reason` (AS-58).
    """

    request: UUID | None = None
    items: Items | None = None
    materials: Materials | None = None
    waiting_on: WaitingOn = "applicant"
    ahead: bool = False
    due_on: date | None = None
    wording: Sentence | None = None
    reason: Sentence | None = None


class ReceiveMaterial(Command):
    """接收材料 Take a material in against a receipt (YO-39, YO-03).

    `piece` may be made by the caller, so that an entry made offline is made once. With
    `undertaking`, the unit warrants this very paper (YY-46).
    """

    piece: UUID | None = None
    material: MaterialCode
    originals: Count = 0
    copies: Count = 0
    sheets: Count | None = None
    valid_until_on: date | None = None
    replaces: UUID | None = None
    request: UUID | None = None
    visit: UUID | None = None
    undertaking: Points = ()
    title: Name | None = None
    handed_in_by: Name | None = None
    scans: Personal[tuple[Document, ...]] | None = None
    receipt: Personal[Document] | None = None


class ReuseMaterial(Command):
    """共享材料 Use what another matter or the certificate library holds already (YO-03, X-14)."""

    material: MaterialCode
    origin: MaterialOrigin
    from_matter: UUID | None = None
    piece: UUID | None = None


class GiveUndertaking(Command):
    """材料承诺 The unit warrants its materials on all five points (YY-46, HS-55).

    No pieces named: every paper that is in force and not yet warranted.
    """

    points: Points
    pieces: Annotated[tuple[UUID, ...], Field(max_length=500)] | None = None
    signatory: Name | None = None
    paper: Personal[Document] | None = None


class NoteResult(Command):
    """结果转材料 An item was decided: its result is a material for others (YO-03, X-14)."""

    item: ItemCode


class PrecheckItem(Command):
    """预审 Read the papers of an item through: in order, or which are faulty (YO-69)."""

    item: ItemCode
    in_order: bool
    faulty: Materials = ()
    waiting_on: WaitingOn = "applicant"
    due_on: date | None = None
    faults: Sentence | None = None
    note: Sentence | None = None
