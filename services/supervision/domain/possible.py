"""What can somebody do with a matter now, and why not the rest (现在能办什么)? Nothing is recorded."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from services.supervision.domain import commands
from services.supervision.domain.decide import decide
from services.supervision.domain.facts import Facts
from services.supervision.domain.state import Matter
from shared.command import Command
from shared.decider import Refused

NEEDS = frozenset(
    """
    evidence_required suspension_without_notice signature_missing pieces_unknown
    not_sent_yet extension_without_approval approval_missing no_dispatch_by_territory
    due_in_the_past reason_missing
    """.split()
)
"""Refusals of a trial without papers: with them, and with what the form asks for, it goes."""

_SAID = "…"
_THINGS: dict[str, Callable[[Matter], Collection[object]]] = {
    "ResolveIssue": lambda m: m.open_issues(),
    "RaiseIssue": lambda m: m.open_issues(),
    "ClassIssue": lambda m: m.open_issues(),
    "BeginJointAttack": lambda m: m.open_issues(),
    "BlowWhistle": lambda m: m.open_issues(),
    "PayFee": lambda m: m.unpaid(),
    "AnswerLetter": lambda m: [1 for one in m.letters.values() if not one.answered],
    "RecordVisit": lambda m: [1 for one in m.visits.values() if one.made_at is None],
}
"""What must be there before the command can be about it."""


def item_acts(
    matter: Matter, facts: Facts, asked: Sequence[type[Command]]
) -> Iterator[dict[str, Any]]:
    """Each command about an item, tried on each item of the scope."""
    for code in matter.scope():
        for kind in asked:
            yield {"command": kind.__name__, "item": code, **_tried(kind, code, matter, facts)}


def matter_acts(matter: Matter, asked: Sequence[type[Command]]) -> Iterator[dict[str, Any]]:
    """Each command about the matter as a whole: whether what it is about is there."""
    for kind in asked:
        things = _THINGS.get(kind.__name__)
        absent = things is not None and not things(matter)
        yield {
            "command": kind.__name__,
            "item": None,
            "can": not absent,
            "why_not": "nothing_there" if absent else None,
        }


def _tried(kind: type[Command], item: str, matter: Matter, facts: Facts) -> dict[str, Any]:
    """What `decide` answers to a trial of the command, which nobody records."""
    command = _trial(kind, item, facts)
    if command is None:
        return {"can": True, "why_not": None}
    try:
        events = decide(command, matter, facts)
    except Refused as refused:
        if refused.code in NEEDS:
            return {"can": True, "why_not": None, "needs": refused.code}
        details = {k: v for k, v in refused.details.items() if k not in ("item", "command")}
        return {"can": False, "why_not": refused.code, "details": details}
    if not events:
        return {"can": False, "why_not": "done_already"}
    return {"can": True, "why_not": None}


def _trial(kind: type[Command], item: str, facts: Facts) -> Command | None:
    """The command with what its form would at least be filled with; None where none can be made."""
    known = facts.item(item)
    values: dict[str, Any] = {
        "item": item,
        "reason": _SAID,
        "demands": _SAID,
        "outcome": "approved",
        "signal": "at_risk",
        "days": 1,
        "procedure": next(iter(known.excl), "hearing"),
        "expected_on": facts.today + timedelta(days=1),
        "started_on": facts.today - timedelta(days=1),
        "ended_on": facts.today,
    }
    fields = kind.model_fields
    required = {name for name, field in fields.items() if field.is_required()}
    given = {k: v for k, v in values.items() if k in required or k == "expected_on" in fields}
    try:
        return kind.model_validate({k: v for k, v in given.items() if k in fields})
    except ValidationError:
        return None


ABOUT_ITEMS: tuple[type[Command], ...] = (
    commands.SubmitItem,
    commands.ReceiveItem,
    commands.RequestCorrection,
    commands.SupplyCorrection,
    commands.AcceptItem,
    commands.RefuseItem,
    commands.StartSpecialProcedure,
    commands.EndSpecialProcedure,
    commands.SupplementPause,
    commands.ExtendItem,
    commands.DecideItem,
    commands.CollectResult,
    commands.CloseItem,
    commands.WithdrawItem,
    commands.UrgeItem,
    commands.AnswerUrge,
)
ABOUT_MATTERS: tuple[type[Command], ...] = (
    commands.SubmitReady,
    commands.DateMilestone,
    commands.RevisePlan,
    commands.AppointVisit,
    commands.RecordVisit,
    commands.ReportProgress,
    commands.LogWork,
    commands.RecordFee,
    commands.PayFee,
    commands.SendResult,
    commands.DeliverResult,
    commands.ReturnOriginals,
    commands.SendLetter,
    commands.AnswerLetter,
    commands.OpenIssue,
    commands.RaiseIssue,
    commands.ResolveIssue,
    commands.ClassIssue,
    commands.BlowWhistle,
    commands.CallMeeting,
)
