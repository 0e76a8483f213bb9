"""What desks tell beyond their lists: what waits for approval, who is who, what checks found."""

import json
import re
from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page, expect

from services.console.settings import SERVICES
from tests.ui.conftest import HOME_OF_TESTS, Box, Made, Served, SignIn, leafed_to
from tests.ui.test_every_desk import keeps_nobody_out
from tests.ui.test_no_dead_ends import asks_to_decline, signed_in

LANGUAGES = ("zh-CN", "en-US")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_waits_for_approval_is_read_and_approved_from_the_desk(
    sign_in: SignIn, box: Box, matter: Made, picture: Callable[[Page, str], None], language: str
) -> None:
    asks_to_decline(box, matter)
    page = sign_in("office", language=language)
    page.goto("/desk/supervisor")
    row = page.locator("#approvals li").filter(has=page.locator(f'a[href$="{matter.id}"]'))
    expect(leafed_to(page, "approvals", row)).to_contain_text(
        "符合条件而不予受理" if language == "zh-CN" else "refusal of service"
    )
    picture(page, f"desk-supervisor-approval-{language[:2]}")
    row.locator("a.button").click()
    expect(page.locator("#words")).to_have_text("本季名额已满")
    keeps_nobody_out(page, f"approval-{language[:2]}", picture)
    page.locator("main a.button.main").click()
    page.locator("#do [name=reason]").fill("同意")
    page.locator("form#do button.main").click()
    expect(page.locator(".done")).to_be_visible()
    expect(page.locator(f'#approvals a[href$="{matter.id}"]')).to_have_count(0)
    assert box.get("clerk", "intake", f"/matters/{matter.id}")["state"] == "declined"


def test_who_asked_reads_why_he_cannot_approve_it_himself(
    sign_in: SignIn, box: Box, matter: Made
) -> None:
    asks_to_decline(box, matter)
    page = sign_in("clerk")
    page.goto(f"/desk/approvals/{matter.id}")
    expect(page.locator("main")).to_contain_text("须由另一人批准")
    expect(page.locator("main a.button")).to_have_count(0)


def test_a_chief_reads_posts_and_opens_names_which_is_noted(
    sign_in: SignIn, box: Box, served: Served, picture: Callable[[Page, str], None]
) -> None:
    agent = box.person(served.agent).id
    for language, post in (("zh-CN", "代办专员"), ("en-US", "agent")):
        page = sign_in("office", language=language)
        page.goto("/desk/chief")
        expect(page.locator("#load tbody tr td").first).to_contain_text(agent[-6:])
        expect(page.locator("#load tbody")).to_contain_text(post)
        picture(page, f"desk-chief-load-{language[:2]}")
        before = looks(box)
        page.locator("#load form button").click()
        line = page.locator("main tbody tr", has_text=agent[-6:])
        expect(line).to_contain_text(post)
        named = box.post(
            "office", "assignment", "/staff/views",
            {"area": HOME_OF_TESTS, "persons": [agent], "purpose": "contact"},
        )["people"][0]  # fmt: skip
        expect(line).to_contain_text(named["name"])
        keeps_nobody_out(page, f"chief-names-{language[:2]}", picture)
        assert looks(box) >= before + 2  # the page's own, and ours


def looks(box: Box) -> int:
    """How often somebody looked names up."""
    said = box.http.get(
        f"{box.addresses['assignment']}/log/messages?limit=500",
        headers=box.headers("auditor"),
    )
    lines = [json.loads(line) for line in said.text.splitlines()]
    return sum(one["type"] == "assignment.roster_viewed.v1" for one in lines)


def checked(client: httpx.Client, box: Box, service: str) -> str:
    """Begin a check at the page and wait until the page shows its result."""
    page = client.get("/desk/stores")
    secret = re.search(r'name="_csrf" value="(\w+)"', page.text)
    assert secret
    begun = client.post(f"/desk/stores/{service}", data={"_csrf": secret[1]})
    assert begun.status_code == 303, begun.text
    row = re.compile(rf'id="{service}".*?<tbody>(.*?)</tbody>', re.S)

    def shown() -> str:
        found = row.search(client.get("/desk/stores").text)
        return found[1] if found else ""

    return box.until(shown, lambda text: '<th scope="row">' in text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_last_check_of_every_store_stands_on_the_desk_with_its_raw_answer(
    sign_in: SignIn, box: Box, matter: Made, picture: Callable[[Page, str], None], language: str
) -> None:
    client = signed_in(box, "admin")
    for service in SERVICES:
        assert 'tag ok">0<' in checked(client, box, service)
    for who, desk in (("admin", "/desk/admin"), ("auditor", "/desk/audit")):
        page = sign_in(who, language=language)
        page.goto(desk)
        rows = page.locator("#stores li")
        expect(rows).to_have_count(len(SERVICES))
        for row in rows.all():
            expect(row).to_contain_text("差异 0" if language == "zh-CN" else "differences 0")
        picture(page, f"{desk[6:]}-stores-{language[:2]}")
        page.locator("#stores a.button").click()
        expect(page.locator("h1")).to_have_text(
            "历史核对" if language == "zh-CN" else "Checks of the history"
        )
        picture(page, f"stores-{who}-{language[:2]}")
    raw = client.get("/desk/stores/intake.json")
    assert raw.json()["service"] == "intake" and raw.json()["checks"][0]["found"] == 0
    assert json.loads(raw.json()["checks"][0]["report"])["parts"]
    client.close()


def test_strangers_read_no_checks(box: Box) -> None:
    for who in ("clerk", "agent"):
        stranger = signed_in(box, who)
        assert stranger.get("/desk/stores").status_code == 403
        assert stranger.get("/desk/stores/intake.json").status_code == 403
        stranger.close()
    client = signed_in(box, "admin")
    assert client.get("/desk/stores/nobody.json").status_code in (400, 404)
    client.close()


def test_what_is_held_is_taken_up_again_at_the_administrators_desk(box: Box) -> None:
    client = signed_in(box, "admin")
    secret = re.search(r'name="_csrf" value="(\w+)"', client.get("/desk/admin").text)
    assert secret
    said = {"_csrf": secret[1], "service": "archive", "stream": str(uuid4())}
    done = client.post("/desk/admin/release", data=said)
    assert done.status_code == 303 and done.headers["location"] == "/desk/admin#stuck"
    for wrong in ({"service": "nobody"}, {"stream": "../.."}, {"stream": ""}):
        assert client.post("/desk/admin/release", data=said | wrong).status_code in (400, 404)
    client.close()
    stranger = signed_in(box, "clerk")
    other = re.search(r'name="_csrf" value="(\w+)"', stranger.get("/desk/clerk").text)
    assert other
    refused = stranger.post("/desk/admin/release", data=said | {"_csrf": other[1]})
    assert refused.status_code == 403
    stranger.close()
