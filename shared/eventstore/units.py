"""What is handed to the log, all or nothing, and what the log answers.

Named tuples: frozen like the rest of our values, and made in a third of the time.
"""

from typing import NamedTuple
from uuid import UUID


class Act(NamedTuple):
    """What the events of one command are about (X-01): all but what the log itself gives.

    `effective` is a date or an instant with offset, as text. `actor` and `behalf` are
    pseudonymous ids (`p:<uuid>`, `s:<service>`, `a:<agency>`), `authority` is the commission.
    """

    actor: str
    area: str
    effective: str
    authority: UUID | None = None
    behalf: str | None = None
    channel: str | None = None
    matter: UUID | None = None
    pack: str | None = None
    project: UUID | None = None


class Disclosure(NamedTuple):
    """A personal field, encrypted: its digest stands in the fact, its key in another database."""

    digest: str
    subject: str
    data_key: UUID
    ciphertext: bytes


class Draft(NamedTuple):
    """An event before the log gives it position, `prev` and `recorded`. `fact` is canonical."""

    id: UUID
    cause: UUID
    type: str
    act: Act
    fact: str
    disclosures: tuple[Disclosure, ...] = ()


class Append(NamedTuple):
    """Events for one stream, which must stand at `expected` (0: must not exist yet)."""

    stream: UUID
    expected: int
    drafts: tuple[Draft, ...]


class Receipt(NamedTuple):
    """What a command was answered with; stored also when nothing followed.

    `position` is the place in the log that a reader must have reached to see the outcome.
    """

    cause: UUID
    origin: UUID
    stream: UUID
    version: int
    events: int
    digest: bytes
    heard: str | None = None
    position: int = 0


class Hearing(NamedTuple):
    """A reader moves from `after` to `upto` in the log it reads (after None: from any lower place)."""

    reader: str
    after: int | None
    upto: int


class Unit(NamedTuple):
    """What becomes true together or not at all."""

    appends: tuple[Append, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    hearing: Hearing | None = None


class Appended(NamedTuple):
    """The unit is in the log; `position` is that of its last event (or of the log, if none)."""

    position: int


class Repeated(NamedTuple):
    """A cause of the unit was answered before: `receipts` are those first answers."""

    receipts: tuple[Receipt, ...]


class Conflicting(NamedTuple):
    """A stream of the unit stands elsewhere: its version now, by stream order of the unit."""

    versions: tuple[int, ...]


class Moved(NamedTuple):
    """The reader of the unit stands elsewhere: its position now."""

    position: int


type Verdict = Appended | Repeated | Conflicting | Moved


class StoreUnavailable(Exception):
    """The database did not answer in time; the outcome is unknown. Repeat with the same key."""
