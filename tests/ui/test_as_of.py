"""A desk as of another instant, the line that says of when a screen is, and the sheet of a week."""

import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Page, expect

from services.console.pages.past import OF_DESK
from shared.clock import LEGAL_ZONE
from shared.effects import new_id, system_clock
from tests.ui.conftest import Box, Made, Served, SignIn
from tests.ui.test_every_desk import keeps_nobody_out
from tests.ui.test_no_dead_ends import signed_in

DESKS = [
    ("clerk", "clerk"), ("agent", "agent"), ("unit", "unit"), ("office", "supervisor"),
    ("office", "chief"), ("department", "department"),
]  # fmt: skip


def recorded(box: Box, matter: Made) -> datetime:
    """When archive had the first of the matter."""
    path = f"/matters/{matter.id}/frames"
    frames = box.get("auditor", "archive", path)["frames"]
    return datetime.fromisoformat(str(frames[0]["recorded"]))


def test_a_desk_shows_each_matter_as_it_stood_and_none_that_had_not_begun(
    box: Box, matter: Made
) -> None:
    client = signed_in(box, "clerk")
    box.until(lambda: box.get("auditor", "archive", f"/matters/{matter.id}")["entries"])
    first = recorded(box, matter)
    for when, there in (
        (first - timedelta(seconds=5), False),
        (first + timedelta(days=1), True),
    ):
        at = when.astimezone(LEGAL_ZONE).strftime("%Y-%m-%dT%H:%M:%S")
        sent = client.get(f"/desk/clerk?at={at}")
        assert (
            sent.status_code == 303 and sent.headers["location"] == f"/then/desk/clerk?at={at}"
        )
        page = client.get(sent.headers["location"])
        assert page.status_code == 200
        assert "第?条" not in page.text  # before its first event a log stands at 0
        assert (matter.number in page.text) is there
        assert ("当时还没有提出的办件" in page.text) is not there
        assert "/do/" not in page.text
        assert 'data-stands=""' in page.text
    past = client.get(f"/matter/{matter.id}?at={quote(first.isoformat())}")
    assert past.status_code == 200 and "归档位置" in past.text
    client.close()


def list_of(page: str, name: str) -> list[str]:
    """The rows of a list on a desk of then."""
    found = re.search(rf'<section [^>]*id="{name}".*?</section>', page, re.S)
    assert found, name
    return re.findall(r"<tr>(?=<td).*?</tr>", found[0], re.S)


def replayed(box: Box, client: httpx.Client, desk: str, at: str) -> str:
    """A desk of then; looked at again while a service is still replaying a list of it."""

    def page() -> str:
        answer = client.get(f"/then/desk/{desk}", params={"at": at})
        assert answer.status_code == 200
        return answer.text

    return box.until(page, lambda text: 'class="waits"' not in text)


def test_the_lists_of_a_desk_are_those_of_then_and_todays_show_the_act(box: Box) -> None:
    client = signed_in(box, "clerk")
    area = box.person("clerk").areas[0]
    order = {"area": area, "order": f"12345-{new_id().hex}", "wording": "询问", "caller": "甲"}
    called = system_clock() - timedelta(minutes=1)
    made = box.post(
        "clerk", "intake", "/hotline-orders", {**order, "called_at": called.isoformat()}
    )
    box.until(
        lambda: box.get("clerk", "intake", f"/hotline-orders?min_position={made['position']}")
    )
    at = box.get("clerk", "intake", f"/log/position?at={made['position']}")["recorded"]
    just_before = datetime.fromisoformat(at) - timedelta(microseconds=1)
    for when, there in ((just_before, False), (datetime.fromisoformat(at), True)):
        asked = when.astimezone(LEGAL_ZONE).isoformat()
        page = replayed(box, client, "clerk", asked)
        rows = list_of(page, "orders")
        assert any(order["order"] in row for row in rows) is there
        line = re.search(r'id="asof">(.*?)</p>', page, re.S)
        assert line
        position = made["position"] if there else made["position"] - 1
        assert f"第{position}条" in re.sub(r"<[^>]+>|\s", "", html.unescape(line[1]))
    assert order["order"] in client.get("/desk/clerk").text
    client.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("who", "desk"), DESKS)
def test_every_desk_of_then_shows_each_of_its_lists_in_both_languages(
    box: Box, served: Served, who: str, desk: str, language: str
) -> None:
    client = signed_in(box, who)
    client.cookies.set("onefile_language", language)
    page = replayed(box, client, desk, system_clock().isoformat())
    assert 'role="alert"' not in page
    for one in OF_DESK.get(desk, ()):
        assert f'id="{one.name}"' in page, one.name
        assert html.escape(one.en if language == "en" else one.zh) in page
    for name in {
        "unit": ("sign", "rate", "lacking"),
        "agent": ("ready", "visits", "tasks"),
    }.get(desk, ()):
        assert f'id="{name}"' in page, name
    assert served.number
    client.close()


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
@pytest.mark.parametrize(("who", "desk"), DESKS)
def test_a_desk_of_then_keeps_nobody_out(
    sign_in: SignIn, served: Served, who: str, desk: str, language: str,
    picture: Callable[[Page, str], None],
) -> None:  # fmt: skip
    page = sign_in(who, language=language)
    page.goto(f"/then/desk/{desk}?at={quote(system_clock().isoformat())}")
    expect(page.locator(".waits")).to_have_count(
        0
    )  # the page loads itself until all is replayed
    assert served.number
    keeps_nobody_out(page, f"then-{desk}-{language[:2]}", picture)


def test_a_return_visit_that_was_made_since_is_on_the_desk_of_then_and_not_on_todays(
    box: Box, over: Served
) -> None:
    """The supervisor sees it waiting, the unit that it was asked; today's desks show neither."""
    area = box.person("office").areas[0]

    def waits() -> bool:
        path, after = f"/tasks?area={area}&kind=return_visits&limit=50", ""
        while True:
            page = box.get("office", "evaluation", f"{path}{after}")
            if any(row["matter"] == over.id for row in page["return_visits"]):
                return True
            if not page["after"]:
                return False
            after = f"&after={page['after']['return_visits']}"

    box.until(waits)
    box.settled()
    office, unit = signed_in(box, "office"), signed_in(box, "unit")
    then = system_clock().isoformat()
    called = {
        "means": "phone", "reached": True, "respondent": "applicant_lead", "level": "satisfied"
    }  # fmt: skip
    link = box.get("unit", "evaluation", f"/matters/{over.id}/invitations")["invitations"][0]
    form = f"/invitations/{link['invitation']}"
    asked = box.get("unit", "evaluation", form)["indicators"]
    rating = {"level": "satisfied", "scores": {one["id"]: "satisfied" for one in asked}}
    box.post("evaluator", "evaluation", f"/matters/{over.id}/return-visits", called)
    headers = {**box.headers("unit"), "Idempotency-Key": str(new_id())}
    rated = f"{box.addresses['evaluation']}{form}/rating"
    assert box.http.post(rated, json=rating, headers=headers).status_code == 200
    box.until(waits, lambda still: not still)
    page = replayed(box, office, "supervisor", then)
    assert any(over.number in row for row in list_of(page, "return_visits"))
    assert link["invitation"] not in page
    now = replayed(box, office, "supervisor", system_clock().isoformat())
    assert not any(over.number in row for row in list_of(now, "return_visits"))
    today = re.search(r'id="tasks".*?</section>', office.get("/desk/supervisor").text, re.S)
    assert today and f"/matter/{over.id}" not in today[0]
    for at, there in ((then, True), (system_clock().isoformat(), False)):
        rows = asked_to_rate(unit, at, over)
        assert bool(rows) is there, at
        assert all("后来已评" in row and link["invitation"] not in row for row in rows)
    office.close()
    unit.close()


def asked_to_rate(client: httpx.Client, at: str, matter: Served) -> list[str]:
    """The lines that ask the unit to rate a matter, of the page of its desk that shows it."""
    page, _ = page_of(client, f"/then/desk/unit?at={quote(at)}", matter.number)
    found = re.search(r'id="rate".*?</section>', page, re.S)
    assert found
    return [row for row in re.findall(r"<li>.*?</li>", found[0], re.S) if matter.number in row]


@pytest.mark.parametrize("at", ["yesterday", "2026-13-01", "2026-11-21T99:00", "", "9" * 39])
def test_what_is_no_instant_is_refused_with_a_page(box: Box, at: str) -> None:
    client = signed_in(box, "clerk")
    answer = client.get("/desk/clerk", params={"at": at}, follow_redirects=True)
    assert answer.status_code == 400 and 'role="alert"' in answer.text
    client.close()


def test_a_screen_says_its_position_when_that_was_recorded_and_how_far_behind_it_is(
    box: Box, matter: Made
) -> None:
    told = box.get("clerk", "intake", "/log/position")
    assert 0 < told["shown"] <= told["position"] and told["recorded"]
    client = signed_in(box, "clerk")
    line = re.search(r'id="asof">(.*?)</p>', client.get("/desk/clerk").text, re.S)
    assert line
    said = re.sub(r"<[^>]+>", "", html.unescape(line[1]))
    assert re.search(r"受理 第\d+条（\d{4}-\d\d-\d\d \d\d:\d\d:\d\d入库，落后\d+）", said), said
    client.close()


def test_the_first_paragraph_of_the_week_is_edited_and_printed_as_it_was_written(
    box: Box,
) -> None:
    client = signed_in(box, "office")
    page = client.get("/desk/week")
    secret = re.search(r'name="_csrf" value="(\w+)"', page.text)
    assert secret and page.status_code == 200
    words = "本周重点：<b>审图</b>\n第二行"
    sent = client.post("/desk/week", data={"_csrf": secret[1], "words": words})
    assert sent.status_code == 200
    assert f'id="said">{html.escape(words)}</p>' in sent.text
    refused = client.get("/desk/week?since=2026-12-31&until=2026-01-01")
    assert refused.status_code == 422 and 'role="alert"' in refused.text
    client.close()


def test_what_would_be_given_to_an_assessment_is_seen_before_it_is_given(box: Box) -> None:
    client = signed_in(box, "office")
    page = client.get("/desk/publications")
    assert page.status_code == 200 and "报送预览" in page.text
    given = re.search(r'href="(/do/evaluation/PublishAppraisal[^"]*)"', page.text)
    assert given
    form = client.get(html.unescape(given[1]))
    assert form.status_code == 200 and "报送考核结果" in form.text
    client.close()


def test_load_and_what_waited_for_somebody_then_are_replayed_from_the_files(
    box: Box, served: Served
) -> None:
    """On the page that holds the matter; on a far day everything at work is past its day."""
    state = box.get("auditor", "archive", f"/matters/{served.id}/state")["state"]
    lead = state["lead_agent"]
    for who, desk in (("office", "chief"), ("office", "supervisor"), ("unit", "unit")):
        client = signed_in(box, who)
        page, mine = page_of(client, f"/then/desk/{desk}?at=2099-01-01", served.number)
        client.close()
        assert re.search(r"未退原件 [1-9]", mine), mine
        assert ("在办量" in page and f"·{lead[-6:]}" in page) is (desk != "unit")


def page_of(client: httpx.Client, address: str, number: str) -> tuple[str, str]:
    """The page of the list that holds the matter, and the matter's own line on it."""
    while True:
        page = client.get(address).text
        lines = [one for one in re.findall(r"<li>.*?</li>", page, re.S) if number in one]
        if lines:
            return page, lines[0]
        more = re.search(r'href="(/then/[^"]*after=[^"]*)"', page)
        assert more, f"no page holds {number}"
        address = html.unescape(more[1])
