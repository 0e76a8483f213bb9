"""A project is asked for exactly the items its facts call for, and the catalogue is whole."""

import re

import pytest

from contracts.catalogue import REPRESENTATIVE, load_catalogue
from contracts.edition import DataRefused
from contracts.project import ProjectFacts
from tests.unit.contracts.projects import FACTORY, HOUSING

CATALOGUE = load_catalogue()
TEXT = REPRESENTATIVE.read_text()


def ids(facts: ProjectFacts) -> set[str]:
    return {item.id for item in CATALOGUE.items_for(facts)}


def refused(old: str, new: str) -> str:
    assert old in TEXT
    with pytest.raises(DataRefused) as error:
        load_catalogue(TEXT.replace(old, new, 1).encode())
    return str(error.value)


def test_the_representative_catalogue_is_complete() -> None:
    stages = [item.stage for item in CATALOGUE.items]

    assert [stages.count(stage) for stage in ("S1", "S2", "S3", "S4")] == [14, 5, 15, 10]
    assert (len(CATALOGUE.materials), len(CATALOGUE.milestones)) == (41, 3)
    assert re.fullmatch(r"items-representative@[0-9a-f]{16}", CATALOGUE.edition)


@pytest.mark.parametrize(
    ("name", "facts", "count"), [("factory", FACTORY, 27), ("housing", HOUSING, 30)]
)
def test_the_two_checked_projects_need_exactly_their_items(
    name: str, facts: ProjectFacts, count: int
) -> None:
    assert ids(facts) == {item.id for item in CATALOGUE.items if name in item.examples}
    assert len(ids(facts)) == count
    assert CATALOGUE.undecided(facts) == {}


def test_without_facts_only_the_unconditional_items_are_certain() -> None:
    nothing = ProjectFacts()

    undecided = CATALOGUE.undecided(nothing)

    assert ids(nothing).isdisjoint(undecided)
    unmarked = {"S2-04"}  # a flag that is not set is a plain no
    assert ids(nothing) | undecided.keys() | unmarked == {item.id for item in CATALOGUE.items}
    assert undecided["S1-04"] == {"land"}
    assert undecided["S2-03"] == {"civil"}


def test_of_alternatives_only_one_applies() -> None:
    for eia, item in (("report", "S1-08"), ("statement", "S1-09"), ("form", "S1-10")):
        chosen = ids(FACTORY.model_copy(update={"eia": eia}))
        assert chosen & {"S1-08", "S1-09", "S1-10"} == {item}
    offsite = HOUSING.model_copy(update={"flags": frozenset({"civil_defence_offsite"})})
    assert ids(offsite) & {"S2-03", "S2-04"} == {"S2-04"}
    assert "S4-04" not in ids(offsite)


def test_a_predecessor_that_does_not_apply_is_stood_for_by_its_alternative() -> None:
    full_report = ids(FACTORY.model_copy(update={"eia": "report"}))

    assert CATALOGUE.predecessors("S4-09", full_report) == ("S1-08",)
    assert CATALOGUE.predecessors("S4-09", ids(FACTORY)) == ("S1-09",)
    assert CATALOGUE.predecessors("S3-08", ids(FACTORY)) == (
        "S1-06",
        "S2-02",
        "S3-01",
        "S3-03",
    )


def test_composites_know_their_parts() -> None:
    parts = [item.id for item in CATALOGUE.children_of("S4-07")]

    assert parts == ["S4-01", "S4-02", "S4-03", "S4-04", "S4-05"]
    assert CATALOGUE.alternatives_of("S4-02") == ("S4-03",)
    assert not CATALOGUE.item("S3-04").stands_alone


def test_an_item_nobody_has_is_said_to_be_missing() -> None:
    with pytest.raises(LookupError, match="S9-99"):
        CATALOGUE.item("S9-99")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("after: [S1-01, S1-04]", "after: [S1-01, S1-99]", "S1-99"),
        ("materials: [M41, M05, M06, M09]", "materials: [M41, M05, M06, M99]", "M99"),
        ("stage: S2, dept: 自然资源, kind: review", "stage: S7, dept: x, kind: review", "S7"),
        ("in: S3-08", "in: S3-99", "S3-99"),
        ("of: [S1-01, S1-02]", "of: [S1-01, S1-77]", "S1-77"),
        ("works_permit: S3-08", "works_permit: S3-88", "S3-88"),
        ("agent_mode_adds: [M03]", "agent_mode_adds: [M98]", "M98"),
        ("source: S1-05, share: result", "source: S1-55, share: result", "S1-55"),
        ("{id: S1-02, zh: 企业投资项目核准", "{id: S1-01, zh: 企业投资项目核准", "编号重复"),
        ("after: [], when: 不在核准目录内", "after: [S1-05], when: 不在核准目录内", "ring"),
        ("applies: {gas: true}, ", "", "applies"),
        ("applies: {gas: true}", "applies: {gass: true}", "gass"),
        ("kind: fee", "kind: toll", "kind"),
        ("units: {wd", "units: {fortnight: 双周, wd", "fortnight"),
        ("schema: onefile.items/v1", "schema: onefile.items/v9", "schema"),
        ("en: geotechnical report", "en: geotechnical report, colour", "colour"),
    ],
)
def test_a_catalogue_that_contradicts_itself_is_refused(
    old: str, new: str, sentence: str
) -> None:
    assert sentence in refused(old, new)


def test_a_ring_through_the_parts_of_a_composite_is_refused() -> None:
    old = "after: [S1-06, S2-02, S3-01, S3-03], after_if"
    ring = TEXT.replace(old, "after: [S1-06, S2-02, S3-01, S3-03, S3-10], after_if", 1)
    ring = ring.replace("kind: licence, limit: {statutory: 20, unit: wd, conf: m, commit_wd: 3},"
                        " after: [S3-03], for", "kind: licence, limit: {statutory: 20, unit: wd,"
                        " conf: m, commit_wd: 3}, after: [S3-04], for", 1)  # fmt: skip
    assert ring.count("after: [S3-04]") == 1

    with pytest.raises(DataRefused, match="ring"):
        load_catalogue(ring.encode())


def test_another_figure_makes_another_edition() -> None:
    changed = load_catalogue(TEXT.replace("commit_wd: 15", "commit_wd: 16", 1).encode())

    assert changed.edition != CATALOGUE.edition
