"""What of PDF/A-2u (ISO 19005-2) can be seen in the structure of a file? Faults, in words.

A structural check, not a validator: veraPDF needs Java. What it looks at is what archives look at
first: who the file says it is, colours, fonts and their Unicode, nothing that acts, nothing outside.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

ACTING = {
    "/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide",
    "/SetOCGState", "/Rendition", "/Trans", "/GoTo3DView", "/GoToE", "/SubmitForm",
}  # fmt: skip
FILTERS = {
    "/FlateDecode", "/DCTDecode", "/ASCIIHexDecode", "/ASCII85Decode", "/RunLengthDecode",
    "/CCITTFaxDecode", "/JBIG2Decode", "/JPXDecode",
}  # fmt: skip


def faults(content: bytes) -> list[str]:
    """Everything that keeps the file from being PDF/A-2u, as far as its structure shows it."""
    reader = PdfReader(io.BytesIO(content), strict=True)
    if "/Encrypt" in reader.trailer:
        return ["it is encrypted"]
    return [*_file(content, reader), *_identity(reader), *_objects(reader), *_fonts(reader)]


def _file(content: bytes, reader: PdfReader) -> Iterator[str]:
    first, _, rest = content.partition(b"\n")
    if not re.fullmatch(rb"%PDF-1\.[0-7]\r?", first):
        yield f"header {first[:12]!r}"
    if not (rest[:1] == b"%" and len(rest) > 5 and all(byte > 127 for byte in rest[1:5])):
        yield "no comment of four bytes above 127 behind the header"
    if not re.search(rb"%%EOF\r?\n?\Z", content):
        yield "something follows the end of the file"
    if "/ID" not in reader.trailer:
        yield "the trailer has no ID"


def _identity(reader: PdfReader) -> Iterator[str]:
    root = reader.root_object
    held = root.get("/Metadata")
    if held is None:
        yield "no XMP metadata"
        return
    stream = held.get_object()
    if "/Filter" in stream:
        yield "the XMP metadata are packed"
    text = stream.get_data().decode("utf-8")
    for name, wanted in (("part", "2"), ("conformance", "U")):
        found = re.search(rf"pdfaid:{name}\s*(?:=\s*\"|>)\s*([^\"<]+)", text)
        if found is None or found[1].strip() != wanted:
            yield f"pdfaid:{name} is not {wanted}"
    title = reader.metadata.title if reader.metadata is not None else None
    if title is not None and title not in text:
        yield "the title of the document and that of its metadata differ"


def _objects(reader: PdfReader) -> Iterator[str]:
    root = reader.root_object
    for one in _every(reader):
        if isinstance(one, DictionaryObject):
            yield from _acts(one)
            yield from _holds(one)
    if _profile(root)[36:40] != b"acsp":
        yield "no output intent with an ICC profile"
    for name in ("/OpenAction", "/AA", "/NeedsRendering", "/Requirements"):
        if name in root:
            yield f"the catalogue has {name}"
    form = root.get("/AcroForm")
    if form is not None and ("/XFA" in form.get_object() or form.get("/NeedAppearances")):
        yield "a form that draws itself"
    if "/EmbeddedFiles" in (root.get("/Names") or {}):
        yield "files are embedded"


def _acts(one: DictionaryObject) -> Iterator[str]:
    if one.get("/S") in ACTING or "/JS" in one or "/AA" in one:
        yield f"something acts: {one.get('/S')}"
    if one.get("/Type") == "/Annot" and one.get("/Subtype") not in ("/Popup", "/Link"):
        if not int(one.get("/F", 0)) & 4 or "/AP" not in one:
            yield f"an annotation that does not print: {one.get('/Subtype')}"
    if one.get("/Type") == "/Annot" and int(one.get("/F", 0)) & 0b100011:
        yield "a hidden annotation"


def _holds(one: DictionaryObject) -> Iterator[str]:
    if one.get("/Interpolate") is True:
        yield "an interpolated picture"
    if isinstance(one, StreamObject):
        if {"/F", "/FFilter", "/FDecodeParms"} & set(one):
            yield "a stream that lies outside the file"
        filters = one.get("/Filter", ArrayObject())
        for name in filters if isinstance(filters, ArrayObject) else [filters]:
            if name not in FILTERS:
                yield f"a stream by {name}"
    if "/TR" in one or ("/TR2" in one and str(one["/TR2"]) != "/Default"):
        yield "a transfer function"


def _fonts(reader: PdfReader) -> Iterator[str]:
    fonts = [
        one for one in _every(reader)
        if isinstance(one, DictionaryObject) and one.get("/Type") == "/Font"
    ]  # fmt: skip
    if not fonts:
        yield "no font at all"
    for font in fonts:
        name, kind = font.get("/BaseFont", "?"), font.get("/Subtype")
        if kind in ("/Type0", "/TrueType", "/Type1", "/Type3") and "/ToUnicode" not in font:
            yield f"{name} does not say which characters it shows"
        if kind == "/Type0":
            if font.get("/Encoding") not in ("/Identity-H", "/Identity-V"):
                yield f"{name} has a character map of its own"
            continue
        if kind == "/Type3":
            continue
        described = font.get("/FontDescriptor")
        held = {"/FontFile", "/FontFile2", "/FontFile3"} & set(
            described.get_object() if described else ()
        )
        if len(held) != 1:
            yield f"{name} is not embedded"
        if kind == "/CIDFontType2" and "/CIDToGIDMap" not in font:
            yield f"{name} does not map its characters"


def _profile(root: DictionaryObject) -> bytes:
    for intent in root.get("/OutputIntents", ()):
        held = intent.get_object()
        if held.get("/S") == "/GTS_PDFA1" and "/DestOutputProfile" in held:
            found: bytes = held["/DestOutputProfile"].get_object().get_data()
            return found
    return b""


def _every(reader: PdfReader) -> Iterator[Any]:
    """Every object of the file, and what stands inside it."""
    numbers = {n for table in reader.xref.values() for n in table} | set(reader.xref_objStm)
    for number in sorted(numbers - {0}):
        yield from _inside(reader.get_object(number))


def _inside(one: Any) -> Iterator[Any]:
    yield one
    values = one.values() if isinstance(one, DictionaryObject) else one
    if isinstance(one, DictionaryObject | ArrayObject):
        for value in values:
            if isinstance(value, DictionaryObject | ArrayObject):
                yield from _inside(value)
