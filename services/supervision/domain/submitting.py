"""How is everything that is ready filed at once (同步申报, AS-71, HS-44)?"""

from collections.abc import Iterator, Sequence
from typing import Any

from contracts.event import Event
from contracts.supervision import ProgressReported
from services.supervision.domain.commands.course import SubmitItem, SubmitReady
from services.supervision.domain.facts import Facts
from services.supervision.domain.filing import course_of, submit
from services.supervision.domain.planning import after_all
from services.supervision.domain.progress import told
from services.supervision.domain.readiness import still_open
from services.supervision.domain.state import Matter
from shared.decider import Refused


def ready_set(matter: Matter, facts: Facts) -> tuple[str, ...]:
    """The items that wait for nothing but to be filed: predecessors done, papers whole."""
    whole = facts.known.complete_items
    return tuple(
        code
        for code in matter.scope()
        if matter.items[code].state == "ready"
        or (
            matter.items[code].state == "waiting"
            and code in whole
            and not still_open(matter, code, facts)
        )
    )


def submit_ready(command: SubmitReady, matter: Matter, facts: Facts) -> Sequence[Event]:
    """What can be filed is filed; one that cannot holds nothing else up, unless none can."""
    for code in command.items or ():
        course_of(matter, code)
    chosen = [c for c in ready_set(matter, facts) if not command.items or c in command.items]
    filed: list[Event] = []
    items: list[str] = []
    kept: dict[str, dict[str, Any]] = {}
    for code in chosen:
        try:
            events = submit(SubmitItem(item=code), after_all(matter, filed), facts)
        except Refused as refused:
            kept[code] = {"code": refused.code, **refused.details}
            continue
        items.append(code)
        filed += [event for event in events if not isinstance(event, ProgressReported)]
    if kept and not items:
        raise Refused(
            "nothing_could_be_filed",
            items=kept,
            remedy=(
                "就绪事项均不能申报，原因逐项列明 / "
                "no ready item can be filed: the reason stands with each"
            ),
        )
    return [*filed, told(facts, items, "submitted")] if items else []


def why_not(matter: Matter, facts: Facts) -> Iterator[tuple[str, str | None]]:
    """Each item of the ready set, and what would keep this person from filing it."""
    for code in ready_set(matter, facts):
        try:
            submit(SubmitItem(item=code), matter, facts)
        except Refused as refused:
            yield code, refused.code
        else:
            yield code, None
