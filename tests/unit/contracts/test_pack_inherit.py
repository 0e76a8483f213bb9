"""A place below takes over the pack of the place above and changes only what that one allows."""

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.edition import DataRefused, read_data
from contracts.pack import POLICIES, Pack, load_pack
from contracts.pack.inherit import above, may_change, region
from shared.decider import Refused
from shared.packs import Packs
from tests.unit.contracts.test_pack import SHIPPED

ALLOWED = [
    "clocks.promises",
    "channels.*",
    "terms.words.urge",
    "reporting.ledger",
    "scope.refer",
]
CHILD: dict[str, Any] = {
    "pack": "onefile.pack/v1",
    "id": "cn-990124-sample",
    "version": "2026",
    "jurisdiction": {
        "code": "990124",
        "zh": "测试县",
        "level": "county",
        "inherits": "cn-990100-sample",
        "law": "GB/T 2260",
    },
}


def city(**jurisdiction: Any) -> dict[str, Any]:
    """A city's pack made of the shipped one."""
    data = copy.deepcopy(read_data(SHIPPED))
    data["id"] = "cn-990100-sample"
    data["jurisdiction"] = {
        "code": "990100",
        "zh": "测试市",
        "level": "city",
        "applies_to_children": True,
        "children_may_change": ALLOWED,
        "law": "GB/T 2260",
    } | jurisdiction
    data["sites"]["townships"]["prefix"] = "990100"
    return data


def put(folder: Path, data: dict[str, Any], name: str = "pack.yaml") -> Path:
    file = folder / str(data["id"]) / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))
    return file


def child(**sections: Any) -> dict[str, Any]:
    return copy.deepcopy(CHILD) | sections


def loaded(folder: Path, data: dict[str, Any], **jurisdiction: Any) -> Pack:
    put(folder, city(**jurisdiction))
    return load_pack(put(folder, data))


def refusal(folder: Path, data: dict[str, Any], **jurisdiction: Any) -> DataRefused:
    with pytest.raises(DataRefused) as error:
        loaded(folder, data, **jurisdiction)
    return error.value


def faster(**more: Any) -> dict[str, Any]:
    """The child promises a visit within one day instead of two."""
    promise = {"id": "visit", "within": {"days": 1, "unit": "wd", "src": "一个工作日内上门"}}
    return child(clocks={"promises": [promise | more]})


def test_a_child_that_says_nothing_new_is_its_parent_under_its_own_name(tmp_path: Path) -> None:
    parent = load_pack(put(tmp_path, city()))
    own = loaded(tmp_path, child())
    differs = {path.split(".")[0] for path in own.changed_from(parent)}
    assert differs == {"id", "version", "jurisdiction"}
    assert own.edition.startswith("cn-990124-sample@")
    assert own.leaf_source("scope.include.social.zh") == parent.leaf_source(
        "scope.include.social.zh"
    )


def test_one_leaf_is_changed_and_everything_else_stays(tmp_path: Path) -> None:
    parent = load_pack(put(tmp_path, city()))
    own = loaded(tmp_path, faster())
    promises = {p.id: p.within.days for p in own.clocks.promises}
    theirs = {p.id: p.within.days for p in parent.clocks.promises}
    assert promises == theirs | {"visit": 1}
    changed = [p for p in own.changed_from(parent) if p.startswith("clocks")]
    assert changed == [
        "clocks.promises.visit.within.days",
        "clocks.promises.visit.within.src",
    ]


def test_a_changed_leaf_has_its_own_source_and_is_no_default_any_more(tmp_path: Path) -> None:
    own = loaded(tmp_path, faster())
    assert own.leaf_source("clocks.promises.visit.within.days") == "一个工作日内上门"
    defaults = {default.path for default in own.defaults()}
    assert "clocks.promises.visit.within.days" not in defaults
    assert "clocks.promises.delivery.within.days" in defaults


def test_what_a_child_decides_by_default_is_listed_as_its_own_question(tmp_path: Path) -> None:
    data = child(clocks={"promises": [{"id": "visit", "within": {"days": 1, "unit": "wd"}}]})
    assert "clocks.promises.visit.within.days" in str(refusal(tmp_path, data))
    data["open"] = [
        {
            "id": "county_visit",
            "q": "上门几日",
            "paths": ["clocks.promises.visit.within"],
            "default": "1个工作日",
        }
    ]
    own = loaded(tmp_path, data)
    found = {d.path: d.question for d in own.defaults()}
    assert found["clocks.promises.visit.within.days"] == "county_visit"
    assert found["clocks.promises.dispatch.within.days"] == "days"


def test_a_question_the_child_settles_is_open_no_longer(tmp_path: Path) -> None:
    lines = [
        {"id": id, "hours": hours, "priority": n, "src": "县政府公告"}
        for n, (id, hours) in enumerate([("online", "24h"), ("window", "office")], 1)
    ]
    asked = {p for q in loaded(tmp_path, child()).open for p in q.paths}
    left = {p for q in loaded(tmp_path, child(channels=lines)).open for p in q.paths}
    settled = {
        f"channels.{id}.{key}" for id in ("online", "window") for key in ("hours", "priority")
    }
    assert asked >= settled
    assert not left & settled


def test_the_question_of_the_parent_is_not_asked_twice(tmp_path: Path) -> None:
    data = faster()
    data["open"] = [{"id": "days", "q": "?", "paths": ["clocks"], "default": "-"}]
    assert "同名待定事项" in str(refusal(tmp_path, data))


@pytest.mark.parametrize(
    ("sections", "path"),
    [
        ({"conduct": {"fees": "free", "src": "x"}}, "conduct.fees"),
        ({"clocks": {"silence": {"days": 9, "unit": "wd", "src": "x"}}}, "clocks.silence.days"),
        ({"terms": {"words": {"urge": "催", "plan": "排", "src": "x"}}}, "terms.words.plan"),
        (
            {"duties": [{"id": "extra", "who": "staff", "zh": "多做", "src": "x"}]},
            "duties.extra",
        ),
        ({"clocks": None}, "clocks"),
        ({"modes": [{"id": "agent", "papers": []}]}, "modes.agent.papers"),
    ],
)
def test_what_the_parent_does_not_list_is_refused_by_name(
    tmp_path: Path, sections: dict[str, Any], path: str
) -> None:
    error = refusal(tmp_path, child(**sections))
    assert any(p.path.startswith(path) and "不允许下级修改" in p.zh for p in error.problems)
    assert any("clocks.promises" in p.en for p in error.problems)


def test_saying_again_what_the_parent_says_changes_nothing(tmp_path: Path) -> None:
    again = child(conduct={"fees": "free_except_statutory", "src": "一律提供免费服务"})
    assert loaded(tmp_path, again).conduct.fees == "free_except_statutory"


def test_a_new_member_and_a_whole_new_list_are_taken_where_they_are_allowed(
    tmp_path: Path,
) -> None:
    door = {"id": "app", "kind": "app", "zh": "掌上", "priority": 3, "src": "掌上办"}
    own = loaded(tmp_path, child(channels=[door], scope={"refer": [], "src": "x"}))
    assert [c.id for c in own.channels] == ["online", "window", "app"]
    assert own.scope.refer == ()
    assert "refer" not in {q.id for q in own.open}


def test_a_child_may_have_a_document_of_its_own(tmp_path: Path) -> None:
    text = {
        "title": "测试县实施细则",
        "status": "in_force",
        "issuer": "测试县政府",
        "issued_on": date(2026, 1, 1),
        "expires_on": date(2028, 12, 31),
        "public": True,
        "src": "测试县实施细则",
    }
    own = loaded(tmp_path, child(instrument=text))
    assert own.instrument.title == "测试县实施细则"
    assert own.instrument.validity(date(2029, 1, 1)) == "expired"


@pytest.mark.parametrize(
    ("jurisdiction", "said"),
    [
        ({"applies_to_children": False, "children_may_change": []}, "未声明适用于下级"),
        ({"code": "980100"}, "不是980100的下级行政区划"),
    ],
)
def test_a_parent_must_contain_the_place_and_speak_for_it(
    tmp_path: Path, jurisdiction: dict[str, Any], said: str
) -> None:
    data = city(**jurisdiction)
    data["sites"]["townships"]["prefix"] = data["jurisdiction"]["code"]
    put(tmp_path, data)
    with pytest.raises(DataRefused, match=said):
        load_pack(put(tmp_path, child()))


def test_a_parent_that_is_not_beside_the_file_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(DataRefused, match="cn-990100-sample"):
        load_pack(put(tmp_path, child()))
    with pytest.raises(DataRefused, match="cn-990100-sample"):
        load_pack(yaml.safe_dump(child()).encode())


def test_a_circle_of_parents_is_refused_with_its_members(tmp_path: Path) -> None:
    put(tmp_path, city(inherits="cn-990124-sample"))
    with pytest.raises(DataRefused, match="成环：cn-990124-sample → cn-990100-sample"):
        load_pack(put(tmp_path, child()))


def test_a_repeated_member_cannot_hide_a_change(tmp_path: Path) -> None:
    days = [{"days": n, "unit": "wd", "src": "x"} for n in (1, 2)]
    twice = [{"id": "visit", "within": within} for within in days]
    assert "编号重复" in str(refusal(tmp_path, child(clocks={"promises": twice})))


def test_a_county_follows_the_city_where_it_has_no_pack_of_its_own(tmp_path: Path) -> None:
    put(tmp_path, city())
    put(tmp_path, faster())
    packs = Packs.load(tmp_path)
    assert packs.for_area("990124").pack.id == "cn-990124-sample"
    assert packs.for_area("990125").pack.id == "cn-990100-sample"
    assert packs.for_area("990100").pack.id == "cn-990100-sample"
    assert packs.for_area("990125").pack.site_kind("990125001") == "township"
    with pytest.raises(Refused, match="no_pack_for_area"):
        packs.for_area("990225")


def test_a_city_that_does_not_speak_for_its_counties_is_not_followed(tmp_path: Path) -> None:
    put(tmp_path, city(applies_to_children=False, children_may_change=[]))
    with pytest.raises(Refused, match="no_pack_for_area"):
        Packs.load(tmp_path).for_area("990124")


def test_many_editions_are_carried_and_the_folder_says_which_is_current(tmp_path: Path) -> None:
    put(tmp_path, city())
    older, newer = city(), city()
    older["version"], newer["version"] = "2019", "2030"
    put(tmp_path, older, "editions/2019.yaml")
    put(tmp_path, newer, "editions/2030.yaml")
    packs = Packs.load(tmp_path)
    assert packs.for_area("990100").pack.version == "2023"
    carried = packs.editions_of("990125")
    assert {rules.pack.version for rules in carried} == {"2019", "2023", "2030"}
    assert [rules.pack.version for rules in packs.all()] == ["2023"]
    assert all(packs.edition(rules.edition) is rules for rules in carried)


def test_a_county_keeps_the_editions_made_with_an_older_city_pack(tmp_path: Path) -> None:
    put(tmp_path, city())
    put(tmp_path, faster())
    before = Packs.load(tmp_path).for_area("990124").edition
    amended = city()
    amended["terms"]["words"]["supervise"] = "督促"
    put(tmp_path, city(), "editions/2023.yaml")
    put(tmp_path, amended)
    packs = Packs.load(tmp_path)
    assert packs.for_area("990124").edition != before
    assert packs.edition(before).pack.terms.words["supervise"] == "督促检查"


def test_an_older_parent_that_allows_less_makes_no_edition(tmp_path: Path) -> None:
    put(tmp_path, city())
    put(tmp_path, city(children_may_change=["channels"]), "editions/2019.yaml")
    put(tmp_path, faster())
    editions = Packs.load(tmp_path).editions_of("990124")
    assert len(editions) == 1


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("clocks.promises", True),
        ("clocks.promises.visit.within.days", True),
        ("clocks.promisesx", False),
        ("clocks", False),
        ("channels.app.zh", True),
        ("channels", False),
        ("modes.agent.papers", True),
        ("modes.agent.papers.x", True),
        ("modes.agent", False),
    ],
)
def test_a_listed_path_covers_what_is_below_it(path: str, allowed: bool) -> None:
    assert may_change(path, ["clocks.promises", "channels.*", "modes.*.papers"]) is allowed


def test_the_code_of_a_place_says_what_contains_it() -> None:
    assert [*above("990124")] == ["990100", "990000"]
    assert [*above("990100")] == ["990000"]
    assert [*above("990000")] == []
    assert [region(c) for c in ("990000", "990100", "990124")] == ["99", "9901", "990124"]


def test_the_shipped_city_pack_carries_a_county(tmp_path: Path) -> None:
    """Whatever pack says that it applies to children can be completed by one (YY-02, YY-59)."""
    parents = [load_pack(f) for f in sorted(POLICIES.glob("*/pack.yaml"))]
    for parent in (p for p in parents if p.jurisdiction.applies_to_children):
        code = f"{region(parent.jurisdiction.code)}24"
        place = CHILD["jurisdiction"] | {"code": code, "inherits": parent.id}
        data = child(id=f"cn-{code}-sample", jurisdiction=place)
        own = load_pack(yaml.safe_dump(data, allow_unicode=True).encode(), parent)
        assert own.jurisdiction.inherits == parent.id
