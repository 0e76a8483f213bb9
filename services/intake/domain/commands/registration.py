"""What can be asked about setting the service up with the unit (登记、告知、同意、核验)?"""

from typing import Annotated, Literal

from pydantic import Field

from contracts.event import Personal
from contracts.intake import ItemLimit
from contracts.vocabulary import ApprovalSubject, Document, MatterNumber, SystemRef, Word
from services.intake.domain.commands.words import Name, Sentence
from shared.command import Command


class ExplainProcess(Command):
    """介绍流程和职责 Tick that flow and duties were explained, with the leaflet (AS-54)."""

    leaflet: Word
    understood: bool = True
    listener: Name | None = None


class CompleteRegistration(Command):
    """完成登记 Needs, items with limits, register form, all materials (AS-55 to AS-58, AS-63).

    A limit left out is the one promised in the catalogue. `number` is the one printed on the
    paper beforehand (预印编号); without it the next is taken.
    """

    form: Word | None = None
    number: MatterNumber | None = None
    needs: Sentence
    limits: Annotated[tuple[ItemLimit, ...], Field(max_length=200)] = ()
    clarified_by: Annotated[tuple[Word, ...], Field(max_length=10)] = ()
    incomplete_reason: Sentence | None = None
    content: Personal[Document] | None = None


class GiveConsent(Command):
    """同意接受服务 The unit agrees to a service that others asked for (YY-35, X-03)."""

    consented_by: Name | None = None
    proof: Personal[Document] | None = None


class CheckCondition(Command):
    """核验条件 Hold what the unit declared against a source (YY-06, YY-07)."""

    condition: Literal["industrial_policy_ok", "registered_in_jurisdiction"]
    met: bool
    source: Word
    reference: SystemRef | None = None
    note: Sentence | None = None


class AskAdmission(Command):
    """提请确有必要纳入 Ask that a project outside the rules be served all the same (HS-09)."""

    reason: Sentence


class AdmitByDiscretion(Command):
    """确有必要纳入 Serve a project outside the rules that really needs it (HS-09).

    Approved by somebody else than who asked, with his own sign-in; both stand in the record.
    """

    reason: Sentence


class ApproveDecline(Command):
    """同意不予受理 Let a request that qualifies be declined, as somebody else asked (YO-14)."""

    reason: Sentence


class DenyApproval(Command):
    """不予批准 Do not approve what was asked for, or take it back (HS-09, YO-14)."""

    decision: ApprovalSubject
    reason: Sentence


class MuteHelp(Command):
    """静默帮办 Hear less of help that cannot be refused, or hear it again (YY-50)."""

    muted: bool = True
    reason: Sentence | None = None


class EndMode(Command):
    """服务方式到期 The event happened that ends a way of serving here (X-02)."""

    after: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]+$", max_length=64)]
