"""Do the tools say in plain words what a pack says, and what changes from one edition to the next?"""

from typing import Any

import pytest

from contracts.edition import leaves
from contracts.pack import Pack, load_pack, shipped_packs
from contracts.pack.begin import ASKED, Place, begin
from contracts.pack.diff import diff
from contracts.pack.tell import told
from contracts.pack.wording import Lang
from tests.contract.mutations import changed

PACKS = [load_pack(file) for file in shipped_packs()]
AGENCY = next(p for p in PACKS if any(m.id == "agent" and m.papers for m in p.modes))


def with_leaf(pack: Pack, path: str, value: Any) -> Pack:
    """The pack with one leaf changed, sources and all."""
    from contracts.pack import _made
    from contracts.pack.sources import sources_of

    return _made(changed(pack.data, path, value), sources_of)


def sentences(before: Pack, after: Pack, lang: Lang = "zh") -> list[str]:
    return [change.text for change in diff(before, after, lang)]


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_a_pack_does_not_differ_from_itself(pack: Pack) -> None:
    assert diff(pack, pack) == ()


def test_a_shorter_promise_is_told_with_what_it_means() -> None:
    pack = next(p for p in PACKS if p.clocks.promises)
    promise = pack.clocks.promises[0]
    path = f"clocks.promises.{promise.id}.within.days"
    later = with_leaf(pack, path, promise.within.days + 1)
    (said,) = sentences(pack, later)
    (in_english,) = sentences(pack, later, "en")
    assert promise.zh in said
    assert said.endswith("即放宽")
    assert in_english.endswith("that is later")
    assert sentences(later, pack)[0].endswith("即提前")


def test_a_new_paper_is_told_as_one_more_thing_to_bring() -> None:
    mode = AGENCY.mode("agent")
    papers = next(m for m in AGENCY.data["modes"] if m["id"] == "agent")["papers"]
    form = next(f.id for f in AGENCY.forms if f.id not in {p.id for p in mode.papers})
    more = {"id": form, "before": [mode.papers[0].before[0]], "law": "测试法第一条"}
    later = with_leaf(AGENCY, "modes.agent.papers", [*papers, more])
    (change,) = diff(AGENCY, later)
    assert "前新增一份材料" in change.text
    assert AGENCY.form(form).zh in change.text
    assert (change.before, change.after) == (None, "测试法第一条")
    assert "取消" in sentences(later, AGENCY)[0]


def test_a_list_says_what_came_and_what_went() -> None:
    percents = list(AGENCY.clocks.warn_at_percent)
    later = with_leaf(AGENCY, "clocks.warn_at_percent", [percents[0] - 5, *percents[1:]])
    (said,) = sentences(AGENCY, later)
    assert f"新增{percents[0] - 5}" in said
    assert f"不再有{percents[0]}" in said


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_leaf_is_left_out_of_the_pack_in_words(pack: Pack, lang: Lang) -> None:
    said = {
        line.path for section in told(dict(leaves(pack.data)), lang) for line in section.lines
    }
    for path in pack.sources():
        assert any(path == at or path.startswith(f"{at}.") for at in said), path


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_the_pack_in_chinese_has_no_code_words_of_ours(pack: Pack) -> None:
    shown = ("modes", "process", "ladders", "delivery", "conduct", "planning", "team")
    for section in told(dict(leaves(pack.data)), "zh"):
        if section.id in shown:
            for line in section.lines:
                plain = line.text.split("“")[0]
                words = [w for w in plain.replace("〕", "〔").split("〔")[::2] if "_" in w]
                assert not words, line.text


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_a_copy_for_a_new_place_loads_and_asks_for_every_sentence(pack: Pack) -> None:
    begun = begin(pack, Place("cn-990102-test", "990102", "测试省测试市甲县"))
    copy = load_pack(begun.text.encode())
    asked = [question for question in copy.open if question.q.startswith(ASKED)]
    assert copy.jurisdiction.code == "990102"
    assert copy.jurisdiction.level == "county"
    assert len(asked) > 10
    assert not any("src" in path.split(".") for path, _ in leaves(copy.data))
    assert all(s.question or s.text for s in copy.sources().values())
    assert pack.instrument.title not in begun.text
