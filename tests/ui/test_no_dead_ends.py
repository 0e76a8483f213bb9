"""No desk leads to nowhere: every link is followed, every form it opens knows what it was told."""

import html
import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.patience import PATIENCE
from tests.ui.conftest import HOME_OF_TESTS, Box, Made, Served

PEOPLE = [
    ("clerk", ["/desk/clerk", "/papers"]),
    ("agent", ["/desk/agent"]),
    ("unit", ["/desk/unit"]),
    (
        "office",
        [
            "/desk/supervisor",
            "/desk/supervisor/checks",
            "/desk/chief",
            "/desk/week",
            "/desk/publications",
        ],
    ),
    ("approver", ["/desk/department"]),
    ("liaison", ["/desk/department"]),
    ("admin", ["/desk/admin", "/desk/stores", "/desk/packs", "/desk/agencies"]),
    ("evaluator", ["/desk/supervisor"]),
    ("auditor", ["/desk/audit", "/desk/stores"]),
]
SELF_MADE = ("next", "id", "item")


def signed_in(box: Box, key: str) -> httpx.Client:
    """A browser without a screen."""
    client = httpx.Client(base_url=box.console, timeout=PATIENCE, trust_env=False)
    secret = re.search(r'name="_csrf" value="(\w+)"', client.get("/sign-in").text)
    assert secret
    who = {"_csrf": secret[1], "person": box.person(key, HOME_OF_TESTS).id, "next": "/"}
    assert client.post("/sign-in/development", data=who).status_code == 303
    return client


def links(client: httpx.Client, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.text[-2_000:])
    found = re.findall(r'href="(/[^"]*)"', answer.text)
    return sorted({html.unescape(one) for one in found if not one.startswith("/static/")})


def unknown(box: Box, address: str, schemas: dict[str, dict[str, set[str]]]) -> set[str]:
    """What a link tells a form that the command does not take."""
    parts = urlsplit(address)
    _, _, service, name = parts.path.split("/")
    if service not in schemas:
        paths = box.http.get(f"{box.addresses[service]}/openapi.json").json()["paths"]
        bodies = [
            one["post"]["requestBody"]["content"]["application/json"]["schema"]
            for one in paths.values()
            if "application/json"
            in one.get("post", {}).get("requestBody", {}).get("content", {})
        ]
        schemas[service] = {
            str(b["title"]): set(b.get("properties", ())) for b in bodies if "title" in b
        }
    assert name in schemas[service], f"{service} knows no command {name}"
    return set(parse_qs(parts.query)) - schemas[service][name] - set(SELF_MADE)


class Rows(HTMLParser):
    """The rows of every list of a page: in which card, what they say, what one can press there.

    Not those of what only tells: an empty list, a list without a class, a row that is `told`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.card, self.found = "", list[tuple[str, str, int]]()
        self._open = list[tuple[str, str, int] | None]()
        self._lists = list[bool]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "section":
            self.card = given.get("id") or given.get("aria-labelledby") or ""
        elif tag == "ul":
            self._lists.append("list" in (given.get("class") or ""))
        elif tag == "li" and self._lists[-1:] == [True]:
            self._open.append(
                None if given.get("class") in ("empty", "told") else (self.card, "", 0)
            )
        elif tag in ("a", "button"):
            self._open = [row and (*row[:2], row[2] + 1) for row in self._open]

    def handle_data(self, data: str) -> None:
        self._open = [row and (row[0], row[1] + data, row[2]) for row in self._open]

    def handle_endtag(self, tag: str) -> None:
        if tag == "ul":
            self._lists.pop()
        elif tag == "li" and self._lists[-1:] == [True] and (row := self._open.pop()):
            self.found.append(row)


TOLD = {"questions", "feeds"}
"""Cards whose rows only tell: who may decide a question has the button, a feed comes by itself."""


@pytest.mark.parametrize(("who", "paths"), PEOPLE, ids=[who for who, _ in PEOPLE])
def test_every_row_of_a_desk_has_something_to_press(
    box: Box, matter: Made, served: Served, who: str, paths: list[str]
) -> None:
    asks_to_decline(box, matter)
    complained(box)
    client = signed_in(box, who)
    dead = []
    for path in paths:
        rows = Rows()
        rows.feed(client.get(path).text)
        dead += [
            (path, card, text) for card, text, n in rows.found if not n and card not in TOLD
        ]
    client.close()
    assert not dead


def complained(box: Box) -> None:
    """Somebody complains: one body looks into it, and others may only know that it does."""
    said = {"area": HOME_OF_TESTS, "kind": "conduct", "words": "测试投诉"}
    done = box.post("office", "evaluation", "/complaints", said)
    since = f"area={HOME_OF_TESTS}&min_position={done['position']}"
    box.get("evaluator", "evaluation", f"/tasks?{since}")


def asks_to_decline(box: Box, matter: Made) -> None:
    """The window wants to decline a project that qualifies: another person must approve it."""
    wish = {"cause": "discretion", "reason": "本季名额已满"}
    done = box.post("clerk", "intake", f"/matters/{matter.id}/refusal", wish)
    box.get("clerk", "intake", f"/approvals?limit=1&min_position={done['position']}")


@pytest.mark.parametrize(("who", "paths"), PEOPLE, ids=[who for who, _ in PEOPLE])
def test_every_link_of_a_desk_leads_somewhere(
    box: Box, matter: Made, served: Served, who: str, paths: list[str]
) -> None:
    client = signed_in(box, who)
    schemas: dict[str, dict[str, set[str]]] = {}
    wrong, followed = [], set[str]()
    for path in paths:
        for link in links(client, path):
            if link.startswith("/do/"):
                if odd := unknown(box, link, schemas):
                    wrong.append(f"{link}: {sorted(odd)}")
                kind = re.sub(r"id=[^&]*&?|next=.*", "", link)
            else:
                kind = re.sub(r"[0-9a-f-]{36}", "…", link)
            if kind in followed or link.endswith(
                ".zip"
            ):  # made of a log that must be signed first
                continue
            followed.add(kind)
            status = client.get(link).status_code
            if status not in (200, 303, 405):
                wrong.append(f"{path} → {link}: {status}")
    client.close()
    assert not wrong, "\n".join(wrong)
