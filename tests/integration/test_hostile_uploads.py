"""Files that lie, burst, hide or infect, sent to the real door: refused by name, nothing written."""

import asyncio
import re
import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from services.archive.app import SPEC
from services.archive.app import build as built
from services.archive.service import SPEAKERS
from services.onebox.platform import Platform
from shared.documents.arriving import LONGEST_NAME
from shared.effects import new_id
from shared.runtime import Floor, Parts
from tests.integration.archive_scene import Scene, Speaker
from tests.integration.document_samples import EICAR, container, docx, pdf, picture
from tests.integration.test_archive_documents import ARCHIVIST, file, objects, upload
from tests.world import world

TO_SCANNER = "scanner.sock"
LARGEST = 16 * 2**20
PLAIN_PDF = b"%PDF-1.7\n1 0 obj\n<<{}>>\nendobj\nstartxref\n0\n%%EOF\n"
archives: list[Any] = []
HEX = re.compile(r"[0-9a-f]{64}")


def place_of(floor: Floor) -> Path:
    return Path(floor.settings.documents or "")


@pytest.fixture(scope="module")
async def stage(platform: Platform) -> AsyncIterator[Scene]:
    """Archive is told of a scanner; whether one answers at its socket is up to the test."""
    speakers = {name: Speaker(name) for name in SPEAKERS}

    async def build(floor: Floor) -> Parts:
        socket = place_of(floor).with_name(TO_SCANNER)
        told = {"scanner": f"clamd://{socket}", "largest_document": LARGEST}
        settings = floor.settings.model_copy(update=told)
        parts = await built(replace(floor, settings=settings))
        archives.append(parts.service)
        return parts

    archive = replace(SPEC, build=build)
    async with world(platform, [*(s.spec() for s in speakers.values()), archive]) as w:
        yield Scene(w, speakers, 0)


@pytest.fixture
def s(stage: Scene) -> Scene:
    return stage.anew()


@asynccontextmanager
async def scanner(s: Scene) -> AsyncIterator[None]:
    """Speaks as clamd does (INSTREAM) and knows one virus: that of the EICAR test file."""

    async def look(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came = bytearray()
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        while size := struct.unpack(">I", await reader.readexactly(4))[0]:
            came += await reader.readexactly(size)
        found = b"stream: Eicar-Test-Signature FOUND\0"
        writer.write(found if EICAR in came else b"stream: OK\0")
        writer.close()

    socket = place_of(s.speakers["intake"].floors[0]).with_name(TO_SCANNER)
    async with await asyncio.start_unix_server(look, socket):
        yield
    socket.unlink(missing_ok=True)


def infected() -> bytes:
    """A whole PDF with the test virus in a comment behind its objects."""
    return pdf("染毒").replace(b"startxref", b"%" + EICAR + b"\nstartxref", 1)


def locked() -> bytes:
    """A ZIP whose entry says that it is encrypted, in both of its headers."""
    made = bytearray(docx())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = made.find(signature)
        while place >= 0:
            made[place + at] |= 1
            place = made.find(signature, place + 4)
    return bytes(made)


def huge_png() -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + chunk


def huge_jpeg() -> bytes:
    made = bytearray(picture("JPEG"))
    frame = made.find(b"\xff\xc0")
    struct.pack_into(">HH", made, frame + 5, 50_000, 50_000)
    return bytes(made)


HOSTILE: dict[str, tuple[bytes, str]] = {
    "B73 no byte at all": (b"", "empty"),
    "B73 called PDF, really HTML": (b"<html><script>alert(1)</script>", "type"),
    "B73 SVG": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "type"),
    "B73 a program": (b"MZ\x90\0" + b"\0" * 64, "type"),
    "B73 a document with macros": (docx({"word/vbaProject.bin": b"x"}), "active_content"),
    "B73 an encrypted ZIP": (locked(), "encrypted"),
    "B73 a plain ZIP": (container({"a.txt": b"x"}), "type"),
    "B74 a ZIP bomb": (docx({"word/a.bin": b"\0" * 50_000_000}), "too_much_inside"),
    "B74 a ZIP that climbs out": (docx({"../../x": b"slip"}), "structure"),
    "B74 a hundred thousand entries": (
        container({str(n): b"" for n in range(100_000)}), "too_much_inside",
    ),
    "B74 a ZIP in a ZIP": (
        docx({"word/media/a.bin": container({"b": b"c"})}), "active_content",
    ),
    "B79 a PNG of 50 000 by 50 000": (huge_png(), "too_many_pixels"),
    "B79 a JPEG of 50 000 by 50 000": (huge_jpeg(), "too_many_pixels"),
    "B79 a PDF with JavaScript": (
        PLAIN_PDF.replace(b"{}", b"/OpenAction<</S/JavaScript/JS(x)>>"), "active_content",
    ),
    "B79 a PDF that launches": (PLAIN_PDF.replace(b"{}", b"/A<</S/Launch>>"), "active_content"),
}  # fmt: skip


async def waiting(s: Scene) -> list[Path]:
    folder = place_of(s.speakers["intake"].floors[0]) / "quarantine"
    return list(folder.iterdir()) if folder.exists() else []


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["reason"]


async def test_each_hostile_file_is_refused_by_name_and_nothing_is_written(s: Scene) -> None:
    entries = await s.serve_to_the_end()
    before, known = (await s.file(entries))["version"], set(objects(s))
    async with scanner(s):
        for name, (content, reason) in HOSTILE.items():
            refused = await upload(s, content)
            assert refusal(refused) == (422, reason), (name, refused.text)
            remedy = refused.json()["remedy"]
            assert " / " in remedy, name  # in both languages
    assert (await s.file())["version"] == before and set(objects(s)) == known
    assert await waiting(s) == []


async def test_a_hostile_name_is_shown_cleaned_and_the_bytes_stand_under_their_hash(
    s: Scene,
) -> None:  # B75
    await s.serve_to_the_end()
    known = set(objects(s))
    names = {
        "../../x": "x.png",
        "CON": "文件.png",
        "长" * 300: "长" * LONGEST_NAME + ".png",
        "a\u202egpj.exe": "agpj.png",
        "nul\0.pdf": "文件.png",
    }
    async with scanner(s):
        for number, (given, shown) in enumerate(names.items()):
            sent = await upload(s, picture(size=(8, 8 + number)), name=given)
            assert (sent.status_code, sent.json()["name"]) == (201, shown), sent.text
            await file(s, "photo", sent)
    contents = await s.w.get("archive", f"{s.path}/contents", ARCHIVIST)
    (kind,) = [k for k in contents["kinds"] if k["content"] == "photo"]
    assert {d["name"] for d in kind["documents"]} == {*names.values()}
    new = set(objects(s)) - known
    assert len(new) == len(names) and all(HEX.fullmatch(one.name) for one in new)


async def test_what_a_scanner_finds_is_refused_and_a_clean_file_is_read_at_once(
    s: Scene,
) -> None:  # B77
    await s.serve_to_the_end()
    known = set(objects(s))
    async with scanner(s):
        refused = await upload(s, infected(), "application/pdf")
        assert refusal(refused) == (422, "infected")
        assert "Eicar" in refused.json()["found"]
        assert set(objects(s)) == known
        clean = await upload(s, pdf("干净"), "application/pdf")
        assert (clean.status_code, clean.json()["look"]) == (201, "clean")
    await file(s, "minutes", clean)
    path = f"{s.path}/documents/{clean.json()['upload']}"
    answer = await s.w.client("archive", ARCHIVIST).get(path)
    assert (answer.status_code, answer.content) == (200, pdf("干净"))


async def test_while_the_scanner_is_down_an_upload_waits_and_is_looked_at_afterwards(
    s: Scene,
) -> None:  # B77
    await s.serve_to_the_end()
    sent = [await upload(s, one, "application/pdf") for one in (infected(), pdf("等待"))]
    assert [(one.status_code, one.json()["look"]) for one in sent] == [(202, "pending")] * 2
    bad, good = (one.json()["upload"] for one in sent)
    path = f"{s.path}/documents"

    def body(upload: str) -> dict[str, str]:
        return {"content": "minutes", "title": "测试文件", "upload": upload}

    for one in (bad, good):
        early = await s.w.post("archive", path, body(one), ARCHIVIST, expect=503)
        assert early.json()["type"].endswith("document_unscanned")
        read = await s.w.client("archive", ARCHIVIST).get(f"{path}/{one}")
        assert read.status_code == 404
    async with scanner(s):
        await archives[-1].documents.look_again()  # its agenda does so every half minute,
        await s.w.eventually(  # and may be doing it now
            lambda: looked(s), lambda found: sorted(found) == ["clean", "infected"]
        )
    refused = await s.w.post("archive", path, body(bad), ARCHIVIST, expect=422)
    assert refused.json()["reason"] == "infected"
    await s.w.post("archive", path, body(good), ARCHIVIST, expect=200)
    read = await s.w.client("archive", ARCHIVIST).get(f"{path}/{good}")
    assert (read.status_code, read.content) == (200, pdf("等待"))


async def looked(s: Scene) -> list[str]:
    rows = await asked(s, "SELECT look FROM uploads WHERE matter = $1", s.matter)
    return [row["look"] for row in rows]


async def asked(s: Scene, statement: str, *given: Any) -> list[Any]:
    connection = await asyncpg.connect(s.w.databases.services["archive"])
    try:
        return list(await connection.fetch(statement, *given))
    finally:
        await connection.close()


async def test_events_do_not_tell_that_two_matters_hold_the_same_file(s: Scene) -> None:  # B78
    await s.serve_to_the_end()
    other = s.another()
    await other.request()
    await other.file()
    said: list[set[str]] = []
    async with scanner(s):
        for scene in (s, other):
            await file(scene, "minutes", await upload(scene, pdf("同一份")))
            rows = await asked(
                s,
                "SELECT fact FROM events WHERE stream = $1 AND type = $2",
                scene.matter, "archive.document_filed.v1",
            )  # fmt: skip
            said.append({found for row in rows for found in HEX.findall(row["fact"])})
    assert all(said) and said[0].isdisjoint(said[1])


async def test_a_file_that_is_too_large_is_refused_while_it_streams(s: Scene) -> None:
    await s.serve_to_the_end()
    known = set(objects(s))

    async def a_byte_too_much() -> AsyncIterator[bytes]:
        for _ in range(LARGEST // 2**20):
            yield b"%" * 2**20
        yield b"%"

    answer = await s.w.client("archive", ARCHIVIST).post(
        f"{s.path}/uploads", content=a_byte_too_much(),
        headers={"Idempotency-Key": new_id().hex, "Content-Type": "application/pdf"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["largest"]) == (413, LARGEST)
    await s.w.eventually(lambda: waiting(s), lambda left: left == [])
    assert set(objects(s)) == known
