"""A document is what its bytes and structure say; what cannot be looked into is refused."""

import asyncio
import struct
import zlib
from pathlib import Path

import pytest

from shared.documents.arriving import clean_name, declared_digest
from shared.documents.faults import Unfit
from shared.documents.kinds import DOCX, JPEG, OFD, PDF, PNG, XLSX, kind_of
from shared.documents.scanning import Clamd, Look, Nobody, Program, scanner_of
from shared.documents.store import Absent, Folder, commitment, digest_of
from tests.integration.document_samples import (
    EICAR,
    container,
    docx,
    ofd,
    pdf,
    picture,
    xlsx,
)

MINIMAL = b"%PDF-1.7\n1 0 obj\n<<{}>>\nendobj\nstartxref\n0\n%%EOF\n"


def looked(folder: Path, content: bytes) -> str:
    file = folder / "uploaded"
    file.write_bytes(content)
    return kind_of(file)


def object_stream(inside: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(inside)
    return (
        b"%PDF-1.7\n1 0 obj\n<</Type/ObjStm/Filter/FlateDecode" + more + b">>\nstream\n"
        + packed + b"\nendstream\nendobj\nstartxref\n0\n%%EOF\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (pdf(), PDF),
        (picture("PNG"), PNG),
        (picture("JPEG"), JPEG),
        (docx(), DOCX),
        (xlsx(), XLSX),
        (ofd(), OFD),
        (object_stream(b"<</Type/Page>>"), PDF),
    ],
)
def test_each_kind_that_is_kept_is_known_by_its_bytes(
    tmp_path: Path, content: bytes, media: str
) -> None:
    assert looked(tmp_path, content) == media


def huge_png() -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + chunk


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<html><body>no pdf</body></html>", "type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type"),
        (b"MZ\x90\x00", "type"),
        (EICAR, "type"),
        (container({"a.txt": b"plain zip"}), "type"),
        (docx({"word/vbaProject.bin": b"x"}), "active_content"),
        (docx({"word/embeddings/a.xlsx": b"x"}), "active_content"),
        (docx({"word/a.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]>"}), "active_content"),
        (docx({"word/media/a.bin": container({"b": b"c"})}), "active_content"),
        (docx({"../../x": b"slip"}), "structure"),
        (docx({"word/big.bin": b"\0" * 200_000_000}), "too_much_inside"),
        (container({f"{n}": b"" for n in range(5_001)}), "too_much_inside"),
        (docx()[:-30], "structure"),
        (pdf()[:-200], "structure"),
        (MINIMAL.replace(b"{}", b"/OpenAction<</S/JavaScript/JS(x)>>"), "active_content"),
        (MINIMAL.replace(b"{}", b"/J#61vaScript 1"), "active_content"),
        (MINIMAL.replace(b"{}", b"/A<</S/Launch>>"), "active_content"),
        (MINIMAL.replace(b"{}", b"/Encrypt 2 0 R"), "encrypted"),
        (object_stream(b"<</S/JavaScript>>"), "active_content"),
        (object_stream(b" " * 300_000 + b"/Java" + b"Script 1"), "active_content"),
        (object_stream(b"x", b"/DecodeParms<<>>"), "active_content"),
        (object_stream(b"\0" * 70_000_000), "too_much_inside"),
        (huge_png(), "too_many_pixels"),
        (picture("PNG") + b"<html>", "structure"),
        (picture("PNG")[:-4], "structure"),
        (picture("JPEG")[:-40], "structure"),
    ],
)
def test_what_is_not_whole_or_not_harmless_is_refused(  # B73, B74, B79
    tmp_path: Path, content: bytes, code: str
) -> None:
    with pytest.raises(Unfit) as refused:
        looked(tmp_path, content)
    assert refused.value.code == code
    assert refused.value.zh and refused.value.en


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/x.pdf", "x.pdf"),
        ("C:\\a\\现场.PNG", "现场.pdf"),
        ("CON", "文件.pdf"),
        ("a\u202egpj.exe", "agpj.pdf"),
        ("x" * 300, "x" * 120 + ".pdf"),
        ("nul\0.pdf", "文件.pdf"),
        ("", "文件.pdf"),
        ("纪要<1>.docx", "纪要_1_.pdf"),
    ],
)
def test_a_display_name_is_harmless_and_ends_as_it_is(given: str, shown: str) -> None:  # B75
    assert clean_name(given, "pdf") == shown


def test_a_declared_digest_is_sha256_or_is_refused() -> None:
    assert declared_digest(None) is None
    assert declared_digest("sha-256=:" + "A" * 43 + "=:") == b"\0" * 32
    for wrong in ("sha-512=:AAAA:", "sha-256=:!!!:", "x"):
        with pytest.raises(Unfit):
            declared_digest(wrong)


@pytest.mark.parametrize(
    ("answer", "look"),
    [
        (b"stream: OK\0", "clean"),
        (b"stream: Eicar-Test-Signature FOUND\0", "infected"),
        (b"INSTREAM size limit exceeded. ERROR\0", "pending"),
        (b"", "pending"),
        (b"stream: OK; no, not really\0", "pending"),
    ],
)
async def test_what_clamd_says_is_believed_only_when_it_is_understood(  # B77
    tmp_path: Path, answer: bytes, look: Look
) -> None:
    received = bytearray()

    async def clamd(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        while size := struct.unpack(">I", await reader.readexactly(4))[0]:
            received.extend(await reader.readexactly(size))
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(clamd, "127.0.0.1", 0)
    file = tmp_path / "x"
    file.write_bytes(EICAR * 3_000)
    async with server:
        port = server.sockets[0].getsockname()[1]
        verdict = await Clamd("127.0.0.1", port).scan(file)
    assert verdict.look == look and bytes(received) == EICAR * 3_000


async def test_a_scanner_that_is_away_leaves_it_pending(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"x")
    assert (await Clamd("127.0.0.1", 1).scan(file)).look == "pending"
    assert (await Nobody().scan(file)).look == "pending"
    for words, look in (
        ("true", "clean"),
        ("false", "infected"),
        ("no-such-program", "pending"),
    ):
        assert (await Program((words,)).scan(file)).look == look


def test_a_scanner_is_named_by_its_address() -> None:
    assert scanner_of(None) == Nobody()
    assert scanner_of("clamd://scan.test:3311") == Clamd("scan.test", 3311)
    assert scanner_of("clamd:///run/clamd.sock") == Clamd(None, path="/run/clamd.sock")
    assert scanner_of("command:clamscan --no-summary") == Program(("clamscan", "--no-summary"))
    for wrong in ("http://x", "command:", "clamd:"):
        with pytest.raises(ValueError, match="ONEFILE_SCANNER"):
            scanner_of(wrong)


async def test_a_folder_keeps_bytes_once_and_gives_them_back(tmp_path: Path) -> None:
    kept = Folder(tmp_path / "objects")
    for _ in range(2):
        waiting = tmp_path / "waiting"
        waiting.write_bytes(b"content")
        await kept.keep("ab12", waiting)
        assert not waiting.exists()
    (file,) = [one for one in (tmp_path / "objects").rglob("*") if one.is_file()]
    assert file.stat().st_mode & 0o222 == 0
    digest = await digest_of(kept, "ab12")
    assert commitment(b"1" * 32, digest) != commitment(b"2" * 32, digest)
    await kept.forget("ab12")
    await kept.forget("ab12")
    with pytest.raises(Absent):
        await digest_of(kept, "ab12")
