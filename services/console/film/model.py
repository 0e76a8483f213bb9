"""How does a file become a film: lanes by body and person, events on two rulers, bars of items?"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

DECISIONS = frozenset(
    """
    intake.eligibility_assessed intake.service_accepted intake.service_declined
    intake.mode_chosen intake.mode_ended intake.item_scope_fixed intake.item_scope_amended
    intake.precheck_passed intake.precheck_failed
    assignment.agent_assigned assignment.agent_reassigned assignment.matter_routed
    supervision.item_accepted supervision.item_refused supervision.item_decided
    supervision.item_extended supervision.item_withdrawn supervision.special_procedure_started
    supervision.special_procedure_ended supervision.correction_requested
    supervision.special_procedure_supplemented
    supervision.issue_resolved supervision.sanction_recorded supervision.rung_waived
    evaluation.appeal_decided archive.file_checked archive.file_closed
    """.split()
)
"""What somebody decided, and could have decided otherwise: where `[` and `]` stop."""
ENDS = frozenset({"supervision.item_decided", "supervision.item_withdrawn"})
BEGINS = frozenset(
    {"supervision.item_submitted", "supervision.item_received", "supervision.item_accepted"}
)
DEPARTMENTS = frozenset(
    """
    supervision.item_received supervision.item_accepted supervision.item_refused
    supervision.item_decided supervision.correction_requested supervision.item_extended
    supervision.special_procedure_started supervision.special_procedure_ended
    supervision.special_procedure_supplemented supervision.urge_answered
    """.split()
)
"""Who says these and serves no unit is a person of the department that the item is with."""
UNIT = ("项目单位", "the unit")
"""How archive's story names the accounts of the project unit."""
DECISION, LATE, DEFAULT, AUTOMATIC = 1, 2, 4, 8
GROUPS: Mapping[str, tuple[str, str]] = {
    "unit": ("项目单位", "Project unit"),
    "service": ("帮代办服务", "Service staff"),
    "department": ("审批部门", "Departments"),
    "agency": ("外部机构", "Agencies"),
    "system": ("系统自动", "Automatic"),
}
SERVICES: Mapping[str, tuple[str, str]] = {
    "intake": ("受理", "intake"),
    "assignment": ("派单", "assignment"),
    "supervision": ("督办", "supervision"),
    "evaluation": ("评价", "evaluation"),
    "archive": ("归档", "archive"),
}


@dataclass(frozen=True, slots=True)
class People:
    """Who is who in a matter, as its file says today."""

    unit: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Who:
    """What is needed to say whose lane an event stands in."""

    people: People
    departments: frozenset[str]
    bodies: Mapping[str, str]
    name_of_body: Callable[[str], str]


@dataclass(slots=True)
class _Index:
    """Words that repeat, told once."""

    words: list[Any] = field(default_factory=list)
    known: dict[Any, int] = field(default_factory=dict)

    def of(self, word: Any) -> int:
        if word not in self.known:
            self.known[word] = len(self.words)
            self.words.append(word)
        return self.known[word]


type _Frame = Mapping[str, Any]
"""What archive tells of one event: its line, its places, its times, its actor, its items."""


def film_of(
    told: Mapping[str, Any],
    people: People,
    name_of_body: Callable[[str], str],
    *,
    english: bool,
) -> dict[str, Any]:
    """The film as columns: what repeats is told once, an event is a short list.

    `told` is archive's answer, in its order. An event is [position, store, place there, type,
    day, effective instant or 0, recorded, lane, flags, items, sentence, day it was entered or 0].
    """
    frames: Sequence[_Frame] = told["frames"]
    who = _Who(people, _departments(frames, people), _bodies(frames), name_of_body)
    stores, types, items, lanes = _Index(), _Index(), _Index(), _Index()
    events = []
    for one in frames:
        effective = one["effective"]
        events.append(
            [
                one["position"],
                stores.of(one["store"]),
                one["at"],
                types.of(one["type"]),
                one["day"],
                effective if len(effective) > 10 else 0,
                one["recorded"],
                lanes.of(_lane(one, who, english=english)),
                _flags(one),
                [items.of(code) for code in one["items"]],
                one["text"],
                one["entered"] or 0,
            ]
        )
    return {
        "id": told["matter"],
        "number": told["number"],
        "position": told["position"],
        "stores": stores.words,
        "types": types.words,
        "items": items.words,
        "lanes": [{"group": g, "body": b, "name": n} for g, b, n in lanes.words],
        "groups": {key: names[english] for key, names in GROUPS.items()},
        "events": events,
        "bars": list(_bars(frames, items)),
    }


def _kind(one: _Frame) -> str:
    return str(one["type"]).rpartition(".v")[0]


def _departments(told: Iterable[_Frame], people: People) -> frozenset[str]:
    """Who speaks for a department, and neither is of the unit nor serves it."""
    known = people.unit | people.agents
    return frozenset(
        one["actor"]
        for one in told
        if one["actor"].startswith("p:")
        and one["actor"] not in known
        and _kind(one) in DEPARTMENTS
    )


def _bodies(told: Iterable[_Frame]) -> dict[str, str]:
    """Of each item the body that it was with first."""
    found: dict[str, str] = {}
    for one in told:
        if one["body"] is not None and one["store"] == "supervision":
            for code in one["items"]:
                found.setdefault(code, one["body"])
    return found


def _lane(one: _Frame, who: _Who, *, english: bool) -> tuple[str, str, str]:
    """Group, name of the body in it, and whose lane: a role and the tail of a pseudonym."""
    actor = one["actor"]
    kind, _, name = actor.partition(":")
    tail = name[-6:]
    if kind == "s":
        return "system", "", SERVICES.get(name, (name, name))[english]
    if kind == "a":
        return "agency", "", name
    if actor in who.people.unit or one["who"].startswith(UNIT):
        return "unit", "", f"{'unit' if english else '项目单位'} {tail}"
    if actor in who.people.agents:
        return "service", "", f"{'agent' if english else '代办专员'} {tail}"
    if actor in who.departments:
        body = next((who.bodies[code] for code in one["items"] if code in who.bodies), "")
        named = who.name_of_body(body) if body else ""
        return "department", named, f"{'approver' if english else '审批人员'} {tail}"
    return "service", "", f"{'staff' if english else '工作人员'} {tail}"


def _flags(one: _Frame) -> int:
    flags = DECISION if _kind(one) in DECISIONS else 0
    flags |= LATE if one["entered"] else 0
    flags |= DEFAULT if one["defaults"] else 0
    return flags | (AUTOMATIC if one["actor"].startswith("s:") else 0)


def _bars(told: Sequence[_Frame], items: _Index) -> Iterator[list[Any]]:
    """An obligation is a bar: [item, position it began at, position it ended at or 0, due day]."""
    running: dict[str, list[Any]] = {}
    for one in sorted(told, key=lambda frame: (frame["day"], frame["position"])):
        kind = _kind(one) if one["items"] else ""
        for code in one["items"]:
            if kind in BEGINS:
                running.setdefault(code, [items.of(code), one["position"], 0, 0])
            if code in running:
                running[code][3] = one["due_on"] or running[code][3]
                if kind in ENDS:
                    running[code][2] = one["position"]
                    yield running.pop(code)
    yield from running.values()
