"""No desk leads to nowhere: every link is followed, every form it opens knows what it was told."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

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
    ("admin", ["/desk/admin", "/desk/packs", "/desk/agencies"]),
    ("evaluator", ["/desk/supervisor"]),
    ("auditor", ["/desk/audit"]),
]
SELF_MADE = ("next", "id", "item")


def signed_in(box: Box, key: str) -> httpx.Client:
    """A browser without a screen."""
    client = httpx.Client(base_url=box.console, timeout=60, trust_env=False)
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
