"""Where is a matter on the flow chart of its place: which stages are behind it, and which is now?"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Literal, NamedTuple

from contracts.pack import Pack
from contracts.pack.chart import chart_of
from contracts.pack.draw import draw
from contracts.pack.wording import Lang

type Passed = Literal["done", "over", "now", "open"]
MARKS: Mapping[Passed, tuple[str, str]] = {
    "done": ("✓", "#1d6b3a"),
    "over": ("–", "#55595f"),
    "now": ("▶", "#9b1c1c"),
    "open": ("", ""),
}


class Stage(NamedTuple):
    """A stage of the place: how the matter stands to it, and the first event that ended it."""

    id: str
    zh: str
    canonical: str
    passed: Passed
    day: str
    position: int | None
    times: int


def stages_of(pack: Pack, mode: str | None, lines: Sequence[Mapping[str, Any]]) -> list[Stage]:
    """Each stage of the pack that this mode walks, by the events of the story."""
    ends: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        ends.setdefault(str(line["type"]).split(".")[1], []).append(line)
    walked = [one for one in pack.process if mode is None or mode in one.modes]
    ended = [bool(ends.get(snake(one.done_when))) for one in walked]
    last = max((n for n, one in enumerate(ended) if one), default=-1)
    ahead = [n for n, one in enumerate(walked) if n > last and not one.continuous]
    found = []
    for n, stage in enumerate(walked):
        lines_of = ends.get(snake(stage.done_when), [])
        passed: Passed = "done" if ended[n] else "now" if n in ahead[:1] else "open"
        if n < last and not ended[n] and not stage.continuous:
            passed = "over"
        day = str(lines_of[-1]["day"]) if lines_of else ""
        place = int(lines_of[-1]["position"]) if lines_of else None
        found.append(
            Stage(stage.id, stage.zh, stage.canonical, passed, day, place, len(lines_of))
        )
    return found


def snake(name: str) -> str:
    """`ItemClosed` as the type of an event has it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def chart(pack: Pack, lang: Lang, stages: Iterable[Stage] = ()) -> str:
    """The flow chart of the place, with a mark on every stage that the matter came to."""
    whole = draw(pack, lang)
    marks = "".join(_marks(pack, lang, {one.id: one for one in stages}))
    return whole.replace("</svg>", f"{marks}</svg>") if marks else whole


def _marks(pack: Pack, lang: Lang, stages: Mapping[str, Stage]) -> Iterator[str]:
    for box in chart_of(pack, lang).boxes:
        kind, _, id = box.id.partition(":")
        stage = stages.get(id) if kind in ("stage", "bar") else None
        if stage is None or stage.passed == "open":
            continue
        sign, colour = MARKS[stage.passed]
        x, y = box.x + box.width - 4, box.y + 4
        said = escape(f"{stage.zh} {stage.day}")
        yield (
            f'<g><title>{said}</title><circle cx="{x:.1f}" cy="{y:.1f}" r="13" fill="{colour}"/>'
            f'<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle" font-size="14" '
            f'style="fill:#fff">{sign}</text></g>'
        )
        if stage.passed == "now":
            yield (
                f'<rect x="{box.x - 4:.1f}" y="{box.y - 4:.1f}" width="{box.width + 8:.1f}" '
                f'height="{box.height + 8:.1f}" rx="7" fill="none" stroke="{colour}" '
                f'stroke-width="4"/>'
            )
