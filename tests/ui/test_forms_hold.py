"""Forms: nothing typed is lost, a conflict is shown, what is hostile is text, what is wrong is said."""

import pytest
from playwright.sync_api import expect

from tests.ui.conftest import HOME_OF_TESTS, Box, Made, SignIn

HOSTILE = [
    "' OR 1=1--", "%00", "../../", "${jndi:ldap://x}", "{{7*7}}", "=cmd|' /C calc'!A0",
    "<script>document.title='pwned'</script>", '"><img src=x onerror=document.title="pwned">',
]  # fmt: skip
REFUSED = {
    "B16": "甲\u202e乙", "B17": "甲\u200b乙", "B22": "甲\uffff",
    "B23": "a" + "\u0301" * 5_000,
}  # fmt: skip
KEPT = {"B18": "e\u0301", "B21 rare": "\U00020bb7", "B21 one": "甲", "B21 dot": "阿·甲"}


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_hostile_is_shown_as_text(sign_in: SignIn, text: str) -> None:
    page = sign_in("clerk")
    page.fill("#f-unit", text)
    page.fill("#f-wish", text)
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_role("link", name="打开刚登记的来访").click()
    page.get_by_role("link", name="看姓名、电话和原话").click()
    expect(page.locator("main")).to_contain_text(text)
    assert page.title() != "pwned"
    assert page.locator("main img, main script").count() == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_hostile_in_an_address_is_text_too(sign_in: SignIn, text: str) -> None:
    page = sign_in("clerk", tolerant=True)
    page.get_by_role("searchbox").fill(text)
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert page.title() != "pwned"
    assert page.locator("main img, main script").count() == 0


@pytest.mark.parametrize("name", REFUSED)
def test_a_name_that_deceives_is_refused_and_stays_in_its_field(
    sign_in: SignIn, name: str
) -> None:
    page = sign_in("clerk", tolerant=True)
    page.locator("#f-visitor").evaluate(
        "(field, text) => { field.removeAttribute('maxlength'); field.value = text; }",
        REFUSED[name],
    )
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#f-visitor")).not_to_have_value("")


@pytest.mark.parametrize("name", KEPT)
def test_a_rare_name_is_kept(sign_in: SignIn, name: str) -> None:
    import unicodedata

    page = sign_in("clerk")
    page.fill("#f-visitor", KEPT[name])
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_role("link", name="打开刚登记的来访").click()
    page.get_by_role("link", name="看姓名、电话和原话").click()
    expect(page.locator("main")).to_contain_text(unicodedata.normalize("NFC", KEPT[name]))


def test_a_conflict_shows_what_the_other_did_and_can_be_sent_again(
    sign_in: SignIn, box: Box, matter: Made
) -> None:
    page = sign_in("clerk")
    page.goto(f"/do/intake/DeclineService?id={matter.id}&next=/desk/clerk")
    page.locator("form#do").wait_for()
    reason = page.locator("#do textarea, #do input[type=text]").first
    reason.fill("甲方撤回")
    told = {"condition": "registered_in_jurisdiction", "met": True, "source": "register"}
    box.post("clerk", "intake", f"/matters/{matter.id}/condition-checks", told)
    for select in page.locator("#do select[required]").all():
        if not select.input_value():
            select.select_option(index=1)
    page.locator("form#do button.main").click()
    expect(page.locator(".conflict")).to_contain_text("别人已更新了此办件")
    expect(page.locator(".conflict li", has_text="核验")).to_be_visible()
    expect(page.locator("#do textarea, #do input[type=text]").first).to_have_value("甲方撤回")
    expect(page.get_by_role("button", name="照样提交")).to_be_visible()


def test_what_another_entered_appears_without_losing_what_is_typed(
    sign_in: SignIn, box: Box
) -> None:
    elsewhere = next(area for area in box.demos if area != HOME_OF_TESTS)  # where few came
    page = sign_in("clerk", area=elsewhere)
    page.fill("#f-wish", "还没写完的话")
    told = {"area": elsewhere, "wish": "另一处录入"}
    made = box.post("clerk", "intake", "/contacts", told, elsewhere)["id"]
    expect(page.locator(f'#mine a[href="/contact/{made}"]')).to_be_visible()
    expect(page.locator("#f-wish")).to_have_value("还没写完的话")


def test_sending_a_form_twice_records_it_once(sign_in: SignIn, box: Box) -> None:
    page = sign_in("clerk")
    form = page.locator('form[action^="/do/intake/ReceiveVisitor"]')
    fields = {
        str(one.get_attribute("name")): one.input_value()
        for one in form.locator("input[name], select[name]").all()
    }
    fields["unit"] = "按了两次公司"
    for _ in range(2):
        answer = page.request.post("/do/intake/ReceiveVisitor?next=/", multipart=dict(fields))
        assert answer.status == 200
    page.goto("/desk/clerk")
    position = box.get("clerk", "intake", "/contacts?mine=true&open=true&limit=200")["items"]
    assert len({one["id"] for one in position}) == len(position)
