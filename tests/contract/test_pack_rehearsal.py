"""Does a rehearsal (演练) find what cannot work, and nothing where all is well?"""

from typing import Any

import pytest

from contracts.pack import Pack, load_pack, shipped_packs
from contracts.pack.clashes import clashes
from contracts.pack.rehearse import rehearse
from contracts.pack.samples import plain, reaching, rules_of, samples
from contracts.predicate import holds
from tests.contract.test_pack_diff import with_leaf

PACKS = [load_pack(file) for file in shipped_packs()]
EACH = pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
SITED = next(pack for pack in PACKS if pack.sites.parks)
AGENCY = next(p for p in PACKS if any(m.id == "agent" and m.papers for m in p.modes))


def found(pack: Pack, kind: str) -> dict[str, str]:
    return {clash.path: clash.zh for clash in clashes(pack) if clash.kind == kind}


@EACH
def test_twenty_different_projects_are_made_and_always_the_same(pack: Pack) -> None:
    made = samples(pack)
    assert len(made) == 20
    assert len({repr(sorted(map(str, sample.facts))) for sample in made}) == 20
    assert made == samples(load_pack(pack_file(pack)))


def pack_file(pack: Pack) -> Any:
    return next(file for file in shipped_packs() if file.parent.name == pack.id)


@EACH
def test_every_rule_of_admission_and_routing_is_reached_by_some_project(pack: Pack) -> None:
    for rule in rules_of(pack):
        facts = reaching(pack, rule.when, plain(pack))
        assert facts is not None, rule.path
        known = {**facts, "site_kind": pack.site_kind(facts["site"])}
        assert holds(rule.when, known), rule.path


@EACH
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_project_is_told_from_admission_to_the_file(pack: Pack, lang: Any) -> None:
    rehearsal = rehearse(pack, lang)
    served = [walk for walk in rehearsal.walks if walk.admitted]
    assert served
    assert all(len(walk.lines) >= 8 for walk in served)
    assert all(len(walk.lines) >= 2 for walk in rehearsal.walks)


@EACH
def test_our_packs_do_not_contradict_themselves(pack: Pack) -> None:
    assert found(pack, "contradiction") == {}


@EACH
def test_every_open_question_is_said(pack: Pack) -> None:
    assert len(found(pack, "open_question")) == len(pack.open)


def test_who_files_and_what_staff_may_do_must_agree() -> None:
    wrong = with_leaf(AGENCY, "modes.agent.filed_by", "applicant")
    assert "modes.agent.filed_by" in found(wrong, "contradiction")


def test_urging_before_the_first_warning_is_a_contradiction() -> None:
    wrong = with_leaf(AGENCY, "clocks.urge_after_percent", 5)
    assert "clocks.urge_after_percent" in found(wrong, "contradiction")


def test_an_include_that_is_excluded_altogether_is_a_contradiction() -> None:
    rule = AGENCY.data["scope"]["include"][0]
    excluded = [{"id": "all", "zh": "全部排除", "when": rule["when"], "law": "测试法第一条"}]
    wrong = with_leaf_or_new(AGENCY, "exclude", excluded)
    assert f"scope.include.{rule['id']}" in found(wrong, "contradiction")


def with_leaf_or_new(pack: Pack, part: str, rules: list[dict[str, Any]]) -> Pack:
    """The pack with other rules in a part of its scope."""
    from contracts.pack import _made
    from contracts.pack.sources import sources_of

    scope = {**pack.data["scope"], part: rules}
    return _made({**pack.data, "scope": scope}, sources_of)


def test_a_rule_that_no_project_can_reach_is_dead() -> None:
    impossible = {
        "all": [{"investment": "social"}, {"not": {"investment": "social"}}],
    }
    refer = [{"id": "never", "zh": "永不", "when": impossible, "law": "测试法第一条"}]
    dead = found(with_leaf_or_new(AGENCY, "refer", refer), "dead_rule")
    assert "scope.refer.never" in dead


def test_what_waits_for_an_event_that_nobody_records_is_dead() -> None:
    waiting = [p for p in PACKS if any(c.required_if for c in p.archive.contents)]
    for pack in waiting:
        for path in found(pack, "dead_rule"):
            assert path.startswith(("archive", "after", "proactive")), path


def test_an_act_that_no_post_can_do_has_no_owner() -> None:
    mode = AGENCY.mode("agent")
    able = {act for role in AGENCY.roles for act in role.can}
    unheard = next(act for act in ("train", "notify_centre", "keep_roster") if act not in able)
    wrong = with_leaf(AGENCY, "modes.agent.staff_may", [*mode.staff_may, unheard])
    assert "modes.agent.staff_may" in found(wrong, "missing_owner")


def test_a_clean_rehearsal_finds_open_questions_alone() -> None:
    for pack in PACKS:
        rehearsal = rehearse(pack)
        kinds = {clash.kind for clash in rehearsal.clashes}
        assert rehearsal.clean == (kinds <= {"open_question"})
