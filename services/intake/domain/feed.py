"""What does another system's register tell of projects (项目代码推送)?"""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from contracts.event import Event, Personal
from contracts.intake import FeedTaken
from contracts.project import ProjectFacts
from contracts.vocabulary import Amount, Area, AreaCode, Count, Word, WorksCode
from services.intake.domain.codes import PlainProjectCode, UnitCode
from services.intake.domain.commands import Items, Name
from shared.command import Command
from shared.decider import Decider


class FeedRow(BaseModel):
    """One project as the other system has it; `self_filed` are items filed at a window by the unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: PlainProjectCode
    works: WorksCode | None = None
    name: Name
    unit: Name
    unit_code: Personal[UnitCode] | None = None
    address: Name | None = None
    facts: ProjectFacts = ProjectFacts()
    investment_amount: Amount | None = None
    land_area: Area | None = None
    building_area: Area | None = None
    self_filed: Items = ()


class FeedProjects(Command):
    """推送项目 Take in up to 100 rows of another system's register; known rows say nothing new
    (HS-12, HS-73, YY-18)."""

    area: AreaCode
    source: Word
    observed_at: AwareDatetime
    rows: Annotated[tuple[FeedRow, ...], Field(min_length=1, max_length=100)]


class NoteFeed(Command):
    """推送登记 What came of the rows of a feed (HS-12)."""

    source: Word
    observed_at: AwareDatetime
    rows: Count


def decide(command: NoteFeed, state: int, facts: Mapping[str, int]) -> Sequence[Event]:
    """Noted once; `facts` count what became of the rows."""
    if state:
        return []
    return [
        FeedTaken(
            source=command.source,
            observed_at=command.observed_at,
            rows=command.rows,
            registered=facts["registered"],
            amended=facts["amended"],
            known=facts["known"],
            refused=facts["refused"],
        )
    ]


FEED: Decider[NoteFeed, int, Event, Mapping[str, int]] = Decider(0, lambda n, _: n + 1, decide)
