"""Who is let in: a password and a code, an invitation taken up, a personal link."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.onebox.accounts import Account, Accounts, Book, Link, Post, digest, plain
from services.onebox.accounts_log import did
from services.onebox.accounts_totp import matching_step
from services.onebox.keyring import Keyring
from shared.effects import new_nonce, new_salt

TRIES, FIRST_PAUSE, LONGEST_PAUSE = 5, 60.0, 3_600.0
"""After so many wrong tries a pause of a minute, doubled by each further one up to an hour (默认值)."""
SHORTEST, LONGEST = 12, 128
COST = (2**15, 8, 1)
"""n, r, p of scrypt: about a tenth of a second and 32 MiB."""


class NotLetIn(Exception):
    """Nobody was let in; `code` says what to tell the person, and never which half was wrong."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a token is made for, and by which account or link (`key`, of which `generation`)."""

    post: Post
    key: str
    generation: int


def sign_in(accounts: Accounts, name: str, password: str, code: str) -> Holder:
    """Raises `NotLetIn("wrong")`, whatever was wrong, after the same work.

    A try counts before it is looked at, so that many at once are no way around the pause.
    """
    known, allowed = _try_counted(accounts, plain(name))
    same = same_password(password, known.password if known else None)
    with accounts.changing() as book:
        if known is None or not allowed or not same:
            raise NotLetIn("wrong")
        now_known = book.accounts.get(known.name)
        secret = opened(accounts, known)
        step = matching_step(secret, code, accounts.now(), known.last_step)
        if now_known is None or not _same_sign_in(now_known, known) or step is None:
            raise NotLetIn("wrong")
        done = book.put(_clean(now_known, step))
    return Holder(done, f"account:{done.name}", done.generation)


def invited(accounts: Accounts, word: str) -> Account:
    """Whose invitation this is; raises `NotLetIn("invitation_gone")`."""
    return _invited(accounts.read(), word, accounts.now())


def take_up(accounts: Accounts, word: str, password: str, secret: bytes, code: str) -> Account:
    """The account with its password and its phone; the invitation is used up.

    Raises `NotLetIn`: `invitation_gone`, `weak_password` or `wrong_code`.
    """
    asked = invited(accounts, word)
    if not fit(password, asked):
        raise NotLetIn("weak_password")
    step = matching_step(secret, code, accounts.now(), 0)
    if step is None:
        raise NotLetIn("wrong_code")
    kept, sealed = hashed(password), _sealed(accounts, asked.name, secret)
    with accounts.changing(did("take_up", asked.name, asked.person)) as book:
        known = _invited(book, word, accounts.now())
        update = {"state": "active", "invitation": None, "password": kept, "totp": sealed}
        return book.put(_clean(known.model_copy(update=update), step))


def linked(accounts: Accounts, word: str) -> Link:
    """Whose personal link this is, without using it; raises `NotLetIn("link_gone")`."""
    return _linked(accounts.read(), word, accounts.now())


def use_link(accounts: Accounts, word: str) -> Holder:
    """Let in by a personal link, once less from now on; raises `NotLetIn("link_gone")`."""
    with accounts.changing() as book:
        link = _linked(book, word, accounts.now())
        book.links[link.id] = link.model_copy(update={"times": link.times - 1})
    return Holder(link, f"link:{link.id}", 1)


def still(accounts: Accounts, key: str, generation: int) -> Holder:
    """Who came in before and still may, with the posts of today; raises `NotLetIn`."""
    book = accounts.read()
    kind, _, name = key.partition(":")
    if kind == "link":
        link = book.links.get(name)
        if link is not None and not link.revoked and accounts.now() < link.until:
            return Holder(link, key, 1)
    elif (known := book.accounts.get(name)) is not None:
        if known.state == "active" and known.generation == generation:
            return Holder(known, key, generation)
    raise NotLetIn("ended")


def end_sign_ins(accounts: Accounts, holder: Holder, why: str = "code_replayed") -> None:
    """Whoever came in so is out: something was shown twice that is shown once, or it was asked."""
    kind, _, name = holder.key.partition(":")
    with accounts.changing(did(why, name, holder.post.person)) as book:
        if kind == "link" and (link := book.links.get(name)):
            book.links[name] = link.model_copy(update={"revoked": True})
        elif known := book.accounts.get(name):
            book.put(known.model_copy(update={"generation": known.generation + 1}))


def fit(password: str, account: Account) -> bool:
    """Long enough, not one letter again and again, and not the name."""
    said = plain(password)
    return (
        SHORTEST <= len(password) <= LONGEST
        and len(set(said)) >= TRIES
        and account.name not in said
        and plain(account.called) not in said
    )


def hashed(password: str) -> str:
    """`scrypt$n$r$p$salt$hash`: another cost later does not lock anybody out."""
    salt = new_salt()
    n, r, p = COST
    return f"scrypt${n}${r}${p}${salt.hex()}${_scrypt(password, salt, n, r, p).hex()}"


NOBODYS = f"scrypt${COST[0]}${COST[1]}${COST[2]}${'00' * 16}${'00' * 32}"
"""Tried where there is no password, so that the answer takes as long."""


def same_password(password: str, kept: str | None) -> bool:
    _, n, r, p, salt, wanted = (kept or NOBODYS).split("$")
    got = _scrypt(password[: LONGEST + 1], bytes.fromhex(salt), int(n), int(r), int(p))
    return secrets.compare_digest(got, bytes.fromhex(wanted)) and kept is not None


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    said = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(said, salt=salt, n=n, r=r, p=p, dklen=32, maxmem=2**27)


def _try_counted(accounts: Accounts, name: str) -> tuple[Account | None, bool]:
    """The account, and whether it may be tried now; the try is counted as a wrong one."""
    with accounts.changing() as book:
        known = book.accounts.get(name)
        if known is None or known.state != "active":
            return None, False
        if accounts.now() < known.paused_until:
            return known, False
        wrong = known.wrong + 1
        pause = FIRST_PAUSE * 2 ** min(wrong - TRIES, 10) if wrong >= TRIES else 0.0
        until = accounts.now() + min(pause, LONGEST_PAUSE) if pause else 0.0
        update: Mapping[str, object] = {"wrong": wrong, "paused_until": until}
        book.put(known.model_copy(update=update))
        return known, True


def _same_sign_in(now: Account, then: Account) -> bool:
    """Nothing that matters changed while the password was looked at."""
    same = (now.state, now.generation, now.last_step) == (
        "active",
        then.generation,
        then.last_step,
    )
    return same and now.password == then.password


def _clean(account: Account, step: int) -> Account:
    return account.model_copy(update={"wrong": 0, "paused_until": 0.0, "last_step": step})


def _invited(book: Book, word: str, now: float) -> Account:
    sought = digest(word)
    for account in book.accounts.values():
        one = account.invitation
        if one and secrets.compare_digest(one.digest, sought) and now < one.until:
            return account
    raise NotLetIn("invitation_gone")


def _linked(book: Book, word: str, now: float) -> Link:
    sought = digest(word)
    for link in book.links.values():
        if secrets.compare_digest(link.digest, sought):
            if link.times > 0 and not link.revoked and now < link.until:
                return link
    raise NotLetIn("link_gone")


def opened(accounts: Accounts, account: Account) -> bytes:
    """The secret of the person's phone; raises `NotLetIn` where the key is another."""
    sealed = base64.b64decode(account.totp or "")
    try:
        cipher = _cipher(accounts)
        return cipher.decrypt(sealed[:12], sealed[12:], account.name.encode())
    except (InvalidTag, ValueError):
        raise NotLetIn("wrong") from None


def _sealed(accounts: Accounts, name: str, secret: bytes) -> str:
    nonce = new_nonce()
    return base64.b64encode(
        nonce + _cipher(accounts).encrypt(nonce, secret, name.encode())
    ).decode()


def _cipher(accounts: Accounts) -> AESGCM:
    """Under the deployment key, which no copy of the home holds."""
    key = Keyring(accounts.home).deployment_key_file.read_bytes()
    return AESGCM(HKDF(SHA256(), 32, None, b"onefile totp").derive(key))
