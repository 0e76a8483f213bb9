"""What can be asked about the schedule (预排工期)?"""

from typing import Annotated

from pydantic import Field

from contracts.event import Personal
from contracts.vocabulary import ItemCode, RevisionCause
from services.supervision.domain.commands.days import CalendarDay
from shared.command import Command

type Explanation = Personal[Annotated[str, Field(min_length=1, max_length=1000)]]


class DateMilestone(Command):
    """节点日期：拿地、开工、完工的预计或实际日期 (YO-06, YO-16).

    `reached` opens the items that wait for the milestone; an expected day only moves the plan.
    """

    milestone: ItemCode
    falls_on: CalendarDay
    reached: bool = False


class RevisePlan(Command):
    """工期调整：按实际情况重排工期并说明原因 (YO-32)."""

    cause: RevisionCause
    items: tuple[ItemCode, ...] = ()
    explanation: Explanation


class ArrangePlan(Command):
    """预排工期：事项范围确定后排定各事项的先后、时限和责任单位 (YO-16, YO-29, YO-31).

    `beside` are items that apply to the project and are not served; the utilities, fees and own
    acts among them, in the stages that are served, stand on the plan to be followed (只跟踪).
    """

    items: tuple[ItemCode, ...]
    beside: tuple[ItemCode, ...] = ()


class NoteTrackedItem(Command):
    """跟踪登记：只跟踪的事项（报装、缴费、自主办理）何时开始、何时完成 (HS-10, YO-32)."""

    item: ItemCode
    started_on: CalendarDay | None = None
    finished_on: CalendarDay | None = None


class AmendScope(Command):
    """事项范围调整后重排工期 (YO-32)."""

    added: tuple[ItemCode, ...] = ()
    removed: tuple[ItemCode, ...] = ()


class NoteMaterials(Command):
    """材料齐全：前序办结的事项即可申报 (YO-34)."""

    items: tuple[ItemCode, ...]


class FollowCalendar(Command):
    """放假安排公布后按新日历重排工期 (X-06)."""
