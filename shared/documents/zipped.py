"""Is this container (DOCX, XLSX, OFD) whole, bearable inside, and free of what acts?"""

import re
import zipfile
from pathlib import Path, PurePosixPath

from shared.documents.faults import active, bomb, damaged, locked

MOST_ENTRIES = 5_000
LARGEST_INSIDE = 256 * 1024 * 1024
STEEPEST = 100
"""How many times larger a part may be than it is packed, beyond the first MiB."""
_SLACK = 1024 * 1024
_CHUNK = 256 * 1024
_LOOKED_INTO = 4 * 1024 * 1024

_ACTING = re.compile(
    r"(vbaProject|vbaData|activeX|oleObject)[^/]*$|(^|/)(embeddings|macrosheets)/", re.I
)
_REMOTE = re.compile(rb"""attachedTemplate[^>]*TargetMode\s*=\s*["']External""", re.I)
_REMOTE_FIRST = re.compile(
    rb"""TargetMode\s*=\s*["']External["'][^>]*(attachedTemplate|oleObject|frame)""", re.I
)
_NESTED = (
    b"PK\x03\x04",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b\x08",
    b"MZ",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
)


def look(file: Path) -> frozenset[str]:
    """The names inside; raises `Unfit`. Every part is inflated once, within limits."""
    try:
        with zipfile.ZipFile(file) as container:
            entries = container.infolist()
            if len(entries) > MOST_ENTRIES:
                raise bomb(f"{len(entries)}个条目", f"{len(entries)} entries")
            names = [entry.filename for entry in entries]
            if len(set(names)) != len(names):
                raise damaged("条目重名", "two parts have one name")
            left = LARGEST_INSIDE
            for entry in entries:
                _named(entry)
                left -= _read(container, entry, left)
            return frozenset(names)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise damaged("压缩包损坏", "the container is damaged") from error
    except RuntimeError as error:  # what zipfile says of a password
        raise locked() from error


def _named(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    path = PurePosixPath(name)
    if (
        path.is_absolute()
        or ".." in path.parts
        or "\\" in name
        or ":" in name
        or "\0" in name
        or (entry.external_attr >> 16) & 0o170000 == 0o120000
    ):
        raise damaged("条目路径越界", "the name of a part leads out of the container")
    if entry.flag_bits & 0x1:
        raise locked()
    if _ACTING.search(name):
        raise active(name.rsplit("/", 1)[-1], name.rsplit("/", 1)[-1])


def _read(container: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> int:
    """How large the part really is: what its header says is not believed."""
    size, seen = 0, bytearray()
    with container.open(entry) as part:
        while chunk := part.read(_CHUNK):
            if size == 0 and chunk.startswith(_NESTED):
                raise active("容器内另有压缩包或程序", "an archive or a program inside")
            size += len(chunk)
            if size > left or size > _SLACK + STEEPEST * entry.compress_size:
                raise bomb("压缩比过高", "it inflates too far")
            if len(seen) < _LOOKED_INTO and entry.filename.endswith((".xml", ".rels")):
                seen += chunk
    _judge(entry.filename, bytes(seen))
    return size


def _judge(name: str, text: bytes) -> None:
    if name == "[Content_Types].xml" and b"macroEnabled" in text:
        raise active("宏", "macros")
    if name.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in text or b"<!ENTITY" in text):
        raise active("XML 实体声明", "an XML entity declaration")
    if name.endswith(".rels") and (_REMOTE.search(text) or _REMOTE_FIRST.search(text)):
        raise active("外部模板", "a template from elsewhere")
