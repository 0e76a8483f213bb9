"""An event with a past, for tests alone: what intake's publicity would be after two new versions."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Literal
from unittest.mock import patch

from contracts.event import Event, Personal
from contracts.intake import PublicityLogged
from contracts.registry import BY_TYPE
from contracts.upcasting import STEPS

V1, V2, V3 = (f"intake.publicity_logged.v{n}" for n in (1, 2, 3))


class PublicityLoggedV2(Event):
    """Several media at once."""

    subject: ClassVar[str] = "office"
    type: Literal["intake.publicity_logged.v2"] = "intake.publicity_logged.v2"

    body: str
    media: tuple[str, ...]
    address: str | None = None
    title: Personal[str]


class PublicityLoggedV3(Event):
    """Who was meant matters from now on; nobody said so before."""

    subject: ClassVar[str] = "office"
    type: Literal["intake.publicity_logged.v3"] = "intake.publicity_logged.v3"

    body: str
    media: tuple[str, ...]
    address: str | None = None
    audience: Literal["everybody", "applicants", "not_said"]
    title: Personal[str]


def several(fact: dict[str, Any]) -> dict[str, Any]:
    media = [fact.pop("medium")]
    return {**fact, "media": media}


def meant(fact: dict[str, Any]) -> dict[str, Any]:
    return {**fact, "audience": "not_said"}


@contextmanager
def later_release() -> Iterator[None]:
    """Inside, the code is two releases later: it writes version 3 and reads all three."""
    kinds: dict[str, type[Event]] = {
        V1: PublicityLogged, V2: PublicityLoggedV2, V3: PublicityLoggedV3
    }  # fmt: skip
    with patch.dict(BY_TYPE, kinds), patch.dict(STEPS, {V1: several, V2: meant}):
        yield
