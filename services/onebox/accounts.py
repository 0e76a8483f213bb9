"""Who has an account at this box, and what may an administrator do with accounts and links."""

import fcntl
import hashlib
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.invalid import said
from contracts.vocabulary import ActorId, AreaCode, BodyId, Role
from services.onebox.accounts_log import NOTHING, Did, Line, added, did, lines
from services.onebox.errors import PlatformError
from services.onebox.keyring import Keyring
from services.onebox.private import private_directory, write_private
from shared.effects import Clock, new_id, system_clock

FILE, LOCK = "accounts.json", "accounts.lock"
HOUR = 3_600.0
INVITATION_HOURS, LINK_DAYS, LINK_TIMES = 72, 14, 1
"""How long an invitation and a personal link are good, and how often the link is (默认值)."""
USUAL_ADDRESS = "http://127.0.0.1:8600"
ROLES: frozenset[str] = frozenset(
    {*get_args(Role.__value__), "admin", "auditor", "archivist", "subscriber"}
)
"""Posts of people; `service` is none of them, and no account can have it."""


class AccountRefused(PlatformError):
    """It cannot be done with this account; the message says why, and what can."""


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Post(_Kept):
    """For whom a token is made: a pseudonym, a name to greet with, and posts."""

    person: ActorId
    called: Annotated[str, Field(min_length=1, max_length=40)]
    roles: Annotated[tuple[str, ...], Field(min_length=1)]
    areas: tuple[AreaCode, ...] = ()
    bodies: tuple[BodyId, ...] = ()


class Invitation(_Kept):
    """The digest of the word in a link, and until when it is good."""

    digest: str
    until: float


class Passkey(_Kept):
    """A key on a device of the person: `public` checks what it signs, `counter` only rises."""

    id: str
    public: str
    counter: int
    called: Annotated[str, Field(max_length=40)]
    made: float


class Account(Post):
    """One person's account. `generation` rises when every sign-in so far is to end."""

    name: Annotated[str, Field(pattern=r"^\w[\w.@-]{1,39}$")]
    state: Literal["invited", "active", "blocked"] = "invited"
    invitation: Invitation | None = None
    password: str | None = None
    totp: str | None = None
    last_step: int = 0
    passkeys: tuple[Passkey, ...] = ()
    wrong: int = 0
    paused_until: float = 0
    generation: int = 1


class Link(Post):
    """A way in for one person without an account, for a while, so many times."""

    id: str
    digest: str
    until: float
    times: Annotated[int, Field(ge=0)]
    revoked: bool = False


class Book(BaseModel):
    """What the file holds. `address` is what people type to reach the console.

    `log_last` is the number and the hash of the last line in the log of acts.
    """

    model_config = ConfigDict(extra="forbid")

    format: Literal["onefile.accounts/v1"] = "onefile.accounts/v1"
    address: str = USUAL_ADDRESS
    accounts: dict[str, Account] = {}
    links: dict[str, Link] = {}
    log_last: tuple[int, str] = (0, NOTHING)

    def put(self, account: Account) -> Account:
        self.accounts[account.name] = account
        return account

    def account(self, name: str) -> Account:
        """Raises `AccountRefused`."""
        known = self.accounts.get(plain(name))
        if known is None:
            raise AccountRefused(
                f"没有账号 {name} · there is no account {name}: see `onefile account list`."
            )
        return known


class Accounts:
    """The accounts of one home: a 0600 file, changed by one process at a time."""

    def __init__(self, home: Path, clock: Clock = system_clock) -> None:
        self.home, self._clock = home, clock
        self._file = home / FILE

    def now(self) -> float:
        return self._clock().timestamp()

    def exist(self) -> bool:
        return self._file.exists()

    def read(self) -> Book:
        """The book as it is; raises `AccountRefused` for one that cannot be read."""
        if not self._file.exists():
            return Book()
        try:
            return Book.model_validate_json(self._file.read_bytes())
        except ValidationError as error:
            raise AccountRefused(
                f"{self._file} 读不懂 · {self._file} cannot be read: put it back from the last "
                "backup, or remove it and invite everybody again."
            ) from error

    @contextmanager
    def changing(self, done: Did | None = None) -> Iterator[Book]:
        """The book, written when the block ends without an error; nobody else writes meanwhile.

        What is `done` is in the log of acts before it is true.
        """
        private_directory(self.home)
        with (self.home / LOCK).open("a") as lock:
            (self.home / LOCK).chmod(0o600)
            fcntl.flock(lock, fcntl.LOCK_EX)
            book = self.read()
            yield book
            if done is not None:
                book.log_last = added(self.home, done, self.now(), self._log_end(book))
            write_private(self._file, book.model_dump_json(indent=1) + "\n")

    def log(self) -> tuple[list[Line], str]:
        """What was done so far, and whether the log is whole; see `accounts_log.lines`."""
        return lines(self.home, self.read().log_last)

    def _log_end(self, book: Book) -> tuple[int, str]:
        """Where the next line goes: after one that was begun and not finished, too."""
        known, wrong = lines(self.home, book.log_last)
        return (known[-1].number, known[-1].hash) if wrong == "begun" else book.log_last

    def open(self, address: str | None = None) -> None:
        """Make this home one of production; raises `AccountRefused` where it was another."""
        if not self.exist() and Keyring(self.home).deployment_key_file.exists():
            raise AccountRefused(
                f"{self.home} 是试用数据目录，不能转为正式运行 · {self.home} was begun for trying "
                "things out (invented people, drafts) and never becomes a production home: "
                "choose another with --home."
            )
        with self.changing() as book:
            book.address = (address or book.address).rstrip("/")

    def invite(
        self, name: str, called: str, roles: Sequence[str], areas: Sequence[str],
        bodies: Sequence[str], person: str | None = None,
    ) -> str:  # fmt: skip
        """A new account; returns the word of its invitation. Raises `AccountRefused`."""
        self.open()
        told = did("invite", plain(name), roles=roles, areas=areas, bodies=bodies)
        with self.changing(told) as book:
            if plain(name) in book.accounts:
                raise AccountRefused(
                    f"账号 {name} 已存在 · {name} has an account already: `onefile account reset "
                    f"{name}` makes a new invitation for it."
                )
            post = post_of(called, roles, areas, bodies, person)
            made = _checked(Account, name=plain(name), **post.model_dump())
            word, invitation = self._invitation()
            book.put(made.model_copy(update={"invitation": invitation}))
        return word

    def reset(self, name: str) -> str:
        """Password, codes and passkeys are void, sign-ins end, a new invitation is made: its word."""
        with self.changing(did("reset", plain(name))) as book:
            word, invitation = self._invitation()
            known = book.account(name)
            clean = Account(name=known.name, **_post(known).model_dump())
            more = {"invitation": invitation, "generation": known.generation + 1}
            book.put(clean.model_copy(update=more))
        return word

    def move(
        self, name: str, roles: Sequence[str], areas: Sequence[str], bodies: Sequence[str]
    ) -> None:
        """Other posts from the next token on; sign-ins go on. Raises `AccountRefused`."""
        told = did("move", plain(name), roles=roles, areas=areas, bodies=bodies)
        with self.changing(told) as book:
            known = book.account(name)
            post = post_of(known.called, roles, areas, bodies, known.person)
            book.put(known.model_copy(update=post.model_dump()))

    def block(self, name: str) -> None:
        """Nobody signs in with it, an open invitation is void, and sign-ins end."""
        with self.changing(did("block", plain(name))) as book:
            known = book.account(name)
            update = {
                "state": "blocked",
                "generation": known.generation + 1,
                "invitation": None,
            }
            book.put(known.model_copy(update=update))

    def link(self, post: Post, *, days: int = LINK_DAYS, times: int = LINK_TIMES) -> str:
        """A personal link for somebody without an account: its word."""
        self.open()
        word = secrets.token_urlsafe(32)
        made = Link(
            id=secrets.token_hex(4), digest=digest(word), times=times,
            until=self.now() + days * 24 * HOUR, **post.model_dump(),
        )  # fmt: skip
        told = did(
            "link", made.id, person=post.person, roles=post.roles, areas=post.areas,
            bodies=post.bodies, days=days, times=times,
        )  # fmt: skip
        with self.changing(told) as book:
            book.links[made.id] = made
        return word

    def revoke(self, id: str) -> None:
        """The link lets nobody in any more, and who came in by it is out."""
        with self.changing(did("revoke", id)) as book:
            if id not in book.links:
                raise AccountRefused(
                    f"没有链接 {id} · there is no link {id}: see `onefile link list`."
                )
            book.links[id] = book.links[id].model_copy(update={"revoked": True})

    def _invitation(self) -> tuple[str, Invitation]:
        word = secrets.token_urlsafe(32)
        until = self.now() + INVITATION_HOURS * HOUR
        return word, Invitation(digest=digest(word), until=until)


def post_of(
    called: str, roles: Sequence[str], areas: Sequence[str], bodies: Sequence[str],
    person: str | None = None,
) -> Post:  # fmt: skip
    """The posts as given on the command line; raises `AccountRefused`."""
    if unknown := sorted(set(roles) - ROLES):
        raise AccountRefused(
            f"没有这样的岗位 · no such role: {', '.join(unknown)}. There are: "
            f"{', '.join(sorted(ROLES))}."
        )
    return _checked(
        Post, person=person or f"p:{new_id()}", called=called, roles=tuple(roles),
        areas=tuple(areas), bodies=tuple(bodies),
    )  # fmt: skip


def plain(name: str) -> str:
    """A name as it is kept: full-width letters and capitals do not make another one."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def digest(word: str) -> str:
    """What is kept of a secret word."""
    return hashlib.sha256(word.encode("utf-8", "replace")).hexdigest()


def _post(account: Account) -> Post:
    return Post(**account.model_dump(include=set(Post.model_fields)))


def _checked[K: _Kept](kind: type[K], **given: object) -> K:
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {' · '.join(said(e))}" for e in error.errors()
        )
        raise AccountRefused(
            f"填写有误 · not valid: {wrong}. An area has six digits, a body is the code of the "
            "pack, a name has 2 to 40 letters, digits or . _ @ -"
        ) from None
