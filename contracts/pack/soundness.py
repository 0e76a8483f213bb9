"""Can the rules of a policy pack work: does everything have an owner, a way in and a way out?"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from contracts.edition import Problem
from contracts.pack.inherit import OWN, region
from contracts.pack.papers import Agreement, NumberRule
from contracts.pack.sections import ProcessStage, Role, RoutingRule
from contracts.pack.words import recorded
from contracts.predicate import All, Atom, Compare, Contains, OneOf, Predicate
from contracts.vocabulary import CLOSED_LISTS

if TYPE_CHECKING:
    from contracts.pack import Pack

MATTER_NUMBER = "{adcode}-{year}-{serial}"
_EXCLUSIVE = ("sign_off", "activate_reserve")
"""Acts of the one person who leads; two posts that may do them would lead against each other."""


def unsound(pack: "Pack") -> Iterator[Problem]:
    """Everything that is well written and cannot work."""
    yield from _place(pack)
    yield from _circles(pack)
    yield from _nobody(pack)
    yield from _too_many(pack)
    yield from _unit(pack)
    yield from _events(pack)
    yield from _stages(pack)
    yield from _routing(pack)
    for agreement in pack.agreements:
        yield from _agreement(agreement)
    yield from _ladders(pack)
    yield from _papers(pack)
    yield from _ratings(pack)


def doubtful(pack: "Pack") -> Iterator[Problem]:
    """What can be as it is, and may not be meant."""
    for path, event in _foreseen(pack):
        zh = f"本软件尚不记录“{event}”这一事件，此项在此之前不会生效"
        yield Problem(path, zh, f"{event} is not recorded yet: this does nothing until it is")
    served = {mode for stage in pack.process for mode in stage.modes}
    for mode in pack.modes:
        if mode.id not in served:
            zh, en = "没有任何环节使用这种服务方式", "no stage belongs to this mode"
            yield Problem(f"modes.{mode.id}", zh, en)
    percents = list(pack.clocks.warn_at_percent)
    if percents != sorted(set(percents)):
        zh, en = "预警点应从小到大、互不相同", "warning points should rise"
        yield Problem("clocks.warn_at_percent", zh, en)


def _place(pack: "Pack") -> Iterator[Problem]:
    place, text = pack.jurisdiction, pack.instrument
    level = {2: "province", 4: "city", 6: "county"}[len(region(place.code))]
    if level != place.level:
        zh = f"行政区划代码{place.code}是{level}一级，与level不符"
        yield Problem("jurisdiction.level", zh, f"{place.code} is the code of a {level}")
    for path in place.children_may_change:
        section = path.split(".")[0]
        if section in OWN or section not in type(pack).model_fields:
            zh = f"“{path}”不是可由下级修改的部分"
            yield Problem("jurisdiction.children_may_change", zh, f"no such part: {path!r}")
    if place.children_may_change and not place.applies_to_children:
        zh = "列明了下级可改的条目，却未声明适用于下级(applies_to_children)"
        en = "says what children may change, not that it applies to them"
        yield Problem("jurisdiction.children_may_change", zh, en)
    townships = pack.sites.townships
    if townships and not _overlap(townships.prefix, place.code):
        zh, en = "乡镇代码前缀不在本行政区内", "these townships are not within the place"
        yield Problem("sites.townships.prefix", zh, en)
    begins = text.issued_on if text.effective_from == "on_issue" else text.effective_from
    if text.expires_on and begins and text.expires_on < begins:
        zh, en = "失效日早于施行日", "it expires before it begins"
        yield Problem("instrument.expires_on", zh, en)


def _overlap(one: str, other: str) -> bool:
    """Whether one of two places contains the other; a county may inherit its city's prefix."""
    return region(one).startswith(region(other)) or region(other).startswith(region(one))


def _circles(pack: "Pack") -> Iterator[Problem]:
    doors = {door.id for door in pack.channels}
    yield from _circle("bodies.{}.parent", {b.id: b.parent for b in pack.bodies})
    yield from _circle("bodies.{}.overseen_by", {b.id: b.overseen_by for b in pack.bodies})
    yield from _circle("roles.{}.activates_as", {r.id: r.activates_as for r in pack.roles})
    entries = {
        ladder.id: ladder.enters_from.ladder if ladder.enters_from else None
        for ladder in pack.ladders
    }
    yield from _circle("ladders.{}.enters_from", entries)
    forwards = {d.id: d.forwards_to if d.forwards_to in doors else None for d in pack.channels}
    yield from _circle("channels.{}.forwards_to", forwards)


def _circle(path: str, leads: Mapping[str, str | None]) -> Iterator[Problem]:
    """One problem for each circle, at its first member."""
    known: set[str] = set()
    for begin in leads:
        trail: list[str] = []
        here: str | None = begin
        while here is not None and here not in known and here not in trail:
            trail.append(here)
            here = leads.get(here)
        if here is not None and here in trail:
            chain = " → ".join([*trail[trail.index(here) :], here])
            yield Problem(path.format(here), f"成环：{chain}", f"goes in a circle: {chain}")
        known |= {*trail}


def _nobody(pack: "Pack") -> Iterator[Problem]:
    """A duty of a post that no body fills is a duty of nobody."""
    empty = {role.id for role in pack.roles if not _filled(role, pack)}
    duties = [
        *((f"process.{s.id}.owner", s.owner) for s in pack.process),
        *((f"routing.{r.id}.to", r.to) for r in pack.routing),
        *(
            (f"ladders.{ladder.id}.rungs.{rung.id}.{key}", names)
            for ladder in pack.ladders
            for rung in ladder.rungs
            for key, names in (("by", rung.by), ("to", rung.to))
        ),
    ]
    for path, names in duties:
        for name in names:
            if name in empty:
                zh = f"“{name}”这一岗位没有任何单位配备，等于无人负责"
                yield Problem(path, zh, f"no body fills the post {name!r}: this is nobody's")
    for role in pack.roles:
        if role.max is not None and role.max < role.min:
            yield Problem(f"roles.{role.id}.max", "最多人数少于最少人数", "max is below min")
    for slot in pack.team.slots:
        if slot.max is not None and slot.max < slot.min:
            yield Problem(
                f"team.slots.{slot.id}.max", "最多人数少于最少人数", "max is below min"
            )
    reserve = next((r for r in pack.roles if r.id == pack.team.reserve), None)
    if reserve is not None and reserve.activates_as is None:
        zh, en = "候补岗位未说明递补为何岗位(activates_as)", "what does the reserve become?"
        yield Problem("team.reserve", zh, en)


def _filled(role: Role, pack: "Pack") -> bool:
    staffed = any(slot.role == role.id and slot.bodies for slot in pack.team.slots)
    of_the_unit = role.canonical.startswith("applicant")
    return bool(role.bodies or role.holder or of_the_unit or staffed)


def _too_many(pack: "Pack") -> Iterator[Problem]:
    for act in _EXCLUSIVE:
        able = [role.id for role in pack.roles if act in role.can]
        if len(able) > 1:
            zh = f"“{act}”只能由一个岗位行使，现有：{'、'.join(able)}"
            en = f"only one post may {act}; here may {', '.join(able)}"
            yield Problem(f"roles.{able[1]}.can", zh, en)
    for role in pack.roles:
        if "decide" in role.can and {"file_for_applicant", "fill_for_applicant"} & {*role.can}:
            zh = "同一岗位不得既代办又审批（民法典第一百六十八条）"
            yield Problem(
                f"roles.{role.id}.can", zh, "no post both files for units and decides"
            )
    for stage in pack.process:
        if stage.single_point and len(stage.owner) > 1:
            zh, en = "单一责任点的环节只能有一个责任岗位", "a single point has one owner"
            yield Problem(f"process.{stage.id}.owner", zh, en)
    seen: dict[tuple[str, str], str] = {}
    for slot in pack.team.slots:
        if slot.exclusive and (other := seen.setdefault((slot.role, slot.per), slot.id)):
            if other != slot.id:
                zh = f"与“{other}”同为该岗位的专属名额"
                en = f"{other!r} holds this post exclusively already"
                yield Problem(f"team.slots.{slot.id}", zh, en)


_NEEDS: dict[str, tuple[Callable[["Pack"], object], str]] = {
    "AgreementSigned": (lambda p: p.agreements, "agreements"),
    "ResultSent": (lambda p: p.delivery.ways, "delivery.ways"),
    "ResultDelivered": (lambda p: p.delivery.ways, "delivery.ways"),
    "VisitMade": (lambda p: any(m.allows("visit") for m in p.modes), "modes.*.staff_may"),
    "EvaluationRecorded": (
        lambda p: p.evaluation.instruments or p.evaluation.national,
        "evaluation.instruments",
    ),
    "ReturnFiled": (lambda p: p.reporting, "reporting"),
    "ReserveActivated": (lambda p: p.team.reserve, "team.reserve"),
    "StewardPaired": (lambda p: p.team.pairs_with, "team.pairs_with"),
    "ChecklistPublished": (lambda p: p.proactive, "proactive"),
    "ProjectAutoEnrolled": (
        lambda p: any(mode.enrol == "automatic" for mode in p.modes),
        "modes.*.enrol",
    ),
    "HotlineOrderReceived": (
        lambda p: any(door.kind == "hotline" for door in p.channels),
        "channels",
    ),
}
"""What a pack must have for an event ever to happen under it."""


def _unit(pack: "Pack") -> Iterator[Problem]:
    """Who is the unit's lead and who its handler must be plain: both sign, and one decides."""
    for word in ("applicant_lead", "applicant_handler"):
        posts = [role for role in pack.roles if role.canonical == word]
        if not posts:
            zh = f"项目单位缺少“{word}”这一岗位"
            yield Problem("roles", zh, f"the unit has no post {word}")
        for role in posts[1:]:
            zh = f"与 roles.{posts[0].id} 同为项目单位的“{word}”，只能有一个"
            en = f"roles.{posts[0].id} is the unit's {word} already"
            yield Problem(f"roles.{role.id}.canonical", zh, en)


def _events(pack: "Pack") -> Iterator[Problem]:
    waiting = [*_waits(pack)]
    for path, event in waiting:
        if event not in recorded():
            zh = f"本软件不记录“{event}”，等它发生就永远等下去"
            yield Problem(path, zh, f"nothing records {event}: this would wait for ever")
        elif event in _NEEDS and not _NEEDS[event][0](pack):
            lack = _NEEDS[event][1]
            zh = f"本政策包没有 {lack}，“{event}”不可能发生"
            yield Problem(path, zh, f"without {lack} there can be no {event}")
    for promise in pack.clocks.promises:
        if promise.starts == promise.ends:
            zh, en = "起止是同一事件", "it starts and ends with the same event"
            yield Problem(f"clocks.promises.{promise.id}.ends", zh, en)


def _waits(pack: "Pack") -> Iterator[tuple[str, str]]:
    """The events something waits for: without them it never begins, or never ends."""
    for stage in pack.process:
        yield f"process.{stage.id}.done_when", stage.done_when
    for promise in pack.clocks.promises:
        yield f"clocks.promises.{promise.id}.starts", promise.starts
        yield f"clocks.promises.{promise.id}.ends", promise.ends
    for one in pack.evaluation.instruments:
        yield f"evaluation.instruments.{one.id}.starts", one.starts
    for mode in pack.modes:
        if mode.ends_when is not None:
            yield f"modes.{mode.id}.ends_when", mode.ends_when
    for rule in pack.routing:
        if rule.follow_until is not None:
            yield f"routing.{rule.id}.follow_until", rule.follow_until


def _foreseen(pack: "Pack") -> Iterator[tuple[str, str]]:
    """Events named where nothing waits for them, and that nobody records yet."""
    for content in pack.archive.contents:
        if content.required_if is not None and content.required_if not in recorded():
            yield f"archive.contents.{content.id}.required_if", content.required_if
    for care in pack.after:
        for key, event in (("starts", care.starts), ("ends", care.ends)):
            if event not in recorded():
                yield f"after.{care.id}.{key}", event
    for offer in pack.proactive:
        if offer.at is not None and offer.at not in recorded():
            yield f"proactive.{offer.id}.at", offer.at


def _stages(pack: "Pack") -> Iterator[Problem]:
    """A stage that is over when it begins is never entered."""
    for number, stage in enumerate(pack.process):
        for earlier in pack.process[:number]:
            if _shadows(earlier, stage):
                zh = f"与前面的“{earlier.zh}”以同一事件结束，永远不会进入"
                en = f"ends with the same event as {earlier.id!r} before it: never entered"
                yield Problem(f"process.{stage.id}.done_when", zh, en)


def _shadows(earlier: ProcessStage, stage: ProcessStage) -> bool:
    same_door = not earlier.channels or {*stage.channels} <= {*earlier.channels}
    return (
        earlier.done_when == stage.done_when
        and earlier.done_for == stage.done_for
        and not earlier.continuous
        and not stage.continuous
        and {*stage.modes} <= {*earlier.modes}
        and same_door
        and (bool(stage.channels) or not earlier.channels)
    )


def _routing(pack: "Pack") -> Iterator[Problem]:
    """Of the rules for the same key, one that an earlier one always beats is never reached."""
    for key in ("to", "file_at"):
        rules = [rule for rule in pack.routing if getattr(rule, key)]
        others = {"to": "file_at", "file_at": "to"}[key]
        for number, rule in enumerate(rules):
            if getattr(rule, others):
                continue
            if (earlier := _beaten(rule, rules[:number])) is not None:
                zh = f"永远轮不到：前面的“{earlier.id}”已包括所有这些情形"
                en = f"never reached: {earlier.id!r} before it takes every such case"
                yield Problem(f"routing.{rule.id}", zh, en)


def _beaten(rule: RoutingRule, before: Iterable[RoutingRule]) -> RoutingRule | None:
    for earlier in before:
        if earlier.applies_to == rule.applies_to and _takes_all(earlier.when, rule.when):
            return earlier
    return None


def _takes_all(earlier: Predicate, later: Predicate) -> bool:
    """Whether plainly every case of `later` is one of `earlier`; False when in doubt."""
    if earlier == later:
        return True
    wanted, given = _conjunction(earlier), _conjunction(later)
    if wanted is None or given is None:
        return wanted == []
    return all(any(_implies(one, atom) for one in given) for atom in wanted)


def _conjunction(predicate: Predicate) -> list[Atom] | None:
    match predicate:
        case OneOf() | Compare() | Contains():
            return [predicate]
        case All(parts):
            found: list[Atom] = []
            for part in parts:
                inner = _conjunction(part)
                if inner is None:
                    return None
                found += inner
            return found
    return None


def _implies(one: Atom, other: Atom) -> bool:
    match one, other:
        case OneOf(fact, values), OneOf(same, wider):
            return fact == same and {*values} <= {*wider}
        case Compare(fact, "ge" | "gt" as of, bound), Compare(
            same, "ge" | "gt" as needs, least
        ):
            enough = bound > least or (bound == least and (needs == "ge" or of == "gt"))
            return fact == same and enough
        case Compare(fact, "le" | "lt" as of, bound), Compare(same, "le" | "lt" as needs, most):
            enough = bound < most or (bound == most and (needs == "le" or of == "lt"))
            return fact == same and enough
    return one == other


def _agreement(one: Agreement) -> Iterator[Problem]:
    path = f"agreements.{one.id}"
    made = [move for move in one.moves if not move.leaves]
    if not made:
        zh, en = "没有订立协议的步骤（from为空者）", "no move makes the agreement"
        yield Problem(f"{path}.moves", zh, en)
    for move in one.moves:
        if (move.kind == "sign") != (not move.leaves):
            zh, en = "订立(sign)从无开始，其余从某个状态开始", "signing alone leaves no state"
            yield Problem(f"{path}.moves.{move.id}.from", zh, en)
        causes = CLOSED_LISTS["agreement_end_cause"].__value__.__args__
        if move.kind == "end" and (strange := [c for c in move.causes if c not in causes]):
            zh = f"终止事由不在词表内：{'、'.join(strange)}；可用：{'、'.join(causes)}"
            yield Problem(f"{path}.moves.{move.id}.causes", zh, f"no such cause: {strange}")
    reached = _reached([move.to for move in made], one)
    ended = {move.to for move in one.moves if move.kind == "end"}
    for state in one.states:
        here = f"{path}.states.{state.id}"
        if state.id not in reached:
            yield Problem(here, "没有任何步骤能到达此状态", "no move leads to this state")
        elif not one.moves_from(state.id) and (state.in_force or state.id not in ended):
            zh, en = "进入此状态后没有出路", "there is no way out of this state"
            yield Problem(here, zh, en)


def _reached(begin: Sequence[str], one: Agreement) -> frozenset[str]:
    found: set[str] = set()
    pending = [*begin]
    while pending:
        state = pending.pop()
        if state not in found:
            found.add(state)
            pending += [move.to for move in one.moves_from(state)]
    return frozenset(found)


def _ladders(pack: "Pack") -> Iterator[Problem]:
    for ladder in pack.ladders:
        done = {rung.do for rung in ladder.rungs}
        for rung in ladder.rungs:
            path = f"ladders.{ladder.id}.rungs.{rung.id}"
            if "no_effect_after" in rung.fires and rung.wait is None:
                zh, en = "“若干日无果”未写等待多久(wait)", "no effect after how long? give wait"
                yield Problem(f"{path}.fires", zh, en)
            for word in rung.fires:
                if word in _ACTIONS and word not in done:
                    zh = f"本梯没有做“{word}”的一级，此级永远不会触发"
                    yield Problem(
                        f"{path}.fires", zh, f"no rung of it does {word}: never fires"
                    )


_ACTIONS = frozenset(
    "inform remind urge report_up interview discipline whistle meet raise joint_attack "
    "notice_of_criticism".split()
)


def _papers(pack: "Pack") -> Iterator[Problem]:
    for form in pack.forms:
        if not form.fields:
            yield Problem(f"forms.{form.id}.fields", "表单没有任何栏目", "a form has fields")
    for id in sorted(pack.numbering.ids()):
        yield from _number(f"numbering.{id}.template", id, pack.numbering.rule(id))


def _number(path: str, id: str, rule: NumberRule) -> Iterator[Problem]:
    if "{serial}" not in rule.template:
        yield Problem(path, "编号缺少流水号{serial}", "a number needs its {serial}")
    elif rule.restarts == "year" and "{year}" not in rule.template:
        zh, en = "逐年重起的编号须含{year}，否则会重号", "it repeats each year: add {year}"
        yield Problem(path, zh, en)
    elif id == "matter" and rule.template != MATTER_NUMBER:
        zh = f"本软件的办件编号固定为 {MATTER_NUMBER}，不能另定"
        yield Problem(path, zh, f"matters are numbered {MATTER_NUMBER} and not otherwise")


def _ratings(pack: "Pack") -> Iterator[Problem]:
    evaluation = pack.evaluation
    if not evaluation.instruments and not evaluation.national:
        zh = "没有任何评价方式：请列出，或以 national: true 采用国家五级好差评"
        en = "no way of rating: list one, or ask for the national one"
        yield Problem("evaluation.instruments", zh, en)
    homes = {role.id: role.bodies for role in pack.roles}
    for one in evaluation.instruments:
        if one.asked_by == one.of or homes.get(one.of) == (one.asked_by,):
            zh, en = "评价不得由被评价者自己组织", "the rated must not do the asking (X-05)"
            yield Problem(f"evaluation.instruments.{one.id}.asked_by", zh, en)
