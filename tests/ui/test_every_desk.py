"""Every desk, in both languages and widths: accessible, without overflow, within its weight."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import Made, SignIn

AXE = Path(__file__).with_name("vendor") / "axe.min.js"
DESKS = [
    ("clerk", "/desk/clerk"),
    ("agent", "/desk/agent"),
    ("unit", "/desk/unit"),
    ("office", "/desk/supervisor"),
    ("office", "/desk/chief"),
    ("approver", "/desk/department"),
    ("admin", "/desk/admin"),
    ("admin", "/desk/packs"),
    ("clerk", "/papers"),
    ("clerk", "/search?q=zz"),
    ("clerk", "/do/intake/ReceiveVisitor"),
    ("clerk", "/do/intake/RegisterProject"),
    ("office", "/desk/week"),
    ("office", "/desk/supervisor/checks"),
    ("office", "/desk/publications"),
    ("admin", "/desk/agencies"),
    ("office", "/desk/supervisor?at=2026-11-21"),
    ("auditor", "/desk/audit"),
    ("auditor", "/desk/stores"),
    ("admin", "/desk/stores"),
    ("auditor", "/desk/audit/events?pattern=within_a_minute"),
    ("auditor", "/pictures/map"),
    ("clerk", "/no-such-page"),
]
FIRST_VISIT, LATER = 250_000, 60_000


def serious(page: Page) -> list[str]:
    """What axe finds that keeps somebody out."""
    page.evaluate(
        AXE.read_text()
    )  # through the debugger: the page's own policy allows no script
    found: dict[str, Any] = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
    )
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
@pytest.mark.parametrize(("who", "path"), DESKS)
def test_a_page_keeps_nobody_out(
    sign_in: SignIn, matter: Made, who: str, path: str, language: str,
    picture: Callable[[Page, str], None],
) -> None:  # fmt: skip
    page = sign_in(who, language=language)
    page.goto(path)
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == language.replace("en-US", "en")
    name = path.strip("/").split("?")[0].replace("/", "-") + ("-then" if "at=" in path else "")
    keeps_nobody_out(page, f"{name}-{who}-{language[:2]}", picture)


def keeps_nobody_out(page: Page, name: str, picture: Callable[[Page, str], None]) -> None:
    """Axe finds nothing serious, and a phone need not scroll sideways; a picture of each width."""
    assert serious(page) == []
    picture(page, f"{name}-1366")
    page.set_viewport_size({"width": 390, "height": 844})
    wide = page.evaluate("document.documentElement.scrollWidth")
    picture(page, f"{name}-390")
    page.set_viewport_size({"width": 1366, "height": 768})
    assert wide <= 390, f"{page.url} is {wide} wide on a phone"


@pytest.mark.parametrize(("who", "path"), DESKS[:6])
def test_a_desk_is_light(sign_in: SignIn, who: str, path: str) -> None:
    first, later = weights(sign_in(who), path)
    assert later < LATER and first < FIRST_VISIT, (first, later)


def weights(page: Page, path: str, ready: str = "main") -> tuple[int, int]:
    """Bytes that came over the wire: with nothing kept from before, and when seen again."""
    sent: list[int] = []
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.on("Network.loadingFinished", lambda e: sent.append(int(e["encodedDataLength"])))
    client.send("Network.clearBrowserCache")
    told = []
    for _ in range(2):
        sent.clear()
        page.goto(path, wait_until="load")
        page.wait_for_selector(ready)
        told.append(sum(sent))
    print(f"{path}: {told[0]} bytes first, {told[1]} after")
    return told[0], told[1]


def test_the_language_is_switched_and_kept(sign_in: SignIn) -> None:
    page = sign_in("clerk")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_contain_text("Window")
    page.goto("/desk/clerk")
    expect(page.locator("h1")).to_contain_text("Window")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("h1")).to_contain_text("窗口")


def test_every_screen_says_as_of_when(sign_in: SignIn) -> None:
    page = sign_in("clerk")
    expect(page.locator("#asof")).to_contain_text("受理 第")
    expect(page.locator("#asof time")).to_be_visible()


def test_the_first_key_skips_to_the_page(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
