"""What is to be done next, item by item, and by whom (任务清单, YO-25)?"""

from typing import Any

from contracts.pack.sections import ProcessStage
from services.supervision.domain.course import Course
from services.supervision.domain.facts import Facts
from services.supervision.domain.state import Matter

NEXT = {
    "ready": ("submit", "ItemSubmitted"),
    "submitted": ("follow", "ItemDecided"),
    "received": ("follow", "ItemDecided"),
    "correcting": ("supply", "ItemSubmitted"),
    "accepted": ("follow", "ItemDecided"),
    "suspended": ("follow", "ItemDecided"),
    "not_accepted": ("submit", "ItemSubmitted"),
    "decided": ("collect", "ResultCollected"),
    "collected": ("deliver", "ResultDelivered"),
    "delivered": ("close", "ItemClosed"),
}
"""State of an item → what comes next, and the event that ends that stage."""

FOR_THE_UNIT = {"submit_materials", "collect_results"}
"""In agency the unit is asked for nothing else (YO-10)."""


def tasks_of(matter: Matter, facts: Facts) -> list[dict[str, Any]]:
    """One task per open item, with the stage of the pack and the posts that own it."""
    mode = facts.engagement.mode if facts.engagement else None
    stages = {s.done_when: s for s in facts.pack.process if mode is None or mode in s.modes}
    return [
        *_must_come(matter),
        *(
            _task(matter.items[code], stages, mode, facts)
            for code in matter.open_items()
            if matter.items[code].state in NEXT
        ),
    ]


def _must_come(matter: Matter) -> list[dict[str, Any]]:
    """Where somebody of the unit must come in person (HS-57)."""
    return [
        {"item": one.item, "do": "come", "by": [one.who], "stage": None, "at": one.starts_at}
        for one in matter.beyond.presences.values()
        if one.came is None
    ]


def _task(
    course: Course, stages: dict[str, ProcessStage], mode: str | None, facts: Facts
) -> dict[str, Any]:
    what, ends = NEXT[course.state]
    if course.e_certificate and course.state == "decided":
        return {"item": course.item, "do": "download", "by": ["applicant"], "stage": None}
    stage = stages.get(ends)
    agency = any(one.id == mode and one.filed_by == "agent" for one in facts.pack.modes)
    by = list(stage.owner) if stage else (["agent"] if agency else ["applicant"])
    return {
        "item": course.item,
        "do": what,
        "by": by,
        "stage": stage.zh if stage else None,
    }
