"""What does every service answer about its own log?"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.answering import Answer, sometimes


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


class Released(Answer):
    """How much of what was held was taken up (放行)."""

    released: int = Field(description="messages that were taken up now")


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


class FileSaid(Answer):
    """What is known of one file (文件信息)."""

    sha256: str
    size: int = Field(description="bytes (字节)")
    media_type: str
    name: str


type PersonalSaid = str | list[str] | FileSaid | list[FileSaid] | None
"""What a personal member of any fact holds; which members a fact has, its schema says."""

type Obstacle = str | int | bool | list[str] | None
"""What a refusal names beside its code. Each rule names its own: the names are free, as those of
the members of a problem are (RFC 9457), and the values are these."""


class Restricted(Answer):
    """Everything personal of a stream, also what may only be kept (限制处理)."""

    service: str
    stream: UUID
    events: dict[UUID, dict[str, PersonalSaid]] = Field(
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


class Ready(Answer):
    """What the process leans on, and whether each of it works (就绪情况)."""

    database: bool = sometimes("数据库 whether it can be written to")
    bus: bool = sometimes("总线 whether events can be said")
    key: bool = sometimes("密钥 whether tokens can be signed")
    staying: bool = sometimes("false: told to end, and ends when it has answered (正在退出)")


class CheckedPaper(Answer):
    """That a paper's code is true: which event it stands for; nothing personal (文书核验)."""

    code: str = Field(description="the code on the paper (核验码)")
    kind: str = Field(description="type of the event (记录种类)")
    zh: str
    number: str | None = Field(description="of the paper; null: it has none (编号)")
    day: date
    recorded: datetime
    store: str
    position: int
    leafhash: str
    genuine: Literal[True] = Field(description="a code that is not true is answered with 404")
    proof: str = Field(description="where its store proves it is in the log (存在证明)")


class CheckBegun(Answer):
    """A check is under way; GET tells what it found (开始核对)."""

    service: str
    running: bool


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
