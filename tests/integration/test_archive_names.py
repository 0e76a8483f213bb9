"""Whoever reads the story of a file, its film or the tail reads names, in either language."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from contracts.event import Personal
from contracts.supervision import InterviewHeld, ItemDecided, ReportedUp
from services.archive import cli
from services.archive.service import SPEAKERS
from services.onebox.platform import Platform
from shared.effects import new_id
from tests.integration.archive_scene import Scene, Speaker
from tests.world import world

ON = date(2026, 5, 8)
RUNG: dict[str, Any] = {"item": "S1-01", "ladder": "ladders.urge", "rung": 2}


@pytest.fixture(scope="module")
async def s(platform: Platform) -> AsyncIterator[Scene]:
    speakers = {name: Speaker(name) for name in SPEAKERS}
    async with world(platform, [*(s.spec() for s in speakers.values()), "archive"]) as w:
        yield await Scene(w, speakers, 0).opened()


async def test_bodies_posts_and_people_are_told_by_name(s: Scene, tmp_path: Path) -> None:
    approver = s.w.person("approver").id
    entries = (await s.file())["entries"]
    await s.say(
        "supervision",
        ItemDecided(item="S1-01", outcome="approved", body="depts", decider=approver),
        actor=approver,
    )
    await s.say(
        "supervision",
        ReportedUp(
            signal="shirking", to="ro", rung_id="issue_list", reported_on=ON,
            reason=Personal("无果"), **RUNG,
        ),
        InterviewHeld(
            person=approver, act=new_id(), body="depts", rung_id="inspection", held_on=ON,
            account=Personal("限期办结"), **RUNG,
        ),
    )  # fmt: skip
    await s.file(entries + 3)
    tail = approver[-6:]
    for language, said in (
        ("zh", ("县级各审批服务职能部门", "向县工改办报告", f"约谈审批人员·{tail}")),
        (
            "en",
            ("县级各审批服务职能部门 decided", "to 县工改办 (", f"with approver {tail} over"),
        ),
    ):
        told = await told_in(s, language)
        assert not [words for words in said if words not in told], told
        assert "p:" not in told and "depts" not in told
    home = s.box(tmp_path / "box")
    arguments = ["tail", "--home", home, "--last", "2", "--service", "supervision"]
    seen = await asyncio.to_thread(CliRunner().invoke, cli.main, arguments)
    assert "向县工改办报告" in seen.output and f"约谈工作人员·{tail}" in seen.output


async def told_in(s: Scene, language: str) -> str:
    """The story and the film, as somebody with that language reads them."""
    client, headers = s.w.client("archive", "auditor"), {"Accept-Language": language}
    story, film = [
        (await client.get(f"{s.path}/{part}", headers=headers)).json()
        for part in ("story", "frames")
    ]
    lines = [line["text"] for line in story["lines"]]
    assert sorted(lines) == sorted(one["text"] for one in film["frames"])
    return "\n".join(lines)
