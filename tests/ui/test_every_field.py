"""Every field of every form: what is hostile is text and is kept, a name that deceives is refused."""

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from contracts.subjects import SERVICES
from tests.ui.conftest import HOME_OF_TESTS, Box, Made, Served
from tests.ui.test_forms_hold import HOSTILE, REFUSED
from tests.ui.test_no_dead_ends import signed_in

MARKS = ("<script>document.title", "<img src=x")
ALL = " ".join(HOSTILE)
WORDY = ("text", "tel", "textarea")
TWISTED = {
    "B19": ("unit_code", "９1350100M000100Y43"),
    "B20": ("unit_code", "Α1350100M000100Y43"),
    "B19 code": ("code", "２６１１-500242-04-01-000000"),
}


class Fields(HTMLParser):
    """The form of a command, as a browser reads it: names, kinds, values, and what is marked wrong."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        self.wrong: set[str] = set()
        self._inside, self._area, self._select = False, "", ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self._inside = self._inside or (tag == "form" and told.get("id") == "do")
        if tag == "a" and told.get("href", "").startswith("#f-"):
            self.wrong.add(told["href"][3:])
        name = told.get("name", "")
        if not self._inside or not name:
            if self._select and tag == "option" and "selected" in told:
                self.values[self._select] = told.get("value", "")
            return
        match tag:
            case "input":
                kind = told.get("type", "text")
                if kind not in ("checkbox", "radio", "file"):
                    self.values[name], self.kinds[name] = told.get("value", ""), kind
            case "textarea":
                self._area, self.values[name], self.kinds[name] = name, "", "textarea"
            case "select":
                self._select, self.values[name], self.kinds[name] = name, "", "select"

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"
        self._area = "" if tag == "textarea" else self._area
        self._select = "" if tag == "select" else self._select

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data

    def wordy(self) -> list[str]:
        return [name for name, kind in self.kinds.items() if kind in WORDY]


def commands(box: Box) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Every command of every service with the address of its form's holes and its schema."""
    for service in SERVICES:
        paths = box.http.get(f"{box.addresses[service]}/openapi.json").json()["paths"]
        for path, methods in paths.items():
            body = methods.get("post", {}).get("requestBody", {}).get("content", {})
            schema = body.get("application/json", {}).get("schema", {})
            known = schema.get("title") and schema.get("type") == "object"
            if known and not path.startswith("/public/"):
                yield service, schema["title"], path, schema


def address(service: str, name: str, path: str, matter: Made) -> str:
    holes = {"id": matter.id, "item": "S1-01"}
    query = "&".join(
        f"{hole}={holes.get(hole, matter.id)}" for hole in re.findall(r"{(\w+)}", path)
    )
    return f"/do/{service}/{name}?{query}&area={HOME_OF_TESTS}"


def sent(client: httpx.Client, at: str, change: dict[str, str]) -> httpx.Response:
    form = Fields(client.get(at).text)
    given = form.values | change
    return client.post(at, files=[(name, (None, value)) for name, value in given.items()])


def test_what_is_hostile_is_text_in_every_field_of_every_form(box: Box, matter: Made) -> None:
    client, faults, seen = signed_in(box, "office"), [], 0
    for service, name, path, _ in commands(box):
        at = address(service, name, path, matter)
        opened = client.get(at)
        wordy = Fields(opened.text).wordy()
        if opened.status_code != 200 or not wordy:
            faults += [f"{at}: {opened.status_code}"] if opened.status_code != 200 else []
            continue
        answer = sent(client, at, dict.fromkeys(wordy, ALL))
        if answer.status_code >= 500:
            faults.append(f"{name}: {answer.status_code}")
        if any(mark in answer.text for mark in MARKS):
            faults.append(f"{name}: not escaped")
        saved = "attachment" in answer.headers.get("content-disposition", "")
        if answer.status_code == 303 or saved:
            continue
        kept = Fields(answer.text).values
        lost = [one for one in wordy if kept.get(one, "").replace("\n", " ").strip() != ALL
                and "../../" not in kept.get(one, "")]  # fmt: skip
        faults += [f"{name}: {one} was lost: {kept.get(one)!r:.80}" for one in lost]
        seen += len(wordy)
    client.close()
    assert seen > 400
    assert not faults, "\n".join(faults[:20])


@pytest.mark.parametrize("kind", REFUSED)
def test_a_name_that_deceives_is_refused_in_every_field_of_a_person(
    box: Box, matter: Made, kind: str
) -> None:
    client, faults, seen = signed_in(box, "office"), [], 0
    for service, name, path, schema in commands(box):
        at = address(service, name, path, matter)
        wordy = Fields(client.get(at).text).wordy()
        personal = [one for one in wordy if is_name(schema, one)]
        if not personal:
            continue
        answer = sent(client, at, dict.fromkeys(personal, REFUSED[kind]))
        if answer.status_code < 400 or answer.status_code >= 500:
            faults.append(f"{name}: {answer.status_code}")
            continue
        page = Fields(answer.text)
        lost = [one for one in personal if not page.values.get(one)]
        faults += [f"{name}: {one} was lost" for one in lost]
        seen += len(personal)
    client.close()
    assert seen > 60
    assert not faults, "\n".join(faults[:20])


def is_name(schema: dict[str, Any], path: str) -> bool:
    """Whether the member is plain text of a person: sealed, and of no closed form."""
    parts = path.split(".")
    one: Any = schema.get("properties", {}).get(parts[0])
    if len(parts) > 1 or not isinstance(one, dict):
        return False
    texts = [part for part in (one, *one.get("anyOf", ())) if part.get("type") == "string"]
    return bool(one.get("x-personal") or any(t.get("x-personal") for t in texts)) and any(
        "pattern" not in text and "format" not in text for text in texts
    )


@pytest.mark.parametrize("kind", TWISTED)
def test_digits_and_letters_that_only_look_right_are_refused_and_not_mended(
    box: Box, matter: Made, kind: str
) -> None:
    client = signed_in(box, "clerk")
    field, text = TWISTED[kind]
    at = f"/do/intake/RegisterProject?area={HOME_OF_TESTS}"
    answer = sent(client, at, {field: text, "name": "甲项目", "unit": "测试公司"})
    page = Fields(answer.text)
    client.close()
    assert 400 <= answer.status_code < 500
    assert page.values[field] == text and field in page.wrong


def test_what_was_stored_is_text_on_every_screen(
    box: Box, matter: Made, served: Served
) -> None:
    """Hostile text is stored where a clerk, an agent and the office may, then every page is read."""
    text, contact = html.unescape(ALL), {"area": HOME_OF_TESTS, "wish": ALL, "unit": ALL[:100]}
    made = box.post("clerk", "intake", "/contacts", contact)["id"]
    for who, service, path, body in (
        ("agent", "supervision", f"/matters/{served.id}/work-log", {"kind": "errand", "entry": text}),
        ("agent", "supervision", f"/matters/{served.id}/issues",
         {"kind": "other", "description": text, "owner": "depts"}),
        ("clerk", "intake", f"/contacts/{made}/consultations", {"answer": text}),
    ):  # fmt: skip
        box.http.post(
            box.addresses[service] + path, json=body,
            headers={**box.headers(who, HOME_OF_TESTS), "Idempotency-Key": f"{made}-{who}",
                     "If-Match": '"0"'},
        )  # fmt: skip
    pages = {
        "clerk": ["/desk/clerk", f"/contact/{made}?words=1", f"/matter/{matter.id}"],
        "agent": ["/desk/agent", f"/matter/{served.id}", f"/papers/{served.id}"],
        "office": ["/desk/supervisor", "/desk/chief", "/desk/week", "/desk/publications",
                   f"/matter/{served.id}", f"/search?q={ALL[:40]}"],
        "auditor": ["/desk/audit", f"/film/{served.id}/story", "/desk/audit/events",
                    f"/desk/audit/looked/{served.id}", f"/matter/{served.id}?at=2026-11-21"],
        "unit": ["/desk/unit", f"/matter/{served.id}"],
    }  # fmt: skip
    shown = ""
    for who, addresses in pages.items():
        client = signed_in(box, who)
        for one in addresses:
            answer = client.get(one, follow_redirects=True)
            assert answer.status_code in (200, 403), (one, answer.status_code)
            assert not any(mark in answer.text for mark in MARKS), one
            shown += answer.text
        client.close()
    assert html.escape("<script>") in shown
