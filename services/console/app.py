"""The console's HTTP application: how its parts fit together."""

import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from services.console import pages
from services.console.backend import Backend, Refusal
from services.console.entering import AnotherPage, NotSignedIn, Outside
from services.console.entering import carried as carried_session
from services.console.geometry import load_geometry
from services.console.naming import names_of
from services.console.rendering import HERE, ROOMS, language_of, render, sentences
from services.console.session import Sealer
from services.console.settings import ConsoleSettings
from shared.effects import Clock, new_id, system_clock
from shared.tracing import door
from shared.turnstile import Turnstile

log = structlog.get_logger()

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=(), usb=()",
}
FOR_GOOD = "public, max-age=31536000, immutable"
mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("application/manifest+json", ".webmanifest")


def console(
    settings: ConsoleSettings, clock: Clock = system_clock, legal: Clock | None = None
) -> FastAPI:
    """The console, ready to be served. `legal`: the clock of decisions, where it is another."""
    backend = Backend(settings.peers)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await backend.client.aclose()

    app = FastAPI(
        title="onefile console", docs_url=None, redoc_url=None, openapi_url=None,
        redirect_slashes=False, lifespan=lifespan,
    )  # fmt: skip
    app.state.settings, app.state.clock, app.state.backend = settings, clock, backend
    app.state.legal = legal or clock
    app.state.sealer = Sealer(settings.key())
    app.state.names = names_of(settings.packs)
    app.state.geometry = load_geometry(settings.geometry) if settings.geometry else {}
    app.state.schemas, app.state.positions, app.state.provider = {}, {}, None
    app.state.left = {}
    app.state.gates = Turnstile(5, 600), Turnstile(30, 600)
    for router in [*pages.routers(settings), *_rooms()]:
        app.include_router(router)
    for room in ("", *(room for room in ROOMS if (HERE / room / "static").is_dir())):
        files = _Files(directory=HERE / room / "static")
        app.mount(f"/static/{room}" if room else "/static", files, name=f"static-{room}")
    # The rooms' folders must be found before the console's own.
    app.router.routes.sort(key=lambda route: getattr(route, "name", "") == "static-")
    for kind in (Refusal, NotSignedIn, Outside, AnotherPage, RequestValidationError,
                 HTTPException):  # fmt: skip
        app.add_exception_handler(kind, _told)
    app.middleware("http")(_carried)
    app.add_middleware(GZipMiddleware, minimum_size=800)
    door(app, "console")
    return app


def _rooms() -> list[Any]:
    """The routers of the packages beside the pages, as far as they are there."""
    found = []
    for room in ROOMS:
        if find_spec(f"services.console.{room}"):
            router = getattr(import_module(f"services.console.{room}"), "router", None)
            found += [router] if router is not None else []
    return found


class _Files(StaticFiles):
    """Static files: their address changes with their bytes, so a browser may keep them."""

    async def get_response(self, path: str, scope: Any) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = FOR_GOOD
        return response


async def _carried(request: Request, call_next: Any) -> Response:
    """Every request has its session before, every answer its manners after."""
    request.state.instance = f"urn:uuid:{new_id()}"
    if request.url.path.startswith("/static/"):
        response: Response = await call_next(request)
    else:
        response = await carried_session(request, lambda asked: _answered(asked, call_next))
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


async def _answered(request: Request, call_next: Any) -> Response:
    try:
        response: Response = await call_next(request)
    except Exception as error:
        return await _told(request, error)
    return response


async def _told(request: Request, error: Exception) -> Response:
    """Whatever went wrong, as a page that says what to do."""
    if isinstance(error, AnotherPage):
        return RedirectResponse(error.address, 303)
    if isinstance(error, NotSignedIn):
        return _to_sign_in(request)
    refusal = _as_refusal(request, error)
    if refusal.code == "unauthenticated":
        return _to_sign_in(request)
    refusal.problem.setdefault("instance", request.state.instance)
    problem = sentences(refusal, language_of(request))
    try:
        return await render(request, "error.html", status=refusal.status, problem=problem)
    except Exception as broken:  # the page of last resort asks nobody and has no template
        log.error("error_page_failed", exc_info=broken)
        return Response(str(problem["title"]), 500, media_type="text/plain; charset=utf-8")


def _as_refusal(request: Request, error: Exception) -> Refusal:
    match error:
        case Refusal():
            return error
        case Outside(code=code, status=status):
            pass
        case RequestValidationError():
            code, status = "bad_parameter", 400
        case HTTPException(status_code=404):
            code, status = "not_found", 404
        case HTTPException(status_code=405):
            code, status = "method_not_allowed", 405
        case HTTPException(status_code=status) if status < 500:
            code = "bad_parameter"
        case _:
            log.error("page_failed", path=request.url.path, exc_info=error)
            code, status = "internal", 500
    return Refusal("console", status, {"type": f"urn:onefile:problem:{code}"})


def _to_sign_in(request: Request) -> Response:
    where = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    after = where if request.method == "GET" else "/"
    address = f"/sign-in?next={quote(after, safe='')}"
    if request.headers.get("hx-request"):
        return Response(status_code=200, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)
