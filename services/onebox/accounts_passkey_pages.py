"""On which pages does a person sign in by a passkey, add a device, remove one, or end every sign-in?"""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.console.entering import Form, Me, Outside
from services.console.rendering import render
from services.console.session import leave
from services.onebox.accounts import Account
from services.onebox.accounts_entering import NotLetIn, end_sign_ins, sign_in, still
from services.onebox.accounts_passkeys import MOST_KEYS, Passkeys, of_person
from services.onebox.issuer_own import Asked, OwnIssuer

log = structlog.get_logger()

type Worked = Callable[..., Awaitable[Any]]
LARGEST = 20_000


def offered(request: Request, keys: Passkeys) -> str:
    """What a sign-in page asks the browser's devices for, '' where none can be asked."""
    if not keys.offered:
        return ""
    options, challenge = keys.ask()
    _remember(request, challenge)
    return orjson.dumps(options).decode()


def passkey_pages(
    router: APIRouter, issuer: OwnIssuer, keys: Passkeys, worked: Worked,
    asked_of: Callable[[OwnIssuer, Request], Asked],
) -> None:  # fmt: skip
    """Add the pages to the router of accounts."""

    @router.post("/authorize/passkey")
    async def entered(request: Request, form: Form) -> Response:
        """Back to the console with a code, or the sign-in page with the one sentence."""
        asked = asked_of(issuer, request)
        challenge = request.state.session.pending.get("passkey", "")
        try:
            holder = await worked(lambda _: keys.let_in(challenge, _said(form)))
        except NotLetIn:
            log.warning("sign_in_refused", why="passkey")
            return await render(
                request, "account_signin.html", status=403, wrong="passkey", name="",
                passkey=offered(request, keys),
            )  # fmt: skip
        log.info("signed_in", actor=holder.post.person, by="passkey")
        return RedirectResponse(issuer.arrival(asked, holder), 303)

    @router.get("/security")
    async def security(request: Request, me: Me) -> Response:
        """The devices of this person, and the way to be signed out of all of them."""
        return await _page(request, keys, _own(keys, me.id), "")

    @router.post("/security")
    async def added(request: Request, me: Me, form: Form) -> Response:
        """One more device: the person says once more who it is."""
        account = _own(keys, me.id)
        challenge = request.state.session.pending.get("passkey", "")
        password, code = str(form.get("password", "")), str(form.get("code", ""))
        try:
            holder = await worked(sign_in, account.name, password, code.replace(" ", "")[:12])
            await worked(
                lambda _: keys.add(holder, challenge, _said(form), str(form.get("called", "")))
            )
        except NotLetIn as no:
            return await _page(request, keys, _own(keys, me.id), no.code)
        return RedirectResponse("/account/security", 303)

    @router.post("/security/remove")
    async def removed(request: Request, me: Me, form: Form) -> Response:
        """A device that was lost or given away lets nobody in any more."""
        account = _own(keys, me.id)
        await worked(lambda _: keys.remove(account.name, str(form.get("key", ""))))
        return RedirectResponse("/account/security", 303)

    @router.post("/security/sign-out")
    async def signed_out(request: Request, me: Me, form: Form) -> Response:
        """Out at every browser: there within the ten minutes of a token, here at once."""
        account = _own(keys, me.id)
        holder = still(issuer.accounts, f"account:{account.name}", account.generation)
        await worked(lambda accounts: end_sign_ins(accounts, holder, "signed_out"))
        response, state = RedirectResponse("/sign-in", 303), request.app.state
        leave(request, response, state.clock().timestamp(), secure=state.settings.secure)
        return response


async def _page(request: Request, keys: Passkeys, account: Account, why: str) -> Response:
    options = ""
    if keys.offered and len(account.passkeys) < MOST_KEYS:
        asked, challenge = keys.ask_new(account)
        _remember(request, challenge)
        options = orjson.dumps(asked).decode()
    return await render(
        request, "account_security.html", status=422 if why else 200, account=account, why=why,
        options=options, offered=keys.offered,
    )  # fmt: skip


def _own(keys: Passkeys, person: str) -> Account:
    account = of_person(keys.accounts, person)
    if account is None:
        raise Outside("not_found", 404)
    return account


def _remember(request: Request, challenge: str) -> None:
    """The challenge belongs to this browser: its answer is taken from no other."""
    session = request.state.session
    pending = {**session.pending, "passkey": challenge}
    request.state.session = session.model_copy(update={"pending": pending})


def _said(form: Any) -> str:
    said = form.get("passkey", "")
    return said[:LARGEST] if isinstance(said, str) else ""
