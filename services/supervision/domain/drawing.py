"""How is a plan drawn (甘特图)? Equal plans make equal bytes.

One row for each item: the bar is what is planned now, the thin line how far the law would let it
go, the dark bar what really happened, the tick where the first plan had it end.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal
from unicodedata import east_asian_width
from xml.sax.saxutils import escape

type Lang = Literal["zh", "en"]

WIDTH, MARGIN, LABELS, ROW, TOP, HEAD = 1120, 16, 380, 24, 64, 22
MOST_LABEL = 44
"""Half-width columns that a label may take."""

_STYLE = """text{font-family:"Noto Sans SC","Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei",
"PingFang SC",sans-serif;fill:#16242c;font-size:12px}.t{font-size:18px;font-weight:600}
.s{fill:#42525c;font-size:11px}.g{stroke:#d5dee4}.h{fill:#eef3f6}
.p{fill:#bcd3e2}.c{fill:#e2a93b}.k{fill:#dfe4e7;stroke:#9aa7ae;stroke-dasharray:3 2}
.a{fill:#245a7c}.r{stroke:#7c8a92;stroke-width:1.5}.l{fill:#b3261e}.f{stroke:#16242c;
stroke-width:2}.n{stroke:#b3261e;stroke-dasharray:4 3}.m{fill:#245a7c}"""

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("项目工期", "Plan of the project"),
    "sum": (
        "逐项办理 {s} 个工作日，并联 {c} 个，节省 {d} 个",
        "{s} working days one by one, {c} in parallel, {d} saved",
    ),
    "ends": ("预计 {f} 办完，最迟 {l}", "done by {f}, at the latest {l}"),
    "unknown": ("待定", "not known yet"),
    "undated": ("待前序节点确定日期", "no date before its milestone has one"),
    "unlimited": ("没有时限，未计入工期", "no limit is known: no time is counted"),
    "estimated": ("含预估", "estimated"),
    "today": ("今天", "today"),
    "critical": ("关键线路", "critical path"),
    "planned": ("计划", "planned"),
    "actual": ("实际", "actual"),
    "tracked": ("只跟踪", "followed only"),
    "latest": ("法定最迟", "latest by law"),
    "first": ("首次计划", "first plan"),
}


@dataclass(frozen=True, slots=True)
class _Scale:
    """Days to the right of the labels."""

    first: date
    days: int

    def x(self, day: date, *, after: bool = False) -> float:
        """Where the day begins, or with `after` where it ends."""
        room = WIDTH - LABELS - 2 * MARGIN
        gone = (day - self.first).days + (1 if after else 0)
        return LABELS + MARGIN + room * gone / self.days


def draw(gantt: Mapping[str, Any], lang: Lang = "zh") -> str:
    """The plan as an SVG document that needs nothing else."""
    lines = gantt["lines"]
    height = TOP + HEAD + ROW * len(lines) + 56
    scale = _scale_of(gantt)
    body = "".join(
        [
            *_heading(gantt, lang),
            *_grid(scale, height, lang),
            *(part for n, line in enumerate(lines) for part in _row(n, line, scale, lang)),
            *_marks(gantt, scale, height, lang),
            *_legend(height, lang),
        ]
    )
    title = escape(_word("title", lang))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img"><title>{title}</title>'
        f"<style>{_STYLE}</style>"
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>{body}</svg>\n'
    )


def _word(name: str, lang: Lang) -> str:
    return WORDS[name][0 if lang == "zh" else 1]


def _scale_of(gantt: Mapping[str, Any]) -> _Scale:
    days = [date.fromisoformat(gantt["starts_on"]), date.fromisoformat(gantt["today"])]
    for line in gantt["lines"]:
        told = (*line["planned"].values(), *line["actual"].values(), line["first"]["to"])
        days += [date.fromisoformat(day) for day in told if day]
    first, last = min(days), max(days)
    return _Scale(first, (last - first).days + 2)


def _heading(gantt: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    unknown = _word("unknown", lang)
    saved = _word("sum", lang).format(
        s=gantt["serial_days"], c=gantt["critical_days"], d=gantt["saved_days"]
    )
    ends = _word("ends", lang).format(
        f=gantt["forecast_on"] or unknown, l=gantt["latest_on"] or unknown
    )
    unsure = f" ({_word('estimated', lang)})" if gantt["estimated"] else ""
    yield _text(MARGIN, 28, f"{_word('title', lang)} · {gantt['number']}", "t")
    yield _text(MARGIN, 48, f"{saved} · {ends}{unsure}", "s")


def _grid(scale: _Scale, height: int, lang: Lang) -> Iterator[str]:
    """A line at the beginning of each month; of each quarter when there are many."""
    yield f'<rect class="h" x="{MARGIN}" y="{TOP}" width="{WIDTH - 2 * MARGIN}" height="{HEAD}"/>'
    months = _months(scale)
    step = max(1, -(-len(months) // 12))
    for month in months[::step]:
        x = scale.x(month)
        yield f'<path class="g" d="M{x:.1f} {TOP}V{height - 50}"/>'
        name = f"{month.year}年{month.month}月" if lang == "zh" else month.strftime("%Y-%m")
        yield _text(x + 3, TOP + 15, name, "s")


def _months(scale: _Scale) -> list[date]:
    last = scale.first + timedelta(days=scale.days)
    month = scale.first.replace(day=1)
    found = []
    while month < last:
        found.append(max(month, scale.first))
        month = (month + timedelta(days=32)).replace(day=1)
    return found


def _row(n: int, line: Mapping[str, Any], scale: _Scale, lang: Lang) -> Iterator[str]:
    y = TOP + HEAD + ROW * n
    inner = 12 if line["inside"] else 0
    label = _short(f"{line['item']} {line['zh' if lang == 'zh' else 'en']}")
    yield f'<g id="{escape(line["item"])}"><title>{escape(_tip(line, lang))}</title>'
    yield _text(MARGIN + inner, y + 16, label)
    planned, actual, first = line["planned"], line["actual"], line["first"]
    kind = "k" if line["tracked"] else "c" if line["critical"] else "p"
    if planned["from"] and planned["to"]:
        start, end = _day(planned["from"]), _day(planned["to"])
        yield _bar(kind, scale, start, end, y + 5, 13)
        if planned["latest"] and planned["latest"] > planned["to"]:
            yield (
                f'<path class="r" d="M{scale.x(end, after=True):.1f} {y + 11.5}'
                f'H{scale.x(_day(planned["latest"]), after=True):.1f}"/>'
            )
    else:
        why = "undated" if line["limit_known"] else "unlimited"
        yield _text(LABELS + MARGIN + 4, y + 16, _word(why, lang), "s")
    if actual["from"] or actual["to"]:
        end = _day(actual["to"] or max(actual["from"], line["today"]))
        yield _bar("a", scale, _day(actual["from"] or actual["to"]), end, y + 14, 5)
    if first["to"]:
        x = scale.x(_day(first["to"]), after=True)
        yield f'<path class="f" d="M{x:.1f} {y + 3}V{y + 20}"/>'
    yield "</g>"


def _bar(kind: str, scale: _Scale, start: date, end: date, y: float, height: float) -> str:
    x = scale.x(min(start, end))
    width = max(scale.x(end, after=True) - x, 2)
    return f'<rect class="{kind}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{height}" rx="2"/>'


def _marks(gantt: Mapping[str, Any], scale: _Scale, height: int, lang: Lang) -> Iterator[str]:
    x = scale.x(_day(gantt["today"]))
    yield f'<path class="n" d="M{x:.1f} {TOP}V{height - 50}"/>'
    yield _text(x + 3, height - 40, _word("today", lang), "s")
    for one in gantt["milestones"]:
        if one["falls_on"] and scale.first <= _day(one["falls_on"]):
            x = min(scale.x(_day(one["falls_on"])), WIDTH - MARGIN)
            y = TOP + HEAD
            yield (
                f'<path class="m" d="M{x:.1f} {y - 6}l5 6l-5 6l-5 -6z">'
                f"<title>{escape(one['zh'])} {one['falls_on']}</title></path>"
            )


def _legend(height: int, lang: Lang) -> Iterator[str]:
    x = float(MARGIN)
    for kind, name in (
        ("p", "planned"),
        ("c", "critical"),
        ("k", "tracked"),
        ("a", "actual"),
        ("r", "latest"),
        ("f", "first"),
    ):
        y = height - 18
        if kind in "rf":
            move = "h22" if kind == "r" else "m11 -7v14"
            yield f'<path class="{kind}" d="M{x:.1f} {y - 4}{move}"/>'
        else:
            yield f'<rect class="{kind}" x="{x:.1f}" y="{y - 10}" width="22" height="11" rx="2"/>'
        word = _word(name, lang)
        yield _text(x + 28, y, word, "s")
        x += 48 + 6.5 * _columns(word)


def _tip(line: Mapping[str, Any], lang: Lang) -> str:
    planned = line["planned"]
    parts = [f"{line['item']} {line['zh' if lang == 'zh' else 'en']}", line["owner"]]
    parts.append(
        f"{planned['from'] or '?'} – {planned['to'] or '?'} / {planned['latest'] or '?'}"
    )
    parts += [
        f"{one['days']:+d} {one['zh' if lang == 'zh' else 'en']}" for one in line["variance"]
    ]
    return " · ".join(parts)


def _text(x: float, y: float, words: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y}"{named}>{escape(words)}</text>'


def _short(words: str) -> str:
    kept, room = "", MOST_LABEL
    for character in words:
        room -= _columns(character)
        if room < 1:
            return kept + "…"
        kept += character
    return kept


def _columns(words: str) -> int:
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in words)


def _day(text: str) -> date:
    return date.fromisoformat(text)
