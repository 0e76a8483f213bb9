"""Closed matters are replayed under another edition of their rules, and what changes is named."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contracts.pack import POLICIES
from contracts.supervision import ItemAccepted
from services.archive.domain.file import Filed, from_json
from services.archive.service import SPEAKERS
from services.onebox import whatif
from services.onebox.platform import Platform
from shared.effects import new_id
from shared.packs import Packs, rules_in
from tests.integration.archive_scene import Scene, Speaker
from tests.integration.test_erasure import ARCHIVIST
from tests.world import world


@pytest.fixture(scope="module")
async def s(platform: Platform) -> AsyncIterator[Scene]:
    speakers = {name: Speaker(name) for name in SPEAKERS}
    async with world(platform, [*(s.spec() for s in speakers.values()), "archive"]) as w:
        yield Scene(w, speakers, 1)


def another(folder: Path, old: str, new: str) -> Path:
    """A copy of the place's pack in which one word is another."""
    source = next(
        file
        for file in sorted(POLICIES.glob("*/pack.yaml"))
        if rules_in(file).pack.jurisdiction.code == "500242"
    )
    shutil.copytree(source.parent, folder / source.parent.name)
    file = folder / source.parent.name / "pack.yaml"
    text = file.read_text()
    assert text.count(old) >= 1, old
    file.write_text(text.replace(old, new))
    return file


async def test_a_changed_due_day_is_named_and_nothing_is_written(
    s: Scene, tmp_path: Path
) -> None:
    item = "S1-01"
    rules = Packs.load(None).for_area("500242")
    await s.register()
    await s.request()
    await s.say("supervision", accepted())
    await s.file(2)
    before = await written(s)
    filed = await filed_of(s)
    told = whatif.told_by(filed, s.number)
    assert told.matter.items[item].accepted_on == date(2026, 3, 2)
    assert list(whatif.compared(told, rules, rules)) == []
    other = rules_in(another(tmp_path, "count_from: next_day", "count_from: same_day"))
    found = list(whatif.compared(told, rules, other))
    assert f"{item} commitment" in [one.what for one in found]
    assert all("→" in one.zh and "→" in one.en for one in found)
    assert await written(s) == before


async def written(s: Scene) -> int:
    """How many facts archive wrote, but for its hourly seals and what is said of checks."""
    answer = await s.w.client("archive", "auditor").get("/log/messages", params={"after": 0})
    own = (b"archive.heads_sealed", b".history_checked.")
    return sum(not any(one in line for one in own) for line in answer.content.splitlines())


async def filed_of(s: Scene) -> Filed:
    return from_json(await s.w.get("archive", f"{s.path}/entries", "auditor"))


async def test_a_person_asks_at_the_command_line(s: Scene, tmp_path: Path) -> None:
    one = replace(s, matter=new_id(), project=new_id(), serial=77)
    await one.say("supervision", accepted())
    entries = await one.serve_to_the_end()
    await one.file(entries + 1)
    await one.w.post("archive", f"{one.path}/check", {}, ARCHIVIST, expect=200)
    await one.w.post("archive", f"{one.path}/closing", {}, ARCHIVIST, expect=200)
    await one.w.until("archive", one.path, lambda f: f["state"] == "closed")
    home = s.box(tmp_path / "home")
    pack = another(tmp_path, "count_from: next_day", "count_from: same_day")

    async def asked(*words: str) -> tuple[int, str]:
        given = ["whatif", "--area", "500242", "--home", home, *words]
        done = await asyncio.to_thread(CliRunner().invoke, whatif.main, given)
        return done.exit_code, done.output

    code, said = await asked("--pack", str(pack))
    assert code == 0, said
    assert f"{one.number}  S1-01 承诺期限：" in said
    assert "共 1 件，1 件会有不同，0 件未比较" in said
    code, said = await asked("--pack", str(tmp_path / "none.yaml"))
    assert code == 2, said


def accepted() -> ItemAccepted:
    rules = Packs.load(None).for_area("500242")
    return ItemAccepted(
        item="S1-01", accepted_on=date(2026, 3, 2), calendar=rules.calendar.edition,
        commitment_due_on=date(2026, 3, 9),
    )  # fmt: skip
