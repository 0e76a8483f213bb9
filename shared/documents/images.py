"""Is this picture whole, of a size that can be opened, and nothing besides a picture?"""

import mmap
import struct
import zlib

from shared.documents.faults import Unfit, damaged

MOST_PIXELS = 100_000_000
"""A picture of more pixels than this brings down who opens it (默认值)."""
_WITHOUT_LENGTH = frozenset(range(0xD0, 0xD8)) | {0x01}
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def look_jpeg(held: mmap.mmap) -> None:
    """Walks the segments to the scan and finds the end; raises `Unfit`."""
    place, size, framed = 2, len(held), False
    while place + 4 <= size:
        if held[place] != 0xFF:
            raise damaged("JPEG 段错位", "a JPEG segment is out of place")
        marker = held[place + 1]
        if marker == 0xFF or marker in _WITHOUT_LENGTH:
            place += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", held, place + 2)
        if marker in _FRAMES and place + 9 <= size:
            height, width = struct.unpack_from(">HH", held, place + 5)
            _measured(width, height)
            framed = True
        if marker == 0xDA:
            break
        place += 2 + max(length, 2)
    if not framed or held.rfind(b"\xff\xd9", max(0, size - 64)) < 0:
        raise damaged("JPEG 没有结束", "the JPEG has no end")


def look_png(held: mmap.mmap) -> None:
    """Walks the chunks, each with its checksum, to an end with nothing behind; raises `Unfit`."""
    place, size, first = 8, len(held), True
    while place + 12 <= size:
        (length,) = struct.unpack_from(">I", held, place)
        name = held[place + 4 : place + 8]
        end = place + 12 + length
        if end > size:
            break
        (checksum,) = struct.unpack_from(">I", held, end - 4)
        if zlib.crc32(memoryview(held)[place + 4 : end - 4]) != checksum:
            raise damaged("PNG 校验和不符", "a PNG checksum does not fit")
        if first:
            if name != b"IHDR" or length != 13:
                break
            _measured(*struct.unpack_from(">II", held, place + 8))
            first = False
        if name == b"IEND":
            if end != size:
                raise damaged("PNG 之后另有内容", "something follows the PNG")
            return
        place = end
    raise damaged("PNG 没有结束", "the PNG has no end")


def _measured(width: int, height: int) -> None:
    if width == 0 or height == 0:
        raise damaged("没有图像", "there is no picture in it")
    if width * height > MOST_PIXELS:
        raise Unfit(
            "too_many_pixels",
            f"图像过大（{width}×{height}），请缩小后再交",
            f"the picture is too large ({width}×{height}): send a smaller one",
        )
