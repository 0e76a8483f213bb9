"""The day of an auditor, with the keyboard alone: find, watch, compare, prove, draw, take along."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.ui.conftest import Box, Served, SignIn


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus: whoever has no mouse comes everywhere."""
    for _ in range(120):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not come to {wanted}")


def test_an_auditor_follows_a_complaint_to_its_proof(
    sign_in: SignIn, box: Box, served: Served, picture: Callable[[Page, str], None]
) -> None:
    page = sign_in("auditor")
    page.goto("/desk/audit")
    reach(page, page.get_by_label("办件编号"))
    page.keyboard.type(served.number)
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("link", name=served.number, exact=True))
    page.keyboard.press("Enter")
    page.wait_for_selector("#film[data-ready]")

    page.keyboard.press("Home")
    first = page.locator("#now").inner_text()
    assert first.startswith("1/")
    page.keyboard.press("j")
    expect(page.locator("#now")).to_contain_text("2/")
    page.keyboard.press("]")
    decision = page.locator("#now").inner_text()
    assert decision != first
    page.keyboard.press("[")
    page.keyboard.press("]")

    page.keyboard.press("a")
    page.keyboard.press("End")
    page.keyboard.press("b")
    expect(page.locator("#panel")).to_contain_text("其间之事")
    picture(page, "film-difference-zh-1366")

    page.keyboard.press("w")
    expect(page.locator("#panel table")).to_contain_text(box.person("auditor").id[-6:])
    page.keyboard.press("r")
    expect(page.locator("#panel pre").first).to_contain_text('"actor"')
    page.keyboard.press("p")
    expect(page.locator("#verdict")).to_be_visible()
    assert page.locator(".steps li.no").count() == 0
    picture(page, "film-proof-zh-1366")

    page.keyboard.press("/")
    page.keyboard.type(served.scope[0])
    expect(page.locator("#rows tr").first).to_contain_text(served.scope[0])
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    assert page.evaluate("document.activeElement.closest('#rows') !== null")
    page.keyboard.press("Enter")
    expect(page.locator("#rows tr[aria-current]")).to_have_count(1)


def test_an_auditor_draws_a_sample_and_has_every_byte_of_it_verified(
    sign_in: SignIn, served: Served, picture: Callable[[Page, str], None]
) -> None:
    page = sign_in("auditor")
    page.goto("/desk/audit")
    reach(page, page.get_by_label("种子"))
    page.keyboard.press("Control+A")
    page.keyboard.type("2026-Q4")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("抽样底稿")
    expect(page.get_by_role("link", name=served.number)).to_be_visible()
    drawn = page.locator("tbody code").all_inner_texts()
    assert drawn == sorted(drawn)
    reach(page, page.get_by_role("link", name="逐件核验全部字节"))
    page.keyboard.press("Enter")
    row = page.get_by_role("row").filter(has_text=served.number)
    expect(row).to_contain_text("✓ 有效")
    picture(page, "work-paper-zh-1366")
    with page.expect_download() as saved:
        page.get_by_role("link", name="下载底稿").click()
    assert served.number in saved.value.path().read_text("utf-8-sig")


def test_replay_and_live_data_say_the_same(sign_in: SignIn, box: Box, served: Served) -> None:
    page = sign_in("auditor")

    def settled() -> str:
        page.goto(f"/film/{served.id}/compare")
        differ = page.locator("tr", has=page.locator(".late")).all_inner_texts()
        return page.locator("main [role=status]").inner_text() + str(differ)

    box.until(settled, lambda text: "全部一致" in text)


def test_events_of_a_kind_are_found_over_all_files(sign_in: SignIn, served: Served) -> None:
    page = sign_in("auditor")
    page.goto("/desk/audit/events?type=intake.service_requested")
    link = page.locator(f"tbody a[href^='/film/{served.id}']").first
    said = link.inner_text()
    link.click()
    page.wait_for_selector("#film[data-ready]")
    expect(page.locator("#now")).to_contain_text(said[:8])


def test_whoever_is_no_auditor_is_told_so(sign_in: SignIn) -> None:
    page = sign_in("clerk")
    page.goto("/desk/audit/events")
    expect(page.locator(".problem")).to_be_visible()
