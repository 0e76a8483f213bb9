"""A matter closed among real services leaves the house as a ZIP that a stranger can verify."""

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from contracts.event import Personal
from contracts.supervision import WorkLogged
from services.archive import cli
from services.archive.service import SPEAKERS
from services.archive.verifier import verify as verifier
from services.onebox.platform import Platform
from shared.effects import new_id
from shared.eventstore.postgres import connect
from shared.packs import Packs
from tests.integration.archive_scene import Scene, Speaker
from tests.integration.document_samples import pdf
from tests.integration.test_archive_documents import file as filed_document
from tests.integration.test_archive_documents import upload
from tests.patience import PATIENCE
from tests.world import world

pytestmark = pytest.mark.store


@pytest.fixture(scope="module")
async def stage(platform: Platform) -> AsyncIterator[Scene]:
    speakers = {name: Speaker(name) for name in SPEAKERS}
    async with world(platform, [*(s.spec() for s in speakers.values()), "archive"]) as w:
        yield Scene(w, speakers, 0)


@pytest.fixture
def s(stage: Scene) -> Scene:
    return stage.anew()


async def policy(s: Scene) -> str:
    """The keys of these logs, and no witness."""
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
        keys = [
            (await client.get(f"{s.w.addresses[name]}/log/vkey")).text
            for name in (*SPEAKERS, "archive")
        ]
    return "".join(f"log {key}" for key in keys) + "quorum none\n"


async def dossier(s: Scene, person: str = "auditor", **asked: Any) -> httpx.Response:
    """As somebody gets it, once everything is signed."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await s.w.client("archive", person=person).get(
                f"{s.path}/dossier", params=asked
            )
            if answer.status_code != 503:
                assert answer.status_code == 200, answer.text
                assert answer.headers["content-type"] == "application/zip"
                return answer
            await asyncio.sleep(0.2)


async def sealed(s: Scene, stores: int) -> None:
    """Until archive has sealed what so many stores said."""
    connection = await connect(s.w.databases.services["archive"])
    query = "SELECT count(*) FROM events WHERE type = 'archive.heads_sealed.v1'"
    async with asyncio.timeout(PATIENCE):
        while await connection.fetchval(query) < stores:
            await asyncio.sleep(0.1)
    await connection.close()


def inside(answer: httpx.Response) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as bag:
        return {name: bag.read(name) for name in bag.namelist()}


def checked(answer: httpx.Response, trust: str, folder: Path) -> dict[str, Any]:
    (folder / "one.zip").write_bytes(answer.content)
    return verifier.verify(str(folder / "one.zip"), trust)


async def test_a_stranger_verifies_the_dossier_of_a_matter(s: Scene, tmp_path: Path) -> None:
    await s.serve_to_the_end()
    await sealed(s, 1)
    report = checked(await dossier(s), await policy(s), tmp_path)
    assert report["number"] == s.number
    assert set(report["stores"]) == {*SPEAKERS, "archive"}
    assert report["withheld"] > 0
    assert report["disclosed"] == 0
    assert report["filed"] == 12 - 1
    assert all(report["rules"].values())


async def test_archives_own_streams_are_sealed_too(s: Scene, tmp_path: Path) -> None:
    await s.serve_to_the_end()
    await sealed(s, len(SPEAKERS) + 1)
    report = checked(await dossier(s), await policy(s), tmp_path)
    assert report["stores"]["archive"]["complete_as_of"] is not None


async def test_the_same_position_and_recipient_make_the_same_bytes(s: Scene) -> None:
    await s.serve_to_the_end()
    first = await dossier(s, personal=True)
    position = first.headers["onefile-position"]
    await s.say("supervision", WorkLogged(kind="errand", entry=Personal("再跑")))
    await s.file(12)
    later = await dossier(s, personal=True)
    assert later.content != first.content
    again = await dossier(s, personal=True, at=position)
    assert sha256(again.content).digest() == sha256(first.content).digest()
    assert (await dossier(s, "500242/archivist", personal=True, at=position)).content != (
        first.content
    )


async def test_it_describes_itself_and_carries_the_rules_it_rests_on(s: Scene) -> None:
    await s.serve_to_the_end()
    files = inside(await dossier(s))
    crate = json.loads(files["data/ro-crate-metadata.json"])
    root = next(one for one in crate["@graph"] if one["@id"] == "./")
    ids = {one["@id"] for one in crate["@graph"]}
    assert {part["@id"] for part in root["hasPart"]} <= ids
    log = json.loads(files["data/case.ocel.json"])
    objects = {one["id"] for one in log["objects"]}
    assert {r["objectId"] for e in log["events"] for r in e["relationships"]} <= objects
    assert {e["type"] for e in log["events"]} <= {t["name"] for t in log["eventTypes"]}
    assert "测试公司" not in files["data/timeline.html"].decode()
    rules = Packs.load(None).for_area("500242")
    for kind, edition in (("packs", rules.edition), ("catalogues", rules.catalogue.edition)):
        assert f"data/rules/{kind}/{edition}.json" in files
    assert [name for name in files if name.startswith("data/rules/calendars/")]


async def test_personal_content_goes_to_who_may_take_it_and_that_is_on_record(
    s: Scene, tmp_path: Path
) -> None:
    await s.serve_to_the_end()
    content = pdf("会议纪要")
    await filed_document(s, "minutes", await upload(s, content))
    trust = await policy(s)
    auditor = await dossier(s, personal=True)
    report = checked(auditor, trust, tmp_path)
    assert report["withheld"] == 0
    assert report["disclosed"] > 5
    files = inside(auditor)
    told = files["data/disclosures.txt"].decode()
    assert report["recipient"] == s.w.person("auditor").id
    left = json.loads(files["data/manifest.json"])["left_out"]
    assert report["attachments"] + len(left) == 1
    unit = checked(await dossier(s, "unit", personal=True), trust, tmp_path)
    assert 0 < unit["disclosed"] < report["disclosed"]
    assert unit["withheld"] > 0
    assert len(told.splitlines()) == report["disclosed"]
    for service in ("intake", "supervision", "archive"):
        connection = await connect(s.w.databases.services[service])
        row = await connection.fetchval(
            "SELECT count(*) FROM reads WHERE stream = $1 AND actor = $2"
            " AND purpose LIKE 'dossier: %'",
            s.matter, report["recipient"],
        )  # fmt: skip
        await connection.close()
        assert row == 1, service


async def test_only_archive_is_told_disclosures(s: Scene) -> None:
    await s.serve_to_the_end()
    asked = {"stream": str(s.matter), "recipient": "p:x", "subject": "applicant"}
    for person in ("auditor", "admin", "archivist", "s:supervision"):
        answer = await s.w.client("intake", person).get("/log/disclosures", params=asked)
        assert answer.status_code == 403, person
        assert answer.headers["content-type"] == "application/problem+json"


async def test_who_may_not_read_the_file_gets_no_dossier(s: Scene) -> None:
    await s.serve_to_the_end()
    for person in ("other", "agent2"):
        answer = await s.w.client("archive", person=person).get(f"{s.path}/dossier")
        assert answer.status_code == 404, answer.text


async def test_there_is_no_dossier_of_nothing_and_none_before_the_file(s: Scene) -> None:
    client = s.w.client("archive", person="auditor")
    assert (await client.get(f"/matters/{new_id()}/dossier")).status_code == 404
    await s.serve_to_the_end()
    assert (await client.get(f"{s.path}/dossier", params={"at": 1})).status_code in (404, 200)
    assert (await client.get(f"{s.path}/dossier", params={"at": 10**9})).status_code == 503


async def test_an_auditor_takes_dossier_verifier_and_viewer_at_the_command_line(
    s: Scene, tmp_path: Path
) -> None:
    await s.serve_to_the_end()
    await dossier(s)
    home, out = s.box(tmp_path / "home"), tmp_path / "one.zip"

    async def onefile(*arguments: str) -> Any:
        return await asyncio.to_thread(CliRunner().invoke, cli.main, list(arguments))

    made = await onefile("dossier", s.number, "-o", str(out), "--personal", "--home", home)
    assert made.exit_code == 0, made.output
    assert "verify.py" in made.output
    trust = await onefile("policy", "--home", home)
    (tmp_path / "policy.txt").write_text(trust.output)
    tools = await onefile("viewer", "-o", str(tmp_path / "tools"))
    assert tools.exit_code == 0, tools.output
    verify = tmp_path / "tools" / "verify.py"
    assert (tmp_path / "tools" / "viewer.html").read_text().startswith("<!doctype html>")
    done = await asyncio.create_subprocess_exec(
        "python3", "-I", str(verify), str(out), "--policy", str(tmp_path / "policy.txt"),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    words, _ = await done.communicate()
    assert done.returncode == 0, words.decode()
    assert s.number in words.decode()
