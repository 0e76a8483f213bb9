"""What intake says of how the service was set up with the unit (登记、告知、同意、核验)."""

from typing import Literal

from contracts.event import Event, Personal
from contracts.vocabulary import (
    Count,
    DayKind,
    Defaults,
    Document,
    ItemCode,
    MatterNumber,
    Mode,
    NumberLabel,
    Part,
    Role,
    SystemRef,
    Word,
)


class ItemLimit(Part):
    """How long an item may take, as told to the unit (办理时限)."""

    item: ItemCode
    days: Count
    day_kind: DayKind = "working"


class ProcessExplained(Event):
    """The unit was told how the service goes and who owes what (介绍流程和职责; AS-54).

    `leaflet` is the version of the paper that was handed over.
    """

    type: Literal["intake.process_explained.v1"] = "intake.process_explained.v1"

    leaflet: Word
    understood: bool = True
    listener: Personal[str] | None = None


class RegistrationCompleted(Event):
    """The unit's needs, the items and their limits stand in the register (登记表; AS-55, AS-56,
    AS-57, AS-58, AS-63).

    `complete_set` says whether all materials came in one go; where not, the reason is kept.
    `clarified_by` says how the need was made clear: by asking, by looking it up. `number` is
    that of the register's own yearly series, where the place has one; `label` as it prints it.
    """

    type: Literal["intake.registration_completed.v1"] = "intake.registration_completed.v1"

    form: Word
    number: MatterNumber | None = None
    label: NumberLabel | None = None
    limits: tuple[ItemLimit, ...]
    complete_set: bool
    outstanding: tuple[ItemCode, ...] = ()
    leaflet: Word | None = None
    contacts: tuple[Role, ...] = ()
    clarified_by: tuple[Word, ...] = ()
    defaults: Defaults = ()
    needs: Personal[str]
    incomplete_reason: Personal[str] | None = None
    content: Personal[Document] | None = None


class ServiceConsented(Event):
    """The unit agreed to a service that others had asked for (单位同意; YY-35, X-03).

    Before it, nothing is done in the unit's name.
    """

    type: Literal["intake.service_consented.v1"] = "intake.service_consented.v1"

    origin: Word
    consented_by: Personal[str] | None = None
    proof: Personal[Document] | None = None


class ConditionChecked(Event):
    """What the unit had declared of itself was held against a source (条件核验; YY-06, YY-07)."""

    type: Literal["intake.condition_checked.v1"] = "intake.condition_checked.v1"

    condition: Word
    met: bool
    source: Word
    reference: SystemRef | None = None
    note: Personal[str] | None = None


class HelpMuted(Event):
    """The unit wants to hear less of the help it has, or hears it again (静默帮办; YY-50)."""

    type: Literal["intake.help_muted.v1"] = "intake.help_muted.v1"

    muted: bool
    reason: Personal[str] | None = None


class ModeEnded(Event):
    """A way of serving came to its end by the event the pack names (服务方式到期; X-02)."""

    type: Literal["intake.mode_ended.v1"] = "intake.mode_ended.v1"

    mode: Mode
    after: Word
    defaults: Defaults = ()
