"""How does the difference of two cuts read, in words?"""

from collections.abc import Iterator
from typing import Any

from services.archive.domain.difference import Change, Difference, Moved
from services.archive.domain.phrasing import CHINESE, Tongue
from services.archive.domain.replay import STANDINGS
from services.archive.domain.story import Line

_LISTS = {"mode": "mode_choice", "outcome": "outcome", "condition": "condition"}
_LABELS = {
    "number": ("办件编号", "number"),
    "state": ("档案状态", "file"),
    "area": ("区划", "area"),
    "project": ("项目", "project"),
    "pack": ("政策包", "pack"),
    "standing": ("办件状态", "standing"),
    "mode": ("方式", "mode"),
    "applicant": ("申请人", "applicant"),
    "body": ("受理单位", "body"),
    "lead_agent": ("牵头专员", "lead agent"),
    "agents": ("代办专员", "agents"),
    "opened_on": ("申请日", "opened on"),
    "forecast_on": ("预计办完", "forecast"),
    "scope": ("事项范围", "scope"),
    "originals_outstanding": ("待退原件", "originals to return"),
    "invited": ("已邀评", "asked to evaluate"),
    "ratings": ("评价", "ratings"),
    "open_issues": ("未决问题", "open issues"),
    "fees_unpaid": ("未缴费用", "unpaid fees"),
    "entries": ("入档条数", "entries"),
    "documents": ("文件份数", "documents"),
    "check": ("档案检查", "check"),
    "defaults": ("所用默认值", "defaults leaned on"),
}
_ITEM_LABELS = {
    "state": ("状态", "state"),
    "outcome": ("结果", "outcome"),
    "collected": ("取件", "collected"),
    "delivered": ("送达", "delivered"),
    "closed": ("销号", "closed"),
    "agent": ("承办专员", "agent"),
    "due_on": ("到期日", "due"),
    "promised": ("按承诺时限", "by the promised time"),
}
_LONG = 4
"""Lists longer than this are told by their number."""


def as_text(found: Difference, tongue: Tongue = CHINESE) -> list[str]:
    """The difference as lines for people."""
    english = tongue.english
    told = [_title(found, english)]
    if not (found.changes or found.learned or found.dropped):
        return [*told, "no difference" if english else "没有差别"]
    for (zh, en), lines in (
        (("变化", "Changed"), [_change(one, tongue) for one in found.changes]),
        (("时限变动", "Deadlines moved"), [_deadline(one, tongue) for one in found.deadlines]),
        (("其间之事", "Happened between"), [_line(one, tongue) for one in found.learned]),
        (("不在后一时点之内", "Not in the second"), [_line(o, tongue) for o in found.dropped]),
        (("涉及人员", "Who"), sorted(set(found.people.values()))),
    ):
        if lines:
            told += [en if english else zh, *(f"  {line}" for line in lines)]
    return told


def _title(found: Difference, english: bool) -> str:
    one, other = found.before.written(), found.after.written()
    return f"From {one} to {other}" if english else f"从{one}到{other}"


def _line(line: Line, tongue: Tongue) -> str:
    return f"{line.position:>6}  {line.written(tongue)}"


def _change(change: Change, tongue: Tongue) -> str:
    label = _label(change.path, tongue)
    before, after = (_value(change.path, v, tongue) for v in (change.before, change.value))
    return f"{label}: {before} → {after}" if tongue.english else f"{label}：{before}→{after}"


def _label(path: tuple[str, ...], tongue: Tongue) -> str:
    which = 1 if tongue.english else 0
    if path[0] != "items":
        known = _LABELS.get(path[0])
        return known[which] if known else "/".join(path)
    code = tongue.code(path[1])
    if len(path) == 2:
        return code
    return f"{code} {_ITEM_LABELS.get(path[2], (path[2], path[2]))[which]}"


def _value(path: tuple[str, ...], value: Any, tongue: Tongue) -> str:
    if value is None or value in ([], {}):
        return "—"
    if isinstance(value, bool):
        return ("yes" if value else "no") if tongue.english else ("是" if value else "否")
    if isinstance(value, list):
        return _listed(path, value, tongue)
    if isinstance(value, dict):
        return (", " if tongue.english else "，").join(_members(value, tongue))
    return _word(path, str(value), tongue)


def _listed(path: tuple[str, ...], value: list[Any], tongue: Tongue) -> str:
    plain = all(isinstance(one, str) for one in value)
    if path[0] in ("documents", "open_issues", "fees_unpaid", "originals_outstanding") or not (
        plain and len(value) <= _LONG
    ):
        return str(len(value))
    return tongue.listed([tongue.code(one) for one in value])


def _members(value: dict[str, Any], tongue: Tongue) -> Iterator[str]:
    which = 1 if tongue.english else 0
    for name, (zh, en) in _ITEM_LABELS.items():
        if value.get(name) not in (None, False):
            told = _value(("items", "", name), value[name], tongue)
            yield f"{(zh, en)[which]} {told}"
    if "complete" in value:
        words = (("不齐全", "incomplete"), ("齐全", "complete"))
        yield words[bool(value["complete"])][which]


def _word(path: tuple[str, ...], value: str, tongue: Tongue) -> str:
    match path:
        case ("items", _, "state"):
            return tongue.word("item_state", value)
        case ("standing",) | ("state",) if not tongue.english:
            return STANDINGS.get(value, value)
        case (*_, name) if name in _LISTS:
            return tongue.word(_LISTS[name], value)
        case ("lead_agent",) | ("applicant",) | (_, _, "agent"):
            return value[-6:]
    return tongue.code(value)


def _deadline(moved: Moved, tongue: Tongue) -> str:
    english = tongue.english
    what = tongue.code(moved.item) if moved.item else ("forecast" if english else "预计办完")
    days = ""
    if moved.days is not None:
        days = f" ({moved.days:+d} d)" if english else f"（{moved.days:+d}天）"
    before, after = moved.before or "—", moved.after or "—"
    told = f"{what}: {before} → {after}{days}" if english else f"{what}：{before}→{after}{days}"
    if moved.because is None:
        return told + ("; reason not known" if english else "；原因不详")
    rules = "".join(f" [{rule}]" for rule in moved.rules)
    why = _line(moved.because, tongue).strip()
    return f"{told}; because of {why}{rules}" if english else f"{told}；因 {why}{rules}"
