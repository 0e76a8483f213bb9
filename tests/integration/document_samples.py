"""Small true files of every kind that is taken, and false ones, made here and nowhere taken from."""

import io
import zipfile
from datetime import date

from PIL import Image

from shared.paper.press import render
from shared.paper.sheet import Filled, Prose

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def pdf(text: str = "会议纪要") -> bytes:
    return render(Filled("test", text, "测试", date(2026, 4, 14), (Prose(text),)))


def picture(format: str = "PNG", size: tuple[int, int] = (32, 24)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, format)
    return out.getvalue()


def container(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def docx(more: dict[str, bytes] | None = None) -> bytes:
    parts = {"[Content_Types].xml": TYPES, "word/document.xml": b"<w:document/>"}
    return container({**parts, **(more or {})})


def xlsx() -> bytes:
    return container({"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<workbook/>"})


def ofd() -> bytes:
    return container({"OFD.xml": b"<ofd:OFD/>", "Doc_0/Document.xml": b"<ofd:Document/>"})
