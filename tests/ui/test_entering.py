"""Who gets in, and that nobody else can act in their name."""

import httpx
import pytest
from playwright.sync_api import expect

from tests.patience import PATIENCE
from tests.ui.conftest import Box, SignIn


def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_where_he_was_going(
    sign_in: SignIn, box: Box
) -> None:
    answer = httpx.get(f"{box.console}/desk/admin", timeout=PATIENCE)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fdesk%2Fadmin"


def test_a_session_is_a_sealed_cookie_that_script_cannot_read(sign_in: SignIn) -> None:
    page = sign_in("clerk")
    cookie = next(c for c in page.context.cookies() if c["name"] == "onefile_session")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    assert page.evaluate("document.cookie") == ""


def test_a_session_that_was_tampered_with_is_nobodys(sign_in: SignIn, box: Box) -> None:
    page = sign_in("clerk")
    cookie = next(c for c in page.context.cookies() if c["name"] == "onefile_session")
    turned = ("B" if cookie["value"][20] == "A" else "A").join(
        [cookie["value"][:20], cookie["value"][21:]]
    )
    cookies = {"onefile_session": turned}
    answer = httpx.get(f"{box.console}/desk/clerk", cookies=cookies, timeout=PATIENCE)
    assert answer.status_code == 303


def test_signing_out_ends_it(sign_in: SignIn) -> None:
    page = sign_in("clerk")
    page.get_by_role("button", name="退出").click()
    page.goto("/desk/clerk")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()


@pytest.mark.parametrize("given", [{}, {"_csrf": "0" * 32}])
def test_a_form_that_no_page_of_ours_made_is_refused(
    sign_in: SignIn, box: Box, given: dict[str, str]
) -> None:
    page = sign_in("clerk")
    answer = page.request.post(
        "/do/intake/ReceiveVisitor", form={"area": "500242", "unit": "冒名公司", **given}
    )
    assert answer.status == 403


def test_a_form_from_another_site_is_refused_even_with_the_right_secret(
    sign_in: SignIn, box: Box
) -> None:
    page = sign_in("clerk")
    secret = page.locator('input[name="_csrf"]').first.get_attribute("value")
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = page.request.post(
            "/do/intake/ReceiveVisitor", form={"_csrf": str(secret)}, headers=headers
        )
        assert answer.status == 403


@pytest.mark.parametrize(
    "next", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_site(box: Box, next: str) -> None:
    answer = httpx.get(f"{box.console}/sign-in", params={"next": next}, timeout=PATIENCE)
    assert 'name="next" value="/"' in answer.text


def test_every_answer_has_its_manners(box: Box) -> None:
    for path in ("/sign-in", "/no-such-page", "/static/console.css"):
        headers = httpx.get(box.console + path, timeout=PATIENCE).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
    answer = httpx.get(f"{box.console}/sign-in", timeout=PATIENCE)
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_what_a_person_may_not_see_is_a_page_that_says_so(sign_in: SignIn) -> None:
    page = sign_in("agent")
    answer = page.goto("/project/00000000-0000-7000-8000-00000000dead")
    assert answer is not None and answer.status == 404
    expect(page.get_by_role("alert")).to_contain_text("没有这个对象")


def test_an_oversized_or_endless_form_is_refused(sign_in: SignIn, box: Box) -> None:
    page = sign_in("clerk")
    secret = str(page.locator('input[name="_csrf"]').first.get_attribute("value"))
    answer = page.request.post(
        "/do/intake/ReceiveVisitor", form={"_csrf": secret, "wish": "长" * 300_000}
    )
    assert answer.status == 413
