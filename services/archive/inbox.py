"""What does archive hear, and what does it do about it?"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.archive.service import SPEAKERS, Archive
from shared.effects import Clock
from shared.envelope import Heard
from shared.handling import Step
from shared.hearing import React


def reactions(service: Archive, clock: Clock) -> Mapping[str, React]:
    """Everything everybody says is kept and filed."""

    async def on_anything(h: Heard) -> Sequence[Step[Any, Any, Any, Any]]:
        return await service.hear(h, clock())

    return dict.fromkeys(SPEAKERS, on_anything)
