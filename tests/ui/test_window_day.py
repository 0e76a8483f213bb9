"""The day of a window clerk: a man walks in, is received, found again, and his request taken on."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.ui.conftest import Box, Made, SignIn, leafed_to

RECEPTION = 20.0
"""Seconds that a reception may take at the desk (首问接待)."""
PRESS, WORD = 0.28, 4
"""Seconds for a key by an average typist's hand, and keys for a Chinese character."""


def test_a_visitor_is_received_within_twenty_seconds_with_the_keyboard_alone(
    sign_in: SignIn, picture: Callable[[Page, str], None]
) -> None:
    page = sign_in("clerk")
    picture(page, "clerk-zh-1366")
    expect(page.locator("#f-unit")).to_be_focused()
    hand = 0.0
    for text, key in (
        ("测试公司", "Tab"), ("甲", "Tab"), ("000-0000009", "Tab"), ("想问排水", "Enter"),
    ):  # fmt: skip
        page.keyboard.type(text)
        page.keyboard.press(key)
        hand += PRESS * (1 + sum(1 if one.isascii() else WORD for one in text))
    expect(page.get_by_role("status").first).to_contain_text("来人登记")
    assert hand < RECEPTION  # how fast the machine was is not judged
    made = page.get_by_role("link", name="打开刚登记的来访").get_attribute("href")
    expect(leafed_to(page, "mine", page.locator(f'#mine a[href="{made}"]'))).to_be_visible()


def test_a_visitor_of_whom_nothing_is_known_is_received_too(sign_in: SignIn) -> None:
    page = sign_in("clerk")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("来人登记")


def test_what_a_visitor_said_is_opened_on_record(sign_in: SignIn) -> None:
    page = sign_in("clerk")
    page.fill("#f-unit", "测试公司")
    page.fill("#f-wish", "想问消防")
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_role("link", name="打开刚登记的来访").click()
    expect(page.locator("main")).not_to_contain_text("想问消防")
    page.get_by_role("link", name="看姓名、电话和原话").click()
    expect(page.locator("main")).to_contain_text("想问消防")


def test_a_request_is_taken_on_and_the_screen_says_what_this_mode_needs_here(
    sign_in: SignIn, box: Box, matter: Made, picture: Callable[[Page, str], None]
) -> None:
    page = sign_in("clerk")
    row = page.locator("#due li", has_text=matter.number)
    leafed_to(page, "due", row).get_by_role("link", name="此方式需要什么").click()
    expect(page.get_by_role("heading", name="此方式在本地需要")).to_be_visible()
    picture(page, "papers-zh-1366")
    page.goto("/desk/clerk")
    leafed_to(page, "due", row).get_by_role("link", name="受理", exact=True).click()
    page.locator("form#do button.main").click()
    expect(page.locator(".done")).to_contain_text("受理")
    expect(row).to_have_count(0)
    stands: Any = box.get("clerk", "intake", f"/matters/{matter.id}")
    assert stands["state"] == "accepted"


def test_one_search_box_finds_a_matter_by_its_number_and_a_unit_by_its_name(
    sign_in: SignIn, matter: Made
) -> None:
    page = sign_in("clerk")
    page.get_by_role("searchbox").fill(matter.number)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=matter.number)).to_be_visible()
    page.get_by_role("searchbox").fill(matter.unit_name)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(matter.unit_name)


def test_a_form_is_printed_as_a_paper(sign_in: SignIn, matter: Made) -> None:
    page = sign_in("clerk")
    page.goto(f"/papers/{matter.id}")
    address = page.locator('a[href^="/print/"]').first.get_attribute("href")
    answer = page.request.get(str(address))
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")


def test_the_desk_works_without_script(sign_in: SignIn) -> None:
    page = sign_in("clerk", script=False)
    page.fill("#f-unit", "无脚本公司")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator(".done")).to_contain_text("来人登记")
