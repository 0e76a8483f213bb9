"""Do the services say today what the events say? The same facts, told twice, side by side."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Row(NamedTuple):
    """One fact: where it stands, as the events have it, as a service has it, whether they agree."""

    what: str
    item: str
    service: str
    replayed: Any
    live: Any

    @property
    def equal(self) -> bool:
        return bool(self.replayed == self.live)


def compared(
    state: Mapping[str, Any],
    supervision: Mapping[str, Any] | None,
    intake: Mapping[str, Any] | None,
    evaluation: Mapping[str, Any] | None,
) -> list[Row]:
    """Every fact that both tell; a service that was not read is left out."""
    rows: list[Row] = []
    if intake is not None:
        rows += _of_intake(state, intake)
    if supervision is not None:
        rows += _of_supervision(state, supervision)
    if evaluation is not None:
        told, live = state.get("ratings") or [], evaluation.get("levels") or {}
        rated = {one["instrument"]: one["level"] for one in told}
        rows += [
            Row("rating", "", "evaluation", rated.get(name), level)
            for name, level in live.items()
        ]
        rows.append(
            Row(
                "invited",
                "",
                "evaluation",
                sorted(state["invited"]),
                sorted(evaluation["invited"]),
            )
        )
    return rows


def _of_intake(state: Mapping[str, Any], intake: Mapping[str, Any]) -> Iterator[Row]:
    for name, live in (
        ("number", "number"),
        ("standing", "state"),
        ("mode", "mode"),
        ("applicant", "applicant"),
        ("project", "project"),
        ("body", "body"),
        ("pack", "pack"),
    ):
        yield Row(name, "", "intake", state.get(name), intake.get(live))
    scope = sorted(state.get("scope") or ())
    yield Row("scope", "", "intake", scope, sorted(intake.get("items") or ()))


def _of_supervision(state: Mapping[str, Any], running: Mapping[str, Any]) -> Iterator[Row]:
    plan = running.get("plan") or {}
    yield Row(
        "forecast_on", "", "supervision", state.get("forecast_on"), plan.get("forecast_on")
    )
    held = sorted(state.get("originals_outstanding") or ())
    yield Row(
        "originals_outstanding",
        "",
        "supervision",
        held,
        sorted(running.get("originals_outstanding") or ()),
    )
    issues = sorted(one["id"] for one in (running.get("issues") or {}).get("open", ()))
    yield Row("open_issues", "", "supervision", sorted(state.get("open_issues") or ()), issues)
    replayed, live = state.get("items") or {}, running.get("items") or {}
    for code in sorted({*replayed, *live}):
        one, other = replayed.get(code) or {}, live.get(code) or {}
        for name in ("state", "outcome", "collected", "delivered", "closed"):
            yield Row(name, code, "supervision", one.get(name), other.get(name))
        yield Row("due_on", code, "supervision", one.get("due_on"), _due(code, other, plan))


def _due(code: str, item: Mapping[str, Any], plan: Mapping[str, Any]) -> Any:
    """The day promised, else the law's; before it is accepted the day of the plan."""
    if item.get("accepted_on"):
        return item.get("due_on") or item.get("statutory_due_on")
    lines = {line["item"]: line for line in plan.get("lines", ())}
    return lines.get(code, {}).get("due_on")
