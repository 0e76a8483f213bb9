"""The film room: proofs checked in the browser, the same as a table, quick with ten thousand events."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.ui.conftest import Box, Served, SignIn
from tests.ui.test_every_desk import serious

READY = "#film[data-ready]"
SENT = """Math.max(...performance.getEntriesByType("resource")
    .filter((one) => one.name.endsWith("film.json")).map((one) => one.responseEnd))"""
"""When the film itself had come; until then a test in between was busy making it longer."""


def film(page: Page, served: Served, query: str = "") -> Page:
    page.goto(f"/film/{served.id}{query}")
    page.wait_for_selector(READY)
    return page


def entry(change: Callable[[dict[str, Any]], None]) -> Callable[[Route], None]:
    """Lets one entry through, changed on its way."""

    def through(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        change(told)
        route.fulfill(response=answer, json=told)

    return through


def leaf(told: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = told["copy"] or told["own"]
    return found


def flip_body(told: dict[str, Any]) -> None:
    leaf(told)["body"] = leaf(told)["body"].replace('"store":"', '"store": "', 1)


def flip_path(told: dict[str, Any]) -> None:
    lines = told["proof"].split("\n")
    lines[2] = ("B" if lines[2][0] == "A" else "A") + lines[2][1:]
    told["proof"] = "\n".join(lines)


def flip_signature(told: dict[str, Any]) -> None:
    head, name, raw = told["proof"].rstrip("\n").rpartition(" ")
    told["proof"] = f"{head} {raw[:12]}{'B' if raw[12] == 'A' else 'A'}{raw[13:]}\n"
    assert name == " "


def proved(box: Box, page: Page) -> None:
    """The drawer of an event that its store has signed."""
    expect(page.locator("#verdict")).to_be_visible()
    box.until(lambda: again(page), lambda steps: "inclusion" in steps)


def again(page: Page) -> list[str | None]:
    page.locator("#panel button").first.click()
    expect(page.locator("#verdict")).to_be_visible()
    return steps(page, "yes")


def wrong(page: Page) -> set[str | None]:
    return set(steps(page, "no"))


def steps(page: Page, verdict: str) -> list[str | None]:
    """The steps of that verdict, read at once: the list may be drawn anew at any moment."""
    found: list[str | None] = page.locator(f".steps li.{verdict}").evaluate_all(
        "all => all.map(one => one.dataset.step)"
    )
    return found


def test_what_the_store_signed_is_green_and_a_policy_of_ones_own_makes_it_whole(
    sign_in: SignIn, box: Box, served: Served
) -> None:
    page = film(sign_in("auditor"), served, "?see=proof")
    page.keyboard.press("Home")
    proved(box, page)
    expect(page.locator("#verdict")).to_have_class("verdict open")
    assert not wrong(page)
    key = box.http.get(box.addresses["archive"] + "/log/vkey").text.strip()
    page.get_by_label("信任策略").fill(f"log {key}\nquorum none\n")
    page.get_by_role("button", name="重新核验").click()
    expect(page.locator("#verdict")).to_have_class("verdict yes")
    page.get_by_label("信任策略").fill(
        f"log {box.http.get(box.addresses['intake'] + '/log/vkey').text.strip()}\nquorum none\n"
    )
    page.get_by_role("button", name="重新核验").click()
    expect(page.locator("#verdict")).to_have_class("verdict no")
    with page.expect_download() as saved:
        page.get_by_role("link", name="下载 .tlog-proof").click()
    assert saved.value.path().read_text().startswith("c2sp.org/tlog-proof@v1\n")


@pytest.mark.parametrize(
    ("change", "step"),
    [(flip_body, "leaf"), (flip_path, "inclusion"), (flip_signature, "log")],
    ids=["a byte of the body", "a hash of the path", "the signature"],
)
def test_one_changed_byte_turns_the_browser_red(
    sign_in: SignIn, box: Box, served: Served, change: Callable[[dict[str, Any]], None], step: str
) -> None:  # fmt: skip
    page = film(sign_in("auditor"), served, "?see=proof")
    page.keyboard.press("Home")
    proved(box, page)
    page.route("**/entry.json*", entry(change))
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("#verdict")).to_have_class("verdict no")
    assert step in wrong(page)


def test_the_drawer_shows_by_itself_that_its_check_checks(
    sign_in: SignIn, served: Served
) -> None:
    page = film(sign_in("auditor"), served, "?see=proof")
    page.get_by_role("button", name="试改一个字节").click()
    expect(page.locator("#verdict")).to_have_class("verdict no")
    assert "leaf" in wrong(page)


def test_the_raw_event_is_one_key_away_and_its_hash_is_that_of_its_bytes(
    sign_in: SignIn, served: Served
) -> None:
    page = film(sign_in("auditor"), served)
    page.keyboard.press("End")
    page.keyboard.press("r")
    exact = page.locator("#exact")
    exact.wait_for(state="attached")
    body = exact.text_content() or ""
    shown = page.locator("#panel code").first.inner_text()
    assert shown == sha256(b"\x00" + body.encode()).hexdigest()


def test_the_table_says_what_the_picture_says_and_each_sentence_leads_to_its_event(
    sign_in: SignIn, box: Box, served: Served
) -> None:
    box.settled()
    told = box.get("auditor", "archive", f"/matters/{served.id}/story")["lines"]
    page = film(sign_in("auditor"), served)
    rows = page.locator("#rows tr")
    expect(rows).to_have_count(len(told))
    assert page.locator("#rows td:nth-child(5) a").all_inner_texts() == [
        line["text"] for line in told
    ]
    rows.nth(2).locator("a").click()
    expect(rows.nth(2)).to_have_attribute("aria-current", "true")
    expect(page.locator("#now")).to_contain_text(told[2]["text"])
    assert f"at={told[2]['position']}" in page.url
    assert page.locator("#stage").get_attribute("aria-valuenow") == "3"


def test_the_address_holds_everything_that_is_set(sign_in: SignIn, served: Served) -> None:
    page = film(sign_in("auditor"), served)
    for key in ("Home", "j", "a", "]", "b", "v", "f", "+"):
        page.keyboard.press(key)
    expect(page.locator("#panel h3").first).to_be_visible()
    told = page.locator("#now").inner_text()
    address = page.url
    for part in ("a=", "b=", "ruler=recorded", "fold=0", "zoom=1.5", "see=diff"):
        assert part in address
    other = film(page, served, "?" + address.partition("?")[2])
    expect(other.locator("#now")).to_have_text(told)
    expect(other.locator("#panel h3").first).to_be_visible()


def test_at_an_instant_the_state_is_that_of_the_file_then(
    sign_in: SignIn, box: Box, served: Served
) -> None:
    page = film(sign_in("auditor"), served, "?ruler=recorded")
    page.keyboard.press("Home")
    page.keyboard.press("j")
    at = int(page.url.partition("at=")[2].partition("&")[0])
    then = box.get("auditor", "archive", f"/matters/{served.id}/state?at={at}")
    expect(page.locator("#panel code")).to_have_text(then["hash"])


def test_whose_eyes_were_on_the_file_is_shown(
    sign_in: SignIn, box: Box, served: Served
) -> None:
    page = film(sign_in("auditor"), served)
    page.keyboard.press("w")
    expect(page.locator("#panel table")).to_contain_text(box.person("auditor").id[-6:])


def test_the_clock_of_an_item_is_drawn_day_by_day(
    sign_in: SignIn, box: Box, served: Served
) -> None:
    course = served.course()["items"]
    begun = [code for code, one in course.items() if one["ready_on"]]
    page = film(sign_in("auditor"), served)
    page.locator("#item").select_option(begun[0])
    expect(page.locator("#clock option").first).to_be_attached()
    expect(page.locator("#labels")).to_contain_text(begun[0])
    assert f"item={begun[0]}" in page.url


def longer(page: Page, times: int) -> None:
    """The same film with so many events: each once more on later days."""

    def through(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        base, made = told["events"], []
        for n in range(times):
            old = base[n % len(base)]
            turn = n // len(base)
            year, month = 2026 + turn // 240, turn // 20 % 12 + 1
            day = f"{year}-{month:02d}-{turn % 20 + 1:02d}"
            made.append([n + 1, *old[1:4], day, 0, f"{day}T01:00:00Z", *old[7:]])
        told.update(events=made, bars=[], days=[], position=times)
        route.fulfill(response=answer, body=json.dumps(told))

    page.route("**/film.json", through)


@pytest.mark.parametrize("events", [1_000, 10_000])
def test_a_long_film_is_in_the_hand_and_draws_what_is_seen(
    sign_in: SignIn, served: Served, events: int
) -> None:
    page = film(sign_in("auditor"), served)
    longer(page, events)
    film(page, served)
    taken = int(page.locator("#film").get_attribute("data-ready") or 0)
    sent = int(page.evaluate(SENT))
    print(
        f"film of {events} events: interactive after {taken} ms, {taken - sent} ms of it drawing"
    )
    page.keyboard.press("Home")
    page.keyboard.press("j")
    expect(page.locator("#now")).to_contain_text(f"2/{events}")
    drawn = page.locator("#stage svg [data-n]").count()
    assert 0 < drawn < 400
    assert page.locator("#rows tr").count() == 200


PAGES = (
    "/film/{id}", "/film/{id}?see=proof", "/film/{id}?see=event", "/film/{id}?see=looked",
    "/film/{id}/story", "/film/{id}/compare", "/matter/{id}", "/matter/{id}/clock/{item}",
    "/matter/{id}/promises",
    "/desk/audit", "/desk/audit/sample?seed=a&size=3", "/desk/audit/events", "/pictures/map",
    "/pictures/{area}", "/pictures/flow/{area}?matter={id}",
)  # fmt: skip


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
@pytest.mark.parametrize("path", PAGES)
def test_an_auditors_page_keeps_nobody_out(
    sign_in: SignIn, served: Served, path: str, language: str,
    picture: Callable[[Page, str], None],
) -> None:  # fmt: skip
    area = served.number[:6]
    address = path.format(id=served.id, item=served.scope[0], area=area)
    page = sign_in("auditor", language=language)
    page.goto(address)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".problem")).to_have_count(0)
    if path.startswith("/film/{id}") and path.count("/") == 2:
        page.wait_for_selector(READY)
        page.locator("#panel[data-of]").wait_for()
    assert serious(page) == []
    name = path.strip("/").translate(str.maketrans("/?={}&", "------"))
    picture(page, f"auditor-{name}-{language[:2]}-1366")
    page.set_viewport_size({"width": 390, "height": 844})
    picture(page, f"auditor-{name}-{language[:2]}-390")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_script_the_whole_story_is_there(sign_in: SignIn, served: Served) -> None:
    page = sign_in("auditor", script=False)
    page.goto(f"/film/{served.id}")
    page.locator("noscript a, .filmhead a", has_text="全文").first.click()
    lines: Locator = page.locator("ol.story li")
    assert lines.count() > 10
