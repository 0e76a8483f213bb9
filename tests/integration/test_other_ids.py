"""The id of another kind of thing is answered as one that does not exist, in every service."""

import re
from collections.abc import AsyncIterator

import pytest

from contracts.subjects import SERVICES
from services.onebox.platform import Platform
from shared.effects import new_id
from shared.eventstore.postgres import connect
from tests.world import World, world

READERS = ("auditor", "office")
FILLED = {"item": "S1-01", "form": "commission", "area": "500242", "document": str(new_id())}


@pytest.fixture(scope="module")
async def town(platform: Platform) -> AsyncIterator[World]:
    async with world(platform, services=list(SERVICES)) as running:
        yield running


async def streams(town: World) -> dict[str, set[str]]:
    """Of every service, one id of each kind of stream it has: by the type of the first fact."""
    found = {}
    for service, dsn in town.databases.services.items():
        connection = await connect(dsn)
        rows = await connection.fetch(
            "SELECT DISTINCT ON (type) stream::text AS id FROM events WHERE version = 1"
        )
        found[service] = {row["id"] for row in rows}
        await connection.close()
    return found


async def begun(town: World) -> dict[str, str]:
    """A project, its matter, and a visitor."""
    known = {k: v for k, v in town.demo.projects["factory"].items() if k != "code"}
    project = {**known, "area": town.area}
    made = await town.post("intake", "/projects", project, "unit", expect=201)
    wish = {"project": made.json()["id"], "area": town.area, "channel": "window",
            "lead_name": "甲", "lead_phone": "000-0000001"}  # fmt: skip
    matter = await town.post("intake", "/matters", wish, "unit", expect=201)
    visitor = {"area": town.area, "channel": "window"}
    contact = await town.post("intake", "/contacts", visitor, "clerk", expect=201)
    return {
        "project": made.json()["id"],
        "matter": matter.json()["id"],
        "contact": contact.json()["id"],
    }


async def reads(town: World, service: str) -> list[str]:
    """The documented paths that are read by an id."""
    document = (await town.client(service).get("/openapi.json")).json()
    return [p for p, how in document["paths"].items() if "get" in how and "{id}" in p]


async def test_the_id_of_another_kind_of_thing_is_never_an_error(town: World) -> None:
    made = await begun(town)
    await town.until("archive", f"/matters/{made['matter']}", bool)
    known = await streams(town)
    assert len(known["intake"]) >= 5, known
    ids = set.union(*known.values(), set(made.values()))
    wrong, asked = [], 0
    for service in SERVICES:
        for path in await reads(town, service):
            for id in ids:
                filled = path.format(
                    **(dict.fromkeys(re.findall(r"{(\w+)}", path), id) | FILLED)
                )
                for reader in READERS:
                    answer = await town.client(service, reader).get(filled)
                    asked += 1
                    if answer.status_code >= 500 and answer.status_code != 503:
                        wrong.append(f"{service} {filled} {reader}: {answer.text}")
    assert asked > 200 and not wrong, "\n".join(wrong)


async def test_a_place_is_no_matter_whether_it_was_read_before_or_not(town: World) -> None:
    place = (await town.get("intake", "/places"))[0]["id"]
    for _ in range(2):
        answer = await town.client("intake", "auditor").get(f"/matters/{place}")
        assert answer.status_code == 404
        assert answer.json()["type"] == "urn:onefile:problem:not_found"
        await town.get("intake", f"/places/{place}")


async def test_a_command_for_another_kind_of_thing_finds_nothing(town: World) -> None:
    made = await begun(town)
    place = (await town.get("intake", "/places"))[0]["id"]
    body = {"edition": "none", "begins_on": "2027-01-01"}
    link = {"matter": made["matter"]}
    for path, said in (
        (f"/matters/{made['project']}/acceptance", {"body": "zone"}),
        (f"/matters/{made['contact']}/acceptance", {"body": "zone"}),
        (f"/matters/{place}/acceptance", {"body": "zone"}),
        (f"/contacts/{made['matter']}/links", link),
        (f"/contacts/{place}/links", link),
    ):
        answer = await town.post("intake", path, said, "clerk", if_match=1)
        assert answer.status_code == 404, answer.text
    answer = await town.post("intake", f"/places/{made['matter']}/retirements", body, "admin")
    assert answer.status_code in (404, 422), answer.text
