"""What tests of the past share: what lists said when they were looked at, and what they say of it."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from tests.world import World

type Asked = tuple[str, str, Mapping[str, Any]]
"""A list: its path, who asks, what for."""


async def patient(
    w: World, service: str, person: str, path: str, **asked: Any
) -> httpx.Response:
    """The answer of a list; asked again while the service is still replaying."""
    client = w.client(service, person)

    async def page() -> httpx.Response:
        return await client.get(path, params=asked or None)

    return await w.eventually(page, lambda answer: answer.status_code != 503)


class Lists:
    """What the lists of a service said at the positions at which they were looked at."""

    def __init__(self, w: World, service: str, lists: Sequence[Asked]) -> None:
        self.w, self.service, self.lists = w, service, lists
        self.said: dict[int, list[Any]] = {}

    async def position(self) -> int:
        told = await self.w.get(self.service, "/log/position", "clerk")
        return int(told["position"])

    async def look(self) -> int:
        """Note what all of them say, at a position that did not move meanwhile."""
        while True:
            position = await self.position()
            found = [await self.one(*one, min_position=position) for one in self.lists]
            if position == await self.position():
                self.said[position] = found
                return position

    async def one(self, path: str, person: str, asked: Mapping[str, Any], **more: Any) -> Any:
        asked = {**asked, **more, "limit": 200}
        answer = await patient(self.w, self.service, person, path, **asked)
        assert answer.status_code == 200, answer.text
        if "at" in more:
            assert answer.headers["Onefile-Position"]
        return answer.json()

    async def replayed(self, position: int) -> list[Any]:
        return [await self.one(*one, at=position) for one in self.lists]

    async def hold(self, *unmoved: str) -> None:
        """At every position, forwards and back, each list says what it said then; and it moved."""
        for position, said in [*self.said.items(), *reversed(self.said.items())]:
            again = await self.replayed(position)
            for one, was, now in zip(self.lists, said, again, strict=True):
                assert now == was, (one, position)
        still = {
            one[0]
            for n, one in enumerate(self.lists)
            if len({str(said[n]) for said in self.said.values()}) < 2
        }
        assert still == set(unmoved), "lists that no act of this test moved"
