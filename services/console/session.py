"""Who is signed in at this browser: a sealed cookie, which only this console can read."""

import base64
import hmac
import json
import zlib
from hashlib import sha256
from typing import Annotated, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.effects import new_nonce, new_salt

COOKIE = "onefile_session"
LANGUAGE, LEFT = "onefile_language", "onefile_left"
PART, PARTS = 3_600, 4
"""A browser keeps 4096 bytes of a cookie: a longer session is cut into parts."""
DAY, YEAR = 86_400, 31_536_000


class Session(BaseModel):
    """What the browser carries. Without `person` nobody is signed in; `csrf` is always there."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    csrf: str
    person: str | None = None
    name: str = ""
    post: str = ""
    roles: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    token: str = ""
    token_until: float = 0
    refresh: str | None = None
    ends: float = 0
    way: str = ""
    """How the person came in: `development`, `oidc` or `link`."""
    seen: Annotated[dict[str, int], Field(default_factory=dict)]
    """The positions of what this person recorded: nothing older is shown to them."""
    pending: Annotated[dict[str, str], Field(default_factory=dict)]
    """What a sign-in under way must find again: state, verifier, nonce, where to go."""

    def saw(self, service: str, position: int | None) -> "Session":
        """From now on, this person's screens are at least of this position."""
        if position is None:
            return self
        newest = max(position, self.seen.get(service, 0))
        return self.model_copy(update={"seen": {**self.seen, service: newest}})


def fresh(**more: Any) -> Session:
    """A session of nobody yet, with a secret of its own."""
    return Session(csrf=new_salt().hex(), **{"pending": {}, "seen": {}, **more})


class Sealer:
    """AES-256-GCM under the console's key: the browser can neither read nor change a session."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, session: Session) -> str:
        nonce = new_nonce()
        plain = zlib.compress(session.model_dump_json(exclude_defaults=True).encode())
        sealed = nonce + self._cipher.encrypt(nonce, plain, COOKIE.encode())
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def open(self, text: str) -> Session | None:
        """None for what this console did not seal."""
        try:
            sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            plain = self._cipher.decrypt(sealed[:12], sealed[12:], COOKIE.encode())
            said = json.loads(zlib.decompress(plain))
            return Session.model_validate({"pending": {}, "seen": {}, **said})
        except (ValueError, InvalidTag, zlib.error, ValidationError):
            return None


def read_session(request: Request, sealer: Sealer, now: float) -> Session | None:
    """The browser's session; None when there is none, it ended or was tampered with.

    One that was signed out of is over, even when an answer that was under way meanwhile brought
    its cookie back: the browser remembers by a mark what it left, and so does this process.
    """
    cut = [request.cookies.get(_name(n), "") for n in range(PARTS)]
    known = sealer.open("".join(cut)) if cut[0] else None
    if known is None or (known.person and known.ends <= now):
        return None
    left = {request.cookies.get(LEFT, ""), *request.app.state.left}
    return None if known.person and mark(known) in left else known


def mark(session: Session) -> str:
    """Names a session, and opens nothing."""
    return sha256(b"left" + session.csrf.encode()).hexdigest()[:32]


def leave(request: Request, response: Response, now: float, *, secure: bool) -> None:
    """From now on the session of this request is nobody's."""
    session: Session = request.state.session
    left: dict[str, float] = request.app.state.left
    for old in [one for one, ends in left.items() if ends <= now]:
        del left[old]
    left[mark(session)] = session.ends
    request.state.session = fresh()
    response.set_cookie(
        LEFT, mark(session), max_age=DAY, httponly=True, samesite="lax", secure=secure, path="/"
    )


def write_session(request: Request, response: Response, text: str, *, secure: bool) -> None:
    """Set the parts of the cookie; parts that are not needed any more are taken away."""
    for number in range(PARTS):
        part = text[number * PART : (number + 1) * PART]
        if part:
            response.set_cookie(
                _name(number), part, httponly=True, samesite="lax", secure=secure, path="/"
            )
        elif _name(number) in request.cookies:
            response.delete_cookie(_name(number), path="/", httponly=True, samesite="lax")


def _name(part: int) -> str:
    return COOKIE if part == 0 else f"{COOKIE}_{part}"


def same_secret(session: Session, given: str) -> bool:
    """Whether a form was made for this very session."""
    return hmac.compare_digest(session.csrf.encode(), given.encode())
