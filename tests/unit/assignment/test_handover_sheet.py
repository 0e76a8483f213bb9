"""The sheet that goes with a matter from hand to hand (交接单)."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

from contracts.assignment import AgentReassigned, HandoverPrepared
from contracts.event import Personal
from services.assignment.domain import MATTER
from services.assignment.domain.commands import HandOver, ReassignAgent
from services.assignment.domain.facts import Sheet
from services.assignment.domain.handover import contents, written
from tests.unit.assignment.examples import ADA, BEN, FACTS, SERVED, decided

INTAKE: dict[str, Any] = {
    "number": "500242-2026-00001",
    "mode": "agent",
    "complete_items": ["S1-01"],
    "commission": {"ends_on": "2027-01-01"},
    "pieces": [{"piece": "x", "replaced": False}, {"piece": "y", "replaced": True}],
}
SUPERVISION: dict[str, Any] = {
    "items": {
        "S1-01": {"zh": "备案", "state_zh": "已受理", "due_on": "2026-03-09", "missing": []},
        "S2-02": {"zh": "规划许可", "state_zh": "待办", "due_on": None, "missing": ["M11"]},
    },
    "visits": [
        {"made_at": "2026-03-01T09:00:00+08:00"},
        {"made_at": None, "appointed_at": "明日"},
    ],
    "letters": [{"to": "depts", "reply_by_on": "2026-03-05", "answered": False}],
    "fees": [{"item": "S2-02", "due_on": "2026-03-06", "paid": False}],
    "issues": {"open": [{"kind": "material", "items": ["S2-02"], "due_on": None}]},
    "originals_outstanding": ["x"],
}
STATE = MATTER.fold(SERVED)
RELAY = ReassignAgent(left=ADA, agent=BEN, cause="relay", told_applicant=True, consented=True)


def test_half_a_page_says_what_is_open_due_owed_and_held() -> None:
    found = contents(ADA, (), STATE, INTAKE, SUPERVISION)
    assert [line["item"] for line in found["open"]] == ["S1-01", "S2-02"]
    assert (found["papers_lacking"], found["pieces_held"]) == (["S2-02"], 1)
    text = written(found)
    assert len(text.splitlines()) <= 30
    for words in ("500242-2026-00001", "2026-03-09到期", "差M11", "费用 S2-02", "复函 depts"):
        assert words in text


def test_the_same_state_makes_the_same_words() -> None:
    once = written(contents(ADA, (), STATE, INTAKE, SUPERVISION))
    assert once == written(contents(ADA, (), STATE, dict(INTAKE), dict(SUPERVISION)))


def test_a_neighbour_who_knows_nothing_leaves_blanks() -> None:
    assert "在办事项" in written(contents(ADA, (), STATE, None, None))


def test_the_digest_of_the_sheet_is_on_record_before_the_hand_over() -> None:
    text = "交接单\n"
    sheet = Sheet(text, sha256(text.encode()).hexdigest())
    prepared, moved = decided(SERVED, RELAY, replace(FACTS, sheet=sheet))
    assert isinstance(prepared, HandoverPrepared) and isinstance(moved, AgentReassigned)
    assert (prepared.left, prepared.agent, prepared.items) == (ADA, BEN, ("S1-01", "S2-02"))
    assert prepared.sheet == Personal(text) and "交接单" not in str(prepared.public())
    assert MATTER.fold([*SERVED, prepared]).sheets == (sheet.digest,)


def test_a_hand_over_that_happens_by_itself_has_a_sheet_too() -> None:
    sheet = Sheet("x", "ab" * 32)
    away = HandOver(left=ADA, agent=BEN, cause="leave")
    events = decided(SERVED, away, replace(FACTS, sheet=sheet))
    assert [type(e).__name__ for e in events] == ["HandoverPrepared", "AgentReassigned"]
