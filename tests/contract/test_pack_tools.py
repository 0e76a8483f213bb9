"""Can the owner of a place's rules work with `onefile pack` alone, and learn it from its help?"""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from contracts.pack import POLICIES, load_pack, shipped_packs
from services.cli import main
from shared.pack_cli import main as pack

VERBS = ("check", "diff", "rehearse", "draw", "show", "new")
SHIPPED = [file.parent.name for file in shipped_packs()]
RUNNER = CliRunner()


def run(*words: str) -> Result:
    return RUNNER.invoke(main, ["pack", *words])


def test_the_help_teaches_every_verb_in_both_languages() -> None:
    told = run("--help").output
    for verb in VERBS:
        assert f"onefile pack {verb}" in told
    assert "检查" in told
    named = {getattr(one.callback, "__name__", "") for one in pack.registered_commands}
    assert named == {*VERBS}
    assert run().exit_code in (0, 2)


def test_the_page_for_owners_names_every_verb() -> None:
    page = (POLICIES / "README.md").read_text("utf-8")
    assert all(f"onefile pack {verb}" in page for verb in VERBS)


def test_our_own_packs_are_usable_and_their_grounds_are_counted() -> None:
    told = run("check", str(POLICIES))
    assert told.exit_code == 0, told.output
    for id in SHIPPED:
        assert f"可用 usable, {id}@" in told.output
    assert told.output.count("默认值 default") == len(SHIPPED)
    assert "只展示，不自动执行" in told.output


def test_every_error_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    text = shipped_packs()[0].read_text("utf-8")
    wrong = text.replace("count_from: next_day", "count_from: tomorrow", 1)
    wrong = wrong.replace("plan_required:", "plan_requird:", 1)
    file = tmp_path / "pack.yaml"
    file.write_text(wrong, "utf-8")
    told = run("check", str(file))
    line = 1 + wrong[: wrong.index("count_from: tomorrow")].count("\n")
    assert told.exit_code == 1
    assert f"{file}:{line}: 错误 error: clocks.count_from" in told.output
    assert "planning.plan_requird" in told.output
    assert "不会载入" in told.output


def test_a_page_for_people_beside_the_packs_is_left_aside() -> None:
    told = run("check", *(str(path) for path in sorted(POLICIES.iterdir())))
    assert told.exit_code == 0, told.output
    assert "README.md: 说明文字" in told.output
    assert run("show", str(POLICIES / "README.md")).exit_code == 2


@pytest.mark.parametrize("words", [("check", "no-such-pack"), ("show", "no-such-pack")])
def test_what_is_not_there_is_said_in_a_sentence(words: tuple[str, ...]) -> None:
    told = run(*words)
    assert told.exit_code == 2
    assert "no such file, folder or id: no-such-pack" in told.output
    assert "Traceback" not in told.output


def test_a_folder_without_a_pack_and_one_with_several_are_told(tmp_path: Path) -> None:
    assert "没有 pack.yaml" in run("check", str(tmp_path)).output
    assert "请指明一个" in run("show", str(POLICIES)).output


@pytest.mark.parametrize("id", SHIPPED)
def test_a_pack_is_rehearsed_drawn_shown_and_compared(id: str, tmp_path: Path) -> None:
    rehearsed = run("rehearse", id)
    assert "20. " in rehearsed.output
    assert "自相矛盾: 无" in rehearsed.output
    svg = tmp_path / "flow.svg"
    assert run("draw", id, "--out", str(svg), "--lang", "en").exit_code == 0
    assert svg.read_text("utf-8").startswith("<svg ")
    assert load_pack(POLICIES / id / "pack.yaml").instrument.title in run("show", id).output
    assert "没有差别" in run("diff", id, id).output


def test_one_section_is_shown_and_a_wrong_one_is_told() -> None:
    told = run("show", SHIPPED[0], "--section", "modes", "--lang", "en")
    assert told.output.startswith("Ways of serving")
    assert "no such section" in run("show", SHIPPED[0], "--section", "nothing").output


def test_another_place_begins_from_a_pack_and_is_told_what_is_missing(tmp_path: Path) -> None:
    begin = ("new", "--from", SHIPPED[-1], "--id", "cn-990102-new", "--code", "990102")
    made = run(*begin, "--zh", "测试省测试市甲县", "--out", str(tmp_path))
    assert made.exit_code == 0, made.output
    assert "待填出处" in made.output
    checked = run("check", str(tmp_path))
    assert checked.exit_code == 0, checked.output
    assert "来文 source 0" in checked.output
    again = run(*begin, "--zh", "测试省测试市甲县", "--out", str(tmp_path))
    assert again.exit_code == 2
    assert "不覆盖" in again.output


@pytest.mark.parametrize(
    ("id", "code"), [("CN 1", "990102"), ("cn-new", "99"), ("cn-new", "abcdef")]
)
def test_a_place_without_a_proper_id_or_code_is_refused(id: str, code: str) -> None:
    told = run("new", "--from", SHIPPED[0], "--id", id, "--code", code, "--zh", "甲县")
    assert told.exit_code == 2
    assert "Traceback" not in told.output
