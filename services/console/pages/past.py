"""Which lists of a desk are shown as of another instant, and what of each row is said?"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from fastapi import Request

from services.console.backend import UNANSWERED, Caller, Refusal
from services.console.listing import PREFIX, ROWS, ROWS_IN, Listed, paged
from services.console.matters import numbers_of
from services.console.rendering import sentences

ENOUGH = 6.0
"""Seconds after which a page asks no service again for what it is still replaying: it says so, and
is loaded again by itself."""
OLDEST = 5
"""Blockers that the chief agent's desk shows at once."""

type How = Literal[
    "matter", "day", "due", "moment", "item", "items", "body", "person", "word", "text", "rung"
]


class Column(NamedTuple):
    """A column: its heading, the member that stands there, and how it is said.

    `of` names the list of words that the code is in.
    """

    zh: str
    en: str
    member: str
    how: How
    of: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A list of a service that answers for another instant."""

    name: str
    zh: str
    en: str
    service: str
    path: str
    columns: Sequence[Column]
    asked: Mapping[str, Any] = field(default_factory=dict)
    ours: str = ""
    """The member that must name a body of this person's; '' for every row."""
    kind: str = ""
    """Which list of an answer that holds several it is: it is asked for alone."""
    rows: int = ROWS


@dataclass(slots=True)
class Shown:
    """A list as it was then; `problem`: why it cannot be had; `waits`: it is still replayed."""

    past: Past
    rows: Listed
    problem: Mapping[str, Any] | None = None
    waits: bool = False


MATTER = Column("办件", "Matter", "matter", "matter")
ITEM = Column("事项", "Item", "item", "item")
DUE = Column("期限", "Due", "due_on", "due")
TOPIC = Column("事由", "Topic", "topic", "word")
CAME = Column("来访日", "Came on", "received_on", "day")
ITEMS = Column("事项", "Items", "items", "items")
HERE = {"area": "{area}"}
BODIES = "{bodies}"
"""Stands for all bodies of the person; without any there is no such list."""
BODY = Column("单位", "Body", "body", "body")
LINE = (MATTER, ITEM, BODY, DUE, Column("上次动静", "Last moved", "moved_on", "day"))
SILENT = (
    MATTER,
    Column("上次联系", "Last spoken with", "contacted_on", "day"),
    Column("工作日", "Working days", "working_days", "text"),
)

QUEUE = Past(
    "dispatch", "等待派单", "Waiting for an agent", "assignment", "/matters/queue/{area}",
    (MATTER, DUE),
)  # fmt: skip
OWED = Past(
    "owed", "应办未办", "Owed", "supervision", "/owed",
    (MATTER, Column("事由", "What", "kind", "word"),
     Column("由谁", "By whom", "owed_by", "body"), DUE),
    HERE,
)  # fmt: skip
TRANSFERS = Past(
    "transfers", "转办未确认", "Transfers not confirmed", "assignment", "/transfers",
    (MATTER, ITEM, Column("转给", "To", "to_body", "body"),
     Column("确认期限", "To be confirmed by", "confirm_by_on", "due")),
    {**HERE, "unconfirmed": True},
)  # fmt: skip

ASKED = Past(
    "asked", "窗口的提问", "Questions from windows", "intake", "/questions",
    (Column("提出", "Asked at", "asked_at", "moment"), ITEMS), {"mine": True},
)  # fmt: skip

OF_DESK: Mapping[str, Sequence[Past]] = {
    "clerk": (
        Past("mine", "我的来访", "My visitors", "intake", "/contacts",
             (CAME, TOPIC, ITEMS), {"mine": True, "open": True}),
        Past("offered", "等我接下", "Offered to me", "intake", "/contacts",
             (CAME, TOPIC, ITEMS), {"offered": True, "open": True}),
        Past("left", "隔日未结的来访", "Visitors left over from another day", "intake",
             "/contacts", (CAME, TOPIC, ITEMS, Column("由谁", "Whose", "owner", "person")),
             {**HERE, "left_over": True}),
        Past("due", "待受理申请", "Requests to take on", "intake", "/acceptances-due",
             (Column("办件", "Matter", "id", "matter"), DUE), HERE),
        Past("booked", "当天的预约", "Bookings of that day", "intake", "/bookings",
             (Column("时间", "At", "begins_at", "moment"), TOPIC, ITEMS,
              Column("了结", "Ended", "ending", "word")), HERE),
        Past("orders", "热线工单", "Hotline orders", "intake", "/hotline-orders",
             (Column("工单号", "Order", "order", "text"),
              Column("状态", "State", "phase", "word"), DUE), HERE),
        QUEUE,
        Past("outreach", "主动对接", "To be brought to projects", "intake", "/outreach",
             (Column("内容", "What", "what", "word"),
              Column("自", "Since", "opened_on", "day")), {**HERE, "open": True}),
        ASKED,
    ),
    "unit": (
        Past("told", "给您的通知", "Notices to you", "assignment", "/notices",
             (MATTER, Column("日期", "On", "told_on", "day"),
              Column("内容", "What", "kind", "word"), Column("单位", "Body", "body", "body"),
              ITEMS)),
    ),
    "supervisor": (
        *(
            Past(name, zh, en, "supervision", "/morning", columns, HERE, kind=kind)
            for name, kind, zh, en, columns in (
                ("crossed", "crossed", "新越线", "Lines crossed", LINE),
                ("soon", "due_soon", "临期", "Due soon", LINE),
                ("still", "stalled", "停滞", "Standing still", LINE),
                ("ahead", "foreseen", "预计逾期", "Foreseen to be late",
                 (MATTER, ITEM, Column("预计", "Expected", "expected_on", "day"),
                  Column("晚", "Late", "late", "text"),
                  Column("原因", "Why", "reason", "word"))),
                ("silent", "silent", "没人联系单位", "Nobody spoke with the unit", SILENT),
            )
        ),
        OWED,
        Past("issues", "未决问题", "Open problems", "supervision", "/issues",
             (MATTER, Column("类别", "Kind", "kind", "word"),
              Column("由谁", "Whose", "owner", "body"), DUE), HERE),
        Past("returns", "台账与报送", "Ledgers and returns", "supervision", "/returns",
             (Column("单位", "Body", "body", "body"),
              Column("报表", "Return", "form", "word", "return"),
              Column("季度", "Quarter", "quarter", "text"),
              Column("报送", "Filed", "filed_on", "day"),
              Column("期限", "Due", "due_on", "day")), HERE),
        Past("approvals", "等待批准", "Waiting for approval", "intake", "/approvals",
             (MATTER, Column("提请", "What", "decision", "word", "approval_subject"),
              Column("提请人", "Asked by", "asked_by", "person"),
              Column("日期", "On", "asked_on", "day")), HERE),
        Past("effects", "各级催办有没有用", "Did the rungs help", "supervision",
             "/ladders/effects",
             (Column("级次", "Rung", "rung_id", "rung"), Column("做了", "Did", "did", "word"),
              Column("次数", "Times", "climbed", "text"),
              Column("有动静", "It moved", "moved", "text"),
              Column("中位天数", "Median days", "median_days", "text")), HERE),
        Past("shifts", "因日历更新而变的期限", "Due days that moved with the calendar",
             "supervision", "/due-shifts",
             (MATTER, ITEM, Column("原期限", "Was due", "was_on", "day"),
              Column("现期限", "Due now", "now_on", "day")), HERE),
        *(
            Past(kind, zh, en, "evaluation", "/tasks", columns, HERE, kind=kind)
            for kind, zh, en, columns in (
                ("return_visits", "要做的回访", "Return visits to make",
                 (MATTER, Column("自", "Since", "since", "day"))),
                ("bad_ratings", "差评整改", "Bad ratings to rectify",
                 (MATTER, Column("日期", "On", "opened_on", "day"), DUE)),
                ("complaints", "投诉", "Complaints",
                 (MATTER, Column("类别", "Kind", "kind", "word", "complaint_kind"),
                  Column("由谁", "Whose", "to_body", "body"),
                  Column("日期", "On", "received_on", "day"), DUE)),
            )
        ),
    ),
    "chief": (
        Past("load", "在办量", "Load", "assignment", "/load",
             (Column("人员", "Person", "agent", "person"), BODY,
              Column("办件", "Matters", "matters", "text"),
              Column("事项", "Items", "items", "text"),
              Column("加权", "Weighted", "points", "text"),
              Column("最早", "Oldest", "oldest_since", "day")), HERE),
        QUEUE,
        Past("silent", "派了没接", "Named, not taken over", "assignment", "/unacknowledged",
             (MATTER, Column("专员", "Agent", "agent", "person"), DUE), HERE),
        TRANSFERS,
        Past("reserves", "候补", "Reserves", "assignment", "/reserves",
             (Column("人员", "Person", "person", "person"),
              Column("替", "For", "covers", "person"),
              Column("自", "From", "begins_on", "day"),
              Column("至", "Until", "ends_on", "day")), HERE),
        Past("absences", "缺勤", "Away", "assignment", "/absences",
             (Column("人员", "Person", "person", "person"),
              Column("自", "From", "begins_on", "day"),
              Column("至", "Until", "ends_on", "day"),
              Column("代班", "Substitute", "substitute", "person")), HERE),
        Past("notices", "告知还没人确认", "Told, not confirmed", "assignment",
             "/centre-notices", (MATTER, Column("告知", "Told on", "told_on", "day")),
             {**HERE, "unconfirmed": True}),
        Past("unowned", "部门还没落实到人", "Nobody named by the department", "assignment",
             "/unowned", (MATTER, ITEM, Column("自", "Since", "since", "day")), HERE),
        Past("vacancies", "空缺岗位", "Vacant posts", "assignment", "/vacancies",
             (Column("岗位", "Post", "zh", "text"), BODY, ITEM,
              Column("缺", "Missing", "missing", "text")), HERE),
        Past("oldest", "最久的五个堵点", "The five oldest blockers", "supervision", "/morning",
             LINE, HERE, kind="stalled", rows=OLDEST),
    ),
    "department": (
        Past("lying", "在我部门的事项", "With my department", "supervision", "/items/lying",
             (MATTER, ITEM, Column("状态", "State", "state", "word", "item_state"), DUE),
             {**HERE, "body": BODIES}),
        ASKED,
        Past("owed", "应办未办", "Owed", "supervision", "/owed", OWED.columns,
             {**HERE, "to": "{body}"}),
        Past("transfers", "转给我的", "Transferred to us", "assignment", "/transfers",
             (MATTER, ITEM, Column("确认期限", "To be confirmed by", "confirm_by_on", "due")),
             TRANSFERS.asked, ours="to_body"),
    ),
}  # fmt: skip
"""By desk. What waits for somebody in each matter is beside them, in `then`."""


async def lists_then(
    request: Request, me: Caller, desk: str, when: datetime
) -> tuple[list[Shown], dict[str, str]]:
    """The lists of a desk as of an instant, and the numbers of the matters in them.

    All at once: a service makes its views of then one time for all of them.
    """
    wanted, ends = OF_DESK.get(desk, ()), asyncio.get_running_loop().time() + ENOUGH
    found = await me.together(*(_list(request, me, one, when, ends) for one in wanted))
    shown = [one for one in found if one is not None]
    named = {
        str(row[column.member])
        for one in shown
        for column in one.past.columns
        if column.how == "matter"
        for row in one.rows
        if row[column.member]
    }
    return shown, await numbers_of(me, sorted(named)) if named else {}


async def _list(
    request: Request, me: Caller, past: Past, when: datetime, ends: float
) -> Shown | None:
    """None where the list is not this person's to see."""
    known = {"area": me.area, "body": me.body, "bodies": ""}
    asked = {k: v.format_map(known) if isinstance(v, str) else v for k, v in past.asked.items()}
    if BODIES in past.asked.values():
        if not me.session.bodies:
            return None
        asked["body"] = list(me.session.bodies)
    path = past.path.format_map(known)
    asked |= {"kind": past.kind} if past.kind else {}
    if after := request.query_params.get(PREFIX + past.name):
        asked["after"] = after
    while True:
        try:
            page = await me.get(
                past.service, path, at=when.isoformat(), limit=past.rows, **asked
            )
        except Refusal as refusal:
            if refusal.code == "behind":
                if asyncio.get_running_loop().time() < ends:
                    continue
                return Shown(past, Listed(), waits=True)
            if refusal.status in (403, 404):
                return None
            if refusal.status in UNANSWERED:
                me.silent.add(past.service)
            return Shown(past, Listed(), sentences(refusal, me.language))
        return Shown(past, _rows(request, me, past, page))


def _rows(request: Request, me: Caller, past: Past, page: Mapping[str, Any]) -> Listed:
    """The rows of an answer; of several lists in it, that of the kind that was asked for."""
    rows = next((page[k] for k in (past.kind, *ROWS_IN, past.name, "rungs") if k in page), ())
    if isinstance(rows, Mapping):  # by body
        rows = [row for of_body in rows.values() for row in of_body]
    kept = [row for row in rows if not past.ours or row[past.ours] in me.session.bodies]
    after, counts = page.get("after"), page.get("counts") or {}
    if past.kind:
        after = (after or {}).get(past.kind)
    return paged(request, past.name, kept, after, counts.get(past.kind))
