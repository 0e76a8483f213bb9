"""The days of those who come seldom: a unit signs, an administrator imports, an owner tries rules."""

import csv
import io
from collections.abc import Callable

from playwright.sync_api import Page, expect

from contracts.pack import POLICIES
from tests.ui.conftest import HOME_OF_TESTS, Box, Served, SignIn, leafed_to


def test_a_unit_sees_exactly_what_it_authorises_before_it_signs(
    sign_in: SignIn, served: Served
) -> None:
    page = sign_in("unit")
    page.goto(f"/sign/{served.id}")
    expect(page.locator("h1")).to_contain_text("授权委托书")
    assert page.locator('input[name="powers"]:checked').count() >= 5
    expect(page.locator("#f-begins_on")).not_to_have_value("")
    expect(page.locator("#f-ends_on")).to_have_value("")  # until when is for the unit to say
    page.locator("form#do button.main").click()
    expect(page.locator("#f-ends_on:invalid")).to_be_visible()


def test_a_unit_can_end_what_it_authorised(sign_in: SignIn, served: Served) -> None:
    page = sign_in("unit")
    card = leafed_to(page, "", page.locator(f"#m{served.id}"))
    card.get_by_text("我授权了什么").click()
    card.get_by_role("link", name="终止委托").click()
    expect(page.locator("#f-cause")).to_have_value("revoked_by_applicant")


def test_a_table_of_staff_is_tried_row_by_row_and_nothing_is_half_imported(
    sign_in: SignIn, box: Box, picture: Callable[[Page, str], None]
) -> None:
    page = sign_in("admin")
    before = len(
        box.get("admin", "assignment", f"/staff?area={HOME_OF_TESTS}&limit=200")["rows"]
    )
    table = io.StringIO()
    csv.writer(table).writerows([["没有的列", "姓名"], ["甲", "乙"]])
    page.set_input_files(
        "#table",
        {"name": "staff.csv", "mimeType": "text/csv", "buffer": table.getvalue().encode()},
    )
    page.get_by_role("button", name="试导入").click()
    expect(page.get_by_role("alert")).to_contain_text("一行都不会入库")
    expect(page.locator("main table tbody tr").first).to_be_visible()
    picture(page, "roster-zh-1366")
    after = len(
        box.get("admin", "assignment", f"/staff?area={HOME_OF_TESTS}&limit=200")["rows"]
    )
    assert after == before


def test_an_administrator_sees_every_open_question_with_our_default(sign_in: SignIn) -> None:
    page = sign_in("admin")
    expect(page.locator("#questions")).to_contain_text("默认值")
    assert page.locator("#questions > ul > li").count() > 10


def test_an_owner_of_rules_is_told_the_line_that_is_wrong_and_what_changed(
    sign_in: SignIn, picture: Callable[[Page, str], None]
) -> None:
    page = sign_in("office")
    page.goto(f"/desk/packs?area={HOME_OF_TESTS}")
    text = page.locator("#text").input_value()
    shipped = next(
        file.read_text()
        for file in POLICIES.glob("*/pack.yaml")
        if HOME_OF_TESTS in file.parent.name
    )
    assert text.strip() == shipped.strip()
    page.get_by_role("button", name="检查").click()
    expect(page.locator("#tried")).to_contain_text("可用")
    page.fill("#text", text.replace("jurisdiction:", "jurisdictions:", 1))
    page.get_by_role("button", name="检查").click()
    expect(page.locator("#tried")).to_contain_text("有错误")
    expect(page.locator("#tried")).to_contain_text("行")
    page.fill("#text", text)
    page.get_by_role("button", name="画流程图").click()
    drawn = page.locator("#tried img")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("one => one.naturalWidth") > 100
    picture(page, "packs-drawn-zh-1366")


def test_a_rehearsal_walks_twenty_projects(sign_in: SignIn) -> None:
    page = sign_in("office")
    page.goto(f"/desk/packs?area={HOME_OF_TESTS}")
    page.get_by_role("button", name="演练").click()
    expect(page.locator("#tried details")).to_have_count(20)


def test_a_question_put_to_a_department_is_answered_there(sign_in: SignIn, box: Box) -> None:
    visit = box.post(
        "clerk", "intake", "/contacts", {"area": HOME_OF_TESTS, "wish": "想问排水"}
    )
    asked = {"items": ["S1-11"], "question": "要不要先做水土保持？"}
    box.post("clerk", "intake", f"/contacts/{visit['id']}/referrals", asked)
    page = sign_in("approver")
    row = page.locator("#asked li", has_text="S1-11").first
    row.get_by_role("link", name="一句话答复").click()
    page.locator("#do [name=topic]").fill("procedure")
    page.locator("#do [name=question]").fill("要不要先做水土保持？")
    page.locator("#do [name=answer]").fill("可以同时准备")
    for box_ in page.locator("#do input[type=checkbox][name=understood]").all():
        box_.check()
    page.locator("form#do button.main").click()
    expect(page.locator(".done")).to_be_visible()


def test_a_department_files_what_it_must_report_from_its_desk(
    sign_in: SignIn, over: Served
) -> None:
    assert over.number  # a quarter has ended since
    page = sign_in("department")
    owed = page.locator("#returns li").filter(has=page.get_by_role("link", name="报送"))
    expect(owed.first).to_contain_text("未报")
    before = owed.count()
    owed.first.get_by_role("link", name="报送").click()
    page.locator("#do [name=nil]").check()
    page.locator("form#do button.main").click()
    expect(page.locator(".done")).to_contain_text("报送")
    expect(owed).to_have_count(before - 1)
