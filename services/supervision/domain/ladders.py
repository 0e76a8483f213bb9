"""Which rung of the pack's ladder comes next, and who may climb it (升级层级)?

No rung is skipped silently: to pass one over takes a reason, and `RungWaived` says so. A machine
reminds and urges on the lowest rung; everything else is a person's decision.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.event import Personal
from contracts.pack import Pack
from contracts.pack.rules import Ladder, Rung
from contracts.predicate import holds
from contracts.supervision import RungWaived
from services.supervision.domain.clocks import within
from services.supervision.domain.coordination import Climb
from services.supervision.domain.facts import Facts
from services.supervision.domain.powers import AGENTS
from shared.decider import Refused

BY_ITSELF = frozenset({"remind", "urge", "inform"})
"""What a machine may do on the lowest rung."""
RAISING = frozenset({"raise", "report_up"})


@dataclass(frozen=True, slots=True)
class Subject:
    """An item or a problem on its ladder: what was climbed about it, and since when it waits."""

    about: str
    item: str | None
    issue: Any
    climbs: tuple[Climb, ...]
    since: date | None
    severity: str | None = None


def ladder_for(pack: Pack, concerns: str, severity: str | None = None) -> Ladder:
    """The pack's ladder for slow items or for problems; refused when it has none."""
    ladder = ladder_or_none(pack, concerns, severity)
    if ladder is None:
        raise Refused("no_ladder", concerns=concerns, rule="ladders")
    return ladder


def ladder_or_none(pack: Pack, concerns: str, severity: str | None = None) -> Ladder | None:
    """The first of the pack's ladders whose condition allows for it."""
    known = {"severity": severity}
    fit = (one for one in pack.ladders if one.concerns == concerns)
    return next((one for one in fit if holds(one.when, known) is not False), None)


def entered(pack: Pack, ladder: Ladder, signal: str | None) -> Ladder | None:
    """The ladder that a problem enters from `ladder` on that signal (转入另一阶梯)."""
    for other in pack.ladders:
        way = other.enters_from
        if way is not None and way.ladder == ladder.id and signal in way.fires:
            return other
    return None


def rules_owner(pack: Pack) -> str | None:
    """The body that owns the rules: the reform office of the pack, else its first body."""
    offices = [body.id for body in pack.bodies if body.kind == "reform_office"]
    return next(iter([*offices, *(body.id for body in pack.bodies)]), None)


def supervisor_of(pack: Pack) -> str | None:
    """The body whose supervisors look into incidents; without one the owner of the rules."""
    posts = [role for role in pack.roles if role.canonical == "supervisor"]
    return next((body for role in posts for body in role.bodies), None) or rules_owner(pack)


def rung_of(ladder: Ladder, number: int) -> Rung:
    """The rung of that number; refused when the ladder has none."""
    for rung in ladder.rungs:
        if rung.rung == number:
            return rung
    raise no_such_rung(ladder)


def no_such_rung(ladder: Ladder) -> Refused:
    return Refused(
        "no_such_rung",
        rule=f"ladders.{ladder.id}",
        rungs=[rung.rung for rung in ladder.rungs],
    )


def path_of(ladder: Ladder, rung: Rung) -> str:
    return f"ladders.{ladder.id}.rungs.{rung.id}"


def offered(
    ladder: Ladder, acts: Iterable[str], subject: Subject, wanted: str | None
) -> list[Rung]:
    """The rungs that do one of `acts` and whose condition the subject meets, lowest first."""
    known = {"severity": subject.severity}
    found = [
        rung
        for rung in sorted(ladder.rungs, key=lambda r: r.rung)
        if rung.do in set(acts) and wanted in (None, rung.id)
    ]
    return [rung for rung in found if holds(rung.when, known) is not False]


def climbed(rung: Rung, ladder: Ladder, climbs: Sequence[Climb]) -> list[Climb]:
    """The times that a rung was climbed; a waiver is none."""
    return [c for c in climbs if not c.waived and _is_of(c, rung, ladder)]


def _is_of(climb: Climb, rung: Rung, ladder: Ladder) -> bool:
    if climb.ladder not in (None, f"ladders.{ladder.id}"):
        return False
    if climb.rung_id is not None:
        return climb.rung_id == rung.id
    same = climb.do == rung.do or (climb.do == "raise" and rung.do in RAISING)
    return same and climb.rung in (0, rung.rung)


def require_signal(ladder: Ladder, rung: Rung, signal: str) -> None:
    """Refuse a signal that the rung does not fire on."""
    if rung.fires and signal not in rung.fires:
        raise Refused(
            "signal_not_on_this_rung",
            signal=signal,
            fires=list(rung.fires),
            rule=f"{path_of(ladder, rung)}.fires",
        )


def climbing(
    ladder: Ladder, rung: Rung, subject: Subject, command: Any, facts: Facts
) -> list[RungWaived]:
    """Everything that is asked of who climbs `rung`; the waivers for the rungs below it.

    `command` may carry `signal`, `reason`, `evidence`, `notice`, `approved_by` and `waiver`.
    """
    require_person(ladder, rung, facts)
    signal = getattr(command, "signal", None)
    _require_trigger(ladder, rung, subject, signal)
    waived = _require_below(ladder, rung, subject, command, facts)
    _require_wait(ladder, rung, subject, signal, facts)
    _require_period(ladder, rung, subject, facts)
    _require_needs(ladder, rung, signal, command, facts)
    return waived


def require_person(ladder: Ladder, rung: Rung, facts: Facts) -> None:
    """Only those whom the rung names climb it (by), and no machine climbs against a person."""
    if facts.actor.startswith("s:") and rung.do not in BY_ITSELF:
        raise Refused(
            "a_person_must_decide",
            do=rung.do,
            rule=path_of(ladder, rung),
            remedy=(
                "本级须由人员决定，系统只提示，不自动升级 / "
                "a person decides on this rung: the system only reminds"
            ),
        )
    if not may_climb(rung, facts):
        raise Refused("not_your_rung", by=list(rung.by), rule=f"{path_of(ladder, rung)}.by")


def may_climb(rung: Rung, facts: Facts) -> bool:
    """Whether the actor holds a post, or acts for a body, that the rung names.

    What goes on a list that is filed later (`via`) may be put there by who serves the matter:
    the post that the rung names signs the list.
    """
    posts = {role.id: role.canonical for role in facts.pack.roles}
    named: set[str] = {posts.get(by, by) for by in rung.by}
    if named & AGENTS or (rung.via is not None and rung.do in RAISING):
        named |= AGENTS
    if rung.do in ("remind", "urge"):
        named.add("supervisor")
    return bool(facts.roles & named or acting_for(facts) & named)


def acting_for(facts: Facts) -> frozenset[str]:
    """The bodies the actor acts for, and those they belong to."""
    return frozenset(one for body in facts.bodies for one in belongs_to(facts.pack, body))


def belongs_to(pack: Pack, body: str) -> frozenset[str]:
    """A body and those above it."""
    parents = {one.id: one.parent for one in pack.bodies}
    found: set[str] = set()
    step: str | None = body
    while step is not None and step not in found:
        found.add(step)
        step = parents.get(step)
    return frozenset(found)


def _require_trigger(ladder: Ladder, rung: Rung, subject: Subject, signal: str | None) -> None:
    """A signal that the rung fires on, or an act on an earlier rung that it follows."""
    if signal is not None and signal in rung.fires:
        return
    done = {r.do for r in ladder.rungs if climbed(r, ladder, subject.climbs)}
    if not rung.fires or (signal is None and done & set(rung.fires)):
        return
    if signal is None:
        raise Refused(
            "trigger_missing",
            fires=list(rung.fires),
            rule=f"{path_of(ladder, rung)}.fires",
            remedy=(
                "请写明触发情形，或先办理其所依据的前一级 / "
                "say what gave rise to it, or do the rung it rests on first"
            ),
        )
    require_signal(ladder, rung, signal)


def _require_below(
    ladder: Ladder, rung: Rung, subject: Subject, command: Any, facts: Facts
) -> list[RungWaived]:
    passed = skipped(ladder, rung, subject)
    if not passed:
        return []
    reason: Personal[str] | None = getattr(command, "waiver", None)
    if reason is None:
        raise Refused(
            "rungs_skipped",
            skipped=[low.id for low in passed],
            rule=f"ladders.{ladder.id}",
            remedy=(
                "请先办理前面各级；确需越级的，请写明理由（waiver） / "
                "climb the rungs before it first, or say why they are left out (waiver)"
            ),
        )
    return [
        RungWaived(
            item=subject.item,
            issue=subject.issue,
            ladder=f"ladders.{ladder.id}",
            rung=low.rung,
            rung_id=low.id,
            waived_on=facts.on,
            reason=reason,
        )
        for low in passed
    ]


def skipped(ladder: Ladder, rung: Rung, subject: Subject) -> list[Rung]:
    """The lower rungs nobody climbed often enough or waived; one of each number will do."""
    known = {"severity": subject.severity}
    lower: dict[int, list[Rung]] = {}
    for low in ladder.rungs:
        if low.rung < rung.rung and holds(low.when, known) is not False:
            lower.setdefault(low.rung, []).append(low)
    return [
        choices[0]
        for _, choices in sorted(lower.items())
        if not any(_done(low, ladder, subject.climbs) for low in choices)
    ]


def _done(rung: Rung, ladder: Ladder, climbs: Sequence[Climb]) -> bool:
    """Waived, or climbed as often as the rung asks and closed by whom it must be."""
    if any(c.waived and c.rung_id == rung.id for c in climbs):
        return True
    times = climbed(rung, ladder, climbs)
    return len(times) >= (rung.times or 1) and all(c.closed for c in times)


def waits_until(ladder: Ladder, rung: Rung, subject: Subject, facts: Facts) -> date | None:
    """The last day that must pass before the rung may be climbed for want of effect."""
    if rung.wait is None or rung.at_once:
        return None
    known = [c.on for c in _counted(subject.climbs) if c.on is not None]
    since = max(known, default=subject.since)
    return within(facts.calendar, since, rung.wait) if since else None


def _counted(climbs: Sequence[Climb]) -> Iterator[Climb]:
    """What a wait begins with: a machine that says the same again makes nobody wait longer."""
    known: set[tuple[str | None, int, str | None]] = set()
    for climb in climbs:
        rung = climb.ladder, climb.rung, climb.rung_id
        if not climb.waived and not (climb.by_itself and rung in known):
            yield climb
        if not climb.waived:
            known.add(rung)


def taken_up(climbs: Iterable[Climb]) -> bool:
    """Whether a person has taken it above the lowest rung, where no machine climbs."""
    return any(climb.rung > 1 and not climb.waived for climb in climbs)


def _require_wait(
    ladder: Ladder, rung: Rung, subject: Subject, signal: str | None, facts: Facts
) -> None:
    """What had no effect, or follows an act, counts once the wait of the rung is over."""
    if signal not in (None, "no_effect_after"):
        return
    until = waits_until(ladder, rung, subject, facts)
    if until is not None and facts.on <= until:
        raise Refused(
            "wait_not_over",
            until=until.isoformat(),
            rule=f"{path_of(ladder, rung)}.wait",
        )


def _require_period(ladder: Ladder, rung: Rung, subject: Subject, facts: Facts) -> None:
    times = climbed(rung, ladder, subject.climbs)
    if rung.times is not None and len(times) >= rung.times:
        raise Refused(
            "times_used_up", times=rung.times, rule=f"{path_of(ladder, rung)}.times",
            remedy=("本级次数已满，请办理下一级 / "
"this rung was used as often as it may be: go on to the next"),
        )  # fmt: skip
    days = [c.on for c in times if c.on is not None]
    if rung.every is None or not days:
        return
    until = within(facts.calendar, max(days), rung.every)
    if facts.on < until:
        raise Refused(
            "period_not_over", until=until.isoformat(), rule=f"{path_of(ladder, rung)}.every"
        )


def _require_needs(
    ladder: Ladder, rung: Rung, signal: str | None, command: Any, facts: Facts
) -> None:
    """Reason, evidence, notice, approver: evidence of what the log itself shows is not asked."""
    given = {
        "reason": getattr(command, "reason", None),
        "evidence": getattr(command, "evidence", None),
        "notice": getattr(command, "notice", None),
        "approver": getattr(command, "approved_by", None),
    }
    if signal == "no_effect_after":
        given["evidence"] = "the log"
    missing = [need for need in rung.needs if not given[need]]
    if missing:
        raise Refused(
            "rung_needs",
            missing=missing,
            rule=f"{path_of(ladder, rung)}.needs",
            remedy=(
                "请补充本级所需：理由、证据、通知或批准人 / "
                "add what this rung needs: reason, evidence, notice or approver"
            ),
        )
    if "approver" in rung.needs and given["approver"] == facts.actor:
        raise Refused("approves_himself", rule=f"{path_of(ladder, rung)}.needs")


def leaning(ladder: Ladder, rung: Rung, facts: Facts) -> tuple[str, ...]:
    """The leaves of the rung that rest on a default of ours."""
    path = path_of(ladder, rung)
    return facts.ours(f"{path}.fires", f"{path}.wait", f"{path}.every")
