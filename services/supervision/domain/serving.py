"""Which promise of the service itself runs for an item (服务时限): to file, to fetch, to hand over?"""

from dataclasses import dataclass
from datetime import date

from contracts.pack import Pack
from contracts.pack.promising import promise_of
from contracts.pack.rules import Promise
from services.supervision.domain.course import Course


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the service's own time: from one step to the next, and what was promised."""

    began: str
    begins_on: date
    ended: str
    ended_on: date | None
    promise: Promise | None


def stretch_of(course: Course, pack: Pack) -> Stretch | None:
    """The latest one that has begun; None while nothing is ready to be filed."""
    if course.collected_on is not None:
        over = promise_of(pack, "ResultDelivered")
        return Stretch("collected", course.collected_on, "delivered", course.delivered_on, over)
    fetch = promise_of(pack, "ResultCollected")
    if fetch is not None and course.decided_on is not None and _is_to_be_fetched(course):
        return Stretch("decided", course.decided_on, "collected", None, fetch)
    if course.ready_on is None:
        return None
    file = promise_of(pack, "ItemSubmitted")
    return Stretch("ready", course.ready_on, "submitted", course.submitted_on, file)


def _is_to_be_fetched(course: Course) -> bool:
    """A result on paper that lies at the body, of a filing by the agent, who fetches it too."""
    paper = course.granted and not course.e_certificate
    return paper and course.state == "decided" and course.filed_by == "agent"
