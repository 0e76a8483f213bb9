"""What does an appraisal come to when every fact is counted again by hand, without any table?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from contracts.evaluation import (
    BadRatingOpened,
    BadRatingRectified,
    ComplaintAnswered,
    ComplaintReceived,
    EvaluationInvited,
    EvaluationRecorded,
    Measure,
    ReturnVisitMade,
)
from services.evaluation.domain.appraising import Counted, Rated, measures
from services.evaluation.projections import legal_day
from shared.projecting import Told


@dataclass(frozen=True)
class Whom:
    """Whose figures of which days: an agent's, a body's, or those of everybody."""

    first: date
    last: date
    agent: str | None = None
    body: str | None = None


@dataclass
class One:
    """One fact that may count: whose, of which matter, on which day."""

    matter: UUID | None
    agent: str | None
    body: str | None
    day: date
    instrument: str = ""
    items: int = 1
    due_on: date | None = None
    rectified_on: date | None = None
    held: bool = False
    rated: Rated | None = None


@dataclass
class Recount:
    """Follows the log from its beginning and keeps what an appraisal asks about."""

    invited: dict[tuple[UUID, str], One] = field(default_factory=dict)
    ratings: list[One] = field(default_factory=list)
    visits: list[One] = field(default_factory=list)
    bad: dict[UUID, One] = field(default_factory=dict)
    complaints: dict[UUID, One] = field(default_factory=dict)
    bodies: dict[UUID, str | None] = field(default_factory=dict)

    def follow(self, history: Iterable[Told]) -> "Recount":
        for told in history:
            self._take(told, legal_day(told.about.effective))
        return self

    def _take(self, told: Told, day: date) -> None:
        matter = told.about.stream
        match told.event:
            case EvaluationInvited(visit=UUID()) as e:
                self.bodies[matter] = e.agent_body
            case EvaluationInvited() as e:
                one = One(matter, e.agent, e.agent_body, day, e.instrument, e.items or 1)
                self.invited.setdefault((matter, e.instrument), one)
                self.bodies.setdefault(matter, e.agent_body)
            case EvaluationRecorded() as e:
                scores = tuple((s.indicator, s.level) for s in e.scores)
                body = self.bodies.get(matter)
                rated = Rated(e.instrument, e.level, scores)
                self.ratings.append(One(matter, e.agent, body, day, e.instrument, rated=rated))
            case ReturnVisitMade() as e:
                self.visits.append(One(matter, e.agent, e.agent_body, day, held=e.reached))
            case BadRatingOpened() as e:
                body = self.bodies.get(matter)
                self.bad[e.bad_rating] = One(matter, e.agent, body, day, due_on=e.due_on)
            case BadRatingRectified() as e:
                self.bad[e.bad_rating].rectified_on = day
            case ComplaintReceived() as e:
                self.complaints[e.complaint] = One(told.about.matter, e.against, e.body, day)
            case ComplaintAnswered() as e:
                self.complaints[e.complaint].held = e.verdict == "upheld"

    def measures(self, whom: Whom) -> tuple[tuple[Measure, ...], int]:
        """The figures in the order an appraisal has them, and how many matters are unrated."""

        def own(ones: Iterable[One]) -> Sequence[One]:
            return [
                one for one in ones
                if whom.first <= one.day <= whom.last
                and whom.agent in (None, one.agent) and whom.body in (None, one.body)
            ]  # fmt: skip

        asked, rated = own(self.invited.values()), own(self.ratings)
        answered = {one.matter for one in self.ratings}
        given = {(one.matter, one.instrument) for one in self.ratings}
        load: dict[UUID | None, int] = {}
        for one in asked:
            load.setdefault(one.matter, one.items)
        visits, bad, complaints = (
            own(ones) for ones in (self.visits, self.bad.values(), self.complaints.values())
        )
        past = whom.last + timedelta(days=1)
        late = sum(one.due_on < (one.rectified_on or past) for one in bad if one.due_on)
        counted = Counted(
            matters=len(load),
            visits=len(visits),
            reached=sum(one.held for one in visits),
            bad_ratings=len(bad),
            bad_ratings_late=late,
            complaints=len(complaints),
            complaints_upheld=sum(one.held for one in complaints),
            bad_ratings_rectified=sum(one.rectified_on is not None for one in bad),
            rated_matters=len(load.keys() & answered),
            load=sum(load.values()),
        )
        unrated = {one.matter for one in asked if (one.matter, one.instrument) not in given}
        return measures([one.rated for one in rated if one.rated], counted), len(unrated)
