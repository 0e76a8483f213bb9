"""Documents among archive and four speakers: uploaded, filed, replaced, read, and never lost unseen."""

import asyncio
import io
import tracemalloc
import zipfile
from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import asyncpg
import httpx
import pytest
from typer.testing import CliRunner

from services.archive import cli
from services.archive.service import SPEAKERS
from services.onebox.platform import Platform
from shared.effects import new_id
from tests.integration.archive_scene import Scene, Speaker
from tests.integration.document_samples import docx, pdf, picture
from tests.integration.typed import typed
from tests.unit.paper.pdfa import faults
from tests.world import world

ARCHIVIST, LIAISON, CLERK, ADMIN, UNIT = (
    f"500242/{key}" for key in ("archivist", "liaison", "clerk", "admin", "unit")
)


@pytest.fixture(scope="module")
async def stage(platform: Platform) -> AsyncIterator[Scene]:
    speakers = {name: Speaker(name) for name in SPEAKERS}
    async with world(platform, [*(s.spec() for s in speakers.values()), "archive"]) as w:
        yield Scene(w, speakers, 0)


@pytest.fixture
def s(stage: Scene) -> Scene:
    return stage.anew()


async def upload(
    s: Scene,
    content: bytes,
    media: str = "application/octet-stream",
    *,
    name: str = "会议纪要.pdf",
    person: str = ARCHIVIST,
    key: str | None = None,
    digest: bytes | None = None,
) -> httpx.Response:
    headers = {
        "Idempotency-Key": key or new_id().hex,
        "Content-Type": media,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
    }
    if digest is not None:
        headers["Content-Digest"] = f"sha-256=:{b64encode(digest).decode()}:"
    return await s.w.client("archive", person).post(
        f"{s.path}/uploads", content=content, headers=headers
    )


async def file(s: Scene, content: str, uploaded: httpx.Response, **more: Any) -> Any:
    assert uploaded.status_code in (201, 202), uploaded.text
    body = {
        "content": content,
        "title": "测试文件",
        "upload": uploaded.json()["upload"],
        **more,
    }
    return await s.w.post("archive", f"{s.path}/documents", body, ARCHIVIST, expect=200)


def objects(s: Scene) -> list[Path]:
    """Where this deployment keeps documents."""
    floor = s.speakers["intake"].floors[0]
    folder = Path(floor.settings.documents or "")
    return [one for one in (folder / "objects").rglob("*") if one.is_file()]


async def test_what_is_uploaded_is_filed_and_read_back_unchanged(s: Scene) -> None:
    await s.serve_to_the_end()
    content = pdf()
    sent = await upload(s, content, "application/pdf", digest=sha256(content).digest())
    assert sent.status_code == 202, sent.text
    assert sent.json()["look"] == "pending"
    assert sent.json()["sha256"] == sha256(content).hexdigest()
    await file(s, "minutes", sent)
    contents = await s.w.get("archive", f"{s.path}/contents", ARCHIVIST)
    (kind,) = [k for k in contents["kinds"] if k["content"] == "minutes"]
    (one,) = kind["documents"]
    assert (one["title"], one["name"], one["stored"]) == ("测试文件", "会议纪要.pdf", True)
    assert one["media_check"] == "pending" and kind["held"] == 1
    path = f"{s.path}/documents/{one['document']}"
    answer = await s.w.client("archive", ARCHIVIST).get(path)
    assert answer.status_code == 503 and "unscanned" in answer.json()["type"]  # B77


async def test_the_unit_keeps_what_it_signed_on_its_own_file_and_nothing_else(s: Scene) -> None:
    await s.serve_to_the_end()
    sent = await upload(s, picture(), name="签字页.png", person=UNIT)
    assert sent.status_code == 202, sent.text
    told = {"title": "签字页", "upload": sent.json()["upload"]}
    path = f"{s.path}/attachments"
    one = await s.w.post("archive", path, told, UNIT, expect=200)
    again = await s.w.post("archive", path, told, UNIT, expect=200)
    assert (len(one.json()["recorded"]), again.json()["recorded"]) == (1, [])
    contents = await s.w.get("archive", f"{s.path}/contents", ARCHIVIST)
    held = [d["title"] for k in contents["kinds"] for d in k["documents"]
            if k["content"] == "attachment"]  # fmt: skip
    assert held == ["签字页"]
    await s.w.post("archive", f"{s.path}/documents", {**told, "content": "minutes"}, UNIT,
                   expect=403)  # fmt: skip
    unknown = {**told, "upload": str(new_id())}
    refused = await s.w.post("archive", path, unknown, UNIT, expect=422)
    assert refused.json()["reason"] == "upload_unknown"
    stranger = await upload(s, picture(), person="341525/unit")
    assert stranger.status_code in (403, 404)


async def test_a_document_that_changed_stops_the_close_and_names_itself(s: Scene) -> None:
    await s.serve_to_the_end()
    known = set(objects(s))
    sent = await upload(s, pdf("将被改动"))
    await file(s, "minutes", sent)
    (kept,) = set(objects(s)) - known
    await s.w.post("archive", f"{s.path}/check", person=ARCHIVIST, expect=200)
    good = kept.read_bytes()
    kept.chmod(0o600)
    kept.write_bytes(good[:-1] + b"!")
    refused = await s.w.post("archive", f"{s.path}/closing", person=ARCHIVIST, expect=409)
    lacking = {"condition": "document_bytes", "what": sent.json()["upload"]}
    assert refused.json()["details"]["lacking"] == [lacking]
    tested = await s.w.get("archive", f"{s.path}/four-properties", ARCHIVIST)
    assert tested["results"]["authentic"] == "failed"
    kept.unlink()
    checked = await s.w.post("archive", f"{s.path}/check", person=ARCHIVIST, expect=200)
    assert checked.json()["recorded"] == ["archive.file_checked.v1"]
    assert (await s.file())["check"]["lacking"] == [lacking]
    kept.write_bytes(good)
    await s.w.post("archive", f"{s.path}/check", person=ARCHIVIST, expect=200)
    closed = await s.w.post("archive", f"{s.path}/closing", person=ARCHIVIST, expect=200)
    assert "archive.file_closed.v1" in closed.json()["recorded"]


async def test_a_complete_file_is_proved_complete_and_a_bare_listing_is_not(s: Scene) -> None:
    await s.serve_to_the_end()
    path = f"{s.path}/four-properties"
    tested = await s.w.until(
        "archive", path, lambda told: told["results"]["complete"] == "passed", ARCHIVIST
    )
    assert tested["findings"] == []
    by_fact = next(c for c in tested["checks"] if c["code"] == "documents_by_fact")
    assert len(by_fact["about"]) >= 3 and by_fact["result"] == "passed"
    for paper, result in ((True, "passed"), (False, "not_proved")):
        bare = {"content": "photo", "title": "测试照片", "paper": paper}
        await s.w.post("archive", f"{s.path}/documents", bare, ARCHIVIST, expect=200)
        tested = await s.w.get("archive", path, ARCHIVIST)
        assert tested["results"]["complete"] == result
    (told,) = [c for c in tested["checks"] if c["result"] == "not_proved"]
    assert tested["findings"] == [told["code"]] and len(told["about"]) == 1
    assert "补传电子件" in told["zh"] and "upload" in told["en"]
    sent = await upload(s, picture(), name="现场.png")
    await file(s, "photo", sent, replaces=told["about"][0])
    tested = await s.w.get("archive", path, ARCHIVIST)
    assert tested["results"]["complete"] == "passed"


async def test_the_report_of_the_four_properties_is_a_document_of_the_closed_file(
    s: Scene,
) -> None:
    await s.serve_to_the_end()
    await s.w.post("archive", f"{s.path}/check", person=ARCHIVIST, expect=200)
    await s.w.post("archive", f"{s.path}/closing", person=ARCHIVIST, expect=200)
    again = await s.w.post("archive", f"{s.path}/closing", person=ARCHIVIST, expect=200)
    assert again.json()["recorded"] == []
    contents = await s.w.get("archive", f"{s.path}/contents", ARCHIVIST)
    (kind,) = [k for k in contents["kinds"] if k["content"] == "four_property_report"]
    (report,) = kind["documents"]
    answer = await s.w.client("archive", ARCHIVIST).get(
        f"{s.path}/documents/{report['document']}"
    )
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF-")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert quote("四性检测报告.pdf") in answer.headers["content-disposition"]


async def test_a_new_version_takes_the_place_of_the_old_one(s: Scene) -> None:
    await s.serve_to_the_end()
    first = await upload(s, picture(), name="现场.png")
    await file(s, "photo", first)
    second = await upload(s, picture("JPEG"), name="现场.jpg")
    await file(s, "photo", second, replaces=first.json()["upload"])
    contents = await s.w.get("archive", f"{s.path}/contents", ARCHIVIST)
    (kind,) = [k for k in contents["kinds"] if k["content"] == "photo"]
    assert kind["held"] == 1
    versions = [(d["version"], d["replaced_by"]) for d in kind["documents"]]
    assert versions == [(1, second.json()["upload"]), (2, None)]
    third = await upload(s, picture(size=(8, 8)))
    body = {
        "content": "photo", "title": "又一版", "upload": third.json()["upload"],
        "replaces": first.json()["upload"],
    }  # fmt: skip
    refused = await s.w.post("archive", f"{s.path}/documents", body, ARCHIVIST, expect=409)
    assert refused.json()["reason"] == "document_already_replaced"


async def test_the_same_upload_twice_is_one_and_the_same_file_in_two_matters_cannot_be_linked(
    s: Scene,
) -> None:  # B78
    await s.serve_to_the_end()
    other = s.another()
    await other.request()
    await other.file()
    content, key = pdf("同一份"), new_id().hex
    one, same = await upload(s, content, key=key), await upload(s, content, key=key)
    assert one.json() == same.json()
    reused = await upload(s, pdf("另一份"), key=key)
    assert reused.status_code == 422 and reused.json()["type"].endswith("key_reused")
    await file(s, "minutes", one)
    again = await file(s, "minutes", one)
    assert again.json()["recorded"] == []
    await file(other, "minutes", await upload(other, content))
    commitments = []
    for scene in (s, other):
        listed = await s.w.get("archive", f"{scene.path}/contents", ARCHIVIST)
        commitments += [
            d["commitment"] for k in listed["kinds"] for d in k["documents"] if d["commitment"]
        ]
    assert len(set(commitments)) == 2 and sha256(content).hexdigest() not in commitments


async def test_what_is_not_what_it_says_is_refused_and_nothing_is_written(s: Scene) -> None:
    before = (await s.file(await s.serve_to_the_end()))["version"]
    known = len(objects(s))
    for content, media, reason in (
        (b"", "application/pdf", "empty"),
        (b"<html><script>alert(1)</script>", "application/pdf", "type"),
        (pdf(), "image/png", "type_differs"),
        (docx({"word/vbaProject.bin": b"x"}), "application/octet-stream", "active_content"),
    ):
        refused = await upload(s, content, media)
        assert (refused.status_code, refused.json()["reason"]) == (422, reason), refused.text
    refused = await upload(s, pdf(), digest=b"\0" * 32)  # B76
    assert (refused.status_code, refused.json()["reason"]) == (422, "digest_differs")
    assert (await upload(s, b"x", "text/html")).status_code == 415
    assert (await s.file())["version"] == before and len(objects(s)) == known


async def test_an_upload_that_is_cut_off_leaves_nothing(s: Scene) -> None:  # B76
    await s.serve_to_the_end()
    known = len(objects(s))
    where = httpx.URL(s.w.addresses["archive"])
    reader, writer = await asyncio.open_connection(where.host, where.port)
    content = pdf("被切断")
    head = (
        f"POST {s.path}/uploads HTTP/1.1\r\nHost: x\r\nContent-Type: application/pdf\r\n"
        f"Authorization: Bearer {s.w.token('archivist')}\r\nIdempotency-Key: {new_id().hex}\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    writer.write(head.encode() + content[:-200])
    await writer.drain()
    writer.close()
    await reader.read()
    folder = Path(s.speakers["intake"].floors[0].settings.documents or "") / "quarantine"

    async def waiting() -> int:
        return len(list(folder.iterdir())) if folder.exists() else 0

    await s.w.eventually(waiting, lambda n: n == 0)
    assert len(objects(s)) == known


async def test_nothing_on_file_can_be_deleted(s: Scene) -> None:
    await s.serve_to_the_end()
    sent = await upload(s, pdf("不可删"))
    await file(s, "minutes", sent)
    client = s.w.client("archive", ADMIN)
    for path in (s.path, f"{s.path}/documents/{sent.json()['upload']}"):
        assert (await client.delete(path)).status_code == 405
    await s.w.eventually(lambda: _is_filed(s, sent.json()["upload"]))
    connection = await asyncpg.connect(s.w.databases.services["archive"])
    try:
        for ask in (
            "DELETE FROM uploads WHERE filed",
            "UPDATE uploads SET salt = decode(repeat('00', 32), 'hex')",
            "TRUNCATE uploads",
        ):
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(ask)
    finally:
        await connection.close()


async def _is_filed(s: Scene, id: str) -> bool:
    connection = await asyncpg.connect(s.w.databases.services["archive"])
    try:
        row = await connection.fetchrow(
            "SELECT filed, sha256, name FROM uploads WHERE id = $1::uuid", id
        )
    finally:
        await connection.close()
    return row is not None and tuple(row) == (True, None, None)


async def test_who_looked_is_on_record_and_only_some_may_see_it(s: Scene) -> None:
    await s.serve_to_the_end()
    await s.w.get("archive", f"{s.path}/story", LIAISON)
    reads = await s.w.get("archive", f"{s.path}/reads", ARCHIVIST)
    seen = {(r["actor"], r["purpose"]) for r in reads["reads"]}
    assert (s.w.person(LIAISON).id, "GET /matters/{id}/story") in seen
    assert (await s.w.client("archive", CLERK).get(f"{s.path}/reads")).status_code == 403


async def test_the_work_log_is_written_by_the_events(s: Scene) -> None:
    await s.serve_to_the_end()
    log = await s.w.get("archive", f"{s.path}/worklog", ARCHIVIST)
    assert len(log["lines"]) == 1 and "跑办" in log["lines"][0]["text"]


async def test_the_work_log_tells_what_the_agent_wrote_to_who_may_read_it(s: Scene) -> None:
    await s.serve_to_the_end()
    for person, said in (
        (ARCHIVIST, "跑办"),
        ("agent", "跑办"),
        ("unit", "跑办"),
        (CLERK, None),
    ):
        path = f"{s.path}/worklog"
        log = await s.w.until("archive", path, lambda told: not told["silent"], person)
        assert log["lines"][0]["said"] == said, person
    looked = await s.w.get("archive", f"{s.path}/looked", "auditor")
    readers = {look["actor"] for look in looked["looks"] if look["service"] == "supervision"}
    assert s.w.person("agent").id in readers


async def test_the_same_position_makes_the_same_book_and_later_facts_change_nothing(
    s: Scene, tmp_path: Path
) -> None:
    entries = await s.serve_to_the_end()
    position = (await s.file(entries))["position"]
    client = s.w.client("archive", ARCHIVIST)

    async def bound(form: str) -> bytes:
        answer = await client.get(f"{s.path}/book", params={"form": form, "at": position})
        assert answer.status_code == 200, answer.text
        return answer.content

    before = [await bound("pdf"), await bound("html")]
    await file(s, "photo", await upload(s, picture()))
    await s.register()
    assert [await bound("pdf"), await bound("html")] == before
    text = before[1].decode()
    assert s.number in text and "测试公司" not in text and "跑办" in text
    assert before[0].startswith(b"%PDF-") and "<script" not in text
    out, home = tmp_path / "out.pdf", s.box(tmp_path / "box")
    told = await asyncio.to_thread(
        CliRunner().invoke,
        cli.main,
        ["file", s.number, "--book", str(out), "--at", str(position), "--home", home],
    )
    assert told.exit_code == 0, told.output
    assert out.read_bytes() == before[0]
    code, said = await typed(s.w, tmp_path, "file", s.number, "--book", "out.pdf")
    assert code == 0, said
    assert out.read_bytes().startswith(b"%PDF-") and out.read_bytes() != before[0]
    assert faults(out.read_bytes()) == []


async def test_a_closed_file_leaves_as_a_package_that_describes_and_hashes_itself(
    s: Scene,
) -> None:
    await s.serve_to_the_end()
    content = pdf("入包")
    await file(s, "minutes", await upload(s, content))
    client = s.w.client("archive", ARCHIVIST)
    early = await client.get(f"{s.path}/package")
    assert (early.status_code, early.json()["reason"]) == (409, "file_not_closed")
    await s.w.post("archive", f"{s.path}/check", person=ARCHIVIST, expect=200)
    await s.w.post("archive", f"{s.path}/closing", person=ARCHIVIST, expect=200)
    answer = await client.get(f"{s.path}/package")
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as bag:
        lines = bag.read("manifest-sha256.txt").decode().splitlines()
        listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
        assert listed.keys() == {*bag.namelist()} - {"manifest-sha256.txt"}
        assert all(sha256(bag.read(name)).hexdigest() == listed[name] for name in listed)
        assert sha256(content).hexdigest() in listed.values()
        assert faults(bag.read("案卷.pdf")) == []
        report = next(name for name in listed if name.startswith("文件/four_property_report/"))
        assert faults(bag.read(report)) == []
        told_of = bag.read("说明.txt").decode()
        assert "正式文本未能取得" in told_of and "was not at hand" in told_of
        told = ElementTree.fromstring(bag.read("目录.xml"))
    space = "{urn:onefile:archive-package:v1}"
    stored = [one.get("路径") for one in told.iter(f"{space}文件") if one.get("路径")]
    assert len(stored) == 2 and set(stored) < listed.keys()
    assert told.find(f"{space}依据") is not None


async def test_twenty_mebibytes_stream_in_a_memory_that_does_not_grow(s: Scene) -> None:
    await s.serve_to_the_end()
    padding = b"%" + b"0" * 1022 + b"\n"
    content = pdf("大文件").replace(b"startxref", padding * 20_480 + b"startxref")
    assert len(content) > 20 * 1024 * 1024
    tracemalloc.start()
    try:

        async def parts() -> AsyncIterator[bytes]:
            for at in range(0, len(content), 65_536):
                yield content[at : at + 65_536]

        answer = await s.w.client("archive", ARCHIVIST).post(
            f"{s.path}/uploads",
            content=parts(),
            headers={"Idempotency-Key": new_id().hex, "Content-Type": "application/pdf"},
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert answer.status_code == 202, answer.text
    assert answer.json()["size"] == len(content)
    assert peak < 12 * 1024 * 1024, peak


async def test_the_signed_list_of_a_handover_is_a_document_even_of_a_closed_file(
    s: Scene,
) -> None:
    await s.serve_to_the_end()
    for step in ("check", "closing"):
        await s.w.post("archive", f"{s.path}/{step}", person=ARCHIVIST, expect=200)
    papers = [d["document"] for d in (await s.file())["documents"]][:1]
    over: dict[str, Any] = {
        "holder": "applicant",
        "documents": papers,
        "recipient": "测试公司经办人乙",
    }
    path = f"{s.path}/handovers"
    bare = await s.w.post("archive", path, over, person=ARCHIVIST, expect=409)
    assert (bare.json()["reason"], bool(bare.json()["details"]["remedy"])) == (
        "list_not_signed",
        True,
    )
    answer = await upload(s, pdf(), "application/pdf", name="移交清单.pdf")
    over["upload"] = answer.json()["upload"]
    done = await s.w.post("archive", path, over, person=ARCHIVIST, expect=200)
    assert done.json()["recorded"] == [
        "archive.file_handed_over.v1",
        "archive.document_filed.v1",
    ]
    contents = await s.w.get("archive", f"{s.path}/contents", ARCHIVIST)
    (kind,) = [k for k in contents["kinds"] if k["content"] == "hand_over_list"]
    assert kind["zh"] == "移交清单（已签收）" and kind["documents"][0]["stored"] is True
    assert (await s.w.post("archive", path, over, person=ARCHIVIST, expect=200)).json()[
        "recorded"
    ] == []
