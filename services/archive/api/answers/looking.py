"""What does archive answer who looks across files and times, and about who looked?"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from services.archive.api.answers.files import (
    Check,
    FiledDocument,
    FiledItem,
    FiledRating,
    Lack,
    Line,
    State,
    Waiver,
)
from shared.answering import Answer, sometimes
from shared.answers import PersonalSaid


class Drawn(Answer):
    """A file that was drawn, and its lot (抽样)."""

    matter: UUID
    number: str
    area: str
    project: UUID | None
    opened: str = Field(description="when the service was asked for: a day or an instant")
    entries: int
    documents: int
    complete: bool | None
    closed: bool
    position: int
    lot: str = Field(description="SHA-256 of `<seed>:<matter id>` (签号)")


class Sample(Answer):
    """Files drawn by a seed, so that anybody can draw again (抽样)."""

    seed: str
    position: int
    population: int = Field(description="files that could be drawn")
    list_sha256: str
    drawn: list[Drawn]


class AreaFiles(Answer):
    """How many files an area has (分地区件数)."""

    area: str
    open: int
    closed: int


class AreasFiles(Answer):
    """The areas that the caller may read."""

    areas: list[AreaFiles]


class Beside(Answer):
    """The other entry of a pair."""

    store: str
    at: int
    type: str
    day: date
    recorded: datetime
    text: str


class Event(Answer):
    """An event of some file (事件)."""

    matter: UUID
    position: int
    store: str
    at: int
    type: str
    day: date
    recorded: datetime
    actor: str
    area: str
    who: str
    channel: str
    text: str
    entered: date | None
    leafhash: str
    beside: Beside | None


class Events(Answer):
    """Events over all files, the newest first (事件检索)."""

    events: list[Event]
    looked_down_to: int | None
    before: int | None = Field(description="where to go on; null at the end")


class FileRead(Answer):
    """Somebody looked at the file (查阅记录)."""

    actor: str
    purpose: str
    at: datetime


class FileReads(Answer):
    """Who looked, the newest first (查阅记录)."""

    id: UUID
    reads: list[FileRead]


class Decision(Answer):
    """What was proposed and decided about personal data (个人信息处置)."""

    decision: UUID
    protection: str
    of: str
    person: str | None
    whole_project: bool
    ground: str
    event: UUID | None
    member: str | None
    ended: Literal["pending", "approved", "rejected"]
    proposed_by: str
    second: str | None


class Protections(Answer):
    """The proposals of a matter or a register (个人信息处置)."""

    id: UUID
    decisions: list[Decision]


class Registers(Answer):
    """The registers of what belongs to no matter (名册)."""

    registers: dict[str, UUID] = Field(description="service -> its register")


class Cut(Answer):
    """A place in time that means the same tomorrow (时点)."""

    known: int = Field(description="what was known by this position of archive")
    effective: date | datetime | None = Field(description="of what happened by then")
    written: str


class StateAt(Answer):
    """How a matter stood at a cut (某一时点的状态)."""

    id: UUID
    cut: Cut
    as_of_now: bool
    hash: str
    state: State
    text: list[str]
    personal: dict[UUID, dict[str, PersonalSaid]] = sometimes(
        "event -> its personal members, where they were asked for"
    )


type Stood = (
    FiledItem | Check | list[FiledDocument] | list[FiledRating] | list[Lack] | list[Waiver]
    | list[str] | str | int | bool | None
)  # fmt: skip
"""Any part of a state; a list changes as a whole."""


class Patch(Answer):
    """One operation of an RFC 6902 patch; `before` is what stood there."""

    op: Literal["add", "remove", "replace"]
    path: str
    value: Stood = sometimes("absent in a removal")
    before: Stood


class Actor(Answer):
    """Who had a part in it."""

    actor: str
    who: str


class Deadline(Answer):
    """A deadline that moved (期限变动)."""

    item: str | None
    before: date | None
    after: date | None = Field(description="变动后 the day it is now")
    days: int | None = Field(description="calendar days (自然日)")
    because: Line | None
    rules: list[str]


class Difference(Answer):
    """What leads from one cut to another (两个时点之差)."""

    id: UUID
    from_: Cut = Field(alias="from")
    to: Cut = Field(description="the other cut")
    patch: list[Patch]
    learned: list[Line]
    dropped: list[Line]
    people: list[Actor]
    deadlines: list[Deadline]
    text: list[str]


class Look(Answer):
    """Somebody looked at what belongs to the matter (谁看过)."""

    at: datetime
    service: str
    actor: str
    purpose: str
    of: str = Field(description="matter or project")


class Looked(Answer):
    """Who looked, in every service; `silent` are those that did not answer (谁看过)."""

    id: UUID
    looks: list[Look]
    silent: list[str]
