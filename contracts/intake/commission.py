"""What intake says of the unit's authority and of forms filled in for it (委托与表单)."""

from typing import Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    AgreementEndCause,
    Consent,
    Day,
    Defaults,
    Document,
    EndedBy,
    ItemCode,
    MatterNumber,
    Ordinal,
    Part,
    Power,
    Signing,
    Word,
)


class ProxyLink(Part):
    """One link of a proxy's own authority (受托链): what he was given, until when."""

    powers: tuple[Power, ...]
    begins_on: Day
    ends_on: Day
    may_entrust: bool = True


class CommissionFiled(Event):
    """The unit's written power of attorney was filed: who, what, powers, period (授权委托;
    X-03, YO-09, YY-12, YY-35).

    The four points of Civil Code art. 165 (民法典第165条) are `agent`, `items`, `powers`, and
    `begins_on` to `ends_on`, both days included. `agent` may be an agency, whose staff then
    act. Every act under it carries its id as `authority`.
    Given by a proxy of the unit, `proxy_chain` is his own authority, from the unit down to him.
    """

    type: Literal["intake.commission_filed.v1"] = "intake.commission_filed.v1"

    commission: UUID
    number: MatterNumber | None = None
    agent: ActorId
    items: tuple[ItemCode, ...]
    powers: tuple[Power, ...]
    begins_on: Day
    ends_on: Day
    signed_on: Day
    signing: Signing
    consents: tuple[Consent, ...] = ()
    proxy_chain: tuple[ProxyLink, ...] = ()
    defaults: Defaults = ()
    agent_name: Personal[str]
    principal: Personal[str]
    signatory: Personal[str]
    paper: Personal[Document]
    proxy_names: Personal[tuple[str, ...]] | None = None
    proxy_papers: Personal[tuple[Document, ...]] | None = None


class AgreementEnded(Event):
    """A commission or an agreement ended: no act may lean on it from now on (委托终止; X-03).

    Exactly one of `commission` and `agreement` is named. `ground` is the pack's own word for
    the cause of an agreement's end, `move` and `state` the pack's move and where it led.
    """

    type: Literal["intake.agreement_ended.v1"] = "intake.agreement_ended.v1"

    commission: UUID | None = None
    agreement: UUID | None = None
    cause: AgreementEndCause
    ended_by: EndedBy
    move: Word | None = None
    state: Word | None = None
    ground: Word | None = None
    signed_by: tuple[Word, ...] = ()
    reason: Personal[str] | None = None
    paper: Personal[Document] | None = None


class FormDrafted(Event):
    """Staff filled a form in for the unit, not yet filed (代填表单; YO-40, YO-69)."""

    type: Literal["intake.form_drafted.v1"] = "intake.form_drafted.v1"

    item: ItemCode
    form: Word
    draft: Ordinal
    content: Personal[Document]


class FormConfirmed(Event):
    """The unit confirmed what a form says before it is filed in its name (单位确认表单; YO-40)."""

    type: Literal["intake.form_confirmed.v1"] = "intake.form_confirmed.v1"

    item: ItemCode
    form: Word
    draft: Ordinal
    confirmed_by: Personal[str]
    proof: Personal[Document] | None = None
