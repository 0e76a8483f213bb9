"""What the doctor says of boxes that are broken in the ways boxes break: each with its remedy."""

import json
import shutil
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest

from services.onebox import doctor
from services.onebox.doctor import FINE, LOOK, WRONG, Finding, examined
from services.onebox.keyring import Keyring
from tests.integration.test_backup import made as made  # a fixture
from tests.integration.test_backup import place as place

Usage = namedtuple("Usage", "total used free")


async def of(home: Path, sign: str) -> list[Finding]:
    found = [one for one in await examined(home) if one.sign == sign]
    assert all(one.remedy and one.zh and one.en for one in found)
    return found


def shut(file: Path) -> None:
    file.unlink()


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5])


def opened(file: Path) -> None:
    file.chmod(0o644)


@pytest.mark.parametrize(
    ("what", "harm", "said", "remedy"),
    [
        ("deployment.key", shut, "missing or damaged", "onefile keys"),
        ("deployment.key", cut, "missing or damaged", "onefile keys"),
        ("deployment.key", opened, "read by others", "chmod 600"),
        ("log.key", shut, "missing or damaged", "onefile keys"),
        ("log.key", opened, "read by others", "chmod 600"),
        ("postgres.password", shut, "cannot be opened", "put the file back"),
        ("pg/PG_VERSION", shut, "cannot be opened", "from the backup"),
    ],
)
async def test_what_was_lost_cut_or_laid_open_is_named(
    place: Path, what: str, harm: Callable[[Path], None], said: str, remedy: str
) -> None:
    home = place / "box"
    assert not await of(home, WRONG)
    harm(home / what)
    (found,) = await of(home, WRONG)
    assert said in found.en
    assert remedy in found.remedy


async def test_a_disk_that_fills_is_told_before_it_is_full_and_when_it_is(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = place / "box"
    for free, sign in ((doctor.TOO_LITTLE - 1, WRONG), (doctor.LITTLE - 1, LOOK)):
        usage = Usage(10 * doctor.LITTLE, 0, free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _, usage=usage: usage)
        (found,) = (one for one in await of(home, sign) if "free on the disk" in one.en)
        assert "pg/" in found.remedy or sign == LOOK


async def test_what_a_killed_box_leaves_behind_is_no_box_that_runs(place: Path) -> None:
    """Its state file, its lock and PostgreSQL's own lock: none of them is believed."""
    home = place / "box"
    (home / "lock").write_text("999999\n")
    (home / "box.json").write_text(
        json.dumps(
            {"home": str(home), "pid": 999_999, "addresses": {}, "issuer": "", "tokens": {}}
        )
    )
    (home / "pg" / "postmaster.pid").write_text("999999\n")
    found = await examined(home)
    assert not [one for one in found if one.sign == WRONG]
    assert any("not running" in one.en for one in found)


async def test_a_box_of_nobody_yet_is_no_illness(tmp_path: Path) -> None:
    found = await examined(tmp_path / "box")
    assert not [one for one in found if one.sign == WRONG]
    assert any("No box" in one.en for one in found)
    assert any(one.sign == FINE for one in found)
    assert not (tmp_path / "box").exists()


async def test_a_key_of_another_box_is_damage_too_once_it_has_another_length(
    place: Path,
) -> None:
    home = place / "box"
    Keyring(home).deployment_key_file.write_bytes(bytes(31))
    (found,) = await of(home, WRONG)
    assert "deployment.key" in found.en
