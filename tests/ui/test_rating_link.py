"""A rating link in the hands of the unit: a form on any phone, sent once, and plain words after."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from services.evaluation.domain.links import Links
from tests.patience import PATIENCE
from tests.ui.conftest import Box, Served, Watch
from tests.ui.test_every_desk import serious


def link_for(box: Box, served: Served) -> str:
    """A visit was made; the unit is asked about it, and its link goes out."""
    box.settled()  # what other stories did has been asked about
    when = box.http.get(f"{box.issuer}/clock").json()["now"]
    told = {"arrived_at": when, "purposes": ["guide"]}
    visits = f"/matters/{served.id}/visits"
    before = {v["visit"] for v in box.get("unit", "evaluation", visits)["visits"]}
    box.post(served.agent, "supervision", f"{visits}/made", told)
    asked = box.until(
        lambda: [
            one
            for one in box.get("unit", "evaluation", visits)["visits"]
            if one["visit"] not in before
        ]
    )
    key = (box.home / "deployment.key").read_bytes()
    return Links(key, box.console).address(UUID(asked[0]["invitation"]))


def opened(browser: Browser, box: Box, language: str) -> tuple[Page, Watch]:
    """A phone on which nobody is signed in."""
    context = browser.new_context(
        base_url=box.console, locale=language, viewport={"width": 390, "height": 844},
        has_touch=True,
    )  # fmt: skip
    watch = Watch(box.console)
    watch.over(context)
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    return page, watch


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_a_link_is_rated_once_by_whoever_was_sent_it(
    browser: Browser, box: Box, served: Served, language: str,
    picture: Callable[[Page, str], None],
) -> None:  # fmt: skip
    link = link_for(box, served)
    preview = box.http.get(link)  # a chat looks at it first, and uses nothing up
    assert preview.status_code == 200
    assert served.number not in preview.text
    page, watch = opened(browser, box, language)
    page.goto(link)
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, f"rate-link-{language[:2]}-390")
    page.locator("form.card button.main").click()  # nothing is ticked beforehand
    expect(page.locator("input[name=level]:invalid").first).to_be_attached()
    for name in {
        str(one.get_attribute("name")) for one in page.locator("input[type=radio]").all()
    }:
        page.locator(f'input[name="{name}"]').first.check()
    page.locator("#comment").fill("服务很好")
    page.locator("form.card button.main").click()
    expect(page.locator(".done")).to_be_visible()
    assert serious(page) == []
    picture(page, f"rate-thanks-{language[:2]}-390")

    for again in (link, link):
        answer = page.goto(again)
        assert answer is not None and answer.status == 410
        expect(page.get_by_role("alert")).to_be_visible()
        assert serious(page) == []
    picture(page, f"rate-used-{language[:2]}-390")
    assert (watch.abroad, watch.said) == ([], [])
    page.context.close()


def test_two_tabs_of_one_link_rate_once(browser: Browser, box: Box, served: Served) -> None:
    link = link_for(box, served)
    page, _ = opened(browser, box, "zh-CN")
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(link)
        for name in {
            str(one.get_attribute("name")) for one in tab.locator("input[type=radio]").all()
        }:
            tab.locator(f'input[name="{name}"]').last.check()
    page.locator("form.card button.main").click()
    expect(page.locator(".done")).to_be_visible()
    other.locator("form.card button.main").click()
    expect(other.get_by_role("alert")).to_contain_text("只能评价一次")
    page.context.close()


def test_a_guessed_link_and_a_sign_in_of_the_rated_open_nothing(
    browser: Browser, box: Box, served: Served
) -> None:
    link = link_for(box, served)
    page, _ = opened(browser, box, "zh-CN")
    answer = page.goto(re.sub(r"[^/]{6}$", "AAAAAA", link))
    assert answer is not None and answer.status == 404
    expect(page.get_by_role("alert")).to_contain_text("地址是否完整")
    assert serious(page) == []
    page.goto("/sign-in")
    page.locator(f'button[value="{box.person(served.agent).id}"]').click()
    page.wait_for_url("**/desk/agent")
    answer = page.goto(link)
    assert answer is not None and answer.status == 404
    page.context.close()
