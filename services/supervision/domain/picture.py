"""How does a matter look from outside: to people, to the console, to other services?"""

from datetime import date
from typing import Any

from contracts.vocabulary import GLOSSARY
from services.supervision.domain.clocks import Clock, clocks_of
from services.supervision.domain.course import Course, Reported
from services.supervision.domain.delivery import missing, outstanding
from services.supervision.domain.facts import Facts
from services.supervision.domain.state import Issue, Matter
from services.supervision.domain.system_states import BLZT, conflicts_of, told_by
from services.supervision.domain.tasks import tasks_of
from services.supervision.domain.together import together


def picture(matter: Matter, facts: Facts) -> dict[str, Any]:
    """The matter as JSON values; days as text, everything else as it is recorded."""
    left = [str(id) for id in outstanding(matter, facts)]
    still = matter.open_items()
    return {
        "items": {code: _item(matter, matter.items[code], facts) for code in matter.scope()},
        "open_items": list(still),
        "plan": plan_of(matter),
        "milestones": {
            name: {"falls_on": _day(one.falls_on), "reached": one.reached}
            for name, one in matter.milestones.items()
        },
        "issues": {
            "open": [
                {
                    "id": str(id),
                    **_issue(matter.issues[id]),
                    "contacts": matter.beyond.contacts.get(id, 0),
                    "reminders_taken_back": _taken_back(matter, matter.issues[id]),
                }
                for id in matter.open_issues()
            ]
        },
        "letters": [
            {
                "id": str(id),
                "kind": one.kind,
                "to": one.to,
                "items": list(one.items),
                "reply_by_on": _day(one.reply_by_on),
                "answered": one.answered,
            }
            for id, one in matter.letters.items()
        ],
        "visits": [
            {
                "id": str(id),
                "agent": one.agent,
                "appointed_at": one.appointed_at,
                "made_at": one.made_at,
            }
            for id, one in matter.visits.items()
        ],
        "fees_unpaid": [str(id) for id in matter.unpaid()],
        "fees": [
            {
                "id": str(id),
                "item": fee.item,
                "kind": fee.kind,
                "amount": str(fee.amount),
                "basis": fee.basis,
                "due_on": _day(fee.due_on),
                "paid": fee.paid,
            }
            for id, fee in matter.fees.items()
        ],
        "originals_outstanding": left,
        "duties": {
            "visits": sum(one.made_at is not None for one in matter.visits.values()),
            "urges": matter.urges,
            "deliveries": sum(one.delivered for one in matter.items.values()),
        },
        "tasks": tasks_of(matter, facts),
        **together(matter, facts),
        "complete": bool(matter.scope()) and not still and not left,
    }


def plan_of(matter: Matter) -> dict[str, Any] | None:
    """The plan with planned against actual, and what parallel work saves (YO-32, YO-54)."""
    plan = matter.plan
    if plan is None:
        return None
    return {
        "number": plan.number,
        "catalogue": plan.catalogue,
        "calendar": plan.calendar,
        "starts_on": _day(plan.starts_on),
        "forecast_on": _day(plan.forecast_on),
        "serial_days": plan.serial_days,
        "critical_days": plan.critical_days,
        "latest_on": _day(plan.latest_on),
        "saved_days": plan.serial_days - plan.critical_days,
        "permit_day": plan.permit_day,
        "estimated": any(line.estimated for line in plan.lines.values()),
        "revisions": [
            {
                "number": one.number,
                "cause": one.cause,
                "cause_zh": GLOSSARY[f"revision_cause.{one.cause}"],
                "items": list(one.items),
                "variance_days": one.variance_days,
                "forecast_on": _day(one.forecast_on),
            }
            for one in plan.revisions
        ],
        "lines": [
            {
                **line.model_dump(mode="json"),
                "first_due_on": _day(plan.first.get(line.item)),
                "actual_on": _day(matter.items[line.item].decided_on),
            }
            for line in plan.lines.values()
        ],
    }


def clock_of(clock: Clock) -> dict[str, Any]:
    """One clock as JSON values."""
    return {
        "kind": clock.kind,
        "state": clock.state,
        "unit": clock.unit,
        "used": clock.used,
        "allowed": clock.allowed,
        "due_on": _day(clock.due_on),
    }


def _item(matter: Matter, course: Course, facts: Facts) -> dict[str, Any]:
    item = facts.item(course.item)
    clocks = clocks_of(course, item, facts.today, facts.pack, facts.calendar)
    return {
        "zh": item.zh,
        "state": course.state,
        "state_zh": GLOSSARY[f"item_state.{course.state}"],
        "body": course.body,
        "served_by": course.served_by,
        "ready_on": _day(course.ready_on),
        "submitted_on": _day(course.submitted_on),
        "received_on": _day(course.received_on),
        "accepted_on": _day(course.accepted_on),
        "deemed": course.deemed,
        "due_on": _day(course.commitment_due_on),
        "statutory_due_on": _day(course.statutory_due_on),
        "estimated": course.estimated,
        "decided_on": _day(course.decided_on),
        "outcome": course.outcome,
        "e_certificate": course.e_certificate,
        "collected": course.collected,
        "delivered": course.delivered,
        "closed": course.closed,
        "withdrawn": course.withdrawn if course.state == "withdrawn" else None,
        "extended_days": course.extended_days,
        "told_by": told_by(course),
        "conflicts": [_conflict(one) for one in conflicts_of(course)],
        "correction_rounds": course.round,
        "second_notice": course.round > 1,
        "presence_required": _must_come(matter, course),
        "missing": [] if course.closed else missing(matter, course, facts),
        "clocks": [clock_of(clock) for clock in clocks],
    }


def _must_come(matter: Matter, course: Course) -> dict[str, Any] | None:
    """Who of the unit must come next, when: what else there is to do waits for it (HS-57)."""
    known = matter.beyond.presences.values()
    asked = [one for one in known if one.item == course.item and one.came is None]
    if not asked:
        return None
    first = min(asked, key=lambda one: one.starts_at)
    return {"who": first.who, "by": first.by, "starts_at": first.starts_at}


def _conflict(one: Reported) -> dict[str, Any]:
    """What another system says against us; ours stands until somebody settles it."""
    return {
        "source": one.source,
        "system_state": one.system_state,
        "system_state_zh": BLZT[one.system_state].zh,
        "field": one.field,
        "theirs_on": one.stated_on.isoformat(),
        "ours_on": _day(one.ours_on),
        "stated_at": one.stated_at.isoformat(),
        "observed_at": one.observed_at.isoformat(),
        "because": one.because,
    }


def _taken_back(matter: Matter, issue: Issue) -> list[str]:
    """Overdue days, told of before the problem was opened, that were taken back since (B69)."""
    opened_on, courses = issue.opened_on, [matter.items.get(code) for code in issue.items]
    if issue.kind != "approval" or opened_on is None:
        return []
    return sorted({str(d) for c in courses if c for d in c.taken_back_after(opened_on)})


def _issue(issue: Issue) -> dict[str, Any]:
    return {
        "kind": issue.kind,
        "severity": issue.severity,
        "owner": issue.owner,
        "person": issue.person,
        "items": list(issue.items),
        "opened_on": _day(issue.opened_on),
        "due_on": _day(issue.due_on),
        "raised_to": issue.raised_to,
        "rung": issue.rung,
        "issue_list": str(issue.issue_list) if issue.issue_list else None,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
