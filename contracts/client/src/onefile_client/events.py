"""One message of a feed, checked: what it says, where it stands, and that its bytes are whole."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from onefile_client.tree import leaf

_loads: Callable[[bytes], Any]
try:
    from orjson import loads as _loads
except ImportError:  # the standard library does it too, at a third of the speed
    _loads = json.loads

MARK = b',"data":'
LARGEST = 300_000


class Broken(ValueError):
    """A message that is not what a feed can say; the reason is in the text."""


@dataclass(frozen=True, slots=True)
class Event:
    """A fact and what it is about. `position` is dense from 1 in your feed."""

    feed: str
    position: int
    id: str
    type: str
    subject: str
    time: str
    about: dict[str, Any]
    fact: dict[str, Any]
    before: bytes | None
    leaf: bytes
    whole: bool
    raw: bytes

    @property
    def area(self) -> str:
        return str(self.about["area"])

    @property
    def name(self) -> str:
        """The type without its version: `intake.service_requested`."""
        return self.type.rpartition(".v")[0]


def read(message: bytes) -> Event:
    """Check a message; raises `Broken`. Members that are not known are passed over."""
    if len(message) > LARGEST:
        raise Broken("消息过大 · larger than a message can be")
    head, mark, rest = message.partition(MARK)
    try:
        told, data = _loads(head + b"}"), _loads(rest[:-1])
        if not mark or rest[-1:] != b"}":
            raise Broken("没有 data · no data at the end")
        if told["viewhash"] != leaf(rest[:-1]).hex():
            raise Broken("摘要不符 · viewhash is not that of the data")
        position, before = told["feedposition"], told["feedprevhash"]
        if type(position) is not int or position < 1:
            raise Broken("没有位置 · no position")
        return Event(
            feed=str(told["feed"]), position=position, id=str(told["id"]),
            type=str(told["type"]), subject=str(told["subject"]), time=str(told["time"]),
            about=dict(data["about"]), fact=dict(data["fact"]),
            before=bytes.fromhex(before) if before else None, leaf=leaf(message),
            whole=told["viewhash"] == told["leafhash"], raw=message,
        )  # fmt: skip
    except Broken:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Broken(f"不是事件 · not an event: {type(error).__name__}") from None
