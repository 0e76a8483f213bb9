"""A place's own calendar, festival days and catalogue lie beside its packs, and go before ours."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contracts.calendar import NATIONAL
from contracts.catalogue import REPRESENTATIVE
from contracts.edition import DataRefused
from contracts.pack import POLICIES
from services.archive.service.rulebooks import rules_of
from shared.pack_cli import main as pack_cli
from shared.packs import Packs

SHIPPED = POLICIES / "cn-500242-bangdaiban"
AREA = "500242"
FESTIVAL = date(2026, 11, 2)
OVERLAY = """
schema: onefile.calendar-overlay/v1
id: cn-500242-festivals
zh: 某自治县节日放假安排
over: cn-national
area: "500242"
years:
  - year: 2026
    notice: {title: 某自治县关于2026年节日放假的通知, number: 某府发〔2026〕1号, issued_on: 2026-01-05}
    festivals:
      - {zh: 某节, from: 2026-11-02, to: 2026-11-02, work: []}
"""


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """The folder of an operator: one pack."""
    shutil.copytree(SHIPPED, tmp_path / "place")
    return tmp_path


def with_overlay(packs: Path) -> None:
    file = packs / "place" / "pack.yaml"
    text = file.read_text("utf-8")
    assert text.count("overlays: []") == 1
    file.write_text(text.replace("overlays: []", "overlays: [cn-500242-festivals]"), "utf-8")


def test_a_festival_of_the_place_is_no_working_day(packs: Path) -> None:
    before = Packs.load(packs).for_area(AREA)
    assert before.calendar.is_working(FESTIVAL)
    folder = packs / "calendars" / "overlays"
    folder.mkdir(parents=True)
    (folder / "cn-500242-festivals.yaml").write_text(OVERLAY, "utf-8")
    with_overlay(packs)

    rules = Packs.load(packs).for_area(AREA)
    assert not rules.calendar.is_working(FESTIVAL)
    assert rules.calendar.kind_of(FESTIVAL).why == "某节放假"
    assert rules.calendar.edition != before.calendar.edition
    counted_before = rules.calendar_in(before.calendar.edition)
    assert counted_before is not None and counted_before.is_working(FESTIVAL)
    carried = rules_of(Packs.load(packs), {rules.edition})
    assert any("cn-500242-festivals@" in name for name in carried)


def test_an_overlay_that_is_nowhere_is_named(packs: Path) -> None:
    with_overlay(packs)
    with pytest.raises(DataRefused, match="put cn-500242-festivals"):
        Packs.load(packs)


def test_a_new_notice_is_followed_without_a_new_installation(packs: Path) -> None:
    """Ours stays among the older ones, so that what was counted by it can still be explained."""
    ours = Packs.load(packs).for_area(AREA).calendar
    text = NATIONAL.read_text("utf-8")
    (packs / "calendars").mkdir()
    changed = text.replace("schema:", "# 某地补充\nschema:", 1).replace(
        "zh: 元旦", "zh: 元旦节", 1
    )
    assert changed.count("元旦节") == 1
    (packs / "calendars" / "cn-national.yaml").write_text(changed, "utf-8")

    rules = Packs.load(packs).for_area(AREA)
    assert rules.calendar.edition != ours.edition
    found = rules.calendar_in(ours.edition)
    assert found is not None and found.edition == ours.edition


def test_a_catalogue_of_the_place_goes_before_ours(packs: Path) -> None:
    (packs / "catalogues").mkdir()
    text = REPRESENTATIVE.read_text("utf-8").replace("commit_wd: 15", "commit_wd: 16", 1)
    (packs / "catalogues" / "own.yaml").write_text(text, "utf-8")
    ours = Packs.load(None).for_area(AREA).catalogue
    own = Packs.load(packs).for_area(AREA).catalogue
    assert (own.id, own.edition == ours.edition) == (ours.id, False)


def told(packs: Path) -> tuple[int, str]:
    done = CliRunner().invoke(pack_cli, ["check", str(packs)])
    return done.exit_code, done.output


def test_the_check_of_a_pack_looks_at_what_it_rests_on(packs: Path) -> None:
    assert told(packs)[0] == 0
    with_overlay(packs)
    code, said = told(packs)
    assert code == 1 and "cn-500242-festivals" in said and "不会载入" in said


def test_a_catalogue_whose_items_wait_for_each_other_is_refused_with_the_ring(
    packs: Path,
) -> None:
    (packs / "catalogues").mkdir()
    text = REPRESENTATIVE.read_text("utf-8")
    assert text.count("commit_wd: 3}, after: [S1-01, S1-04]") == 1
    ring = text.replace(
        "commit_wd: 3}, after: [S1-01, S1-04]", "commit_wd: 3}, after: [S1-01, S1-06, S1-04]"
    ).replace("conf: h, commit_wd: 3}, excl: [契税缴纳], after: [S1-04]",
              "conf: h, commit_wd: 3}, excl: [契税缴纳], after: [S1-04, S1-05]")  # fmt: skip
    (packs / "catalogues" / "own.yaml").write_text(ring, "utf-8")
    code, said = told(packs)
    assert code == 1 and "前置关系成环" in said and "S1-05" in said and "S1-06" in said
