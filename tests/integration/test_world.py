"""The world that integration tests live in: real services over real HTTP, PostgreSQL and NATS."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import APIRouter, Request, Response

from contracts.intake import ModeChosen
from contracts.supervision import ItemReady
from services.onebox.platform import Platform
from services.onebox.sentences import FAILED, ending
from shared.asking import Ask, By, Command, asked, asked_by_event, takes
from shared.decider import Decider
from shared.envelope import Heard
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Done, Step
from shared.http import principal_of
from shared.problems import Problem
from shared.runtime import Floor, Parts, ServiceSpec
from tests.answers import MET
from tests.world import World, world


class Choose(Command):
    """Choose a mode."""

    area: str


def _count(state: int, event: Any) -> int:
    return state + 1


type Kind = Aggregate[Any, int, Any, Any]

CHOICES: Kind = Aggregate(
    "matter",
    Decider(0, _count, lambda command, state, facts: [ModeChosen(mode="agent")]),
    Vocabulary([ModeChosen]),
)
ECHOES: Kind = Aggregate(
    "echo",
    Decider(0, _count, lambda command, state, facts: [ItemReady(item="S1-01")]),
    Vocabulary([ItemReady]),
)


class Toy:
    """A service of one command and one stream kind."""

    def __init__(self, name: str, floor: Floor, aggregate: Kind) -> None:
        self.name, self.floor, self.aggregate = name, floor, aggregate

    async def do(self, command: Choose, stream: UUID, by: By) -> Done:
        about = asked(command, by, area=command.area, matter=stream)
        step = Step(about, self.aggregate, stream, command, None, expected=by.expected)
        return await self.floor.handling.handle(step)

    def router(self) -> APIRouter:
        router = APIRouter()
        takes(router, Ask("/matters", Choose), Ask("/matters/{id}/choice", Choose))

        @router.get("/matters/{id}")
        async def read(request: Request, id: UUID) -> Response:
            await principal_of(request)
            version, count = await self.floor.handling.state_of(self.aggregate, id)
            if not version:
                raise Problem("not_found")
            return Response(
                f'{{"count":{count}}}',
                media_type="application/json",
                headers={"ETag": f'"{version}"'},
            )

        return router


async def speaker(floor: Floor) -> Parts:
    toy = Toy("intake", floor, CHOICES)
    return Parts(toy, [toy.router()])


async def hearer(floor: Floor) -> Parts:
    toy = Toy("supervision", floor, ECHOES)

    async def react(event: Heard) -> Sequence[Step[Any, Any, Any, Any]]:
        about = asked_by_event("supervision", event, floor.clock())
        assert event.about.matter
        return [Step(about, ECHOES, event.about.matter, {}, None)]

    return Parts(toy, [toy.router()], hears={"intake": react})


SPECS = (
    ServiceSpec("intake", hears=(), build=speaker),
    ServiceSpec("supervision", hears=("intake",), build=hearer),
)


async def test_a_command_of_one_service_is_heard_by_another(platform: Platform) -> None:
    async with world(platform, SPECS) as w:
        made = await w.post("intake", "/matters", {"area": w.area}, "unit", expect=201)
        id = made.json()["id"]
        assert await w.version("intake", f"/matters/{id}") == 1
        await w.post(
            "intake", f"/matters/{id}/choice", {"area": w.area}, if_match="*", expect=200
        )
        await w.until("supervision", f"/matters/{id}", lambda body: body["count"] == 2)


async def test_a_repeated_command_is_done_once(platform: Platform) -> None:
    async with world(platform, SPECS[:1]) as w:
        body = {"area": w.area}
        first = await w.post("intake", "/matters", body, key="one", expect=201)
        again = await w.post("intake", "/matters", body, key="one", expect=201)
        assert first.content == again.content
        assert again.headers["idempotency-replayed"] == "true"


async def test_a_part_that_fails_ends_the_service_and_is_named(platform: Platform) -> None:
    up = asyncio.Event()

    async def falling(floor: Floor) -> Parts:
        async def agenda(now: datetime) -> bool:
            if up.is_set():
                raise ValueError("an agenda that cannot go on")
            return True

        toy = Toy("intake", floor, CHOICES)
        return Parts(toy, [toy.router()], agenda=agenda)

    failing = ServiceSpec("intake", hears=(), build=falling)
    with pytest.raises(ExceptionGroup) as raised:
        async with world(platform, [failing, SPECS[1]]):
            up.set()
            await asyncio.Event().wait()
    code, sentence = ending(raised.value, Path("onefile.log"))
    assert code == FAILED
    assert sentence.startswith("intake stopped: ValueError: an agenda that cannot go on")


@pytest.fixture(scope="module")
async def quiet(platform: Platform) -> Any:
    async with world(platform) as w:
        yield w


async def test_the_clock_is_moved_by_an_administrator_alone(quiet: World) -> None:
    before = (await quiet.get("issuer", "/clock"))["ahead_days"]
    assert before == 0
    await quiet.post("issuer", "/clock", {"days": 30}, "clerk", expect=403)
    await quiet.post("issuer", "/clock", {"days": 30}, "admin", expect=200)
    assert (await quiet.get("issuer", "/clock"))["ahead_days"] == pytest.approx(30, abs=0.1)
    past = {"to": "2001-01-01T00:00:00Z"}
    await quiet.post("issuer", "/clock", past, "admin", expect=422)


async def test_what_the_issuer_of_development_answers_is_as_its_document_says(
    quiet: World,
) -> None:
    people = await quiet.get("issuer", "/people")
    assert {"clerk", "admin"} <= {one["key"] for one in people}
    assert (await quiet.get("issuer", "/jwks.json"))["keys"]
    await quiet.post("issuer", "/token", {"person": "unit"}, expect=200)
    await quiet.post("issuer", "/clock", {"days": 0}, "admin", expect=200)
    await quiet.get("issuer", "/clock")
    asked = {("get", "/people"), ("get", "/jwks.json"), ("get", "/clock")} | {
        ("post", "/token"), ("post", "/clock")
    }  # fmt: skip
    assert asked <= {(how, path) for door, how, path in MET if door == "issuer-development"}
    for language, words in (("zh", "给出"), ("en", "give `person`")):
        answer = await quiet.client("issuer").post(
            "/token", json={}, headers={"Accept-Language": language}
        )
        assert answer.status_code == 422 and words in answer.json()["errors"][0]["message"]


async def test_only_known_people_and_services_get_a_token(quiet: World) -> None:
    client = quiet.client("issuer")
    assert (await client.post("/token", json={"person": "unit"})).status_code == 200
    assert (await client.post("/token", json={"person": "nobody"})).status_code == 404
    wrong = {"client": "s:intake", "secret": "guessed"}
    assert (await client.post("/token", json=wrong)).status_code == 401
    assert (await client.post("/token", json={})).status_code == 422
