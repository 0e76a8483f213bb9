"""Which lists of a desk are shown as of another instant, and what of each row is said?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from fastapi import Request

from services.console.backend import UNANSWERED, Caller, Refusal
from services.console.listing import PREFIX, ROWS, ROWS_IN, Listed, paged
from services.console.matters import numbers_of
from services.console.rendering import sentences

TRIES = 2
"""How often a service is asked for what it could not replay within one request."""

type How = Literal[
    "matter", "day", "due", "moment", "item", "items", "body", "person", "word", "text"
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


@dataclass(slots=True)
class Shown:
    """A list as it was then; `problem`: why it cannot be had."""

    past: Past
    rows: Listed
    problem: Mapping[str, Any] | None = None


MATTER = Column("办件", "Matter", "matter", "matter")
ITEM = Column("事项", "Item", "item", "item")
DUE = Column("期限", "Due", "due_on", "due")
TOPIC = Column("事由", "Topic", "topic", "word")
CAME = Column("来访日", "Came on", "received_on", "day")
ITEMS = Column("事项", "Items", "items", "items")
HERE = {"area": "{area}"}

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
    ),
    "unit": (
        Past("told", "给您的通知", "Notices to you", "assignment", "/notices",
             (MATTER, Column("日期", "On", "told_on", "day"),
              Column("内容", "What", "kind", "word"), Column("单位", "Body", "body", "body"),
              ITEMS)),
    ),
    "supervisor": (
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
    ),
    "chief": (
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
    ),
    "department": (
        Past("asked", "窗口的提问", "Questions from windows", "intake", "/questions",
             (Column("提出", "Asked at", "asked_at", "moment"), ITEMS), {"mine": True}),
        Past("owed", "应办未办", "Owed", "supervision", "/owed", OWED.columns,
             {**HERE, "to": "{body}"}),
        Past("transfers", "转给我的", "Transferred to us", "assignment", "/transfers",
             (MATTER, ITEM, Column("确认期限", "To be confirmed by", "confirm_by_on", "due")),
             TRANSFERS.asked, ours="to_body"),
    ),
}  # fmt: skip
"""By desk. What is not here and on the desk of today is named by `then.LEFT_OUT`."""


async def lists_then(
    request: Request, me: Caller, desk: str, when: datetime
) -> tuple[list[Shown], dict[str, str]]:
    """The lists of a desk as of an instant, and the numbers of the matters in them.

    One after another for each service: it makes its views of then once, for all of them.
    """
    found = [await _list(request, me, one, when) for one in OF_DESK.get(desk, ())]
    shown = [one for one in found if one is not None]
    named = {
        str(row[column.member])
        for one in shown
        for column in one.past.columns
        if column.how == "matter"
        for row in one.rows
    }
    return shown, await numbers_of(me, sorted(named)) if named else {}


async def _list(request: Request, me: Caller, past: Past, when: datetime) -> Shown | None:
    """None where the list is not this person's to see."""
    known = {"area": me.area, "body": me.body}
    asked = {k: v.format_map(known) if isinstance(v, str) else v for k, v in past.asked.items()}
    path = past.path.format_map(known)
    if after := request.query_params.get(PREFIX + past.name):
        asked["after"] = after
    for attempt in range(TRIES):
        try:
            page = await me.get(past.service, path, at=when.isoformat(), limit=ROWS, **asked)
        except Refusal as refusal:
            if refusal.code == "behind" and attempt + 1 < TRIES:
                continue
            if refusal.status in (403, 404):
                return None
            if refusal.status in UNANSWERED and refusal.code != "behind":
                me.silent.add(past.service)
            return Shown(past, Listed(), sentences(refusal, me.language))
        rows = next((page[k] for k in (*ROWS_IN, past.name) if k in page), ())
        kept = [row for row in rows if not past.ours or row[past.ours] in me.session.bodies]
        return Shown(past, paged(request, past.name, kept, page.get("after")))
    raise AssertionError("the last attempt is shown or refused")
