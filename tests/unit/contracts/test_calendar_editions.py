"""Calendars that were in force before stay known, so that an old due day can be explained."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from contracts.calendar import NATIONAL, load_calendar, older_editions
from shared.packs import Packs

RULES = Packs.load(None).all()[0]


def before_the_last_notice() -> str:
    """The national table as it was before its last year was announced."""
    lines = NATIONAL.read_text().splitlines()
    last = max(n for n, line in enumerate(lines) if line.startswith("  - year:"))
    year = int(lines[last].split(":")[1])
    text = "\n".join(lines[:last]) + "\n"
    return text.replace(f"published_until: {year}-12-31", f"published_until: {year - 1}-12-31")


def test_an_older_edition_is_carried_beside_the_one_in_force(tmp_path: Path) -> None:
    (tmp_path / "editions").mkdir()
    (tmp_path / "editions" / "cn-national.older.yaml").write_text(before_the_last_notice())
    (file,) = older_editions("cn-national", tmp_path)
    older = load_calendar(file)

    assert older.edition != load_calendar().edition
    assert older.announced < load_calendar().announced
    assert older_editions("cn-other", tmp_path) == ()
    rules = replace(RULES, older=(older,))
    assert rules.calendar_in(older.edition) is older
    assert rules.calendar_in(RULES.calendar.edition) is RULES.calendar
    assert rules.calendar_in("cn-national@0000000000000000") is None


def test_a_day_of_a_year_that_was_not_announced_then_was_estimated(tmp_path: Path) -> None:
    (tmp_path / "editions").mkdir()
    (tmp_path / "editions" / "older.yaml").write_text(before_the_last_notice())
    (file,) = older_editions("cn-national", tmp_path)
    older = load_calendar(file)
    last = max(load_calendar().announced)

    assert older.add_working_days(date(last, 3, 2), 5).estimated
    assert not load_calendar().add_working_days(date(last, 3, 2), 5).estimated


def test_without_older_files_there_are_none(tmp_path: Path) -> None:
    assert older_editions("cn-national", tmp_path) == ()


@pytest.mark.parametrize("rules", Packs.load(None).all(), ids=lambda rules: rules.edition)
def test_every_shipped_place_knows_its_calendar(rules: object) -> None:
    assert rules.calendar_in(rules.calendar.edition) is rules.calendar  # type: ignore[attr-defined]
