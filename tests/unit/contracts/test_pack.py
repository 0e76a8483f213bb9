"""A pack admits, routes and names its modes by its own data, and refuses what it cannot mean."""

import copy
from typing import Any

import pytest
import yaml

from contracts.edition import DataRefused, read_data
from contracts.pack import POLICIES, Pack, load_pack
from contracts.project import MatterFacts, ProjectFacts

SHIPPED = POLICIES / "cn-500242-bangdaiban" / "pack.yaml"
PACK = load_pack(SHIPPED)
DATA = read_data(SHIPPED)
SOCIAL = ProjectFacts(investment="social", nature="new", in_jurisdiction=True)


def amended(**sections: Any) -> Pack:
    """The shipped pack with other sections; everything new is listed as a default."""
    data = copy.deepcopy(DATA) | sections
    paths = [path for path in sections if path != "open"]
    questions = [q for q in data["open"] if not _below(q["paths"], paths)]
    data["open"] = [*questions, {"id": "test", "q": "?", "paths": paths, "default": "-"}]
    return load_pack(yaml.safe_dump(data, allow_unicode=True).encode())


def _below(named: list[str], sections: list[str]) -> bool:
    return any(path.split(".")[0] in sections for path in named)


def scope(**parts: Any) -> dict[str, Any]:
    plain = {"id": "all", "zh": "所有项目", "when": {}}
    items = {"stages": ["S1"], "utilities": True}
    return {"include": [plain], "items": items, "decline": {"needs": []}} | parts


def test_an_admission_names_the_rule_and_its_source() -> None:
    (reason,) = PACK.admits(SOCIAL).reasons

    assert reason.path == "scope.include.social"
    assert reason.src == "酉阳县区域内所有新建、改建、扩建的社会投资建设项目"


def test_a_refusal_says_in_both_languages_what_was_wanted_and_what_was_found() -> None:
    refusal = PACK.admits(SOCIAL.model_copy(update={"investment": "government"}))

    assert not refusal.ok
    assert refusal.reasons[0].zh == "“投资类型”应为社会投资，实为政府投资"
    assert refusal.reasons[0].en == "investment must be social, is government"
    assert refusal.reasons[1].path == "scope.refer.government"
    assert refusal.reasons[1].src is None


def test_an_unknown_fact_leaves_admission_open() -> None:
    open_case = PACK.admits(ProjectFacts(investment="social"))

    assert not open_case.ok
    assert open_case.missing == {"nature", "in_jurisdiction"}


def test_exclusions_and_conditions_on_the_applicant_are_general() -> None:
    special = {"id": "special", "zh": "特殊工程", "when": {"project_class": "special"}}
    local = {"id": "local", "zh": "本地企业", "when": {"registered_in_jurisdiction": True}}
    pack = amended(scope=scope(exclude=[special], applicants=[local]))
    facts = MatterFacts(project_class="building", registered_in_jurisdiction=True)

    assert pack.admits(facts).ok
    barred = pack.admits(facts.model_copy(update={"project_class": "special"}))
    assert [reason.path for reason in barred.reasons] == ["scope.exclude.special"]
    unmet = pack.admits(facts.model_copy(update={"registered_in_jurisdiction": False}))
    assert [reason.path for reason in unmet.reasons] == ["scope.applicants.local"]
    assert pack.admits(ProjectFacts()).missing == {
        "project_class",
        "registered_in_jurisdiction",
    }


def test_routing_by_investment_and_level_needs_no_new_mechanism() -> None:
    pack = amended(
        routing=[
            {"id": "d", "zh": "-", "when": {"item_level": "county"}, "to": ["town"],
             "at_once": True},
            {"id": "g", "zh": "-", "when": {"investment": "government"}, "to": ["depts"],
             "file_at": "综合窗口"},
            {"id": "s", "zh": "-", "when": {"investment": "social"}, "to": ["park_i"]},
            {"id": "u", "zh": "-", "when": {"flag": "utility"}, "applies_to": "item",
             "to": ["centre"]},
        ]
    )  # fmt: skip
    facts = MatterFacts(
        investment="government", item_level="city", flags=frozenset({"utility"})
    )

    found = pack.route(facts)

    assert (found.to, found.item_to, found.rules) == (("depts",), ("centre",), ("g", "u"))
    assert pack.route(MatterFacts(investment="social")).missing == {"item_level"}
    assert pack.route(facts.model_copy(update={"item_level": "county"})).at_once


def test_a_mode_says_what_staff_may_do_and_which_papers_come_first() -> None:
    agent = PACK.mode("agent")

    assert agent.allows("upload")
    assert not PACK.mode("assist").allows("upload")
    commission = agent.papers_before("file_for_applicant")[-1]
    assert commission.must_state == ("agent", "matter", "authority", "period")


@pytest.mark.parametrize("ask", [PACK.mode, PACK.body, PACK.instrument_of, PACK.leaf_source])
def test_what_the_pack_does_not_have_is_named(ask: Any) -> None:
    with pytest.raises(LookupError, match="moon"):
        ask("moon")


def test_a_leaf_comes_from_the_instrument_a_law_or_us() -> None:
    assert PACK.leaf_source("delivery.ways.mail.zh") == (
        "代办专员采取上门当面递交或邮寄送达的方式及时送达相关结果文件"
    )
    assert PACK.leaf_source("team.rules.agent_never_decides.zh") == "民法典第一百六十八条"
    assert PACK.leaf_source("clocks.promises.acceptance.within.days") is None


def test_our_defaults_are_listed_with_question_and_value() -> None:
    found = {default.path: default for default in PACK.defaults()}

    assert found["clocks.promises.acceptance.within.days"].value == 1
    assert found["clocks.silence.days"].value == 5
    assert found["clocks.urge_after_percent"].value == 70
    assert found["clocks.silence.days"].question == "days"
    assert "modes.agent.papers.commission_written.must_state" in found
    assert "archive.contents.minutes.required_if" in found
    assert "scope.include.social.when.investment" not in found


def test_the_two_ratings_are_two_instruments() -> None:
    overall = PACK.instrument_of("overall")

    assert [one.id for one in overall.indicators] == ["attitude", "efficiency", "probity"]
    assert PACK.instrument_of("revisit").asked_by == "hall"
    assert len(PACK.evaluation.scales[0].levels) == 5


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("to: [park_i]", "to: [park_x]", "park_x"),
        ("owner: [evaluator, unit]", "owner: [evaluator, moon]", "moon"),
        ("done_when: PlanMade", "done_when: PlanDreamt", "PlanDreamt"),
        ("ladder: urge", "ladder: rope", "rope"),
        ("when: {site: park-industrial}", "when: {site: park-unknown}", "park-unknown"),
        ("id: commission_written, must_state", "id: letter, must_state", "letter"),
        ("scale: national5, src", "scale: local3, src", "local3"),
        ("id: revisit, zh: 回访", "id: overall, zh: 回访", "编号重复"),
        ("before: [visit, collect", "before: [decide, collect", "decide"),
        ("fires: [overdue]", "fires: [annoyed]", "annoyed"),
        ("issued_on: 2023-08-08", "issued_on: 某日", "issued_on"),
        ('code: "500242"', "code: 500242", "jurisdiction.code"),
        ("urge_after_percent: 70", "urge_after_percent: 0.7", "ambiguous"),
        ("urge_after_percent: 70", "urge_after_percent: 170", "urge_after_percent"),
        ("utilities: false", "utilities: no", "ambiguous"),
        ("version: ", "versoin: ", "versoin"),
        ("{adcode}-{year}-{serial}", "{adcode}-{moon}", "template"),
        ("enrol: on_request", "enrol: on_request\n    enrol: automatic", "duplicate"),
        ("feeds: [revisit,", "feeds: [gossip,", "gossip"),
    ],
)
def test_a_pack_that_cannot_mean_what_it_says_is_refused(
    old: str, new: str, sentence: str
) -> None:
    text = SHIPPED.read_text()
    assert old in text

    with pytest.raises(DataRefused) as refused:
        load_pack(text.replace(old, new, 1).encode())

    assert sentence in str(refused.value)


def test_two_editions_say_in_which_leaves_they_differ() -> None:
    text = SHIPPED.read_bytes()
    earlier = load_pack(text)
    later = load_pack(text.replace(b'version: "2023"', b'version: "2027"'))
    assert later.changed_from(earlier) == ("version",)
    assert earlier.changed_from(earlier) == ()
