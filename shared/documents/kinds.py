"""What kind of file is this really, by its first bytes and by its structure?

What a sender calls a file is never believed. What cannot be looked into is refused.
"""

import mmap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shared.documents import images, pdf, zipped
from shared.documents.faults import Unfit, not_known

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFD = "application/ofd"

MEDIA = (PDF, JPEG, PNG, DOCX, XLSX, OFD)
ENDINGS = {PDF: "pdf", JPEG: "jpg", PNG: "png", DOCX: "docx", XLSX: "xlsx", OFD: "ofd"}


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A kind, and who looks at its structure."""

    magic: bytes
    look: Callable[[Path, mmap.mmap], str]


def kind_of(file: Path) -> str:
    """The media type of `file`; raises `Unfit`. It reads the whole file: ask from a thread."""
    if file.stat().st_size == 0:
        raise Unfit("empty", "文件是空的", "the file is empty")
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as held:
        for kind in _KINDS:
            if held[: len(kind.magic)] == kind.magic:
                return kind.look(file, held)
    raise not_known()


def _pdf(_: Path, held: mmap.mmap) -> str:
    pdf.look(held)
    return PDF


def _jpeg(_: Path, held: mmap.mmap) -> str:
    images.look_jpeg(held)
    return JPEG


def _png(_: Path, held: mmap.mmap) -> str:
    images.look_png(held)
    return PNG


def _zip(file: Path, _: mmap.mmap) -> str:
    names = zipped.look(file)
    for main, media in (
        ("word/document.xml", DOCX),
        ("xl/workbook.xml", XLSX),
        ("OFD.xml", OFD),
    ):
        if main in names and (media == OFD or "[Content_Types].xml" in names):
            return media
    raise not_known()


_KINDS = (
    Sniffed(b"%PDF-", _pdf),
    Sniffed(b"\xff\xd8\xff", _jpeg),
    Sniffed(b"\x89PNG\r\n\x1a\n", _png),
    Sniffed(b"PK\x03\x04", _zip),
)
