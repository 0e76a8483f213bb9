"""What intake (受理) decides: the deciders of its kinds of stream, pure and without I/O."""

from collections.abc import Sequence

from contracts.event import Event
from services.intake.domain.booking import BOOKING
from services.intake.domain.commands import AnswerVisitor
from services.intake.domain.contact import CONTACT
from services.intake.domain.decide import answered, decide
from services.intake.domain.facts import Facts
from services.intake.domain.feed import FEED
from services.intake.domain.hotline import ORDER
from services.intake.domain.numbers import NUMBERS
from services.intake.domain.outreach import OUTREACH
from services.intake.domain.place import PLACE
from services.intake.domain.project import CODE, PROJECT
from services.intake.domain.state import ABSENT, evolve
from services.intake.domain.story import STORY
from shared.decider import Decider

MATTER = Decider(ABSENT, evolve, decide)


def _answer(command: AnswerVisitor, state: int, facts: Facts) -> Sequence[Event]:
    """A visitor's question is answered once (咨询解答)."""
    return [] if state else [answered(command, facts)]


CONSULTATION: Decider[AnswerVisitor, int, Event, Facts] = Decider(
    0, lambda state, _: state + 1, _answer
)

__all__ = [
    "BOOKING",
    "CODE",
    "CONSULTATION",
    "CONTACT",
    "FEED",
    "MATTER",
    "NUMBERS",
    "ORDER",
    "OUTREACH",
    "PLACE",
    "PROJECT",
    "STORY",
]
