"""Where do a pack's rules contradict one another, never apply, or have nobody to do them?

What makes a pack unusable is refused on loading (contracts/pack/soundness.py); this is what a
rehearsal finds in a pack that loads.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from contracts.pack.samples import Rule, plain, reaching, rules_of
from contracts.pack.soundness import doubtful
from contracts.predicate import ALWAYS, All, Not, Predicate
from contracts.predicate import Any as AnyOf

if TYPE_CHECKING:
    from contracts.pack import Pack
    from contracts.pack.rules import Ladder, Promise, Rung
    from contracts.pack.sections import Days, Mode, Role

type Kind = Literal["contradiction", "dead_rule", "missing_owner", "open_question"]
type Said = Iterator[tuple[str, str, str]]

COURSE = (
    "ServiceRequested", "ServiceAccepted", "MatterRouted", "ItemDispatched",
    "MaterialSetCompleted", "ItemSubmitted", "ItemReceived", "ItemAccepted", "ItemDecided",
    "ResultCollected", "ResultDelivered", "ItemClosed", "EvaluationRecorded", "FileClosed",
    "FileHandedOver",
)  # fmt: skip
"""The events of a matter that always come in this order."""

_WITH_THE_BODY = frozenset({"ItemSubmitted", "ItemReceived", "ItemAccepted"})


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing a rehearsal found: where, and a sentence in each language."""

    kind: Kind
    path: str
    zh: str
    en: str


def clashes(pack: "Pack") -> tuple[Clash, ...]:
    """Everything found, contradictions first, what is still open last."""
    return (
        *(Clash("contradiction", *said) for said in _contradictions(pack)),
        *(Clash("dead_rule", *said) for said in _dead(pack)),
        *(Clash("missing_owner", *said) for said in _ownerless(pack)),
        *_open(pack),
    )


# -- contradictions -----------------------------------------------------------------------------


def _contradictions(pack: "Pack") -> Said:
    yield from _admission(pack)
    yield from _modes(pack)
    yield from _order(pack)
    yield from _days(pack)
    for ladder in pack.ladders:
        yield from _rungs(ladder)


def _admission(pack: "Pack") -> Said:
    """An `include` that the exclusions and conditions on applicants take back altogether."""
    scope, base = pack.scope, plain(pack)
    barred: list[Predicate] = [Not(rule.when) for rule in scope.exclude]
    asked: list[Predicate] = [rule.when for rule in scope.applicants]
    for rule in scope.include:
        alone = reaching(pack, rule.when, base)
        if (
            alone is not None
            and reaching(pack, All((rule.when, *barred, *asked)), base) is None
        ):
            zh = f"“{rule.zh}”所纳入的项目全部又被排除，或不合申请人条件"
            en = "all it includes is taken back by exclusions or conditions on applicants"
            yield f"scope.include.{rule.id}", zh, en


def _modes(pack: "Pack") -> Said:
    agreements = {agreement.id: agreement for agreement in pack.agreements}
    for mode in pack.modes:
        path = f"modes.{mode.id}"
        files = "file_for_applicant" in mode.staff_may
        if mode.filed_by == "applicant" and files:
            zh = f"{mode.zh}由项目单位自行申报，却又允许工作人员代为申报"
            yield f"{path}.filed_by", zh, "the unit files itself, and staff may file for it too"
        if mode.filed_by == "agent" and not files:
            zh = f"{mode.zh}由专员申报，却没有允许工作人员代为申报"
            yield f"{path}.filed_by", zh, "the agent files, but staff may not file"
        for paper in mode.papers:
            known = agreements.get(paper.id)
            if known is not None and mode.id not in known.modes:
                zh = f"要求“{known.zh}”，而该协议不用于{mode.zh}"
                en = "asks for an agreement that is not made in this mode"
                yield f"{path}.papers.{paper.id}", zh, en


def _order(pack: "Pack") -> Said:
    """Stages and promises that go against the order in which things happen."""
    for mode in pack.modes:
        stages = [s for s in pack.process if mode.id in s.modes and not s.continuous]
        known = [s for s in stages if s.done_when in COURSE]
        for first, then in pairwise(known):
            if COURSE.index(first.done_when) > COURSE.index(then.done_when):
                zh = f"{mode.zh}中“{then.zh}”排在“{first.zh}”之后，其完成标志却总是先发生"
                en = f"stands after {first.id}, but what ends it always happens before"
                yield f"process.{then.id}", zh, en
    for promise in pack.clocks.promises:
        at = [COURSE.index(e) for e in (promise.starts, promise.ends) if e in COURSE]
        if len(at) == 2 and at[0] > at[1]:
            zh = f"“{promise.zh}”的止点总在起点之前发生"
            yield f"clocks.promises.{promise.id}", zh, "ends before it starts"


def _days(pack: "Pack") -> Said:
    clocks = pack.clocks
    if clocks.warn_at_percent and clocks.urge_after_percent < min(clocks.warn_at_percent):
        zh = "催办早于第一次预警：先催后警"
        yield "clocks.urge_after_percent", zh, "urged before the first warning"
    for promise in clocks.promises:
        waits = promise.starts in _WITH_THE_BODY
        if waits and _working(promise.within) > _working(clocks.silence):
            zh = f"“{promise.zh}”的时限比认定停滞的时间还长：期限未到就会被催办"
            en = "longer than the standstill: it would be urged before its time is over"
            yield f"clocks.promises.{promise.id}.within", zh, en
    for ladder in (one for one in pack.ladders if one.concerns == "slow_item"):
        for rung in ladder.rungs:
            for promise in (p for p in clocks.promises if _outlasts(p, rung)):
                at = f"ladders.{ladder.id}.rungs.{rung.id}.wait"
                zh = f"等待时间短于“{promise.zh}”的时限：时限未满即已提级"
                yield at, zh, f"shorter than the promise {promise.id}"


def _outlasts(promise: "Promise", rung: "Rung") -> bool:
    """Whether a promise of the approving body still runs when the wait of a rung is over."""
    if rung.wait is None or promise.starts not in _WITH_THE_BODY:
        return False
    return _working(promise.within) > _working(rung.wait)


def _working(days: "Days") -> float:
    """A span in working days, five to a week."""
    return days.days if days.unit == "wd" else days.days * 5 / 7


def _rungs(ladder: "Ladder") -> Said:
    for n, rung in enumerate(ladder.rungs):
        path = f"ladders.{ladder.id}.rungs.{rung.id}"
        before = ladder.rungs[:n]
        if before and rung.rung < before[-1].rung:
            zh = f"第{rung.rung}级写在第{before[-1].rung}级之后"
            yield f"{path}.rung", zh, f"rung {rung.rung} stands after rung {before[-1].rung}"
        same = (other for other in before if other.rung == rung.rung)
        beside = [other for other in same if {*other.fires} & {*rung.fires}]
        alike = [other for other in beside if other.when == rung.when]
        if alike and not rung.alternative:
            zh = f"与“{alike[0].zh}”同级、同样触发，却没有注明择一(alternative)"
            yield path, zh, f"fires with {alike[0].id} on the same rung, and is no alternative"


# -- dead rules ---------------------------------------------------------------------------------


def _dead(pack: "Pack") -> Said:
    base = plain(pack)
    for rule in rules_of(pack):
        if rule.when == ALWAYS and not rule.path.startswith("routing"):
            continue
        wanted, zh, en = _effective(pack, rule)
        if reaching(pack, wanted, base) is None:
            yield rule.path, f"“{rule.zh}”{zh}", en
    for problem in doubtful(pack):
        yield problem.path, problem.zh, problem.en
    units = {role.id for role in pack.roles if role.canonical.startswith("applicant")}
    for instrument in pack.evaluation.instruments:
        if instrument.answered_by not in units:
            path = f"evaluation.instruments.{instrument.id}.answered_by"
            zh = f"“{instrument.zh}”没有写明由项目单位作答，不会邀请任何人"
            yield path, zh, "no unit answers it, so nobody is invited"


def _effective(pack: "Pack", rule: Rule) -> tuple[Predicate, str, str]:
    """What must hold for the rule to change anything, and what is said when it never does."""
    section, _, rest = rule.path.partition(".")
    part = rest.partition(".")[0]
    if section == "routing":
        zh, en = "总被排在前面的规则先决", "an earlier rule always decides first"
        return All((rule.when, *_earlier(pack, rest))), zh, en
    scope = pack.scope
    served = AnyOf(tuple(one.when for one in scope.include))
    match section, part:
        case "scope", "exclude":
            zh, en = "所排除的项目本来就不在纳入之列", "what it excludes is not included anyway"
            asked = [one.when for one in (scope.discretionary,) if one is not None]
            return All((rule.when, AnyOf((served, *asked)))), zh, en
        case "scope", "refer":
            zh, en = "所引导的项目都已纳入服务，用不上", "whatever it refers is served already"
            unmet = [Not(one.when) for one in scope.applicants]
            barred = [one.when for one in scope.exclude]
            return All((rule.when, AnyOf((Not(served), *barred, *unmet)))), zh, en
        case "scope", "discretionary":
            zh, en = "所酌情的项目都已纳入服务", "whatever it allows is served already"
            free = [Not(one.when) for one in scope.exclude]
            return All((rule.when, Not(served), *free)), zh, en
    return rule.when, "的条件不可能成立", "its condition can never hold"


def _earlier(pack: "Pack", id: str) -> list[Predicate]:
    """That none of the rules before this one decides the same question."""
    mine = next(rule for rule in pack.routing if rule.id == id)
    return [
        Not(rule.when)
        for rule in pack.routing[: pack.routing.index(mine)]
        if (rule.applies_to, bool(rule.to)) == (mine.applies_to, bool(mine.to))
    ]


# -- missing owners -----------------------------------------------------------------------------


def _ownerless(pack: "Pack") -> Said:
    filled = {role.id for role in pack.roles if _is_filled(role, pack)}
    names = {role.id: role.zh for role in pack.roles}
    for path, ids in _owned(pack):
        for id in ids:
            if id in names and id not in filled:
                zh = f"由“{names[id]}”负责，而没有任何单位设此岗位"
                yield path, zh, f"no body fills the post {id}"
    staff = [role for role in pack.roles if not role.canonical.startswith("applicant")]
    units = [role for role in pack.roles if role.canonical.startswith("applicant")]
    for mode in pack.modes:
        yield from _undoable(mode, "staff_may", mode.staff_may, staff)
        yield from _undoable(mode, "applicant_tasks", mode.applicant_tasks, units)


def _owned(pack: "Pack") -> Iterator[tuple[str, Sequence[str]]]:
    """Who does what, beside the stages, routes and rungs that are checked on loading."""
    for stage in pack.process:
        yield f"process.{stage.id}.owner", stage.owner
        if stage.fallback is not None:
            yield f"process.{stage.id}.fallback.to", (stage.fallback.to,)
    yield from ((f"meetings.{m.id}.convened_by", (m.convened_by,)) for m in pack.meetings)
    yield from ((f"team.slots.{s.id}.role", (s.role,)) for s in pack.team.slots)
    for one in pack.evaluation.instruments:
        yield f"evaluation.instruments.{one.id}.asked_by", (one.asked_by,)
    for agreement in pack.agreements:
        for move in agreement.moves:
            yield f"agreements.{agreement.id}.moves.{move.id}.by", move.by


def _undoable(mode: "Mode", part: str, acts: Sequence[str], roles: Sequence["Role"]) -> Said:
    able = {act for role in roles for act in role.can}
    for act in acts:
        if act not in able:
            zh = f"{mode.zh}允许“{act}”，而没有岗位可以办理"
            yield f"modes.{mode.id}.{part}", zh, f"no post can {act}, which this mode allows"


def _is_filled(role: "Role", pack: "Pack") -> bool:
    """The unit fills its own posts; every other needs a body, a holder or a slot."""
    slots = any(slot.role == role.id and slot.bodies for slot in pack.team.slots)
    return role.canonical.startswith("applicant") or bool(role.bodies or role.holder or slots)


def _open(pack: "Pack") -> Iterator[Clash]:
    for question in pack.open:
        zh = f"{question.q}——默认值：{question.default}"
        en = f"still open; our default holds at {', '.join(question.paths)}"
        yield Clash("open_question", f"open.{question.id}", zh, en)
