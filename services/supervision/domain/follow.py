"""How does the service stay in touch once the works are done (完工不脱钩, HS-81…83)?"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from contracts.catalogue import Catalogue
from contracts.event import Event
from contracts.pack.rules import AfterCare
from contracts.supervision import FollowUpClosed, FollowUpContacted, FollowUpOpened
from services.supervision.domain.clocks import within
from services.supervision.domain.commands.after import (
    CloseFollowUp,
    ContactUnit,
    OpenFollowUp,
)
from services.supervision.domain.coordination import FollowUp
from services.supervision.domain.facts import Facts
from services.supervision.domain.state import Matter
from shared.decider import Refused


def open_follow_up(command: OpenFollowUp, matter: Matter, facts: Facts) -> Sequence[Event]:
    """By itself, once the event that the pack names has come."""
    rule = next((one for one in facts.pack.after if one.id == command.rule), None)
    path = f"after.{command.rule}"
    if rule is None or any(one.rule == path for one in matter.beyond.follow_ups.values()):
        return []
    if begun_on(rule, matter, facts.catalogue) is None:
        return []
    return [
        FollowUpOpened(
            follow_up=facts.new,
            rule=path,
            opened_on=facts.on,
            next_on=next_on(rule, facts.on, facts),
            agent=facts.team.lead_agent,
            defaults=facts.ours(f"{path}.every", f"{path}.starts"),
        )
    ]


def contact(command: ContactUnit, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Somebody was in touch; the next time follows by the rhythm."""
    care = _open(matter, command.follow_up)
    rule = next((r for r in facts.pack.after if f"after.{r.id}" == care.rule), None)
    links = rule.links if rule else ()
    if command.wish is not None and command.wish not in links:
        raise Refused(
            "not_a_later_project",
            wish=command.wish,
            known=list(links),
            rule=f"{care.rule}.links",
        )
    return [
        FollowUpContacted(
            follow_up=command.follow_up,
            means=command.means,
            contacted_on=facts.on,
            next_on=next_on(rule, facts.on, facts) if rule else None,
            wish=command.wish,
            note=command.note,
        )
    ]


def close_follow_up(command: CloseFollowUp, matter: Matter, facts: Facts) -> Sequence[Event]:
    """It ends; a new project is named, so that its matter is offered the papers of this one."""
    known = matter.beyond.follow_ups.get(command.follow_up)
    if known is not None and known.closed:
        return []
    _open(matter, command.follow_up)
    if command.cause == "new_project" and command.project_after is None:
        raise Refused(
            "project_missing",
            remedy="转入新项目的，请写明新项目 / name the new project it passes into",
        )
    return [
        FollowUpClosed(
            follow_up=command.follow_up,
            cause=command.cause,
            closed_on=facts.on,
            project_after=command.project_after,
            note=command.note,
        )
    ]


def next_on(rule: AfterCare, day: date, facts: Facts) -> date | None:
    return within(facts.calendar, day, rule.every) if rule.every else None


def completion(catalogue: Catalogue) -> frozenset[str]:
    """The milestones at which works are done (完工): those that follow on others, and end them."""
    followed = {name for one in catalogue.milestones for name in one.after}
    last = (one for one in catalogue.milestones if one.after and one.id not in followed)
    return frozenset(one.id for one in last)


def begun_on(rule: AfterCare, matter: Matter, catalogue: Catalogue) -> date | None:
    """The day the event came that the pack waits for, as far as this matter shows it."""
    days: list[date | None]
    match rule.starts:
        case "MilestoneDated":
            dated = {n: matter.milestones.get(n) for n in completion(catalogue)}
            days = [one.falls_on if one and one.reached else None for one in dated.values()]
        case "ItemDecided":
            days = [matter.items[code].decided_on for code in matter.scope()]
        case "ResultDelivered" | "ItemClosed":
            wanted = (
                ("delivered", "closed") if rule.starts == "ResultDelivered" else ("closed",)
            )
            courses = [matter.items[code] for code in matter.scope()]
            days = [c.moved_on if c.state in wanted else None for c in courses]
        case _:
            return None
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def _open(matter: Matter, id: UUID) -> FollowUp:
    care = matter.beyond.follow_ups.get(id)
    if care is None:
        raise Refused("follow_up_unknown", follow_up=str(id))
    if care.closed:
        raise Refused("follow_up_closed", follow_up=str(id))
    return care
