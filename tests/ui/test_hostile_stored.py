"""A whole matter lived in hostile words: what was stored in any field is text on every page."""

import asyncio
import html
import json
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from services.onebox.demo.scene import Scene
from services.onebox.demo.show import ACTS
from services.onebox.demo.walk import Walk
from shared.clock import LEGAL_ZONE
from shared.packs import Packs
from tests.ui.conftest import HOME_OF_TESTS, Box, SignIn
from tests.ui.test_every_field import MARKS, Fields, commands, is_name
from tests.ui.test_forms_hold import HOSTILE, KEPT
from tests.ui.test_no_dead_ends import links, signed_in

EVERY = " ".join([*KEPT.values(), *reversed(HOSTILE)])
"""B18 and B21 with B36, the worst of it first: short fields take what they can of it."""
BY_DEMO, BY_FORMS = 15, 12
"""Kinds of commands that stored such words, at least: in the demonstration, and by its forms."""
WALKERS = ("clerk", "agent", "office", "approver", "unit")


class HostileWalk(Walk):
    """The demonstration's hands, which write hostile words wherever a person may write words."""

    schemas: dict[tuple[str, str], dict[str, Any]]
    stored: set[str]

    async def _post(
        self, person: str, service: str, path: str, body: Any, version: int | None
    ) -> httpx.Response:
        schema = self.schemas.get((service, re.sub(r"/[0-9a-f-]{36}", "/{id}", path)), {})
        wordy = [one for one in schema.get("properties", ()) if is_name(schema, one)]
        if not wordy or isinstance(body, bytes):
            return await super()._post(person, service, path, body, version)
        worse = {**body, **{one: words_for(schema, one) for one in wordy}}
        answer = await super()._post(person, service, path, worse, version)
        if answer.status_code in (200, 201):
            self.stored.add(schema["title"])
            return answer
        return await super()._post(person, service, path, body, version)


def words_for(schema: Mapping[str, Any], name: str) -> str:
    one = schema["properties"][name]
    texts = [part for part in (one, *one.get("anyOf", ())) if part.get("type") == "string"]
    return EVERY[: min(part.get("maxLength", 500) for part in texts)]


class Lived:
    """The matter, and which kinds of commands stored hostile words on its way."""

    def __init__(self, scene: Scene, stored: set[str]) -> None:
        self.id, self.number, self.stored = scene.matter, scene.number, stored
        self.agent, self.project = scene.agent, scene.project


@pytest.fixture(scope="module")
def lived(box: Box) -> Lived:
    """From its door as far as its papers and its filing, every word of it hostile."""
    demo = box.demos[HOME_OF_TESTS]
    schemas = {(service, path): schema for service, _, path, schema in commands(box)}

    async def walked() -> Lived:
        people = {person.key: person for person in demo.people}
        async with HostileWalk({**box.addresses, "issuer": box.issuer}, people) as walk:
            walk.schemas, walk.stored = schemas, set()
            scene = Scene(walk, demo, Packs.load(None).for_area(demo.area), lambda _: None)
            await scene.next_working_day()
            for act in ACTS[:5]:
                await act(scene)
            return Lived(scene, walk.stored)

    with ThreadPoolExecutor(1) as beside:
        return beside.submit(lambda: asyncio.run(walked())).result()


class Filled(Fields):
    """A form filled in without much thought: hostile words wherever words go, else what it needs."""

    def __init__(self, text: str) -> None:
        self.choices: dict[str, str] = {}
        self.ticked: dict[str, str] = {}
        self.needed: set[str] = set()
        super().__init__(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        told = {name: value or "" for name, value in attrs}
        if self._select and tag == "option" and told.get("value"):
            self.choices.setdefault(self._select, told["value"])
        if self._inside and "required" in told:
            self.needed.add(told["name"])
        if self._inside and told.get("type") == "checkbox" and told.get("name") in TICKED:
            self.ticked.setdefault(told["name"], told["value"])

    def given(self, schema: dict[str, Any], day: str) -> dict[str, str]:
        """What is sent; `day` where a date is needed."""
        found = {**self.ticked, **{name: value for name, value in self.values.items() if value}}
        for name, kind in self.kinds.items():
            if is_name(schema, name):
                found[name] = words_for(schema, name)
            elif name in self.needed and name not in found:
                needed = {**NEEDED, "date": day}
                found[name] = self.choices.get(name) or needed.get(kind, "other")
        return found


TICKED = ("items", "purposes", "in_order", "heard")
NEEDED = {"datetime-local": "2099-11-24T10:00", "number": "1", "tel": "000-0000001"}


def said_by_forms(
    client: httpx.Client, lived: "Lived", schemas: Mapping[str, Any], day: str
) -> Iterator[str]:
    """The commands that took hostile words, of all that this person's pages of it offer."""
    tried = set[str]()
    for page in (f"/matter/{lived.id}", f"/papers/{lived.id}", *DESKS):
        if client.get(page, follow_redirects=True).status_code != 200:
            continue
        # The unit's card of this matter may be on a later page of its desk.
        complain = (
            [f"/do/evaluation/ReceiveComplaint?id={lived.id}"] if page == "/desk/unit" else []
        )
        for link in [*links(client, page), *complain]:
            name = link.partition("?")[0]
            if not name.startswith("/do/") or name in tried or name.endswith(SPARED):
                continue
            if "id=" in link and lived.id not in link:
                continue
            tried.add(name)
            form, schema = Filled(client.get(link).text), schemas[name.rpartition("/")[2]]
            given = [(k, (None, v)) for k, v in form.given(schema, day).items()]
            taken = client.post(link, files=given).status_code == 303
            if taken and any(is_name(schema, one) for one in form.kinds):
                yield str(schema["title"])


DESKS = ("/desk/clerk", "/desk/agent", "/desk/unit", "/desk/department", "/desk/supervisor",
         "/desk/chief")  # fmt: skip
SPARED = ("/WithdrawItem", "/EndCommission", "/DeclineService", "/EndAgreement")
"""What would end the matter before the others were tried."""


def shown_to(lived: Lived) -> dict[str, list[str]]:
    path = f"/matter/{lived.id}"
    return {
        "clerk": ["/desk/clerk", path, f"/papers/{lived.id}", f"/project/{lived.project}",
                  f"/search?q={lived.number}"],
        "agent": ["/desk/agent", path, f"{path}/people", f"/road/{lived.id}"],
        "office": ["/desk/supervisor", "/desk/chief", "/desk/week", path, f"/dispatch/{lived.id}"],
        "approver": ["/desk/department", path],
        "unit": ["/desk/unit", path, f"/sign/{lived.id}"],
        "auditor": ["/desk/audit", "/desk/audit/events", path, f"/film/{lived.id}",
                    f"/film/{lived.id}/story", f"/film/{lived.id}/compare",
                    f"{path}?at=2027-01-01", f"/desk/audit/looked/{lived.id}"],
    }  # fmt: skip


def test_what_a_whole_matter_stored_is_text_on_every_page_of_everybody(
    box: Box, lived: Lived, sign_in: SignIn
) -> None:
    assert len(lived.stored) >= BY_DEMO, sorted(lived.stored)
    by_forms, schemas = set[str](), {name: schema for _, name, _, schema in commands(box)}
    now = datetime.fromisoformat(box.http.get(f"{box.issuer}/clock").json()["now"])
    soon = (now.astimezone(LEGAL_ZONE) + timedelta(days=2)).date().isoformat()
    for who in WALKERS:
        client = signed_in(box, lived.agent if who == "agent" else who)
        by_forms |= set(said_by_forms(client, lived, schemas, soon))
        client.close()
    print("by the demonstration:", sorted(lived.stored), "by forms:", sorted(by_forms))
    assert len(by_forms - lived.stored) >= BY_FORMS, sorted(by_forms)
    shown = ""
    for post, addresses in shown_to(lived).items():
        who = lived.agent if post == "agent" else post
        client = signed_in(box, who)
        if who == "office":
            complaints = "/desk/complaints/"
            addresses += [one for one in links(client, addresses[0]) if complaints in one]
        for one in addresses:
            answer = client.get(one, follow_redirects=True)
            assert answer.status_code in (200, 403, 404), (one, answer.status_code)
            assert not any(mark in answer.text for mark in MARKS), one
            shown += answer.text
        client.close()
        page = sign_in(who, tolerant=True)
        for one in addresses[:3]:
            page.goto(one)
            expect(page.locator("h1")).to_be_visible()
            assert page.title() != "pwned", one
            assert page.locator("img[src=x], main script").count() == 0, one
    assert html.escape("<script>") in shown and KEPT["B21 rare"] in shown
    written = box.get(lived.agent, "archive", f"/matters/{lived.id}/worklog")
    assert "<script>" in json.dumps(written), "the work log does not hold what was written"
