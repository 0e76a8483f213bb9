"""Which kinds of stream does intake write, and which id has each that is found by its name?"""

from dataclasses import replace
from uuid import UUID

from contracts import intake
from contracts.event import Event
from contracts.vocabulary import Series
from services.intake import domain
from services.intake.domain.numbers import PreprintNumbers
from shared.eventstore.identity import NAMESPACE, derived
from shared.eventstore.vocabulary import Vocabulary, wire_type
from shared.handling import Aggregate, Done

_PLACE: tuple[type[Event], ...] = (
    intake.PackRegistered, intake.PackActivationAsked, intake.PackActivated,
    intake.PackRetired, intake.PackAmended,
    intake.PackQuestionDecided, intake.NoticePublished, intake.PublicityLogged,
)  # fmt: skip
_STORY: tuple[type[Event], ...] = (intake.StoryPublished,)
_FEED: tuple[type[Event], ...] = (intake.FeedTaken,)
_CONTACT: tuple[type[Event], ...] = (
    intake.VisitorReceived, intake.ContactLinked, intake.HandoverOffered,
    intake.HandoverDeclined,
    intake.ContactHandedOver, intake.ContactClosed, intake.ContactLeftOver,
    intake.ConsultationReferred,
)  # fmt: skip
_HOTLINE: tuple[type[Event], ...] = (
    intake.HotlineOrderReceived, intake.HotlineOrderTaken, intake.HotlineOrderAnswered,
)  # fmt: skip
_BOOKING: tuple[type[Event], ...] = (
    intake.BookingMade, intake.BookingMoved, intake.BookingEnded,
)  # fmt: skip
_OUTREACH: tuple[type[Event], ...] = (
    intake.OutreachOpened, intake.ChecklistPublished, intake.ChecklistDelivered,
    intake.ServiceVisited, intake.PolicyPushed, intake.OutreachClosed,
)  # fmt: skip
_PROJECT: tuple[type[Event], ...] = (intake.ProjectRegistered, intake.ProjectAmended)
_CODE: tuple[type[Event], ...] = (intake.ProjectIdentified,)
_NUMBERS: tuple[type[Event], ...] = (
    intake.NumberReserved, intake.NumberTaken, intake.NumberVoided,
)  # fmt: skip
_CONSULTATION: tuple[type[Event], ...] = (intake.ConsultationAnswered,)
_ELSEWHERE = (
    *_PLACE, *_PROJECT, *_CODE, *_NUMBERS, *_STORY, *_FEED, *_CONTACT, *_HOTLINE, *_BOOKING,
    *_OUTREACH,
)  # fmt: skip

MATTER = Aggregate(
    "matter",
    domain.MATTER,
    Vocabulary(tuple(event for event in intake.EVENTS if event not in _ELSEWHERE)),
)
PROJECT = Aggregate("project", domain.PROJECT, Vocabulary(_PROJECT))
CODE = Aggregate("code", domain.CODE, Vocabulary(_CODE))
NUMBERS = Aggregate("numbers", domain.NUMBERS, Vocabulary(_NUMBERS))
PLACE = Aggregate("place", domain.PLACE, Vocabulary(_PLACE))
CONSULTATION = Aggregate("consultation", domain.CONSULTATION, Vocabulary(_CONSULTATION))
CONTACT = Aggregate(
    "contact",
    domain.CONTACT,
    Vocabulary((*_CONTACT, *_CONSULTATION, intake.OneTimeNoticeIssued)),
)
ORDER = Aggregate("order", domain.ORDER, Vocabulary(_HOTLINE))
BOOKING = Aggregate("booking", domain.BOOKING, Vocabulary(_BOOKING))
OUTREACH = Aggregate("outreach", domain.OUTREACH, Vocabulary(_OUTREACH))
STORY = Aggregate("story", domain.STORY, Vocabulary(_STORY))
FEED = Aggregate("feed", domain.FEED, Vocabulary(_FEED))


def place_stream(area: str) -> UUID:
    """The stream of a place: its packs, notices and publicity."""
    return derived(NAMESPACE, f"place/{area}")


def numbers_stream(area: str, year: int, series: Series) -> UUID:
    """The stream of a number series: one for each place and year."""
    return derived(NAMESPACE, f"numbers/{area}/{year}/{series}")


def series_of(command: PreprintNumbers) -> UUID:
    """The series that a command prints numbers of beforehand."""
    return numbers_stream(command.area, command.year, command.series)


def code_stream(code: str) -> UUID:
    """The stream of a project code: to which project it leads."""
    return derived(NAMESPACE, f"code/{code}")


def order_stream(area: str, order: str) -> UUID:
    """The stream of a hotline order: the same number is the same order (AS-23)."""
    return derived(NAMESPACE, f"order/{area}/{order}")


def outreach_stream(project: UUID, rule: str) -> UUID:
    """The stream of an outreach: one for each project and rule."""
    return derived(project, f"outreach/{rule}")


def enrolled_stream(project: UUID) -> UUID:
    """The stream of the matter that begins by itself: one for each project (YY-18)."""
    return derived(project, "enrolled")


def fed_stream(area: str, code: str) -> UUID:
    """The stream of a project first seen by a feed, by its code."""
    return derived(NAMESPACE, f"fed/{area}/{code}")


_BESIDE = {wire_type(event) for event in (*_CODE, *_NUMBERS)}


def of_stream(stream: UUID, done: Done) -> Done:
    """What was recorded of `stream` itself, not of the code or number beside it."""
    events = tuple(event for event in done.events if event[1] not in _BESIDE)
    return replace(done, version=done.versions[stream], events=events)
