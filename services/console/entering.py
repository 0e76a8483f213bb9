"""Who may come in: the session of a request, its renewal, and that a form is really ours."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response
from starlette.datastructures import FormData

from services.console.backend import Caller
from services.console.rendering import language_of, pinnable
from services.console.session import Session, fresh, read_session, same_secret, write_session
from services.console.tokens import renewed

LARGEST_FORM = 256 * 1024
LARGEST_FILE = 100 * 1024 * 1024
SOON = 60.0
"""Seconds before its end at which a token is renewed."""


class NotSignedIn(Exception):
    """This page is for people who have signed in."""


class Outside(Exception):
    """A request that did not come from one of our own pages, or is larger than any of them sends."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(code)
        self.code, self.status = code, status


class AnotherPage(Exception):
    """What was asked for is at another address."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


async def carried(request: Request, call_next: Any) -> Response:
    """Give the request its session; write it back when it changed."""
    app = request.app
    now = app.state.clock().timestamp()
    before = read_session(request, app.state.sealer, now)
    session = before or fresh()
    if session.person and session.token_until - SOON <= now:
        session = await renewed(app.state.settings, app.state.backend, session, now)
    request.state.session = session
    response: Response = await call_next(request)
    after: Session = request.state.session
    if after != before:
        text = app.state.sealer.seal(after)
        write_session(request, response, text, secure=app.state.settings.secure)
    return response


async def signed_in(request: Request) -> Caller:
    """The person at this browser; raises `NotSignedIn`."""
    session: Session = request.state.session
    if not session.person:
        raise NotSignedIn
    path = request.url.path
    if path.startswith("/desk/") and "at" in request.query_params and pinnable(path):
        raise AnotherPage(f"/then{path}?{request.url.query}")
    me: Caller = request.app.state.backend.as_(session, language_of(request))
    request.state.me = me
    return me


type Me = Annotated[Caller, Depends(signed_in)]


async def form_of(request: Request) -> FormData:
    """The form that was sent, if one of our own pages sent it; raises `Outside`."""
    own_origin(request)
    largest = LARGEST_FILE if _multipart(request) else LARGEST_FORM
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > largest:
        raise Outside("too_large", 413)
    form = await request.form(max_files=20, max_fields=2_000, max_part_size=LARGEST_FORM)
    given = form.get("_csrf") or request.headers.get("x-csrf", "")
    if not isinstance(given, str) or not same_secret(request.state.session, given):
        raise Outside("form_expired", 403)
    return form


type Form = Annotated[FormData, Depends(form_of)]


def own_origin(request: Request) -> None:
    """Raise `Outside` unless the browser says that a page of ours sent this."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        raise Outside("form_expired", 403)
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise Outside("form_expired", 403)


def local(address: str) -> str:
    """An address of ours to go on to; anything else becomes the start page."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if plain and "\\" not in address and address.isprintable() else "/"


def _multipart(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("multipart/")
