"""Invited people set up an account in a real browser and sign in; a link is a page with a button."""

import base64
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from services.onebox.accounts_totp import code_at, step_of
from shared.effects import system_clock
from tests.integration.production import BEAT, Production, onefile, turn
from tests.patience import PATIENCE
from tests.ui.conftest import Watch

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
PASSWORD = "正确的马电池订书钉 correct"
PERSON = "p:00000000-0000-7000-8000-00000000abcd"
AREA = "341525"


@pytest.fixture(scope="module")
def production() -> Iterator[Production]:
    with tempfile.TemporaryDirectory(prefix="onefile-", ignore_cleanup_errors=True) as place:
        running = Production(Path(place) / "box", named=True)
        try:
            yield running
        finally:
            running.end()


@pytest.fixture(params=["zh-CN", "en-GB"])
def page(
    request: pytest.FixtureRequest, browser: Browser, production: Production
) -> Iterator[Page]:
    """A browser that speaks this language; nothing may leave the origin, nothing may complain."""
    context = browser.new_context(
        base_url=production.console, locale=request.param,
        viewport={"width": 1366, "height": 768},
    )  # fmt: skip
    watch = Watch(production.console)
    watch.over(context)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE * 1000)
    yield opened
    assert not watch.abroad
    assert not watch.said
    context.close()


class Phone:
    """The authenticator of one account, and which of its codes was taken last."""

    def __init__(self, typed: str) -> None:
        self._secret, self._taken = base64.b32decode(typed), 0

    def shown(self) -> str:
        """A code that the box takes now and for half a minute; it waits where all were used."""
        while (step := max(self._taken + 1, self._now())) > self._now() + 1:
            turn.wait(BEAT)
        self._shown = step
        return code_at(self._secret, step)

    def taken(self) -> None:
        """What was shown last let somebody in: it never does again."""
        self._taken = self._shown

    def _now(self) -> int:
        return step_of(system_clock().timestamp())


def sound(page: Page) -> None:
    """Axe finds nothing serious."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")["violations"]
    assert not [f["id"] for f in found if f["impact"] in ("serious", "critical")]


def test_an_invitation_is_taken_up_and_its_person_signs_in(
    production: Production, page: Page, picture: Callable[[Page, str], None]
) -> None:
    language = page.evaluate("navigator.language")[:2]
    name = f"window-{language}"
    link = onefile(
        production.home, "account", "invite", name, "--role", "window_clerk", "--area", AREA,
        "--body", "general", "--called", "甲",
    ).strip()  # fmt: skip
    page.goto(link)
    sound(page)
    picture(page, f"invitation-{language}")
    typed = page.locator("main code").inner_text()
    assert re.fullmatch("[A-Z2-7]{32}", typed)
    phone = Phone(typed)
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD + "x")
    page.locator("#code").fill(phone.shown())
    page.locator("main button.main").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.locator("main code").inner_text() == typed  # the phone need not be set up again
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.locator("#code").fill(phone.shown())
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text(name)
    phone.taken()
    sound(page)
    picture(page, f"invitation-done-{language}")

    page.locator("main a.main").click()
    sound(page)
    picture(page, f"own-sign-in-{language}")
    page.locator("#name").fill(name)
    page.locator("#password").fill("wrong")
    page.locator("#code").fill(phone.shown())
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    sound(page)
    picture(page, f"own-sign-in-refused-{language}")
    page.locator("#password").fill(PASSWORD)
    page.locator("#code").fill(phone.shown())
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/desk/"))
    expect(page.locator(".who")).to_contain_text("甲")


def device(page: Page) -> tuple[CDPSession, str]:
    """A device that keeps passkeys and whose owner is there with a finger."""
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    made = client.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                "hasUserVerification": True, "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip
    return client, str(made["authenticatorId"])


def settle(page: Page, link: str) -> Phone:
    """Take up an invitation; what the phone has."""
    page.goto(link)
    phone = Phone(page.locator("main code").inner_text())
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.locator("#code").fill(phone.shown())
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_be_visible()
    phone.taken()
    return phone


def enter(page: Page, name: str, phone: Phone) -> None:
    page.goto("/sign-in/oidc")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("#code").fill(phone.shown())
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/desk/"))
    phone.taken()


def test_a_passkey_signs_in_without_password_or_code_until_the_account_is_reset(
    production: Production, page: Page, picture: Callable[[Page, str], None]
) -> None:
    language = page.evaluate("navigator.language")[:2]
    name = f"passkey-{language}"
    link = onefile(
        production.home, "account", "invite", name, "--role", "window_clerk", "--area", AREA,
        "--body", "general", "--called", "甲",
    ).strip()  # fmt: skip
    phone = settle(page, link)
    enter(page, name, phone)
    client, authenticator = device(page)
    page.locator(".who a").click()
    sound(page)
    page.locator("#called").fill("我的手机")
    page.locator("#password").fill("wrong")
    page.locator("#code").fill(phone.shown())
    page.keyboard.press("Enter")
    expect(page.locator(".problem")).to_be_visible()
    assert page.locator("#keys strong").count() == 0  # who only found the screen open adds none
    client.send("WebAuthn.clearCredentials", {"authenticatorId": authenticator})
    page.locator("#called").fill("我的手机")
    page.locator("#password").fill(PASSWORD)
    page.locator("#code").fill(phone.shown())
    page.keyboard.press("Enter")
    expect(page.locator("#keys")).to_contain_text("我的手机")
    sound(page)
    picture(page, f"passkeys-{language}")

    page.locator('form[action="/sign-out"] button').click()
    page.goto("/sign-in/oidc")
    sound(page)
    picture(page, f"own-sign-in-passkey-{language}")
    page.locator("#passkey-enter button").click()
    page.wait_for_url(re.compile("/desk/"))
    expect(page.locator(".who")).to_contain_text("甲")
    used = page.evaluate("performance.getEntriesByType('navigation')[0].name")
    assert "passkey" not in used

    onefile(production.home, "account", "reset", name)  # every device was lost
    page.locator('form[action="/sign-out"] button').click()
    page.goto("/sign-in/oidc")
    page.locator("#passkey-enter button").click()
    expect(page.locator(".problem")).to_be_visible()
    sound(page)
    told = onefile(production.home, "account", "log")
    for act in ("邀请 invited", "启用账号", "添加通行密钥", "重置 reset"):
        assert act in told
    assert "完整" in told


def test_signing_out_everywhere_ends_every_sign_in(production: Production, page: Page) -> None:
    name = f"everywhere-{page.evaluate('navigator.language')[:2]}"
    link = onefile(
        production.home, "account", "invite", name, "--role", "admin", "--area", AREA
    ).strip()
    enter(page, name, settle(page, link))
    page.goto("/account/security")
    page.locator('form[action$="sign-out"] button.danger').click()
    page.wait_for_url(re.compile("/sign-in"))
    page.goto("/desk/admin")
    page.wait_for_url(re.compile("/sign-in"))
    book = json.loads((production.home / "accounts.json").read_text())
    assert book["accounts"][name]["generation"] == 2


def test_a_personal_link_is_a_page_with_a_button(
    production: Production, page: Page, picture: Callable[[Page, str], None]
) -> None:
    language = page.evaluate("navigator.language")[:2]
    link = onefile(
        production.home, "link", "make", "--role", "approver", "--called", "丙",
        "--area", AREA, "--body", "six", "--as", PERSON,
    ).strip()  # fmt: skip
    page.goto(link)
    page.reload()
    sound(page)
    picture(page, f"personal-link-{language}")
    page.locator("main button.main").click()
    page.wait_for_url(re.compile("/desk/department"))
    expect(page.locator(".who")).to_contain_text("丙")
    page.goto(link)
    sound(page)
    picture(page, f"link-gone-{language}")
