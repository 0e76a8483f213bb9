"""What do a pack's sections on time, escalation, results and records look like?"""

from string import Formatter
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from contracts.pack.sections import Days, Sourced
from contracts.pack.words import (
    Action,
    DeliveryWord,
    EventName,
    Id,
    Need,
    RecordWord,
    Text,
)
from contracts.predicate import ALWAYS
from contracts.project import Condition, Nature
from contracts.vocabulary import Signal

type Percent = Annotated[int, Field(ge=1, le=100)]


class Promise(Sourced):
    """A service promise (服务时限): from one event to another within days."""

    id: Id
    zh: Text
    starts: EventName
    ends: EventName
    within: Days


class Clocks(Sourced):
    """Calendar, counting rule, promises and warning points (时限)."""

    calendar: Id
    overlays: tuple[Id, ...]
    count_from: Literal["next_day", "same_day"]
    promises: tuple[Promise, ...]
    warn_at_percent: tuple[Percent, ...]
    urge_after_percent: Percent
    silence: Days
    deemed_acceptance: Days


class Rung(Sourced):
    """One rung of a ladder (升级层级): on which signals, after which wait, who does what.

    `every` repeats it, `times` counts how often it was done; `needs` is asked of who does it.
    """

    id: Id
    rung: int = Field(ge=0, le=9)
    zh: Text
    fires: tuple[Signal | Action, ...] = ()
    when: Condition = ALWAYS
    wait: Days | None = None
    do: Action
    by: tuple[Id, ...] = Field(min_length=1)
    to: tuple[Id, ...] = Field(min_length=1)
    record: tuple[RecordWord, ...] = ()
    via: Id | None = None
    alternative: bool = False
    binding: bool = False
    at_once: bool = False
    every: Days | None = None
    times: int | None = Field(None, ge=1, le=100)
    needs: tuple[Need, ...] = ()


class Entry(Sourced):
    """From which other ladder a problem comes here, and on which signals."""

    ladder: Id
    fires: tuple[Signal, ...] = Field(min_length=1)


class Ladder(Sourced):
    """Escalation (升级), rung by rung, for slow items or for problems."""

    id: Id
    zh: Text
    concerns: Literal["slow_item", "problem"] = Field(alias="for")
    when: Condition = ALWAYS
    enters_from: Entry | None = None
    rungs: tuple[Rung, ...] = Field(min_length=1)


class Meeting(Sourced):
    """A kind of meeting and the papers it leaves."""

    id: Id
    zh: Text
    convened_by: Id
    papers: tuple[RecordWord, ...]
    binding: bool = False


class Duty(Sourced):
    """What one side owes (职责)."""

    id: Id
    who: Literal["applicant", "staff", "departments", "office"]
    zh: Text


class ConductRule(Sourced):
    """One sentence about how staff behave, or what they must not do."""

    id: Id
    kind: Literal["style", "forbid"]
    zh: Text


class Conduct(Sourced):
    """Fees, confidentiality and behaviour (行为规范)."""

    fees: Literal["free", "free_except_statutory"]
    secrecy: tuple[Literal["materials", "business_secrets", "personal_information"], ...]
    rules: tuple[ConductRule, ...]


class DeliveryWay(Sourced):
    """One way a result reaches the unit, and what proves that it did."""

    id: DeliveryWord
    zh: Text
    done_by: Literal["agent", "applicant", "hall"]
    proof: Literal["signature", "tracking_number", "download"]


class Delivery(Sourced):
    """How results go out (送达)."""

    ways: tuple[DeliveryWay, ...]
    collected_by: Id
    collect_at: Text | None = None
    returned: tuple[Text, ...] = ()
    mail_paid_by: Literal["service", "applicant"]


class Level(Sourced):
    """One level of a rating scale."""

    id: Id
    zh: Text
    bad: bool = False


class Scale(Sourced):
    """A rating scale, best level first."""

    id: Id
    levels: tuple[Level, ...] = Field(min_length=2)


class Indicator(Sourced):
    """One thing rated by itself; `explains` is shown to the rater (指标说明)."""

    id: Id
    zh: Text
    explains: Text | None = None


class Instrument(Sourced):
    """One way of asking (评价方式): who asks, who answers, about whom, on which scale."""

    id: Id
    zh: Text
    asked_by: Id
    answered_by: Id
    of: Id
    starts: EventName
    indicators: tuple[Indicator, ...] = ()
    scale: Id
    printed: tuple[Id, ...] = ()


class BadRating(Sourced):
    """What happens to a bad rating (差评)."""

    rectify_within: Days
    revisit: bool


class RatingLink(Sourced):
    """How a rating link behaves, and how long ratings stay sealed from the rated (评价链接).

    What is left out is a default of ours.
    """

    expires: Days | None = None
    sendings: int | None = Field(None, ge=1, le=5)
    release_at: int | None = Field(None, ge=2, le=100)
    release_after: Days | None = None


class Complaints(Sourced):
    """How complaints go (投诉): by when they are answered, where probity goes (吃拿卡要)."""

    within: Days | None = None
    probity_to: Id | None = None


class Evaluation(Sourced):
    """All instruments, kept apart, and the rules they share (评价).

    `national` asks for the national five levels where the source has no form of its own.
    """

    national: bool = False

    scales: tuple[Scale, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    remind_after: Days
    link: RatingLink | None = None
    bad_rating: BadRating
    complaints: Complaints | None = None
    used_for: tuple[Id, ...] = ()


class Then(Sourced):
    """What the receiver of a return does with it."""

    do: Literal["dispatch_by_territory"]
    to: Id


class Return(Sourced):
    """A return (报表): what is due, from whom, to whom, how often; nil returns count."""

    id: Id
    zh: Text
    sender: tuple[Id, ...] = Field(alias="from", min_length=1)
    to: Id
    period: Literal["quarter", "month", "week", "regular", "unspecified"]
    due: Literal["period_end"] | None = None
    nil: bool
    then: Then | None = None


class Appraisal(Sourced):
    """Whose performance counts, judged by whom, from what (考核)."""

    by: Id
    of: Id | tuple[Id, ...]
    feeds: tuple[Id, ...] = ()
    counts_in: tuple[Text, ...] = ()
    centre_over_lower: tuple[Literal["guidance", "supervision", "assessment"], ...] = ()


class Content(Sourced):
    """One kind of paper in a file; `required_if` names the event that makes it compulsory."""

    id: Id
    zh: Text
    min: int = Field(ge=0)
    required_if: EventName | None = None


class Waiver(Sourced):
    """What it takes to close a file that lacks a paper (免予归档)."""

    needs: tuple[Need, ...]


class Archive(Sourced):
    """What a file must hold (归档)."""

    unit: Literal["matter"]
    contents: tuple[Content, ...]
    strength: Literal["in_principle", "compulsory"]
    keep_years: int = Field(ge=1)
    hand_over_to: Id
    waiver: Waiver | None = None


class AfterCare(Sourced):
    """An obligation after completion; `links` are the kinds of a later project it leads to."""

    id: Id
    zh: Text
    starts: EventName
    ends: EventName
    every: Days | None = None
    links: tuple[Nature, ...] = ()


MESSAGE_MEMBERS = frozenset({"wording", "place", "matter", "items", "due_on", "to"})
"""What the wording of a message may put in braces."""


def _sayable(template: str) -> str:
    """Only what every message has may stand in braces."""
    named = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    if strange := sorted(named - MESSAGE_MEMBERS):
        raise ValueError(f"没有这些内容可填 / nothing to put for: {', '.join(strange)}")
    return template


type Template = Annotated[Text, AfterValidator(_sayable)]


class MessageWording(Sourced):
    """What a message about an event says here, in two languages (对外消息); `id` is the event."""

    id: EventName
    zh: Template
    en: Template


class OpenQuestion(Sourced):
    """What the source leaves unsaid (待定事项): the leaves concerned, our default (默认值)."""

    id: Id
    q: Text
    paths: tuple[Text, ...] = Field(min_length=1)
    default: Text
    rows: tuple[Text, ...] = ()
