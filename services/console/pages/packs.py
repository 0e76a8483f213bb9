"""The pack owner's desk: an editor with the checker, the difference, a rehearsal and the chart."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response

from contracts.edition import DataRefused
from contracts.pack import POLICIES, Pack, load_pack
from contracts.pack.diff import diff
from contracts.pack.draw import draw
from contracts.pack.findings import check_file
from contracts.pack.rehearse import rehearse
from services.console.entering import Form, Me, Outside
from services.console.rendering import render
from services.console.settings import ConsoleSettings

router = APIRouter()

LONGEST = 200_000
AT_ONCE = asyncio.Semaphore(1)
"""A rehearsal counts for a second: one at a time leaves the desks their processor."""


@router.get("/desk/packs")
async def desk(request: Request, me: Me, area: str = "") -> Response:
    """The rules of a place as they stand; nothing that is tried here changes them."""
    files = _files(request.app.state.settings)
    if not files:
        return await render(request, "no_pack.html", area=area or me.area)
    file = files.get(area or me.area) or next(iter(files.values()))
    text = await asyncio.to_thread(file.read_text)
    places = [(code, request.app.state.names.place(code)) for code in files]
    return await render(
        request, "packs.html", text=text, places=places, code=area or me.area, tried=None
    )


@router.post("/desk/packs")
async def attempt(request: Request, me: Me, form: Form) -> Response:
    """Check, compare, rehearse or draw what stands in the editor."""
    text = str(form.get("text", "")).replace("\r\n", "\n")
    if len(text) > LONGEST:
        raise Outside("too_large", 413)
    what, code = str(form.get("what", "check")), str(form.get("code", ""))
    files = _files(request.app.state.settings)
    file = files.get(code) or next(iter(files.values()))
    async with AT_ONCE:
        tried = await asyncio.to_thread(_tried, what, text, file, me.language)
    places = [(one, request.app.state.names.place(one)) for one in files]
    return await render(request, "packs.html", text=text, places=places, code=code, tried=tried)


@router.get("/desk/packs/chart/{area}.svg")
async def chart(request: Request, me: Me, area: str) -> Response:
    """The flow chart of a place, as its rules in force have it."""
    file = _files(request.app.state.settings).get(area)
    if file is None:
        raise Outside("not_found", 404)
    svg = await asyncio.to_thread(lambda: draw(load_pack(file), _lang(me.language)))
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
    return Response(svg, 200, headers, "image/svg+xml")


def _lang(language: str) -> Any:
    return "en" if language == "en" else "zh"


def _files(settings: ConsoleSettings) -> dict[str, Path]:
    """The pack file of every place."""
    found = {}
    for file in sorted((settings.packs or POLICIES).glob("*/pack.yaml")):
        try:
            found[load_pack(file).jurisdiction.code] = file
        except DataRefused:
            continue
    return found


def _tried(what: str, text: str, file: Path, language: str) -> dict[str, Any]:
    """What comes of it; a pack that cannot be loaded is only checked."""
    lang = _lang(language)
    with _laid_out(text, file) as draft:
        findings = check_file(draft)
        told = [(f.line, f.path, f.zh if lang == "zh" else f.en, f.level) for f in findings]
        made: dict[str, Any] = {"what": what, "findings": told, "sound": not any(
            f.level == "error" for f in findings)}  # fmt: skip
        if not made["sound"] or what == "check":
            return made
        pack: Pack = load_pack(draft)
        made["edition"] = pack.edition
        if what == "diff":
            changes = diff(load_pack(file), pack, lang)
            made["changes"] = [(c.section, c.path, c.text) for c in changes]
        elif what == "rehearse":
            found = rehearse(pack, lang)
            made["walks"] = [
                (w.sample.number, w.sample.zh if lang == "zh" else w.sample.en, w.lines)
                for w in found.walks
            ]
            made["clashes"] = [
                (c.kind, c.path, c.zh if lang == "zh" else c.en) for c in found.clashes
            ]
        elif what == "draw":
            made["svg"] = draw(pack, lang)
        return made


@contextmanager
def _laid_out(text: str, file: Path) -> Iterator[Path]:
    """The draft in a folder of its own, with the other packs beside it for what it inherits."""
    with tempfile.TemporaryDirectory(prefix="onefile-pack-") as folder:
        for other in file.parent.parent.iterdir():
            if other.is_dir() and other != file.parent:
                (Path(folder) / other.name).symlink_to(other, target_is_directory=True)
        home = Path(folder) / file.parent.name
        home.mkdir()
        draft = home / file.name
        draft.write_text(text)
        yield draft
