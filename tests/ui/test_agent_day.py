"""The day of an agent: what is ready goes out with one press, a reminder is written for him."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.ui.conftest import Box, Served, SignIn, leafed_to


def item_in(served: Served, state: str) -> str | None:
    items = served.course()["items"]
    return next((code for code, one in items.items() if one["state"] == state), None)


def lying_there(box: Box, served: Served) -> str:
    """An item that lies with its department: the agent's, or one that is sent there now."""
    if found := item_in(served, "submitted"):
        return found
    code = str(box.until(lambda: item_in(served, "ready")))
    server, path = served.servers.get(code, served.agent), f"/matters/{served.id}"
    box.post(server, "intake", f"{path}/prechecks", {"item": code, "in_order": True})
    box.post(server, "supervision", f"{path}/items/{code}/submission", {})
    box.until(lambda: item_in(served, "submitted"))
    return code


def test_an_agent_prechecks_submits_and_reminds_from_his_list(
    sign_in: SignIn, box: Box, served: Served, picture: Callable[[Page, str], None]
) -> None:
    code = box.until(lambda: item_in(served, "ready"))
    server = served.servers.get(str(code), served.agent)
    page = sign_in(server)
    picture(page, "agent-served-zh-1366")
    row = page.locator("#today li", has=page.get_by_text(f"{code} "))
    row.get_by_role("link", name="预审").click()
    page.get_by_label("形式审查通过").check()
    page.locator("form#do button.main").click()
    expect(page.locator(".done")).to_contain_text("预审")
    row.get_by_role("link", name="申报", exact=True).click()
    page.locator("form#do button.main").click()
    expect(page.locator(".done")).to_contain_text("申报")
    box.until(lambda: served.course()["items"][code]["state"] == "submitted")

    page.goto(f"/remind/{served.id}/{code}")
    assert served.number in page.locator("#f-wording").input_value()


def test_on_a_phone_the_list_can_be_worked(sign_in: SignIn, served: Served) -> None:
    page = sign_in(served.agent, phone=True)
    expect(page.locator("#mine")).to_contain_text(served.number)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for button in page.locator("#today .acts a.button").all()[:3]:
        box = button.bounding_box()
        assert box is not None and box["height"] >= 24


def test_a_department_sees_what_lies_with_it_and_takes_it_on(
    sign_in: SignIn, box: Box, served: Served
) -> None:
    code = lying_there(box, served)
    page = sign_in("approver")
    row = page.locator("#items li", has_text=served.number).filter(has_text=f"{code} ")
    leafed_to(page, "items", row).get_by_role("link", name="接件").click()
    page.locator("form#do button.main").click()
    expect(page.locator(".done")).to_contain_text("接件")
    leafed_to(page, "items", row).get_by_role("link", name="受理", exact=True).click()
    page.locator("form#do button.main").click()
    expect(page.locator(".done")).to_contain_text("受理")
    box.until(lambda: served.course()["items"][code]["state"] == "accepted")
    page.goto(f"/why/{served.id}/{code}")
    expect(page.locator("h1")).to_contain_text(str(code))
    expect(page.locator("main")).to_contain_text("个工作日")


def test_a_unit_sees_one_page_with_who_has_the_ball_and_when(
    sign_in: SignIn, served: Served, picture: Callable[[Page, str], None]
) -> None:
    page = sign_in("unit")
    card = leafed_to(page, "", page.locator(f"#m{served.id}"))
    expect(card).to_contain_text("预计全部办结")
    expect(card).to_contain_text("谁在办")
    expect(card.get_by_role("heading", name="您要办的")).to_be_visible()
    expect(card).to_contain_text("球在")
    picture(page, "unit-served-zh-1366")


def test_a_supervisor_sees_who_has_the_ball(sign_in: SignIn, served: Served) -> None:
    page = sign_in("office")
    expect(page.locator("h1")).to_contain_text("今日督办")
    expect(page.locator("main .tag").first).to_be_visible()
