"""Papers: what this mode needs here and what is still missing, and every form to be printed."""

from typing import Annotated
from uuid import UUID

import httpx
from fastapi import APIRouter, Query, Request, Response

from services.console.backend import seg
from services.console.entering import Me, Outside
from services.console.rendering import render

router = APIRouter()

SHOWN_INSIDE = {"application/pdf", "image/svg+xml", "text/plain"}


@router.get("/papers")
async def empty_forms(request: Request, me: Me) -> Response:
    """Every form of the place, empty: for when the network is down."""
    rules = request.app.state.names.rules(me.area)
    forms = [(one.id, one.zh) for one in rules.pack.forms] if rules else []
    return await render(request, "forms.html", forms=forms)


@router.get("/papers/{id}")
async def papers(request: Request, me: Me, id: UUID) -> Response:
    """The papers of a matter: green where they are there, and what waits for those that are not."""
    matter, listed, gate, materials = await me.together(
        me.get("intake", f"/matters/{id}"),
        me.get("intake", f"/matters/{id}/papers"),
        me.maybe("intake", f"/matters/{id}/gate"),
        me.maybe("intake", f"/matters/{id}/materials"),
    )
    return await render(
        request, "papers.html", matter=matter, listed=listed, gate=gate or {},
        materials=materials or {"items": []},
    )  # fmt: skip


@router.get("/print/{id}/{form}.pdf")
async def paper(request: Request, me: Me, id: UUID, form: str) -> Response:
    """A form of this matter, filled in with all that is known."""
    path = f"/matters/{id}/papers/{seg(form)}.pdf"
    return passed_on(await me.bytes("intake", path, language=me.language))


@router.get("/print/{form}.pdf")
async def empty_form(request: Request, me: Me, form: str) -> Response:
    """A form of the place with nothing in it."""
    path = f"/papers/{seg(form)}.pdf"
    return passed_on(await me.bytes("intake", path, area=me.area, language=me.language))


@router.get("/file/{service}/{path:path}")
async def file(
    request: Request, me: Me, service: str, path: str,
    at: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:  # fmt: skip
    """A file that a service makes: a workbook, a picture, a template, a book."""
    if not path.endswith(MADE):
        raise Outside("not_found", 404)
    given = {key: value for key, value in request.query_params.items() if key != "at"}
    clean = "/" + "/".join(seg(part) for part in path.split("/") if part not in ("", ".", ".."))
    return passed_on(await me.bytes(service, clean, at=at, **given))


MADE = (".pdf", ".svg", ".xlsx", ".txt", "/dossier", "/book", "/package", "/story", "/log/vkey",
        "/export")  # fmt: skip


def passed_on(answer: httpx.Response) -> Response:
    """A file as its service made it: shown where that is safe, else saved."""
    media = answer.headers.get("content-type", "application/octet-stream")
    plain = media.partition(";")[0]
    headers = {
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    }
    if disposition := answer.headers.get("content-disposition"):
        headers["Content-Disposition"] = disposition
    elif plain not in SHOWN_INSIDE:
        headers["Content-Disposition"] = "attachment"
    if plain == "application/pdf":  # a sandbox keeps the browser's own reader from opening it
        headers.pop("Content-Security-Policy")
    return Response(answer.content, 200, headers, media)
