"""Which searches are saved for an auditor, and who looked at a file without doing anything in it?"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode


class Search(NamedTuple):
    """A saved search: what it is called, what it may mean, and what it asks."""

    zh: str
    en: str
    why_zh: str
    why_en: str
    asked: Mapping[str, str]

    def address(self, area: str) -> str:
        """Where its events are; `area` narrows it."""
        return "/desk/audit/events?" + urlencode({**self.asked, "area": area})


SEARCHES: tuple[Search, ...] = (
    Search("自批自办", "Asked and decided by one hand",
           "同一人申报又受理、决定，转交又签收，或批准人就是经办人",
           "One person filed and decided, handed over and signed, or approved the own act",
           {"pattern": "self_approval"}),
    Search("一分钟内批完", "Decided within a minute",
           "收到材料不到一分钟就受理或决定；即报即审也会列出",
           "Nobody can have read it that fast; what was decided at once is listed as well",
           {"pattern": "within_a_minute"}),
    Search("补录", "Entered on a later day",
           "办理在前，录入在后：看理由，看是否改变了期限",
           "Done first, entered later: see why, and whether a due day moved",
           {"pattern": "late"}),
    Search("周末或夜间所为", "At a weekend or at night",
           "不在上班时间的人为操作", "Acts of people outside working hours",
           {"pattern": "off_hours"}),
    Search("周五傍晚受理", "Accepted on a Friday evening",
           "周五十七时以后受理：期限从下周起算", "After 17:00: the clock begins next week",
           {"pattern": "friday_evening"}),
    Search("超出委托期间的行为", "Acts outside the commission's period",
           "凭委托书办理，但不在委托期间内，或委托已终止",
           "Done under a commission that had not begun, was over, or had ended",
           {"pattern": "outside_commission"}),
    Search("中止计时没有书面告知", "Suspended without a written notice",
           "特别程序依据审批系统状态录入，没有附告知书",
           "Entered from the approval system's state; no notice is on file",
           {"pattern": "suspension_without_notice"}),
    Search("评价接连而来", "Ratings in a row",
           "同一地区不到一分钟的两次评价：是否同一设备、有人代评",
           "Two ratings of an area within a minute: one device, or somebody else's hand?",
           {"pattern": "ratings_in_a_row"}),
    Search("督办跳级", "Rungs that were waived",
           "哪一级被免除，谁批准，理由是什么", "Which rung was waived, by whom, and why",
           {"type": "supervision.rung_waived"}),
    Search("延长期限", "Extensions", "谁批准延长、延长几天", "Who approved how many days",
           {"type": "supervision.item_extended"}),
)  # fmt: skip
"""In the order in which the desk offers them."""


class Looker(NamedTuple):
    """Somebody who looked: how often, first and last, for which screens; whether he acted."""

    actor: str
    times: int
    first: str
    last: str
    purposes: tuple[str, ...]
    acted: int


def lookers(
    looks: Iterable[Mapping[str, Any]], frames: Sequence[Mapping[str, Any]]
) -> list[Looker]:
    """Everybody who looked at a file: first those who did nothing in it, by how often they looked."""
    acts: dict[str, int] = {}
    for one in frames:
        acts[one["actor"]] = acts.get(one["actor"], 0) + 1
    found: dict[str, list[Mapping[str, Any]]] = {}
    for look in looks:
        if str(look["actor"]).startswith("p:"):
            found.setdefault(look["actor"], []).append(look)
    rows = [
        Looker(
            actor, len(seen), min(str(one["at"]) for one in seen),
            max(str(one["at"]) for one in seen),
            tuple(sorted({f"{one['service']} {one['purpose']}" for one in seen})),
            acts.get(actor, 0),
        )
        for actor, seen in found.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (bool(row.acted), -row.times, row.actor))
