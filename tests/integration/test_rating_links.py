"""A rating link reaches the unit by message, opens without an account, and rates once."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from fastapi import FastAPI, Request, Response

from services.evaluation.app import SPEC
from services.evaluation.domain.links import Links
from services.onebox.platform import Platform
from services.onebox.serving import address_of, answering, listening
from shared.effects import new_id
from shared.runtime import Floor, Parts
from tests.integration.evaluation_scene import SCORES, Place, place

DESKS = "https://onefile.example"
ANSWER = {"level": "satisfied", "scores": SCORES, "comment": "谢谢"}


class Sms:
    """A gateway of short messages that is down when it is first asked."""

    def __init__(self) -> None:
        self.asked, self.kept = 0, dict[str, Any]()

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/sms")
        async def take(request: Request) -> Response:
            self.asked += 1
            self.kept.setdefault(request.headers["idempotency-key"], await request.json())
            return Response("queued")

        return app


@asynccontextmanager
async def writing(
    platform: Platform, folder: Path, way: dict[str, Any]
) -> AsyncIterator[Place]:
    """Evaluation with a book of addresses, beside a console that people know by a name."""
    book = folder / "book.json"
    book.write_bytes(orjson.dumps(way))

    async def build(floor: Floor) -> Parts:
        told = {"messages": book, "desks_address": DESKS}
        return await SPEC.build(replace(floor, settings=floor.settings.model_copy(update=told)))

    async with place(platform, replace(SPEC, build=build)) as at:
        yield at


def link_in(text: str) -> tuple[str, str]:
    found = re.search(rf"{DESKS}/rate/([0-9a-f-]+)/([\w-]+)", text)
    assert found, text
    return found[1], found[2]


class Bearer:
    """Whoever holds the link; nobody is signed in."""

    def __init__(self, at: Place, id: str, word: str) -> None:
        self.web = at.world.client("evaluation")
        self.path = f"/public/invitations/{id}/{word}"

    async def look(self, **headers: str) -> httpx.Response:
        return await self.web.get(self.path, headers=headers)

    async def rate(self, **more: Any) -> httpx.Response:
        headers = {"Idempotency-Key": str(new_id())}
        return await self.web.post(
            f"{self.path}/rating", json={**ANSWER, **more}, headers=headers
        )


async def sent_by_gateway(sms: Sms, at: Place) -> Bearer:
    async def taken() -> list[Any]:
        return [one for one in sms.kept.values() if "/rate/" in one["text"]]

    told = await at.world.eventually(taken)
    assert told[0]["to"] == "000-0000001"
    assert "请您评价" in told[0]["text"] and "please rate" in told[0]["text"]
    return Bearer(at, *link_in(told[0]["text"]))


async def test_the_link_is_sent_opened_without_an_account_and_rates_once(
    platform: Platform, tmp_path: Path
) -> None:
    sms, sock = Sms(), listening(0)
    way = {
        "entries": [{"to": "applicant", "channel": "gateway", "address": "000-0000001"}],
        "gateway": {"url": f"{address_of(sock)}/sms"},
    }
    async with answering(sms.app(), sock), writing(platform, tmp_path, way) as at:
        matter = await at.serve()
        held = await sent_by_gateway(sms, at)
        seen = await held.look()
        for _ in range(3):  # previews in chats look, and use nothing up
            assert (seen.status_code, seen.json()["rated"]) == (200, False)
            seen = await held.look()
        assert seen.headers["cache-control"] == "no-store"
        assert not {"matter", "agent"} & seen.json().keys()

        # Forwarded to one of the rated, who is signed in: there is nothing for him.
        rated = {"Authorization": f"Bearer {at.world.token('agent')}"}
        assert (await held.look(**rated)).status_code == 404

        assert (await held.rate()).status_code == 200
        again = await held.rate(level="very_dissatisfied")
        assert (again.status_code, again.json()["reason"]) == (409, "already_rated")
        assert (await held.look()).json()["rated"] is True
        assert (await at.read(matter))["recorded"] == ["overall"]
        assert await at.status(f"/matters/{matter}", "agent") == 404  # nothing early


@pytest.mark.parametrize("way", ["print", "drop"])
async def test_the_link_is_printed_or_dropped_in_a_folder(
    platform: Platform, tmp_path: Path, way: str
) -> None:
    out = tmp_path / "out"
    book = {
        "entries": [{"to": "applicant", "channel": way, "address": "窗口代送"}],
        way: str(out),
    }
    async with writing(platform, tmp_path, book) as at:
        await at.serve()

        async def taken() -> list[Path]:
            return [one for one in out.glob("*.*") if not one.name.startswith(".")]

        (sheet,) = await at.world.eventually(taken)
        held = Bearer(at, *link_in(sheet.read_text()))
        assert (await held.look()).json()["expired"] is False
        at.world.advance(days=10)  # nobody came back to it: it is sent once more, the same
        sheets = await at.world.eventually(taken, lambda found: len(found) == 2)
        assert {link_in(one.read_text()) for one in sheets} == {link_in(sheet.read_text())}
        at.world.advance(days=400)
        assert (await held.look()).json()["expired"] is True
        late = await held.rate()
        assert late.json().get("reason") == "link_expired", late.text


async def test_a_guessed_word_opens_nothing(platform: Platform, tmp_path: Path) -> None:
    async with writing(platform, tmp_path, {}) as at:
        link = await at.link(await at.serve())
        guessed = [
            Bearer(at, link, "A" * 22),
            Bearer(at, link, "é"),
            Bearer(at, str(new_id()), "A"),
        ]
        own = Links(b"0" * 32, DESKS)
        guessed.append(Bearer(at, link, own.address(new_id()).rpartition("/")[2]))
        for one in guessed:
            assert (await one.look()).status_code == 404
            assert (await one.rate()).status_code == 404


async def test_a_link_that_reached_nobody_is_on_the_list_without_its_word(
    platform: Platform, tmp_path: Path
) -> None:
    async with writing(platform, tmp_path, {}) as at:
        matter = await at.serve()

        async def unreached() -> list[Any]:
            path = {"area": at.world.area, "state": "unreached"}
            return list(
                (await at.world.get("evaluation", "/messages", "admin", **path))["rows"]
            )

        (row,) = await at.world.eventually(unreached)
        assert (row["matter"], row["problem"]) == (str(matter), "no address in the book")
        assert await at.link(matter) not in str(row)
        assert await at.status(f"/messages?area={at.world.area}", "agent") == 404
