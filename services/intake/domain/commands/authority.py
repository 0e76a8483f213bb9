"""What can be asked about the unit's authority and about forms filled in for it?"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.event import Personal
from contracts.intake import ProxyLink
from contracts.vocabulary import (
    ActorId,
    AgreementEndCause,
    Consent,
    Document,
    EndedBy,
    ItemCode,
    MatterNumber,
    Ordinal,
    Power,
    Signing,
    Word,
)
from services.intake.domain.commands.words import Items, Name, Sentence
from shared.command import Command


class FileCommission(Command):
    """提交授权委托书 File the unit's written power of attorney (X-03, YO-09; 民法典第165条).

    Signed by a proxy of the unit, it carries his own authority, link by link (YY-35).
    """

    commission: UUID | None = None
    agent: ActorId
    number: MatterNumber | None = None
    items: Items | None = None
    powers: Annotated[tuple[Power, ...], Field(min_length=1, max_length=20)]
    begins_on: date
    ends_on: date
    signed_on: date
    signing: Signing
    consents: tuple[Consent, ...] = ()
    proxy_chain: Annotated[tuple[ProxyLink, ...], Field(max_length=5)] = ()
    proxy_names: Personal[tuple[str, ...]] | None = None
    proxy_papers: Personal[tuple[Document, ...]] | None = None
    agent_name: Name
    principal: Name
    signatory: Name
    paper: Personal[Document]


class EndCommission(Command):
    """终止委托 End the commission: nothing may lean on it from now on (X-03).

    The unit need give no more than a reason.
    """

    cause: AgreementEndCause | None = None
    ended_by: EndedBy | None = None
    reason: Sentence | None = None


class ReleaseCommission(Command):
    """办结终止委托 End the commission, if one is open, because the file was closed (X-03)."""


class DraftForm(Command):
    """代填表单 Fill a form in for the unit (YO-40, YO-69)."""

    item: ItemCode
    form: Word = "stage_form"
    content: Personal[Document]


class ConfirmForm(Command):
    """确认表单 The unit confirms what a form says before it is filed (YO-40)."""

    item: ItemCode
    form: Word = "stage_form"
    draft: Ordinal
    confirmed_by: Name
    proof: Personal[Document] | None = None
