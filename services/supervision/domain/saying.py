"""How is a clock said in one sentence, and printed day by day (说明与打印)?"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from services.supervision.domain.daybyday import SAYS, Account
from services.supervision.domain.why import Reckoning

NAMES: dict[str, tuple[str, str]] = {
    "notice": ("受理告知期限", "the time for a notice"),
    "statutory": ("法定时限", "the limit of the law"),
    "commitment": ("承诺时限", "the promised limit"),
    "service": ("服务时限", "the service's own promise"),
    "applicant": ("待申请人用时", "waiting for the unit"),
}
STARTS: dict[str, tuple[str, str]] = {
    "accepted": ("受理", "acceptance"),
    "deemed": ("视为受理", "deemed acceptance"),
    "received": ("收到材料", "receipt of the papers"),
    "supplied": ("补齐材料", "supply of what was missing"),
    "ready": ("具备申报条件", "readiness"),
    "decided": ("办结", "the decision"),
    "collected": ("取得结果", "collection of the result"),
    "requested": ("补正告知", "notice of what is missing"),
}
NO_LIMIT: dict[str, tuple[str, str]] = {
    "statutory": ("事项目录未载明法定时限。", "The catalogue names no limit of the law."),
    "commitment": (
        "未作时限承诺：有法定时限的按法定时限，没有的无时限可计。",
        "No limit was promised: that of the law holds; where there is none, no limit is known.",
    ),
}
UNITS = {"wd": ("个工作日", "working days"), "cd": ("日", "calendar days")}


def sentence(found: Reckoning, *, estimated: bool) -> tuple[str, str]:
    """One clock in one sentence, Chinese and English."""
    if found.state == "no_limit":
        return NO_LIMIT[found.clock]
    zh, en = NAMES[found.clock]
    counted = found.account
    if counted is None:
        return f"{zh}尚未起算。", f"{_big(en)} has not started."
    start = counted.run.start.isoformat()
    began_zh, began_en = STARTS.get(found.started or "", ("起算", "its start"))
    unit_zh, unit_en = UNITS[counted.run.unit]
    allowed = counted.run.allowed
    size_zh = "" if allowed is None else f"{allowed}{unit_zh}"
    size_en = "" if allowed is None else f" of {allowed} {unit_en}"
    end_zh, end_en = _end(found, counted, estimated=estimated)
    out_zh, out_en = _left_out(found, counted)
    use_zh, use_en = _use(counted)
    return (
        f"{zh}{size_zh}，自{start}{began_zh}起算{out_zh}{end_zh}；{use_zh}。",
        f"{_big(en)}{size_en} runs from {began_en} on {start}{out_en}{end_en}; {use_en}.",
    )


def _end(found: Reckoning, counted: Account, *, estimated: bool) -> tuple[str, str]:
    if found.state == "suspended":
        return "，现停止计算，恢复后顺延", ", stands still now and moves on when it resumes"
    if counted.due_on is None:
        return "", ""
    day = counted.due_on.isoformat()
    unsure = ("（预估）", " (estimated)") if estimated else ("", "")
    return f"，至{day}届满{unsure[0]}", f" and ends on {day}{unsure[1]}"


def _left_out(found: Reckoning, counted: Account) -> tuple[str, str]:
    lines = counted.until_due()
    spans = Counter(one.span for one in lines if one.span is not None)
    off = sum(one.why in ("weekend", "holiday", "moves_on") for one in lines)
    parts = [
        (f"{found.names[n][0]}{days}天", f"{days} days of {found.names[n][1]}")
        for n, days in sorted(spans.items())
        if n < len(found.names)
    ]
    if off:
        parts.append((f"周末和放假{off}天", f"{off} days off"))
    if not parts:
        return "", ""
    zh = "、".join(part for part, _ in parts)
    en = " and ".join(part for _, part in parts)
    return f"，其中{zh}不计入", f", {en} not counted"


def _use(counted: Account) -> tuple[str, str]:
    day, used, left = counted.run.upto.isoformat(), counted.used, counted.remaining
    unit_zh, unit_en = UNITS[counted.run.unit]
    if left is None:
        return f"截至{day}共{used}{unit_zh}", f"by {day} it took {used} {unit_en}"
    if left < 0:
        return (
            f"截至{day}已用{used}{unit_zh}，超期{-left}{unit_zh}",
            f"by {day} {used} were used, {-left} too many",
        )
    return (
        f"截至{day}已用{used}{unit_zh}，剩余{left}{unit_zh}",
        f"by {day} {used} were used and {left} remain",
    )


def _big(text: str) -> str:
    return text[0].upper() + text[1:]


def printed(answer: Mapping[str, Any], *, english: bool = False) -> Iterator[str]:
    """An explanation as lines of text to print: sentences, then every day, then the digest."""
    yield f"{answer['item']} {answer['item_zh']} · {answer['on']} · {answer['calendar']}"
    for clock in answer["clocks"]:
        yield ""
        yield clock["en" if english else "zh"]
        for line in clock.get("days", ()):
            yield _printed(line, english=english)
    yield ""
    if "position" in answer:
        yield f"position {answer['position']}"
    yield f"sha256 {answer['sha256']}"


def _printed(line: Mapping[str, Any], *, english: bool) -> str:
    mark = "+" if line["counts"] else "-"
    left = "" if line["remaining"] is None else f"{line['remaining']:>4}"
    words = SAYS[line["why"]][1] if english else line["zh"]
    parts = [words, line.get("rule"), _of(line.get("event"))]
    if line.get("estimated"):
        parts.append("estimated" if english else "预估")
    said = " · ".join(part for part in parts if part)
    return f"  {line['day']} {mark} {left:>4}  {said}"


def _of(event: Mapping[str, Any] | None) -> str:
    return f"{event['type']} @{event['position']}" if event else ""
