"""A desk as of another instant, the line that says of when a screen is, and the sheet of a week."""

import html
import re
from datetime import datetime, timedelta
from urllib.parse import quote

import httpx
import pytest

from shared.clock import LEGAL_ZONE
from tests.ui.conftest import Box, Made, Served
from tests.ui.test_no_dead_ends import signed_in


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
        assert page.status_code == 200 and "以下清单只有现在的" in page.text
        assert (matter.number in page.text) is there
        assert ("当时还没有提出的办件" in page.text) is not there
        assert "/do/" not in page.text
        assert 'data-stands=""' in page.text
    past = client.get(f"/matter/{matter.id}?at={quote(first.isoformat())}")
    assert past.status_code == 200 and "归档位置" in past.text
    client.close()


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
        assert ("当时的在办量" in page and f"·{lead[-6:]}" in page) is (desk != "unit")


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
