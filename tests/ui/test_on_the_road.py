"""On the road: what is recorded without a network is kept, shown, and sent once, by its person."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.ui.conftest import Box, Served, SignIn
from tests.ui.test_every_desk import serious

_PAGE = io.BytesIO()
Image.effect_noise((400, 300), 60).save(_PAGE, "JPEG")
JPEG = _PAGE.getvalue()
SEND = "**/road/send/**"
LEEWAY = 10_000
"""Milliseconds by which two looks at one clock may differ on a machine that is busy."""


RAW = """async () => {
  const told = (asked) => new Promise((yes, no) => {
    asked.onsuccess = () => yes(asked.result);
    asked.onerror = asked.onblocked = () => no(asked.error || 'blocked');
  });
  const whole = (await told(indexedDB.open('onefile-road'))).transaction(['kept', 'keys']);
  const kept = await told(whole.objectStore('kept').getAll());
  const keys = await told(whole.objectStore('keys').getAll());
  const text = kept.map((one) => new TextDecoder().decode((one.form || one.about).data));
  return [kept.length, keys.length, text.join()];
}"""
"""What lies on the phone, as somebody with a cable would read it."""


def taken(page: Page) -> None:
    """Everything was taken along, and the worker answers for the network."""
    page.wait_for_selector("body[data-taken]")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def frames(box: Box, matter: str, type: str) -> list[dict[str, Any]]:
    told = box.get("auditor", "archive", f"/matters/{matter}/frames")["frames"]
    return [one for one in told if type in one["type"]]


def offset(page: Page) -> float:
    """By how much the clock over there is ahead of the phone's, in milliseconds."""
    return float(
        page.evaluate(
            "fetch('/road/hello').then((a) => a.json()).then((a) => a.now - Date.now())"
        )
    )


def note(page: Page, text: str) -> None:
    page.locator("#n-entry").fill(text)
    page.locator("form[action*=LogWork] button.main").click()


def kept(page: Page, state: str) -> Any:
    return page.locator(f"#kept > [data-state={state}]")


def notes(box: Box, served: Served) -> int:
    return len(frames(box, served.id, "work_logged"))


@pytest.fixture
def agent(sign_in: SignIn, served: Served) -> Iterator[Page]:
    """The agent's phone at the factory gate, with his matter taken along."""
    page = sign_in(served.agent, phone=True, tolerant=True)
    page.goto("/road")
    taken(page)
    page.goto(f"/road/{served.id}")
    taken(page)
    yield page
    page.context.close()


def test_the_network_goes_in_the_middle_of_a_visit_and_nothing_is_lost(
    agent: Page, box: Box, served: Served, picture: Callable[[Page, str], None]
) -> None:
    page, before = agent, notes(box, served)
    ahead = offset(page)
    page.context.set_offline(True)
    began = page.evaluate("Date.now()")
    paper = page.locator("form[data-once][action*=ReceiveMaterial]").first
    code = paper.locator("[name=material]").input_value()
    paper.locator("xpath=..").locator("summary").click()
    paper.locator("[type=file]").set_input_files(
        {"name": "page-1.jpg", "mimeType": "image/jpeg", "buffer": JPEG}
    )
    paper.locator("button.main").click()
    expect(kept(page, "waiting")).to_have_count(1)
    page.locator("#v-at").focus()
    page.locator("#v-met").fill("厂长")
    page.locator("form[action*=RecordVisit] button.main").click()
    expect(kept(page, "waiting")).to_have_count(2)
    note(page, "红线坐标两图不一致，已请设计单位核对")
    expect(kept(page, "waiting")).to_have_count(3)
    ended = page.evaluate("Date.now()")
    expect(page.locator("#road-line")).to_contain_text("没有网络")
    picture(page, "road-waiting-zh-390")

    page.reload()  # still without a network
    expect(kept(page, "waiting")).to_have_count(3)
    again = page.context.new_page()  # the browser was closed and opened again
    page.close()
    again.goto("/desk/agent")
    expect(again).to_have_url(f"{box.console}/road")
    expect(kept(again, "waiting")).to_have_count(3)
    assert notes(box, served) == before

    again.context.set_offline(False)
    expect(kept(again, "recorded")).to_have_count(3)
    picture(again, "road-recorded-zh-390")
    box.until(lambda: notes(box, served) == before + 1)
    for type in ("intake.material_received", "supervision.visit_made", "work_logged"):
        box.until(lambda type=type: frames(box, served.id, type))  # type: ignore[misc]
        one = frames(box, served.id, type)[-1]
        done = datetime.fromisoformat(one["effective"]).timestamp() * 1000 - ahead
        entered = datetime.fromisoformat(one["recorded"]).timestamp() * 1000
        assert began - LEEWAY <= done <= ended + LEEWAY, one  # when it was done …
        assert entered > ended > done - LEEWAY, one  # … and when it was entered
    papers = box.get(served.agent, "intake", f"/matters/{served.id}/materials")["items"]
    missing = [m["material"] for one in papers for m in one["materials"] if m["missing"]]
    assert code not in missing
    box.until(  # and the photograph itself is on file
        lambda: (
            "page-1.jpg"
            in json.dumps(
                box.get("archivist", "archive", f"/matters/{served.id}/contents"),
                ensure_ascii=False,
            )
        )
    )


def test_an_answer_that_is_lost_makes_no_second_entry(
    agent: Page, box: Box, served: Served
) -> None:
    before, lost = notes(box, served), list[int]()

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    agent.route(SEND, lose)
    note(agent, "答复丢失的一条")
    agent.wait_for_selector("body[data-line=no_network]")
    box.until(lambda: notes(box, served) == before + 1)
    expect(kept(agent, "waiting")).to_have_count(1)
    agent.evaluate("dispatchEvent(new Event('online'))")
    expect(kept(agent, "recorded")).to_have_count(1)
    assert (lost, notes(box, served)) == ([200], before + 1)


def test_another_person_on_the_same_phone_neither_sees_nor_sends_it(
    agent: Page, box: Box, served: Served
) -> None:
    before, page = notes(box, served), agent
    slow = page.context.new_page()  # another tab is at it, and gets nowhere
    slow.goto("/road")
    taken(slow)
    slow.evaluate("void navigator.locks.request('onefile-road', () => new Promise(() => {}))")
    note(page, "只有本人能提交的一条")
    expect(kept(page, "waiting")).to_have_count(1)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/sign-in")
    lying, keys, text = page.evaluate(RAW)
    assert (lying, keys) == (1, 0)
    assert "本人" not in text
    assert page.evaluate("caches.has('road-pages')") is False

    page.locator(f'button[value="{box.person("clerk").id}"]').click()
    page.wait_for_url("**/desk/clerk")
    slow.close()
    page.goto("/road")
    taken(page)
    expect(page.locator("#kept-none")).to_be_visible()
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_selector("body[data-line=done]")
    assert page.evaluate(RAW)[0] == 1
    assert notes(box, served) == before

    page.get_by_role("button", name="退出").click()
    page.locator(f'button[value="{box.person(served.agent).id}"]').click()
    page.wait_for_url("**/desk/agent")
    page.goto("/road")
    expect(kept(page, "recorded")).to_have_count(1)
    box.until(lambda: notes(box, served) == before + 1)


def test_a_conflict_shows_what_the_other_did_and_the_act_can_be_sent_all_the_same(
    agent: Page, box: Box, served: Served
) -> None:
    before = notes(box, served)
    forms = agent.locator("form[data-once][action*=ReceiveMaterial]")
    theirs = forms.last.locator("[name=material]").input_value()
    agent.context.set_offline(True)
    forms.first.locator("xpath=..").locator("summary").click()
    forms.first.locator("button.main").click()
    note(agent, "跟在后面的一条")
    expect(kept(agent, "waiting")).to_have_count(2)
    told = {"material": theirs, "copies": 1}  # the clerk at the window takes in another
    box.post("clerk", "intake", f"/matters/{served.id}/materials", told)
    agent.context.set_offline(False)
    expect(kept(agent, "conflict")).to_have_count(1)
    expect(kept(agent, "waiting")).to_have_count(1)  # in order: it goes after the first
    expect(kept(agent, "conflict").locator("li").first).to_be_visible()
    assert notes(box, served) == before
    agent.get_by_role("button", name="照样提交").click()
    expect(kept(agent, "recorded")).to_have_count(2)
    box.until(lambda: notes(box, served) == before + 1)


def test_a_refusal_says_why_and_is_mended_in_its_place(
    agent: Page, box: Box, served: Served
) -> None:
    before = notes(box, served)
    note(agent, "甲\u202e乙")  # a character that deceives the reader
    refused = kept(agent, "refused")
    expect(refused).to_have_count(1)
    expect(refused.locator(".errors")).not_to_be_empty()
    expect(refused.locator(".remedy")).to_contain_text("修改")
    refused.get_by_role("button", name="修改").click()
    refused.locator("[name=entry]").fill("甲、乙都在")
    refused.get_by_role("button", name="改好了").click()
    expect(kept(agent, "recorded")).to_have_count(1)
    box.until(lambda: notes(box, served) == before + 1)


def test_a_form_that_was_open_elsewhere_is_kept_too(
    agent: Page, box: Box, served: Served
) -> None:
    before = notes(box, served)
    agent.goto(f"/do/supervision/LogWork?id={served.id}&next=/desk/agent")
    agent.locator("#f-kind").select_option("call")
    agent.locator("#f-entry").fill("在别的页面上填的")
    agent.context.set_offline(True)
    agent.locator("form#do button.main").click()
    expect(agent).to_have_url(f"{box.console}/road")
    expect(kept(agent, "waiting")).to_contain_text(served.number)
    agent.context.set_offline(False)
    expect(kept(agent, "recorded")).to_have_count(1)
    box.until(lambda: notes(box, served) == before + 1)


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_the_pages_on_the_road_keep_nobody_out(
    sign_in: SignIn, served: Served, language: str, picture: Callable[[Page, str], None]
) -> None:
    page = sign_in(served.agent, phone=True, language=language)
    for path in ("/road", f"/road/{served.id}"):
        page.goto(path)
        taken(page)
        for details in page.locator("details").all()[:2]:
            details.locator("summary").click()
        assert serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        picture(page, f"road-{'day' if path == '/road' else 'matter'}-{language[:2]}-390")
