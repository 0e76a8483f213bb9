"""Is this PDF whole, open to be read, and free of anything that acts when it is opened?"""

import mmap
import re
import zlib

from shared.documents.faults import active, bomb, damaged, locked

LARGEST_PART = 64 * 1024 * 1024
"""What one object stream may hold once inflated."""
LARGEST_WHOLE = 256 * 1024 * 1024
WINDOW, OVERLAP = 256 * 1024, 256

_STREAM = re.compile(rb"stream\r?\n")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTING = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|SubmitForm|ImportData|RichMedia|GoToE|GoToR|XFA"
    rb"|Movie|Sound|Rendition)(?![A-Za-z0-9_.-])"
)
_LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9_.-])")
_FILTERS = re.compile(rb"/Filter\s*(\[[^\]]*\]|/[A-Za-z0-9]+)")
_PARAMETERS = re.compile(rb"/DecodeParms")


def look(held: mmap.mmap) -> None:
    """Raises `Unfit`. Names are read with their `#` escapes undone, object streams inflated."""
    size = len(held)
    if not re.match(rb"%PDF-(1\.[0-7]|2\.0)", held[:9]):
        raise damaged("PDF 版本不明", "the PDF has no known version")
    if held.rfind(b"%%EOF", max(0, size - 2048)) < 0 or held.rfind(b"startxref") < 0:
        raise damaged("PDF 没有结束标志", "the PDF has no end: it may have been cut off")
    inflated, place = 0, 0
    while True:
        found = _STREAM.search(held, place)
        _judge_all(held, place, found.start() if found else size)
        if found is None:
            return
        end = held.find(b"endstream", found.end())
        if end < 0:
            raise damaged("PDF 对象流没有结束", "a PDF stream has no end")
        head = _plain(held[max(place, found.start() - 4096) : found.start()])
        if b"/ObjStm" in head.rsplit(b" obj", 1)[-1]:
            own = head.rsplit(b" obj", 1)[-1]
            inflated += _object_stream(own, held, found.end(), end)
            if inflated > LARGEST_WHOLE:
                raise bomb("PDF 对象流", "PDF object streams")
        place = end + len(b"endstream")


def _object_stream(head: bytes, held: mmap.mmap, begin: int, end: int) -> int:
    """Looks into an object stream, window by window; returns its size."""
    filters = _FILTERS.search(head)
    if filters is None:
        _judge_all(held, begin, end)
        return end - begin
    if re.findall(rb"/(\w+)", filters[1]) != [b"FlateDecode"] or _PARAMETERS.search(head):
        raise active("PDF 对象流无法查看", "an object stream that cannot be looked into")
    reading, size, before = zlib.decompressobj(), 0, b""
    for place in range(begin, end, WINDOW):
        packed = held[place : min(place + WINDOW, end)]
        while packed:
            try:
                plain = reading.decompress(packed, WINDOW)
            except zlib.error:
                raise damaged("PDF 对象流损坏", "a PDF object stream is damaged") from None
            packed, size = reading.unconsumed_tail, size + len(plain)
            if size > LARGEST_PART:
                raise bomb("PDF 对象流", "a PDF object stream")
            _judge(before + plain)
            before = (before + plain)[-OVERLAP:]
    return size


def _judge_all(held: mmap.mmap, begin: int, end: int) -> None:
    """Window by window, each with the end of the one before: no name is cut in two."""
    for place in range(begin, end, WINDOW):
        _judge(held[max(begin, place - OVERLAP) : min(place + WINDOW, end)])


def _judge(part: bytes) -> None:
    plain = _plain(part)
    if _LOCKED.search(plain):
        raise locked()
    if found := _ACTING.search(plain):
        name = found[0].decode()
        raise active(f"PDF 中有 {name}", f"{name} in the PDF")


def _plain(part: bytes) -> bytes:
    """Names as they read: `/J#61vaScript` is `/JavaScript`."""
    if b"#" not in part:
        return part
    return _ESCAPED.sub(lambda m: bytes([int(m[1], 16)]), part)
