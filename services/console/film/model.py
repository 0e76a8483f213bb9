"""How does a file become a film: lanes by body and person, events on two rulers, bars of items?"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

DECISIONS = frozenset(
    """
    intake.eligibility_assessed intake.service_accepted intake.service_declined
    intake.mode_chosen intake.mode_ended intake.item_scope_fixed intake.item_scope_amended
    intake.precheck_passed intake.precheck_failed
    assignment.agent_assigned assignment.agent_reassigned assignment.matter_routed
    supervision.item_accepted supervision.item_refused supervision.item_decided
    supervision.item_extended supervision.item_withdrawn supervision.special_procedure_started
    supervision.special_procedure_ended supervision.correction_requested
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
    supervision.urge_answered
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


@dataclass(frozen=True, slots=True)
class _Told:
    """One entry, opened as far as the film needs it."""

    position: int
    store: str
    at: int
    about: Mapping[str, Any]
    fact: Mapping[str, Any]
    line: Mapping[str, Any]

    @property
    def kind(self) -> str:
        return str(self.line["type"]).rpartition(".v")[0]

    @property
    def items(self) -> list[str]:
        one, many = self.fact.get("item"), self.fact.get("items")
        named = [one] if isinstance(one, str) else many if isinstance(many, list) else []
        return [code for code in named if isinstance(code, str)]


def film_of(
    entries: Mapping[str, Any],
    story: Mapping[str, Any],
    people: People,
    name_of_body: Callable[[str], str],
    *,
    english: bool,
) -> dict[str, Any]:
    """The film as columns: what repeats is told once, an event is a short list.

    `entries` and `story` are archive's answers. An event is [position, store, place there, type,
    day, effective instant or 0, recorded, lane, flags, items, sentence, day it was entered or 0].
    """
    told = list(_told(entries["entries"], story["lines"]))
    who = _Who(people, _departments(told, people), _bodies(told), name_of_body)
    stores, types, items, lanes = _Index(), _Index(), _Index(), _Index()
    events = []
    for one in told:
        lane = lanes.of(_lane(one, who, english=english))
        effective = str(one.about["effective"])
        events.append(
            [
                one.position,
                stores.of(one.store),
                one.at,
                types.of(one.line["type"]),
                one.line["day"],
                effective if len(effective) > 10 else 0,
                one.about["recorded"],
                lane,
                _flags(one),
                [items.of(code) for code in one.items],
                one.line["text"],
                one.line["entered"] or 0,
            ]
        )
    return {
        "id": entries["matter"],
        "number": entries["number"],
        "position": entries["position"],
        "stores": stores.words,
        "types": types.words,
        "items": items.words,
        "lanes": [{"group": g, "body": b, "name": n} for g, b, n in lanes.words],
        "groups": {key: names[english] for key, names in GROUPS.items()},
        "events": events,
        "bars": list(_bars(told, items)),
    }


def _told(
    entries: Iterable[Mapping[str, Any]], lines: Iterable[Mapping[str, Any]]
) -> Iterator[_Told]:
    """Every entry that has a line in the story, in archive's order."""
    said = {line["position"]: line for line in lines}
    for entry in entries:
        line = said.get(entry["position"])
        if line is None:
            continue
        leaf = entry["copy"] or entry
        body = orjson.loads(leaf["body"])
        yield _Told(
            entry["position"],
            leaf["store"],
            leaf["position"],
            body["about"],
            body["fact"],
            line,
        )


def _departments(told: Sequence[_Told], people: People) -> frozenset[str]:
    """Who speaks for a department, and neither is of the unit nor serves it."""
    return frozenset(
        str(one.about["actor"])
        for one in told
        if one.kind in DEPARTMENTS
        and str(one.about["actor"]).startswith("p:")
        and str(one.about["actor"]) not in people.unit | people.agents
    )


def _bodies(told: Iterable[_Told]) -> dict[str, str]:
    """Of each item the body that it was with first."""
    found: dict[str, str] = {}
    for one in told:
        body = one.fact.get("body")
        if isinstance(body, str) and one.kind.startswith("supervision."):
            found = dict.fromkeys(one.items, body) | found
    return found


def _lane(one: _Told, who: _Who, *, english: bool) -> tuple[str, str, str]:
    """Group, name of the body in it, and whose lane: a role and the tail of a pseudonym."""
    actor = str(one.about["actor"])
    kind, _, name = actor.partition(":")
    tail = name[-6:]
    if kind == "s":
        return "system", "", SERVICES.get(name, (name, name))[english]
    if kind == "a":
        return "agency", "", name
    if actor in who.people.unit or str(one.line["who"]).startswith(UNIT):
        return "unit", "", f"{'unit' if english else '项目单位'} {tail}"
    if actor in who.people.agents:
        return "service", "", f"{'agent' if english else '代办专员'} {tail}"
    if actor in who.departments:
        body = next((who.bodies[code] for code in one.items if code in who.bodies), "")
        named = who.name_of_body(body) if body else ""
        return "department", named, f"{'approver' if english else '审批人员'} {tail}"
    return "service", "", f"{'staff' if english else '工作人员'} {tail}"


def _flags(one: _Told) -> int:
    flags = DECISION if one.kind in DECISIONS else 0
    flags |= LATE if one.line["entered"] else 0
    flags |= DEFAULT if one.line["defaults"] else 0
    return flags | (AUTOMATIC if str(one.about["actor"]).startswith("s:") else 0)


def _bars(told: Sequence[_Told], items: _Index) -> Iterator[list[Any]]:
    """An obligation is a bar: [item, position it began at, position it ended at or 0, due day]."""
    running: dict[str, list[Any]] = {}
    for one in sorted(told, key=lambda t: (t.line["day"], t.position)):
        for code in one.items:
            if one.kind in BEGINS:
                running.setdefault(code, [items.of(code), one.position, 0, 0])
            if code in running:
                due = one.fact.get("due_on")
                running[code][3] = due if isinstance(due, str) else running[code][3]
                if one.kind in ENDS:
                    running[code][2] = one.position
                    yield running.pop(code)
    yield from running.values()
