"""What must the next one know, on half a page (交接单)?"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.assignment.domain.state import Assigned

type Answer = Mapping[str, Any]

LONGEST = 12
"""Lines of a kind that are written out; the rest is counted."""


def contents(
    left: str,
    items: Sequence[str],
    state: Assigned,
    intake: Answer | None,
    supervision: Answer | None,
) -> dict[str, Any]:
    """What is open, due, owed and held, as the services answer it; pseudonyms, no names."""
    asked, course = intake or {}, supervision or {}
    mine = tuple(items) or state.items_of(left)
    lines = {item: course.get("items", {}).get(item, {}) for item in mine}
    made = [v["made_at"] for v in course.get("visits", ()) if v.get("made_at")]
    return {
        "number": asked.get("number"),
        "mode": asked.get("mode"),
        "left": left,
        "leads": state.lead == left,
        "open": [
            {
                "item": item,
                "zh": line.get("zh"),
                "state": line.get("state_zh") or line.get("state"),
                "due_on": line.get("due_on"),
                "missing": list(line.get("missing") or ()),
                "shadow": item in state.items and state.items[item].shadow,
            }
            for item, line in sorted(lines.items(), key=_by_due)
            if not line.get("closed")
        ],
        "papers_lacking": [i for i in mine if i not in asked.get("complete_items", ())],
        "commission_until": (asked.get("commission") or {}).get("ends_on"),
        "originals_held": list(course.get("originals_outstanding") or ()),
        "pieces_held": len([p for p in asked.get("pieces", ()) if not p.get("replaced")]),
        "fees_unpaid": [
            {"item": f["item"], "due_on": f.get("due_on")}
            for f in course.get("fees", ())
            if not f.get("paid")
        ],
        "issues_open": [
            {"kind": i["kind"], "items": list(i["items"]), "due_on": i.get("due_on")}
            for i in (course.get("issues") or {}).get("open", ())
        ],
        "letters_unanswered": [
            {"to": one["to"], "reply_by_on": one.get("reply_by_on")}
            for one in course.get("letters", ())
            if not one.get("answered")
        ],
        "visits_to_come": [
            v["appointed_at"] for v in course.get("visits", ()) if not v.get("made_at")
        ],
        "last_contact": max(made, default=None),
        "transfers_unconfirmed": sorted(
            item for item, sent in state.transfers.items() if sent.person is None
        ),
        "promised_at": _text(state.promised.get(left)),
    }


def written(sheet: Answer) -> str:
    """The sheet as text: the same words for the same state."""
    owed = [f"费用 {f['item']}（{f['due_on'] or '未定日期'}）" for f in sheet["fees_unpaid"]]
    owed += [
        f"复函 {o['to']}（{o['reply_by_on'] or '未定日期'}）"
        for o in sheet["letters_unanswered"]
    ]
    owed += [f"上门 {at}" for at in sheet["visits_to_come"]]
    issues = [f"{i['kind']} {'、'.join(i['items'])}" for i in sheet["issues_open"]]
    held = f"材料{sheet['pieces_held']}件，待退原件{len(sheet['originals_held'])}件"
    lines = [
        f"交接单  办件 {sheet['number'] or '—'}  服务方式 {sheet['mode'] or '—'}",
        f"移交人 {sheet['left']}{'（牵头）' if sheet['leads'] else ''}",
        *_part("在办事项", (_item(line) for line in sheet["open"])),
        *_part("材料未齐", sheet["papers_lacking"]),
        *_part("应办", owed),
        *_part("未解决问题", issues),
        *_part("转办未确认", sheet["transfers_unconfirmed"]),
        f"持有：{held}",
        f"委托有效至 {sheet['commission_until'] or '—'}；最近一次上门 {sheet['last_contact'] or '—'}；"
        f"已承诺联系 {sheet['promised_at'] or '—'}",
    ]
    return "\n".join(lines) + "\n"


def _item(line: Answer) -> str:
    due = f"，{line['due_on']}到期" if line["due_on"] else ""
    lacking = f"，差{'、'.join(line['missing'])}" if line["missing"] else ""
    follows = "（跟踪）" if line["shadow"] else ""
    return (
        f"{line['item']} {line['zh'] or ''}{follows}：{line['state'] or '未开始'}{due}{lacking}"
    )


def _part(title: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    if not found:
        return [f"{title}：无"]
    more = [f"  ……另有{len(found) - LONGEST}项"] if len(found) > LONGEST else []
    return [f"{title}：", *(f"  {line}" for line in found[:LONGEST]), *more]


def _by_due(entry: tuple[str, Answer]) -> tuple[str, str]:
    item, line = entry
    return line.get("due_on") or "9999", item


def _text(value: object) -> str | None:
    return None if value is None else str(value)
