"""What intake says of the application form and of agreements with the unit (申请表与服务协议)."""

from typing import Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    Day,
    Defaults,
    Document,
    Hash,
    ItemCode,
    Mark,
    MatterNumber,
    MoveKind,
    NumberLabel,
    Ordinal,
    Signing,
    Word,
)


class ApplicationFormFiled(Event):
    """The unit's application form was put on file in a fixed version (服务申请表; HS-28, HS-53,
    HS-61).

    Later content is a later revision; an agreement says which one it carries as its attachment.
    By `mark` the same content filed again is known: it is no new revision.
    """

    type: Literal["intake.application_form_filed.v1"] = "intake.application_form_filed.v1"

    form: Word
    revision: Ordinal
    inferred: bool = False
    mark: Mark | None = None
    defaults: Defaults = ()
    content: Personal[Document]
    fields_hash: Personal[Hash] | None = None
    signatory: Personal[str] | None = None


class AgreementProposed(Event):
    """One side signed a move of an agreement; it has no effect yet (待会签; HS-27, YY-13).

    `awaits` are the parties still to sign. Where all have signed and the pack asks for notice,
    it takes effect at the beginning of `takes_effect_on`.
    """

    type: Literal["intake.agreement_proposed.v1"] = "intake.agreement_proposed.v1"

    agreement: UUID
    kind: Word
    move: Word
    move_kind: MoveKind
    to_state: Word
    in_force: bool
    number: MatterNumber | None = None
    label: NumberLabel | None = None
    signed_by: tuple[Word, ...]
    awaits: tuple[Word, ...] = ()
    takes_effect_on: Day | None = None
    ground: Word | None = None
    application: Ordinal | None = None
    stages: tuple[ItemCode, ...] = ()
    items: tuple[ItemCode, ...] = ()
    begins_on: Day | None = None
    ends_on: Day | None = None
    signed_on: Day | None = None
    signing: Signing | None = None
    agent: ActorId | None = None
    defaults: Defaults = ()
    principal: Personal[str] | None = None
    signatory: Personal[str] | None = None
    handler_name: Personal[str] | None = None
    agent_name: Personal[str] | None = None
    address: Personal[str] | None = None
    phone: Personal[str] | None = None
    reason: Personal[str] | None = None
    paper: Personal[Document] | None = None


class AgreementProposalWithdrawn(Event):
    """A move that not all had signed, or whose notice still ran, was taken back (撤回待会签;
    HS-27, YY-13).
    """

    type: Literal["intake.agreement_proposal_withdrawn.v1"] = (
        "intake.agreement_proposal_withdrawn.v1"
    )

    agreement: UUID
    move: Word
    reason: Personal[str] | None = None


class AgreementSigned(Event):
    """An agreement between the unit and the service was signed by all (签订协议; HS-27, HS-51,
    HS-53, HS-54, HS-58, HS-60, YY-13).

    `kind` is the pack's agreement, `number` its place in the yearly series, `application` the
    version of the application form it carries. Neither stages nor items: the whole matter. It
    holds from `begins_on` to `ends_on`, both days included; no `ends_on`: until it is ended.
    """

    type: Literal["intake.agreement_signed.v1"] = "intake.agreement_signed.v1"

    agreement: UUID
    kind: Word
    move: Word
    state: Word
    in_force: bool
    number: MatterNumber | None = None
    label: NumberLabel | None = None
    application: Ordinal | None = None
    stages: tuple[ItemCode, ...] = ()
    items: tuple[ItemCode, ...] = ()
    begins_on: Day
    ends_on: Day | None = None
    signed_on: Day
    signing: Signing
    signed_by: tuple[Word, ...]
    agent: ActorId | None = None
    defaults: Defaults = ()
    principal: Personal[str] | None = None
    signatory: Personal[str] | None = None
    handler_name: Personal[str] | None = None
    agent_name: Personal[str] | None = None
    address: Personal[str] | None = None
    phone: Personal[str] | None = None
    paper: Personal[Document] | None = None


class AgreementAmended(Event):
    """An agreement was changed by all who signed it (变更协议; HS-53).

    It says in full what holds from now on: the version of the application, stages and items,
    and the last day.
    """

    type: Literal["intake.agreement_amended.v1"] = "intake.agreement_amended.v1"

    agreement: UUID
    move: Word
    state: Word
    in_force: bool
    application: Ordinal | None = None
    stages: tuple[ItemCode, ...] = ()
    items: tuple[ItemCode, ...] = ()
    ends_on: Day | None = None
    agent: ActorId | None = None
    signed_by: tuple[Word, ...] = ()
    defaults: Defaults = ()
    agent_name: Personal[str] | None = None
    signatory: Personal[str] | None = None
    reason: Personal[str] | None = None
    paper: Personal[Document] | None = None


class AgreementSuspended(Event):
    """An agreement was suspended: no act may lean on it until it is resumed (中止协议; X-03)."""

    type: Literal["intake.agreement_suspended.v1"] = "intake.agreement_suspended.v1"

    agreement: UUID
    move: Word
    state: Word
    in_force: bool = False
    ground: Word | None = None
    signed_by: tuple[Word, ...] = ()
    reason: Personal[str] | None = None
    paper: Personal[Document] | None = None


class AgreementResumed(Event):
    """A suspended agreement holds again (恢复协议; X-03)."""

    type: Literal["intake.agreement_resumed.v1"] = "intake.agreement_resumed.v1"

    agreement: UUID
    move: Word
    state: Word
    in_force: bool
    signed_by: tuple[Word, ...] = ()
    reason: Personal[str] | None = None
    paper: Personal[Document] | None = None


class AgreementRenewed(Event):
    """An agreement was given a new term, both days included (续签协议; X-03, HS-27)."""

    type: Literal["intake.agreement_renewed.v1"] = "intake.agreement_renewed.v1"

    agreement: UUID
    move: Word
    state: Word
    in_force: bool
    begins_on: Day
    ends_on: Day | None = None
    signed_by: tuple[Word, ...] = ()
    defaults: Defaults = ()
    signatory: Personal[str] | None = None
    reason: Personal[str] | None = None
    paper: Personal[Document] | None = None
