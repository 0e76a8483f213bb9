"""The page of a matter: what can be done and why not the rest, numbers with their events, the past."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.ui.conftest import Box, Served, SignIn


def test_everything_of_a_matter_is_on_one_page_and_every_number_leads_to_its_events(
    sign_in: SignIn, box: Box, served: Served, picture: Callable[[Page, str], None]
) -> None:
    page = sign_in("office")
    page.goto(f"/matter/{served.id}")
    expect(page.locator("h1")).to_contain_text(served.number)
    for part in ("事实", "当事人和经办人", "事项与时限", "材料", "问题与催办", "档案"):
        expect(page.get_by_role("heading", name=part, exact=True)).to_be_visible()
    expect(page.locator("#items tbody tr")).to_have_count(len(served.scope))
    expect(page.locator("img.picture")).to_have_js_property("complete", value=True)
    assert page.locator("img.picture").evaluate("one => one.naturalWidth") > 0
    picture(page, "matter-office-zh-1366")
    entries = page.locator("#file dd a").first
    assert int(entries.inner_text()) > 10
    entries.click()
    page.wait_for_selector("#film[data-ready]")
    expect(page.locator("#number")).to_have_text(served.number)


def test_what_is_not_possible_says_why_and_what_others_do_names_their_post(
    sign_in: SignIn, served: Served
) -> None:
    page = sign_in(served.agent)
    page.goto(f"/matter/{served.id}")
    acts = page.locator("#acts")
    expect(acts.get_by_role("link", name="一次申报全部可报事项")).to_be_visible()
    acts.locator("summary", has_text="不能办的").click()
    reasons = acts.locator("details[open] li")
    assert reasons.count() > 5
    assert all("：" in one for one in reasons.all_inner_texts())
    expect(acts.locator("details[open]")).to_contain_text("目前状态不能办")
    other = sign_in("office")
    other.goto(f"/matter/{served.id}")
    other.locator("#acts summary", has_text="其他岗位").click()
    expect(other.locator("#acts table")).to_contain_text("接件")


def test_an_action_leads_to_its_form_and_back(sign_in: SignIn, served: Served) -> None:
    page = sign_in(served.agent)
    page.goto(f"/matter/{served.id}")
    page.locator("#acts a[href*='/LogWork']").first.click()
    assert f"id={served.id}" in page.url and f"next=/matter/{served.id}" in page.url
    expect(page.locator("form#do")).to_be_visible()


def test_the_page_can_be_pinned_to_the_past(sign_in: SignIn, box: Box, served: Served) -> None:
    entries = box.get("auditor", "archive", f"/matters/{served.id}/entries")["entries"]
    at = entries[3]["position"]
    then = box.get("auditor", "archive", f"/matters/{served.id}/state?at={at}")
    page = sign_in("auditor")
    page.goto(f"/matter/{served.id}?at={at}")
    expect(page.locator(".conflict")).to_contain_text(str(at))
    expect(page.locator("main code")).to_have_text(then["hash"])


def test_whoever_may_not_see_a_matter_is_told_nothing_of_it(
    sign_in: SignIn, served: Served
) -> None:
    page = sign_in("other")
    page.goto(f"/matter/{served.id}")
    expect(page.locator(".problem")).to_be_visible()
    assert served.number not in page.content()
