"""What does every service answer about its own log?"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from shared.answering import Answer


class Standing(Answer):
    """How far a log goes, and how far the lists show it (截至)."""

    position: int = Field(description="the last position of the log (日志位置)")
    shown: int = Field(description="the position the lists show, or the one asked for")
    recorded: datetime | None = Field(description="when that was recorded; null: no log yet")
    heard: dict[str, int] = Field(description="service -> the position it was heard up to here")


class Reliance(Answer):
    """How far another service's log was read for it (依据位置)."""

    store: str
    position: int


class Parked(Answer):
    """A message whose effect was refused (搁置)."""

    speaker: str = Field(description="the service that said it")
    position: int
    stream: UUID
    reason: str
    parked: str = Field(description="since when")


class Read(Answer):
    """Somebody looked at the personal data of a stream (查阅记录)."""

    actor: str
    purpose: str
    stream: UUID
    at: datetime


class Reads(Answer):
    """Who looked, the newest first."""

    service: str
    reads: list[Read]


class Disclosures(Answer):
    """What still exists of the personal fields of some streams (卷宗中的个人信息)."""

    service: str
    disclosures: dict[str, str] = Field(
        description="digest -> salt, name and value as they were hashed"
    )


class Restricted(Answer):
    """Everything personal of a stream, also what may only be kept (限制处理)."""

    service: str
    stream: UUID
    events: dict[UUID, dict[str, Any]] = Field(
        description="event -> the personal members of its fact"
    )


class Fault(Answer):
    """One difference, named (差异)."""

    code: str
    where: str
    zh: str
    en: str


class Part(Answer):
    """What one part of a check found (核对结果)."""

    upto: int
    compared: int = Field(description="how many things were compared")
    found: int
    faults: list[Fault] = Field(description="the first of them")
    fingerprint: str = Field(
        description="SHA-256 of what was compared; empty where none is made"
    )


class Checked(Answer):
    """A check of the store that came to its end (持续核对)."""

    number: int | None = Field(description="null: the store refuses to keep it (未能保存)")
    ended: datetime
    upto: int
    found: int
    parts: dict[str, Part] = Field(description="log, views, stream -> what was found there")
    report: str = Field(description="the same as the text that `note` signs over")
    note: str | None = Field(description="signed by the log key; null where there is none")
    position: int | None = Field(
        description="of the fact `history_checked` that says it; null: not said yet (尚未入日志)"
    )


class Checks(Answer):
    """The last checks, the newest first, and the one under way."""

    service: str
    running: bool
    progress: dict[str, list[int]] = Field(description="part -> done, and of how many")
    checks: list[Checked]
    unkept: list[Checked] = Field(
        description="what the store refused to keep; it is kept and said when it can be"
    )


class Proofs(Answer):
    """That positions are in the log at one size (存在证明)."""

    size: int = Field(description="leaves of the signed tree (树的大小)")
    checkpoint: str = Field(description="the signed note (检查点)")
    paths: dict[str, list[str]] = Field(description="position -> hashes in base64")


class Message(Answer):
    """Whether a message went out; never the words, nor to which address (对外消息)."""

    event: UUID
    effect: str
    type: str
    matter: UUID | None
    sent_to: str
    state: Literal["waiting", "sending", "sent", "parked", "unreached", "expired", "skipped"]
    channel: str | None
    attempts: int
    recorded: datetime
    sent_at: datetime | None
    problem: str | None
    position: int


class Messages(Answer):
    """A part of the list; `after` is the position to go on from."""

    rows: list[Message]
    after: int | None
