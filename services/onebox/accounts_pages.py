"""What does a person see who signs in at this box, takes up an invitation or opens a link?"""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import segno
import structlog
from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from services.console.entering import Form, Outside
from services.console.oidc import SignInFailed, departure
from services.console.pages.signin import provider_of
from services.console.rendering import language_of, render
from services.onebox.accounts import Account, digest
from services.onebox.accounts_entering import (
    SHORTEST,
    NotLetIn,
    invited,
    linked,
    sign_in,
    take_up,
    use_link,
)
from services.onebox.accounts_passkey_pages import offered, passkey_pages
from services.onebox.accounts_passkeys import Passkeys
from services.onebox.accounts_totp import SECRET_LENGTH, enrolment, shown_secret
from services.onebox.issuer_own import Asked, NotOurs, OwnIssuer
from shared.effects import new_secret

log = structlog.get_logger()

AT_ONCE = 2
"""Passwords that are looked at together: each takes 32 MiB and a tenth of a second."""
LONGEST_WORD, LONGEST_CODE = 100, 12

type Word = Annotated[str, Path(max_length=LONGEST_WORD)]


def account_pages(issuer: OwnIssuer) -> APIRouter:
    """The pages of the box's own issuer, below the console's address."""
    router, slots = APIRouter(prefix="/account"), asyncio.Semaphore(AT_ONCE)
    keys = Passkeys(issuer.accounts, issuer.address)

    async def worked[R](work: Callable[..., R], *given: Any) -> R:
        async with slots:
            return await asyncio.to_thread(work, issuer.accounts, *given)

    _signing_in(router, issuer, keys, worked)
    passkey_pages(router, issuer, keys, worked, _asked)
    _invitations(router, issuer, worked)
    _links(router, issuer, worked)
    return router


def _signing_in(
    router: APIRouter, issuer: OwnIssuer, keys: Passkeys, worked: Callable[..., Any]
) -> None:
    @router.get("/authorize")
    async def authorize(request: Request) -> Response:
        """Name, password and code; or a passkey."""
        _asked(issuer, request)
        return await render(
            request, "account_signin.html", wrong="", name="", passkey=offered(request, keys)
        )

    @router.post("/authorize")
    async def authorized(request: Request, form: Form) -> Response:
        """Back to the console with a code, or the same page with the one sentence."""
        asked = _asked(issuer, request)
        name, password = _text(form, "name"), _text(form, "password")
        try:
            holder = await worked(sign_in, name, password, _digits(form))
        except NotLetIn:
            log.warning("sign_in_refused", why="wrong")
            return await render(
                request, "account_signin.html", status=403, wrong="password", name=name[:40],
                passkey=offered(request, keys),
            )  # fmt: skip
        log.info("signed_in", actor=holder.post.person, by=holder.key.partition(":")[0])
        return RedirectResponse(issuer.arrival(asked, holder), 303)


def _invitations(router: APIRouter, issuer: OwnIssuer, worked: Callable[..., Any]) -> None:
    @router.get("/invitation/{word}")
    async def invitation(request: Request, word: Word) -> Response:
        """Choose a password and set up the phone. Looking at it uses nothing up."""
        try:
            account = await worked(invited, word)
        except NotLetIn:
            return await _gone(request, "invitation")
        return await _enrolment(request, account, _secret(request, word), "")

    @router.post("/invitation/{word}")
    async def taken(request: Request, word: Word, form: Form) -> Response:
        """The account is there, and the invitation is used up."""
        password = _text(form, "password")
        try:
            account = await worked(invited, word)
        except NotLetIn:
            return await _gone(request, "invitation")
        secret = _secret(request, word)
        if password != _text(form, "again"):
            return await _enrolment(request, account, secret, "not_the_same")
        try:
            await worked(take_up, word, password, secret, _digits(form))
        except NotLetIn as no:
            if no.code == "invitation_gone":
                return await _gone(request, "invitation")
            return await _enrolment(request, account, secret, no.code)
        session = request.state.session
        request.state.session = session.model_copy(update={"pending": {}})
        log.info("invitation_taken_up", actor=account.person)
        return await render(request, "account_done.html", name=account.name)


def _links(router: APIRouter, issuer: OwnIssuer, worked: Callable[..., Any]) -> None:
    @router.get("/link/{word}")
    async def link(request: Request, word: Word) -> Response:
        """A page with a button: whoever only looks (a preview in a chat) uses nothing up."""
        try:
            known = await worked(linked, word)
        except NotLetIn:
            return await _gone(request, "link")
        return await render(request, "account_link.html", called=known.called)

    @router.post("/link/{word}")
    async def entered(request: Request, word: Word, _: Form) -> Response:
        """Signed in by the code flow, as the one person the link is for."""
        try:
            address, session = await departure(provider_of(request), "/")
            asked = issuer.asked(dict(parse_qsl(urlsplit(address).query)))
            holder = await worked(use_link, word)
        except NotLetIn:
            return await _gone(request, "link")
        except (httpx.HTTPError, SignInFailed, NotOurs, KeyError, ValueError) as error:
            raise Outside("unavailable", 503) from error
        request.state.session = session
        log.info("signed_in", actor=holder.post.person, by="link")
        return RedirectResponse(issuer.arrival(asked, holder), 303)


def _asked(issuer: OwnIssuer, request: Request) -> Asked:
    try:
        return issuer.asked(dict(request.query_params))
    except NotOurs:
        raise Outside("bad_parameter", 400) from None


def _secret(request: Request, word: str) -> bytes:
    """Made for this browser alone, and the same while it is at it: it travels in the sealed cookie.

    Who saw the link before knows nothing of it.
    """
    session = request.state.session
    if session.pending.get("invitation") != digest(word):
        pending = {"invitation": digest(word), "totp": new_secret()[:SECRET_LENGTH].hex()}
        request.state.session = session = session.model_copy(update={"pending": pending})
    return bytes.fromhex(session.pending["totp"])


async def _enrolment(request: Request, account: Account, secret: bytes, why: str) -> Response:
    box = "一事一档" if language_of(request) == "zh" else "Onefile"
    qr = segno.make(enrolment(secret, account.name, box), micro=False)
    return await render(
        request, "account_invitation.html", status=422 if why else 200, account=account, why=why,
        typed=shown_secret(secret), shortest=SHORTEST,
        qr=Markup(qr.svg_inline(scale=5, light="#fff", omitsize=False)),
    )  # fmt: skip


async def _gone(request: Request, kind: str) -> Response:
    return await render(request, "account_gone.html", status=410, kind=kind)


def _text(form: Any, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _digits(form: Any) -> str:
    """The code as typed; with a space in the middle, as phones show it."""
    return _text(form, "code").replace(" ", "")[:LONGEST_CODE]
