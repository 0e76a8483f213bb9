"""What does the agencies' door answer: shapes that may gain members and never lose one."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.answering import Answer


class KeyTold(Answer):
    """One of your keys (公钥), and whether it opens the door now."""

    nkey: str
    since: datetime
    until: datetime
    revoked: datetime | None
    good: bool


class HookTold(Answer):
    """How your webhook stands (推送)."""

    position: int
    lag: int
    parked: int
    paused: str | None = Field(description="why it waits for a person; null while it runs")
    retry_at: datetime | None


class FeedTold(Answer):
    """What you are given, how far it is, how you stand (我的订阅)."""

    agency: str
    zh: str
    en: str
    feed: str = Field(description="changes when what you are given changes: rebuild from zero")
    purpose: str
    legal_basis: str
    until: date = Field(description="the last day of the agreement")
    areas: list[str]
    events: dict[str, Literal["all"] | list[str]] = Field(
        description="event type -> the members of its fact that you are given"
    )
    newer: dict[str, str] = Field(
        description="a type you are given -> a later version of it that you are not given: have "
        "it named in your agreement before facts of it are written"
    )
    about_without: list[str]
    size: int
    proven: int = Field(description="the longest length at which you showed the right root")
    proven_at: datetime | None
    unfiltered: int = Field(description="events that were heard and not yet looked at")
    held: str | None = Field(description="why nothing more enters; null while it grows")
    keys: list[KeyTold]
    webhook: HookTold | None
    stream: str
    vkey: str | None


class Pinned(Answer):
    """The keys to pin (验证公钥)."""

    vkey: str
    webhook: str


class Proved(Answer):
    """Whether what you showed is all of the feed up to `size`, and nothing else (核对结果)."""

    equal: bool = Field(description="whether both have the same root (一致)")
    size: int
    root: str
    head: int = Field(description="how long the feed is now (当前长度)")


class SnapshotTold(Answer):
    """A signed snapshot (快照): its parts, their roots, and the checkpoint over all."""

    feed: str
    size: int
    root: str
    part: int = Field(description="messages in each part")
    parts: list[str] = Field(description="the root of each part")
    checkpoint: str


class ParkedTold(Answer):
    """A message your webhook did not take (搁置的消息)."""

    position: int
    subject: UUID
    reason: str
    parked: datetime


class Replayed(Answer):
    """How many parked messages were taken now (重发结果)."""

    taken: int = Field(description="how many the receiver took (已接收)")


class Resumed(Answer):
    """The webhook runs again (已恢复)."""

    resumed: bool = Field(description="whether it stood still before (已恢复)")


class AgenciesTold(Answer):
    """Every subscriber (订阅机构), and what is wrong with the register if it cannot be read."""

    readable: bool
    faults: list[str]
    agencies: list[FeedTold]


class Example(Answer):
    """An event that a filter would have let through (样例)."""

    store: str
    position: int
    type: str
    area: str


class Tried(Answer):
    """What a filter would have let through, and what not (试算结果)."""

    days: int
    looked_at: int = Field(description="how many events were looked at (件数)")
    complete: bool = Field(description="false: there was more than was looked at")
    given: dict[str, int]
    given_areas: dict[str, int]
    withheld: dict[str, int]
    examples: list[Example]
