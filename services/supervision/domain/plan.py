"""In which order and by when can a project's items be done (预排工期, YO-29, YO-34)?"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from graphlib import TopologicalSorter
from typing import Self

from contracts.calendar import Calendar
from contracts.catalogue import Catalogue, Item, Limit

type Graph = Mapping[str, Collection[str]]
"""Each step and what comes before it, in the order in which the catalogue names it."""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One item of the plan, with one owner (责任主体, YO-31).

    `earliest_start` and `earliest_finish` are working days since the plan began, the gap of
    construction counted as nothing. `slack` is how many working days the line may slip before
    the end does; None for the unit's own acts and for parts of a composite, which move nothing.
    `planned_*` are None while a milestone before the line has no date (相对工期).
    What has no limit at all counts as nothing, and is said to (`limit_known`).
    `latest_finish` is where the line ends if every body before it takes all that the law gives.
    """

    item: str
    zh: str
    owner: str
    stage: str
    inside: str | None
    predecessors: tuple[str, ...]
    materials: tuple[str, ...]
    working_days: int
    limit_known: bool
    earliest_start: int
    earliest_finish: int
    slack: int | None
    planned_start: date | None
    planned_finish: date | None
    latest_finish: date | None
    estimated: bool

    @property
    def on_critical_path(self) -> bool:
        """Whether a day lost here is a day lost at the end (关键路径)."""
        return self.slack == 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A pre-arranged schedule (预排工期) and what it is worth against doing one by one.

    `sum_wd` is the serial baseline, `critical_wd` the length in parallel (YO-54); both count
    stand-alone items only. `works_permit_wd` is the day the construction permit is reached.
    `material_slots` counts papers item by item, `materials` names each paper once.
    """

    catalogue: str
    calendar: str
    begins: date
    lines: tuple[PlanLine, ...]
    stand_alone: int
    sum_wd: int
    critical_wd: int
    critical_path: tuple[str, ...]
    works_permit_wd: int | None
    material_slots: int
    materials: tuple[str, ...]

    def line(self, item: str) -> PlanLine:
        """The line of that item; raises LookupError."""
        for line in self.lines:
            if line.item == item:
                return line
        raise LookupError(f"item {item!r} is not in this plan")


@dataclass(frozen=True, slots=True)
class Actual:
    """How far things really are on `today` (实际进度): what is not finished starts then or later.

    `finished` gives the day an item was decided, or is promised to be decided; `latest` the day
    by which the law has it decided at the latest.
    """

    today: date
    finished: Mapping[str, date] = field(default_factory=dict)
    latest: Mapping[str, date] = field(default_factory=dict)


def make_plan(
    catalogue: Catalogue,
    items: Sequence[Item],
    begins: date,
    calendar: Calendar,
    milestones: Mapping[str, date] | None = None,
    actual: Actual | None = None,
) -> Plan:
    """Plan `items` from the day `begins`, in working days of `calendar`.

    `milestones` gives the days of land, start and completion as far as they are known: their
    time is on nobody's clock, and what follows an unknown one has no dates. The day an item
    starts is not counted. `actual` says how things really went (YO-32). Raises ValueError for
    a milestone the catalogue does not have.
    """
    dated = milestones or {}
    actual = actual or Actual(begins)
    strange = dated.keys() - {milestone.id for milestone in catalogue.milestones}
    if strange:
        raise ValueError(f"the catalogue has no milestone {', '.join(sorted(strange))}")
    network = _Network.of(catalogue, items)
    windows = _windows(network, dated, begins, calendar, actual)
    slots = [material for item in items for material in item.materials]
    path = network.critical_path()
    permit = catalogue.works_permit
    return Plan(
        catalogue=catalogue.edition,
        calendar=calendar.edition,
        begins=begins,
        lines=tuple(_line(item, network, windows) for item in items),
        stand_alone=len(network.counted),
        sum_wd=sum(network.days[id] for id in network.counted),
        critical_wd=network.finish[path[-1]] if path else 0,
        critical_path=path,
        works_permit_wd=network.finish.get(permit),
        material_slots=len(slots),
        materials=tuple(dict.fromkeys(slots)),
    )


@dataclass(frozen=True, slots=True)
class _Network:
    """Items and milestones as a graph. The parts of a composite run inside it: their
    predecessors are the composite's, and who waits for a part waits for the whole."""

    graph: Graph
    days: Mapping[str, int]
    before: Mapping[str, tuple[str, ...]]
    inside: Mapping[str, str]
    part_days: Mapping[str, int]
    limits: Mapping[str, Limit]
    milestones: frozenset[str]
    counted: tuple[str, ...]
    finish: Mapping[str, int]
    slack: Mapping[str, int]

    @classmethod
    def of(cls, catalogue: Catalogue, items: Sequence[Item]) -> Self:
        chosen = [item.id for item in items]
        milestones = [milestone.id for milestone in catalogue.milestones]
        before = {id: catalogue.predecessors(id, chosen) for id in (*chosen, *milestones)}
        inside = {i.id: i.inside for i in items if i.inside is not None and i.inside in chosen}
        tops = [item for item in items if item.id not in inside]
        days = dict.fromkeys(milestones, 0) | {top.id: top.limit.planned_wd for top in tops}
        graph = _graph(days, before, inside)
        own = {top.id for top in tops if top.kind == "self"}
        finish = _finishes(graph, days)
        return cls(
            graph=graph,
            days=days,
            before=before,
            inside=inside,
            part_days={i.id: i.limit.planned_wd for i in items if i.id in inside},
            limits={item.id: item.limit for item in items},
            milestones=frozenset(milestones),
            counted=tuple(top.id for top in tops if top.id not in own),
            finish=finish,
            slack=_slacks(_without(graph, own), days, finish),
        )

    def days_of(self, id: str) -> int:
        """Working days of an item; a part takes no longer than its whole."""
        whole = self.days[self.inside.get(id, id)]
        return min(self.part_days.get(id, whole), whole)

    def start(self, step: str) -> int:
        return self.finish[step] - self.days[step]

    def critical_path(self) -> tuple[str, ...]:
        """The first of the longest chains in catalogue order, milestones left out."""
        chain: list[str] = []
        step = max(self.counted, key=lambda id: self.finish[id], default=None)
        while step is not None:
            chain.append(step)
            begin = self.start(step)
            tight = (p for p in self.graph[step] if self.finish[p] == begin)
            step = next(tight, None)
        return tuple(step for step in reversed(chain) if step in self.counted)


@dataclass(frozen=True, slots=True)
class _Window:
    """When a step starts and finishes, and by when it is over at the latest."""

    start: date | None
    finish: date | None
    estimated: bool = False
    latest: date | None = None


_UNDATED = _Window(None, None)


def _graph(
    steps: Iterable[str], before: Mapping[str, Sequence[str]], inside: Mapping[str, str]
) -> Graph:
    graph: dict[str, dict[str, None]] = {step: {} for step in steps}
    for step, earlier in before.items():
        whole = inside.get(step, step)
        joined = (inside.get(one, one) for one in earlier)
        graph[whole].update({one: None for one in joined if one != whole})
    return graph


def _without(graph: Graph, own: Collection[str]) -> Graph:
    rest = graph.keys() - own
    return {step: [one for one in graph[step] if one in rest] for step in rest}


def _order(graph: Graph) -> tuple[str, ...]:
    """What comes before stands before; the catalogue was refused if that cannot be."""
    return tuple(TopologicalSorter(graph).static_order())


def _finishes(graph: Graph, days: Mapping[str, int]) -> dict[str, int]:
    finish: dict[str, int] = {}
    for step in _order(graph):
        begin = max((finish[earlier] for earlier in graph[step]), default=0)
        finish[step] = begin + days[step]
    return finish


def _slacks(graph: Graph, days: Mapping[str, int], finish: Mapping[str, int]) -> dict[str, int]:
    end = max((finish[step] for step in graph), default=0)
    latest = dict.fromkeys(graph, end)
    for step in reversed(_order(graph)):
        for before in graph[step]:
            latest[before] = min(latest[before], latest[step] - days[step])
    return {step: latest[step] - finish[step] for step in graph}


def _windows(
    network: _Network,
    dated: Mapping[str, date],
    begins: date,
    calendar: Calendar,
    actual: Actual,
) -> dict[str, _Window]:
    windows: dict[str, _Window] = {}
    first = calendar.working_day_from(max(begins, actual.today))

    def window(step: str, whole: str, days: int) -> _Window:
        earlier = [windows[before] for before in network.graph[whole]]
        planned = _window(days, network.limits.get(step), earlier, first, calendar)
        done = actual.finished.get(step)
        return _finished(planned, done, actual.latest.get(step), calendar) if done else planned

    for step in _order(network.graph):
        if step in network.milestones:
            windows[step] = _Window(dated.get(step), dated.get(step), latest=dated.get(step))
        else:
            windows[step] = window(step, step, network.days[step])
    parts = {
        part: window(part, whole, network.days_of(part))
        for part, whole in network.inside.items()
    }
    return windows | parts


def _finished(planned: _Window, day: date, latest: date | None, calendar: Calendar) -> _Window:
    start = planned.start if planned.start is not None and planned.start < day else day
    return _Window(start, day, calendar.kind_of(day).estimated, max(latest or day, day))


def _window(
    days: int,
    limit: Limit | None,
    earlier: Sequence[_Window],
    begins: date,
    calendar: Calendar,
) -> _Window:
    finishes = [window.finish for window in earlier]
    known = [finish for finish in finishes if finish is not None]
    if len(known) < len(finishes):
        return _UNDATED
    start = calendar.working_day_from(max([begins, *known]))
    due = calendar.add_working_days(start, days)
    lates = [window.latest for window in earlier if window.latest is not None]
    last = calendar.working_day_from(max([begins, *lates]))
    latest = max(due.date, _by_law(last, days, limit, calendar))
    estimated = due.estimated or any(w.estimated for w in earlier)
    return _Window(start, due.date, estimated, latest)


def _by_law(start: date, days: int, limit: Limit | None, calendar: Calendar) -> date:
    """The last day the law gives, counted from `start`; the promise where it gives none."""
    promised = calendar.add_working_days(start, days).date
    allowed = limit.statutory if limit else None
    match limit.unit if limit else "none":
        case "wd" if allowed is not None:
            return max(promised, calendar.add_working_days(start, allowed).date)
        case "cd" if allowed is not None:
            return max(promised, calendar.working_day_from(start + timedelta(days=allowed)))
    return promised


def _line(item: Item, network: _Network, windows: Mapping[str, _Window]) -> PlanLine:
    begin = network.start(network.inside.get(item.id, item.id))
    window = windows[item.id]
    return PlanLine(
        item=item.id,
        zh=item.zh,
        owner=item.dept,
        stage=item.stage,
        inside=network.inside.get(item.id),
        predecessors=network.before[item.id],
        materials=item.materials,
        working_days=item.limit.planned_wd,
        limit_known=item.limit.known,
        earliest_start=begin,
        earliest_finish=begin + network.days_of(item.id),
        slack=network.slack.get(item.id),
        planned_start=window.start,
        planned_finish=window.finish,
        latest_finish=window.latest,
        estimated=window.estimated,
    )
