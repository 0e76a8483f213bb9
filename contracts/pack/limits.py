"""What in a policy pack can this software not do, and what in it does nothing here?

What cannot be done is refused by name. What is well meant and has no effect in this very pack
is said in `onefile pack check` (只展示，不自动执行).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, get_args

from contracts.edition import Problem
from contracts.glossary import GLOSSARY
from contracts.predicate import OneOf, atoms
from contracts.vocabulary import SatisfactionLevel

if TYPE_CHECKING:
    from contracts.pack import Pack
    from contracts.pack.rules import Ladder, Rung
    from contracts.pack.sections import ProcessStage

type Test = Callable[["Pack", list[str]], bool]
type Why = tuple[str, str]

LEVELS: tuple[str, ...] = get_args(SatisfactionLevel.__value__)
ENDS_A_TASK = frozenset(
    {"ItemSubmitted", "ItemDecided", "ResultCollected", "ResultDelivered", "ItemClosed"}
)
"""The events that end a task of supervision; other stages are shown in the flow alone."""
HELD_BY_POST = frozenset({"dispatch", "assign", "reassign", "confirm_transfer"})
"""Acts that a post may do only where the pack lets it; other rights are the same everywhere."""
DEMANDED = frozenset(
    {"explain_process_and_duties", "collect_all_materials_once", "report_to_team_at_once"}
)
"""Demands on a stage without which the work does not go on."""
KNOWN_KINDS = frozenset({"reform_office", "centre", "hall"})


# -- what is refused ----------------------------------------------------------------------------


def _numbers_nothing(pack: "Pack") -> Iterator[Problem]:
    """A numbering that no paper of the pack takes a number from is refused by name."""
    used = {"matter", *(a.number for a in pack.agreements if a.number)}
    kinds = {form.kind for form in pack.forms}
    used |= {"agreement"} if kinds & {"agreement", "commission"} else set()
    used |= {"register"} if "register" in kinds else set()
    for id in sorted(pack.numbering.ids() - used):
        zh = "没有文书使用这种编号：请删去，或由协议、登记表使用它"
        yield Problem(f"numbering.{id}", zh, "no paper takes its number from it: remove it")


def impossible(pack: "Pack") -> Iterator[Problem]:
    """Everything in the pack that asks for what this software cannot do."""
    if pack.planning.parallel == "never":
        zh = "本软件排期总是能并则并，不能排成逐项串行：请改为 when_possible"
        en = "plans run in parallel where they can; strictly serial plans cannot be made"
        yield Problem("planning.parallel", zh, en)
    for scale in pack.evaluation.scales:
        for level in scale.levels:
            if level.id not in LEVELS:
                zh = f"评价按国家五级记录，没有“{level.id}”这一级；可用：{'、'.join(LEVELS)}"
                path = f"evaluation.scales.{scale.id}.levels.{level.id}"
                yield Problem(path, zh, f"ratings are recorded in the national levels {LEVELS}")
    for id in sorted(pack.numbering.ids()):
        if pack.numbering.rule(id).restarts != "year":
            zh = "编号按年度重起，不能连年顺编：请改为 year"
            yield Problem(f"numbering.{id}.restarts", zh, "numbers begin anew each year")
    yield from _numbers_nothing(pack)
    for agreement in pack.agreements:
        ended = {move.to for move in agreement.moves if move.kind == "end"}
        for move in agreement.moves:
            if ended & set(move.leaves):
                path = f"agreements.{agreement.id}.moves.{move.id}.from"
                zh = "已终止的协议不能再办理任何手续"
                yield Problem(path, zh, "nothing is done with an agreement that has ended")


# -- what has no effect here --------------------------------------------------------------------


def idle(pack: "Pack", pattern: str, path: str) -> Why | None:
    """Why the leaf has no effect in this pack, in both languages; None when it has."""
    found = _ACTS_IF.get(pattern)
    if found is None or found[0](pack, path.split(".")):
        return None
    return found[1]


def _stage(pack: "Pack", id: str) -> "ProcessStage | None":
    return next((stage for stage in pack.process if stage.id == id), None)


def _makes_a_task(pack: "Pack", steps: list[str]) -> bool:
    """Of the stages of a mode that end with the same event, the last one is the task."""
    stage = _stage(pack, steps[1])
    if stage is None or stage.done_when == "CentreNotified":
        return stage is not None and steps[2] == "done_when"
    if stage.done_when not in ENDS_A_TASK:
        return False
    for mode in (*stage.modes, None):
        fitting = [s for s in pack.process if mode is None or mode in s.modes]
        same = [s for s in fitting if s.done_when == stage.done_when]
        if same and same[-1] == stage:
            return True
    return False


def _settles_the_scope(pack: "Pack", steps: list[str]) -> bool:
    stage = _stage(pack, steps[1])
    return stage is not None and stage.canonical == "accept" and "fix_item_scope" in stage.steps


def _demands(pack: "Pack", steps: list[str]) -> bool:
    stage = _stage(pack, steps[1])
    return stage is not None and bool(DEMANDED & set(stage.must))


def _is_asked_first(pack: "Pack", steps: list[str]) -> bool:
    first = next((stage for stage in pack.process if stage.fallback is not None), None)
    return first is not None and first.id == steps[1]


def _takes_days(pack: "Pack", steps: list[str]) -> bool:
    return any(one.id == steps[2] and one.within.days for one in pack.clocks.promises)


def _ladder(pack: "Pack", id: str) -> "Ladder | None":
    """The ladder, if it is the one that is climbed: the first for its concern."""
    found = next((ladder for ladder in pack.ladders if ladder.id == id), None)
    if found is None:
        return None
    first = next(one for one in pack.ladders if one.concerns == found.concerns)
    return found if first is found else None


def _is_climbed(pack: "Pack", steps: list[str]) -> bool:
    return _ladder(pack, steps[1]) is not None


def _rung(pack: "Pack", steps: list[str]) -> tuple["Ladder", "Rung"] | None:
    ladder = _ladder(pack, steps[1])
    rung = next((r for r in ladder.rungs if r.id == steps[3]), None) if ladder else None
    return (ladder, rung) if ladder and rung else None


def _is_urged(pack: "Pack", steps: list[str]) -> bool:
    """An urging rung of the ladder for slow items: the first of its number."""
    found = _rung(pack, steps)
    if found is None or found[0].concerns != "slow_item" or found[1].do != "urge":
        return False
    same = [rung for rung in found[0].rungs if rung.rung == found[1].rung]
    return same[0] == found[1]


def _is_raised(pack: "Pack", steps: list[str]) -> bool:
    """A raising rung of the ladder for problems: the first of its number."""
    found = _rung(pack, steps)
    if found is None or found[0].concerns != "problem":
        return False
    raising = [r for r in found[0].rungs if r.do in ("raise", "report_up")]
    same = [rung for rung in raising if rung.rung == found[1].rung]
    return bool(same) and same[0] == found[1] and found[1].rung > 1


def _waits(pack: "Pack", steps: list[str]) -> bool:
    """The first wait of the problem ladder dates an issue; a raising rung waits itself."""
    found = _rung(pack, steps)
    if found is None or found[0].concerns != "problem":
        return False
    first = next((rung for rung in found[0].rungs if rung.wait), None)
    return found[1] == first or (
        _is_raised(pack, steps) and "no_effect_after" in found[1].fires
    )


def _is_quarterly(pack: "Pack", steps: list[str]) -> bool:
    return any(one.id == steps[1] and one.period == "quarter" for one in pack.reporting)


def _is_dispatched(pack: "Pack", steps: list[str]) -> bool:
    quarterly = [one for one in pack.reporting if one.period == "quarter" and one.then]
    return bool(quarterly) and quarterly[0].id == steps[1]


def _is_asked_in_full(pack: "Pack", steps: list[str]) -> bool:
    """An instrument that the unit answers."""
    units = {role.id for role in pack.roles if role.canonical.startswith("applicant")}
    one = next((i for i in pack.evaluation.instruments if i.id == steps[2]), None)
    return one is not None and one.answered_by in units


def _kind_counts(pack: "Pack", steps: list[str]) -> bool:
    return any(body.id == steps[1] and body.kind in KNOWN_KINDS for body in pack.bodies)


def _is_held_by_post(pack: "Pack", steps: list[str]) -> bool:
    return any(role.id == steps[1] and HELD_BY_POST & set(role.can) for role in pack.roles)


def _is_counted(pack: "Pack", steps: list[str]) -> bool:
    """A role is wanted in the whole place when it has a minimum and no place of its own."""
    slotted = {slot.role for slot in pack.team.slots}
    heads = {group.head for group in pack.team.working_groups}
    role = next((role for role in pack.roles if role.id == steps[1]), None)
    return role is not None and role.min > 0 and role.id not in slotted | heads


def _is_on_the_roster(pack: "Pack", steps: list[str]) -> bool:
    return any(slot.id == steps[2] and slot.per != "matter" for slot in pack.team.slots)


def _begins_by_itself(pack: "Pack", steps: list[str]) -> bool:
    begun = ("automatic", "on_arrival")
    return any(mode.id == steps[1] and mode.enrol in begun for mode in pack.modes)


def _is_ordered(pack: "Pack", steps: list[str]) -> bool:
    kinds = ("superior", "third_body")
    return any(one.id == steps[1] and one.kind in kinds for one in pack.origins)


def _is_under(pack: "Pack", steps: list[str]) -> bool:
    """Whether some body above this one is named for people or matters to come from."""
    parents = {body.id: body.parent for body in pack.bodies}
    named = {id for role in pack.roles for id in role.bodies}
    named |= {id for rule in pack.routing for id in rule.to}
    named |= {id for slot in pack.team.slots for id in slot.bodies}
    named |= {*pack.team.home_bodies, *(g.body for g in pack.team.working_groups)}
    named |= {id for body in pack.bodies for id in body.staffed_from}
    above = parents.get(steps[1])
    while above is not None and above not in named:
        above = parents.get(above)
    return above is not None


def _is_rule_of_ours(pack: "Pack", steps: list[str]) -> bool:
    """Consent to a successor, and a name in the agreement; the third is the law itself."""
    return steps[2] == "replacement_needs_consent" or (
        steps[2] == "named_person" and bool(pack.agreements)
    )


def _sends_somewhere(pack: "Pack", steps: list[str]) -> bool:
    """A rule about items sends them to bodies; which post takes them the mode decides."""
    rule = next(rule for rule in pack.routing if rule.id == steps[1])
    bodies = {body.id for body in pack.bodies}
    served = rule.applies_to == "matter" or bool(bodies & set(rule.to))
    return served and _is_routed(pack, steps)


def _is_routed(pack: "Pack", steps: list[str]) -> bool:
    """Questions are answered where they are asked; only what is to be served is routed."""
    rule = next(rule for rule in pack.routing if rule.id == steps[1])
    asked = [a for a, wanted in atoms(rule.when) if wanted and a.fact == "request"]
    return not any(isinstance(one, OneOf) and one.values == ("consult",) for one in asked)


def _is_transfer(pack: "Pack", steps: list[str]) -> bool:
    """What is handed over goes at once, by itself; every other route is taken at once anyway."""
    rule = next(rule for rule in pack.routing if rule.id == steps[1])
    return rule.follow_until is not None or rule.confirm_within is not None


def _asks_for_a_kind(pack: "Pack", steps: list[str]) -> bool:
    """Civil servants, staff of a public body …: what else a post requires, people judge."""
    kinds = {key.partition(".")[2] for key in GLOSSARY if key.startswith("staff_kind.")}
    kinds |= {zh for key, zh in GLOSSARY.items() if key.startswith("staff_kind.")}
    return any(role.id == steps[1] and kinds & set(role.requires) for role in pack.roles)


def _takes_from(pack: "Pack", steps: list[str]) -> bool:
    """A place filled with each matter narrows whom to take when it is alone of its post."""
    slot = next(slot for slot in pack.team.slots if slot.id == steps[2])
    alone = [other for other in pack.team.slots if other.role == slot.role] == [slot]
    return slot.per != "matter" or alone


def _is_others(pack: "Pack", steps: list[str]) -> bool:
    """Whoever applies for himself agrees by applying."""
    return any(one.id == steps[1] and one.kind != "applicant" for one in pack.origins)


def _carries_an_application(pack: "Pack", steps: list[str]) -> bool:
    carried = {id for a in pack.agreements if a.id == steps[1] for id in a.carries}
    kinds = ("application", "commission")
    return any(form.id in carried and form.kind in kinds for form in pack.forms)


OCCASIONS = frozenset({None, "ProjectRegistered", "NoticePublished", "PolicyPushed"})
"""What an outreach may begin with."""


def _has_an_occasion(pack: "Pack", steps: list[str]) -> bool:
    return any(one.id == steps[1] and one.at in OCCASIONS for one in pack.proactive)


def _hands_out_whole(pack: "Pack", steps: list[str]) -> bool:
    return not any(slot.per in ("matter", "stage", "item") for slot in pack.team.slots)


def _is_needed_paper(pack: "Pack", steps: list[str]) -> bool:
    """A kind of paper that the file must hold, always or once something happened."""
    return any(
        content.id == steps[2] and (content.min or content.required_if)
        for content in pack.archive.contents
    )


def _is_listed(pack: "Pack", steps: list[str]) -> bool:
    """Duties stand in the agreement: those of the unit and of the staff."""
    agreed = any(form.kind == "agreement" for form in pack.forms)
    sides = ("applicant", "staff")
    return agreed and any(d.id == steps[1] and d.who in sides for d in pack.duties)


_PRINTS: Mapping[str, frozenset[str]] = {
    "fields": frozenset({"application", "register", "ledger", "roster", "slip", "receipt"}),
    "signatures": frozenset({"application", "register", "receipt", "one_time_notice"}),
    "seal": frozenset({"application", "register", "agreement", "receipt", "one_time_notice"}),
}
"""What of a form its kind of paper has room for."""


def _has_room(pack: "Pack", steps: list[str]) -> bool:
    form = next((form for form in pack.forms if form.id == steps[1]), None)
    return form is not None and form.kind in _PRINTS[steps[2]]


_SHOWN_ONLY: Why = (
    "本方案中没有触发它的规则，只展示，不自动执行",
    "nothing triggers it here: shown only",
)
_FLOW: Why = (
    "此环节只在流程中展示，不形成任务",
    "the stage is shown in the flow and makes no task",
)
_LADDER: Why = (
    "此级由人员按阶梯办理，软件只展示",
    "people climb this rung; the software shows it",
)
_RETURN: Why = "只有季度报表由软件催报，此表只展示", "only quarterly returns are chased"
_SAME_DAY: Why = "当日完成，工作日、自然日都一样", "the same day in either unit"
_RIGHTS: Why = (
    "这些权限各地相同，此处只展示",
    "these rights are the same everywhere; shown only",
)
_CONSULTING: Why = (
    "咨询在首问处办结，不派单，此条只展示",
    "questions are not routed: shown only",
)
_LAW: Why = "依法律始终执行，写不写都一样", "the law itself: kept whether written or not"
_PAPER: Why = "此类表单按固定格式印制，此项只展示", "this kind of paper has a layout of its own"

_ACTS_IF: dict[str, tuple[Test, Why]] = {
    **dict.fromkeys(
        ("process.*.owner", "process.*.modes", "process.*.done_when"), (_makes_a_task, _FLOW)
    ),
    "process.*.steps": (_settles_the_scope, _FLOW),
    "process.*.canonical": (_settles_the_scope, _FLOW),
    "process.*.must": (_demands, _FLOW),
    "process.*.fallback.to": (_is_asked_first, _SHOWN_ONLY),
    "clocks.promises.*.within.unit": (_takes_days, _SAME_DAY),
    "ladders.*.for": (_is_climbed, _LADDER),
    **dict.fromkeys(
        ("ladders.*.rungs.*.rung", "ladders.*.rungs.*.fires", "ladders.*.rungs.*.do"),
        (lambda pack, steps: _is_urged(pack, steps) or _is_raised(pack, steps), _LADDER),
    ),
    "ladders.*.rungs.*.by": (_is_urged, _LADDER),
    "ladders.*.rungs.*.to": (_is_raised, _LADDER),
    "ladders.*.rungs.*.wait.days": (_waits, _LADDER),
    "ladders.*.rungs.*.wait.unit": (_waits, _LADDER),
    **dict.fromkeys(
        (
            "reporting.*.id", "reporting.*.from", "reporting.*.to", "reporting.*.nil",
            "reporting.*.period",
        ),
        (_is_quarterly, _RETURN),
    ),
    "reporting.*.then.do": (_is_dispatched, _RETURN),
    **dict.fromkeys(
        (
            "evaluation.instruments.*.answered_by", "evaluation.instruments.*.asked_by",
            "evaluation.instruments.*.scale",
        ),
        (_is_asked_in_full, _SHOWN_ONLY),
    ),
    "bodies.*.kind": (_kind_counts, _SHOWN_ONLY),
    "bodies.*.parent": (_is_under, _SHOWN_ONLY),
    "team.rules.*.id": (_is_rule_of_ours, _LAW),
    "routing.*.to": (_sends_somewhere, _SHOWN_ONLY),
    "routing.*.when.**": (_is_routed, _CONSULTING),
    "routing.*.at_once": (_is_transfer, _SHOWN_ONLY),
    "routing.*.then.count": (_hands_out_whole, _SHOWN_ONLY),
    "team.slots.*.bodies": (_takes_from, _SHOWN_ONLY),
    "roles.*.requires": (_asks_for_a_kind, _RIGHTS),
    "roles.*.can": (_is_held_by_post, _RIGHTS),
    "roles.*.min": (_is_counted, _SHOWN_ONLY),
    "roles.*.max": (_is_counted, _SHOWN_ONLY),
    **dict.fromkeys(
        (
            "team.slots.*.role", "team.slots.*.min", "team.slots.*.max",
            "team.slots.*.exclusive",
        ),
        (_is_on_the_roster, _SHOWN_ONLY),
    ),
    "team.per_matter": (_hands_out_whole, _SHOWN_ONLY),
    "modes.*.enrol": (_begins_by_itself, _SHOWN_ONLY),
    "proactive.*.at": (_has_an_occasion, _SHOWN_ONLY),
    "proactive.*.when.**": (_has_an_occasion, _SHOWN_ONLY),
    "origins.*.consent": (_is_others, _SHOWN_ONLY),
    "agreements.*.carries": (_carries_an_application, _PAPER),
    "origins.*.from": (_is_ordered, _SHOWN_ONLY),
    "archive.contents.*.id": (_is_needed_paper, _SHOWN_ONLY),
    "duties.*.who": (_is_listed, _SHOWN_ONLY),
    "duties.*.zh": (_is_listed, _SHOWN_ONLY),
    **dict.fromkeys(
        ("forms.*.fields", "forms.*.signatures", "forms.*.seal"), (_has_room, _PAPER)
    ),
}  # fmt: skip
"""Pattern → when its leaf has an effect, and what is said when it has none."""
