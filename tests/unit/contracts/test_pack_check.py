"""Everything wrong with a pack file is told at once, with its line, in Chinese and in English."""

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.edition import DataRefused, read_data
from contracts.pack import load_pack, shipped_packs
from contracts.pack.findings import Finding, check_file
from contracts.pack.words import named_events, recorded
from tests.unit.contracts.test_pack import SHIPPED
from tests.unit.contracts.test_pack_inherit import child, city, faster, put

type Change = Callable[[dict[str, Any]], Any]

AGREEMENT: dict[str, Any] = {
    "id": "agreement",
    "zh": "服务协议",
    "form": "online_application",
    "modes": ["agent"],
    "states": [
        {"id": "signed", "zh": "有效", "in_force": True},
        {"id": "ended", "zh": "终止", "in_force": False},
    ],
    "moves": [
        {"id": "sign", "zh": "订立", "kind": "sign", "to": "signed", "by": ["unit"]},
        {
            "id": "end", "zh": "终止", "kind": "end", "from": ["signed"], "to": "ended",
            "by": ["unit"], "causes": ["matter_done"],
        },
    ],
    "src": "签订协议",
}  # fmt: skip


def checked(folder: Path, change: Change) -> tuple[Finding, ...]:
    data = copy.deepcopy(read_data(SHIPPED))
    change(data)
    file = folder / "pack.yaml"
    file.write_text(yaml.dump(data, Dumper=_Plain, allow_unicode=True, sort_keys=False))
    return check_file(file)


class _Plain(yaml.SafeDumper):
    """Writes aliases out."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def named(data: dict[str, Any], *path: str) -> Any:
    """The member at `path`, members of lists by their id."""
    found: Any = data
    for step in path:
        if isinstance(found, list):
            found = next(member for member in found if member["id"] == step)
        else:
            found = found[step]
    return found


def agreement(**more: Any) -> Change:
    one = copy.deepcopy(AGREEMENT) | more
    return lambda data: data.__setitem__("agreements", [one])


def state(**more: Any) -> dict[str, Any]:
    return {"id": "lost", "zh": "中止", "in_force": False} | more


def move(**more: Any) -> dict[str, Any]:
    return {
        "id": "further", "zh": "再", "kind": "suspend", "from": ["signed"], "to": "ended",
        "by": ["unit"],
    } | more  # fmt: skip


def put_in(*path: str, **more: Any) -> Change:
    return lambda data: named(data, *path).update(more)


def add(*path: str, **member: Any) -> Change:
    return lambda data: named(data, *path).append(member)


def both(one: Change, other: Change) -> Change:
    return lambda data: (one(data), other(data))


ROUTE = {"zh": "x", "to": ["depts"], "src": "x"}

CASES: list[tuple[str, Change, str, str]] = [
    (
        "a body above itself",
        put_in("bodies", "centre", parent="zone"),
        "bodies.centre.parent",
        "成环",
    ),
    (
        "a body overseeing itself",
        put_in("bodies", "ro", overseen_by="ro"),
        "bodies.ro.overseen_by",
        "成环",
    ),
    (
        "two posts becoming each other",
        both(
            put_in("roles", "agent", activates_as="helper"),
            put_in("roles", "helper", activates_as="agent"),
        ),
        "roles.agent.activates_as",
        "成环",
    ),
    (
        "ladders entering each other",
        both(
            put_in("ladders", "urge", enters_from={"ladder": "problem", "fires": ["dispute"]}),
            put_in("ladders", "problem", enters_from={"ladder": "urge", "fires": ["overdue"]}),
        ),
        "ladders.urge.enters_from",
        "成环",
    ),
    (
        "doors forwarding in a circle",
        both(
            put_in("channels", "online", forwards_to="window"),
            put_in("channels", "window", forwards_to="online"),
        ),
        "channels.online.forwards_to",
        "成环",
    ),
    (
        "a rung to nobody",
        put_in("roles", "office", bodies=[]),
        "ladders.urge.rungs.inspection.by",
        "无人负责",
    ),
    (
        "a stage of nobody",
        put_in("roles", "window", bodies=[]),
        "process.accept_window.owner",
        "无人负责",
    ),
    (
        "a post with less than its least",
        put_in("roles", "agent", min=3, max=2),
        "roles.agent.max",
        "少于",
    ),
    (
        "two leading posts",
        lambda d: [named(d, "roles", r)["can"].append("sign_off") for r in ("agent", "helper")],
        "roles.helper.can",
        "只能由一个岗位",
    ),
    (
        "the agent who decides",
        lambda d: named(d, "roles", "agent")["can"].append("decide"),
        "roles.agent.can",
        "第一百六十八条",
    ),
    (
        "two leads of the unit",
        put_in("roles", "unit_handler", canonical="applicant_lead"),
        "roles.unit_handler.canonical",
        "只能有一个",
    ),
    (
        "no handler of the unit",
        put_in("roles", "unit_handler", canonical="applicant_proxy"),
        "roles",
        "缺少",
    ),
    (
        "a single point of two",
        put_in("process", "plan", single_point=True),
        "process.plan.owner",
        "单一责任点",
    ),
    (
        "a stage over when it begins",
        lambda d: d["process"].append({**named(d, "process", "file"), "id": "again"}),
        "process.again.done_when",
        "永远不会进入",
    ),
    (
        "an event nobody records",
        put_in("process", "plan", done_when="DependencySet"),
        "process.plan.done_when",
        "永远等下去",
    ),
    (
        "an event nobody knows",
        put_in("process", "plan", done_when="MoonLanded"),
        "process.plan.done_when",
        "不存在",
    ),
    (
        "a promise that cannot end",
        put_in("clocks", "promises", "visit", ends="AgreementSigned"),
        "clocks.promises.visit.ends",
        "不可能发生",
    ),
    (
        "a promise of nothing",
        put_in("clocks", "promises", "visit", ends="ItemDispatched"),
        "clocks.promises.visit.ends",
        "同一事件",
    ),
    (
        "a rule behind an open door",
        lambda d: d["routing"].insert(0, {"id": "all", **ROUTE}),
        "routing.outside_parks",
        "永远轮不到",
    ),
    (
        "a rule behind a wider one",
        add(
            "routing",
            id="late",
            when={"site": "park-industrial", "investment": "social"},
            **ROUTE,
        ),
        "routing.late",
        "park_industrial",
    ),
    (
        "a number without serial",
        put_in("numbering", "matter", template="{adcode}-{year}"),
        "numbering.matter.template",
        "流水号",
    ),
    (
        "a number that repeats",
        put_in("numbering", "agreement", template="第{serial}号"),
        "numbering.agreement.template",
        "重号",
    ),
    (
        "a number we do not make",
        put_in("numbering", "matter", template="{year}-{adcode}-{serial}"),
        "numbering.matter.template",
        "固定为",
    ),
    (
        "a form without fields",
        put_in("forms", "online_application", fields=[]),
        "forms.online_application.fields",
        "没有任何栏目",
    ),
    (
        "a paper without form",
        lambda d: d["forms"].remove(named(d, "forms", "commission_written")),
        "modes.agent.papers.commission_written.id",
        "不存在",
    ),
    (
        "a signature of no post",
        put_in("forms", "online_application", signatures=["mayor"]),
        "forms.online_application.signatures",
        "mayor",
    ),
    (
        "no way of rating",
        both(put_in("evaluation", instruments=[]), put_in("appraisal", feeds=[])),
        "evaluation.instruments",
        "好差评",
    ),
    (
        "the rated ask themselves",
        put_in("evaluation", "instruments", "overall", asked_by="agent"),
        "evaluation.instruments.overall.asked_by",
        "被评价者",
    ),
    (
        "no effect after how long",
        lambda d: named(d, "ladders", "urge", "rungs", "issue_list").pop("wait"),
        "ladders.urge.rungs.issue_list.fires",
        "wait",
    ),
    (
        "a rung nothing fires",
        put_in("ladders", "problem", "rungs", "by_territory", fires=["interview"]),
        "ladders.problem.rungs.by_territory.fires",
        "不会触发",
    ),
    (
        "a level that is not the code's",
        put_in("jurisdiction", level="city"),
        "jurisdiction.level",
        "level",
    ),
    (
        "what no child could change",
        put_in("jurisdiction", applies_to_children=True, children_may_change=["moon"]),
        "jurisdiction.children_may_change",
        "moon",
    ),
    (
        "children who are not spoken for",
        put_in("jurisdiction", children_may_change=["channels"]),
        "jurisdiction.children_may_change",
        "applies_to_children",
    ),
    (
        "townships of elsewhere",
        put_in("sites", "townships", prefix="990124"),
        "sites.townships.prefix",
        "不在本行政区",
    ),
    (
        "an end before the beginning",
        put_in("instrument", effective_from="on_issue", expires_on="2001-01-01"),
        "instrument.expires_on",
        "早于",
    ),
    (
        "a reserve that becomes nothing",
        put_in("team", reserve="helper"),
        "team.reserve",
        "activates_as",
    ),
    (
        "an agreement nothing makes",
        agreement(moves=[move(to="signed")]),
        "agreements.agreement.moves",
        "没有订立",
    ),
    (
        "a state out of reach",
        agreement(states=[*AGREEMENT["states"], state()]),
        "agreements.agreement.states.lost",
        "没有任何步骤",
    ),
    (
        "a state without way out",
        agreement(
            states=[*AGREEMENT["states"], state()], moves=[*AGREEMENT["moves"], move(to="lost")]
        ),
        "agreements.agreement.states.lost",
        "没有出路",
    ),
    (
        "a move to nowhere",
        agreement(moves=[*AGREEMENT["moves"], move(to="moon")]),
        "agreements.agreement.moves.further.to",
        "moon",
    ),
    (
        "a signing out of a state",
        agreement(moves=[*AGREEMENT["moves"], move(kind="sign")]),
        "agreements.agreement.moves.further.from",
        "sign",
    ),
    (
        "an end for no known cause",
        agreement(moves=[AGREEMENT["moves"][0], move(kind="end", causes=["whim"])]),
        "agreements.agreement.moves.further.causes",
        "whim",
    ),
    (
        "a telephone",
        put_in("planning", note="请拨0990-0000001"),
        "planning.note",
        "电话",
    ),
    (
        "an identity number among the sources",
        put_in("planning", src=["预排工期", "990101190001010001"]),
        "planning.src",
        "证件",
    ),
    (
        "a wish nobody can fulfil",
        put_in("planning", parallel="never"),
        "planning.parallel",
        "不能",
    ),
]
NAMES = [case[0] for case in CASES]


@pytest.mark.parametrize(("change", "path", "said"), [c[1:] for c in CASES], ids=NAMES)
def test_what_cannot_work_is_found_at_its_place_and_refused(
    tmp_path: Path, change: Change, path: str, said: str
) -> None:
    found = [one for one in checked(tmp_path, change) if one.level == "error"]
    (one, *_) = [one for one in found if one.path == path] or found
    assert (one.path, said in one.zh) == (path, True), "\n".join(map(str, found))
    assert one.en
    assert not re.search(r"[一-鿿]", one.en)
    text = (tmp_path / "pack.yaml").read_text().splitlines()
    assert one.line
    assert 1 <= one.line <= len(text)
    with pytest.raises(DataRefused):
        load_pack(tmp_path / "pack.yaml")


@pytest.mark.parametrize("file", shipped_packs(), ids=lambda file: file.parent.name)
def test_a_shipped_pack_has_no_errors(file: Path) -> None:
    assert [str(one) for one in check_file(file) if one.level == "error"] == []


def test_many_errors_are_told_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    def spoil(data: dict[str, Any]) -> None:
        for case in ("a body above itself", "a number without serial", "a form without fields"):
            next(change for name, change, _, _ in CASES if name == case)(data)

    found = checked(tmp_path, spoil)
    assert {one.path for one in found} >= {
        "bodies.centre.parent",
        "numbering.matter.template",
        "forms.online_application.fields",
    }
    assert [one.line for one in found] == sorted(one.line or 0 for one in found)


def test_the_line_is_where_the_thing_stands(tmp_path: Path) -> None:
    file = tmp_path / "pack.yaml"
    text = SHIPPED.read_text().replace("ends: VisitMade", "ends: DependencySet")
    file.write_text(text)
    (one,) = (found for found in check_file(file) if found.level == "error")
    assert "DependencySet" in text.splitlines()[(one.line or 0) - 1]


def test_surprises_of_yaml_are_all_told_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "pack.yaml"
    file.write_text("pack: no\na: &x [1]\nb: *x\nc: {d: 1, d: 2}\non: 1\ne: 0.7\nf: !x y\n")
    found = check_file(file)
    assert [one.line for one in found] == [1, 3, 4, 5, 6, 7]
    assert all(one.zh and one.en for one in found)


def test_a_bomb_of_aliases_is_refused_without_being_blown_up(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    file = tmp_path / "pack.yaml"
    file.write_text("\n".join(lines))
    found = {one.zh for one in check_file(file)}
    assert found == {"不允许锚点与别名，请写全", "前100处问题之后未再检查"}


def test_broken_yaml_says_where(tmp_path: Path) -> None:
    file = tmp_path / "pack.yaml"
    file.write_text("pack: x\nid: [\n")
    (one,) = check_file(file)
    assert one.line == 3


def test_an_unknown_key_and_an_unknown_word_are_told_with_their_lines(tmp_path: Path) -> None:
    def spoil(data: dict[str, Any]) -> None:
        data["moon"] = 1
        named(data, "modes", "agent")["enrol"] = "by_lot"

    found = {one.path: one for one in checked(tmp_path, spoil)}
    assert "不认识的键" in found["moon"].zh
    assert "by_lot" in found["modes.agent.enrol"].zh


def test_a_leaf_without_source_is_found(tmp_path: Path) -> None:
    found = checked(tmp_path, lambda data: data["open"].pop())
    assert any("出处" in one.zh for one in found)


def test_an_event_nobody_records_yet_is_a_warning_where_nothing_waits_for_it() -> None:
    found = check_file(SHIPPED)
    assert {one.level for one in found} <= {"warning"}
    assert all(one.path.startswith("archive.contents.") for one in found)


def test_a_child_is_told_what_it_may_not_change_on_its_own_line(tmp_path: Path) -> None:
    put(tmp_path, city())
    data = child(
        clocks={"silence": {"days": 9, "unit": "wd", "src": "x"}, "moon": 1},
        conduct={"fees": "free", "src": "x"},
    )
    file = put(tmp_path, data)
    found = {one.path: one for one in check_file(file)}
    assert {"clocks.silence.days", "conduct.fees", "clocks.moon"} <= found.keys()
    text = file.read_text().splitlines()
    assert "days: 9" in text[(found["clocks.silence.days"].line or 0) - 1]
    good = put(tmp_path, faster())
    assert [one for one in check_file(good) if one.level == "error"] == []


def test_a_child_without_parent_is_told_so(tmp_path: Path) -> None:
    (one,) = check_file(put(tmp_path, child()))
    assert one.path == "jurisdiction.inherits"
    assert "cn-990100-sample" in one.zh


def test_a_pack_may_name_the_events_of_the_registry() -> None:
    assert recorded() < named_events()
    assert "ServiceAccepted" in recorded()
