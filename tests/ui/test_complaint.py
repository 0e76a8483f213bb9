"""Somebody without an account complains on a phone, and discipline inspection reads and answers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.conftest import Box, SignIn
from tests.ui.test_every_desk import serious
from tests.ui.test_rating_link import opened

AREA = "500242"
LANGUAGES = ["zh-CN", "en-US"]
WORDS = "有人索要好处，测试投诉"


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def open_ones(box: Box) -> set[str]:
    """The complaints that discipline inspection has to answer."""
    told = box.get("discipline", "evaluation", f"/tasks?area={AREA}", AREA)
    return {one["complaint"] for one in told["complaints"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_anybody_complains_on_a_phone_and_follows_it_by_the_receipt(
    browser: Browser, box: Box, sign_in: SignIn, language: str,
    picture: Callable[[Page, str], None],
) -> None:  # fmt: skip
    before = open_ones(box)
    page, watch = opened(browser, box, language)
    page.goto("/public")
    page.locator('a[href^="/complain"]').click()
    page.goto(f"/complain?area={AREA}")
    assert serious(page) == [] and fits(page)
    picture(page, f"complain-{language[:2]}-390")
    send = page.locator("#complain button.main")
    send.click()  # nothing is ticked beforehand
    expect(page.locator("input[name=kind]:invalid").first).to_be_attached()
    page.locator("input[value=probity]").check()
    page.locator("#f-words").fill(f"{WORDS} {language}")
    send.click()
    receipt = page.locator("#receipt").inner_text()
    assert serious(page) == [] and fits(page)
    picture(page, f"complained-{language[:2]}-390")

    (made,) = box.until(lambda: open_ones(box) - before)
    desk = sign_in("discipline", area=AREA)
    desk.goto("/desk/supervisor")
    desk.locator(f'#tasks a[href*="{made}"]').click()
    expect(desk.locator("#words")).to_have_text(f"{WORDS} {language}")
    assert serious(desk) == []
    read_at = desk.url
    desk.locator("main a.button.main").click()
    desk.locator('[name="verdict"]').first.wait_for()
    assert serious(desk) == []

    office = sign_in("office", area=AREA)
    answer = office.goto(read_at)
    assert answer is not None and answer.status == 404
    assert WORDS not in office.content()

    page.goto("/complain")
    page.locator("#f-receipt").fill(receipt)
    page.locator("#follow button").click()
    expect(page.locator("main dl")).to_contain_text(receipt)
    assert serious(page) == [] and fits(page)
    assert (watch.abroad, watch.said) == ([], [])
    page.context.close()
