"""Signing in and out, and the language of the screen."""

from itertools import groupby
from typing import Annotated, Any

import httpx
import structlog
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from services.console.entering import Form, Outside, local, own_origin
from services.console.oidc import Provider, SignInFailed, arrival, departure
from services.console.rendering import render
from services.console.session import LANGUAGE, YEAR, fresh, leave
from services.console.tokens import development_token, people

log = structlog.get_logger()

type Said = Annotated[str, Query(max_length=2_000)]

router = APIRouter()
development = APIRouter()


@router.get("/sign-in")
async def sign_in(request: Request, next: str = "/") -> Response:
    """The ways in that this deployment offers."""
    settings = request.app.state.settings
    known: list[dict[str, Any]] = []
    if settings.development_issuer:
        known = await _known(request)
    places = [(area, list(rows)) for area, rows in groupby(known, lambda one: one["place"])]
    return await render(
        request, "signin.html", places=places, oidc=bool(settings.issuer), next=local(next)
    )


@development.post("/sign-in/development")
async def as_somebody(request: Request, form: Form) -> Response:
    """Be one of the invented people. There is no such address outside development."""
    chosen = str(form.get("person", ""))
    person = next((one for one in await _known(request) if one["id"] == chosen), None)
    if person is None:
        raise Outside("not_found", 404)
    state = request.app.state
    token, seconds = await development_token(state.settings, state.backend, chosen)
    now = state.clock().timestamp()
    request.state.session = fresh(
        person=person["id"], name=person["zh"], post=person["post"],
        roles=tuple(person["roles"]), areas=tuple(person["areas"]),
        bodies=tuple(person["bodies"]), token=token, token_until=now + seconds,
        ends=now + state.settings.hours * 3600, way="development",
    )  # fmt: skip
    return RedirectResponse(local(str(form.get("next", "/"))), 303)


@router.get("/sign-in/oidc")
async def to_provider(request: Request, next: str = "/") -> Response:
    """To the identity provider, and back to `/sign-in/callback`."""
    if not request.app.state.settings.issuer:
        raise Outside("not_found", 404)
    try:
        address, session = await departure(provider_of(request), local(next))
    except (httpx.HTTPError, SignInFailed, KeyError, ValueError) as error:
        raise Outside("unavailable", 503) from error
    request.state.session = session
    return RedirectResponse(address, 303)


@router.get("/sign-in/callback")
async def from_provider(
    request: Request, state: Said = "", code: Said = "", error: Said = ""
) -> Response:
    """Whoever comes back with the code that belongs to this browser's sign-in is signed in."""
    now = request.app.state.clock().timestamp()
    before = request.state.session
    request.state.session = fresh()
    try:
        if error or not request.app.state.settings.issuer:
            raise SignInFailed(error)
        session, after = await arrival(provider_of(request), before, state, code, now)
    except (httpx.HTTPError, SignInFailed, KeyError, ValueError) as failed:
        log.warning("sign_in_failed", why=str(failed)[:80])
        raise Outside("sign_in_failed", 403) from failed
    request.state.session = session
    return RedirectResponse(local(after), 303)


def provider_of(request: Request) -> Provider:
    """The one identity provider of this console."""
    state = request.app.state
    if state.provider is None:
        state.provider = Provider(state.settings, state.backend.client)
    known: Provider = state.provider
    return known


@router.post("/sign-out")
async def sign_out(request: Request, form: Form) -> Response:
    """Nobody is signed in at this browser any more."""
    response = RedirectResponse("/sign-in", 303)
    state = request.app.state
    leave(request, response, state.clock().timestamp(), secure=state.settings.secure)
    return response


@router.post("/language")
async def language(request: Request) -> Response:
    """Show this and every page in the other language. It changes nothing but a cookie."""
    own_origin(request)
    form = await request.form(max_files=0, max_fields=4, max_part_size=8_192)
    chosen = "en" if form.get("language") == "en" else "zh"
    response = RedirectResponse(local(str(form.get("next", "/"))), 303)
    response.set_cookie(
        LANGUAGE, chosen, max_age=YEAR, samesite="lax", httponly=True,
        secure=request.app.state.settings.secure,
    )  # fmt: skip
    return response


async def _known(request: Request) -> list[dict[str, Any]]:
    state = request.app.state
    try:
        return await people(state.settings, state.backend)
    except (httpx.HTTPError, ValueError) as error:
        raise Outside("unavailable", 503) from error
