"""The office reads at one page what went past the system, who was not reminded, what it inspected."""

import html
import re

from tests.ui.conftest import HOME_OF_TESTS, Box, Made
from tests.ui.test_no_dead_ends import links, signed_in

CHECKS = "/desk/supervisor/checks"
INSPECTED = re.compile(r'id="inspections".*?</section>', re.S)


def inspected(box: Box, matters: list[str], shortcomings: int) -> None:
    body = {
        "area": HOME_OF_TESTS, "body": "zone", "shortcomings": shortcomings,
        "matters": matters, "findings": "见检查记录",
    }  # fmt: skip
    box.post("office", "supervision", "/inspections", body)


def test_the_desk_leads_to_the_three_checks_and_a_row_to_its_matter(
    box: Box, matter: Made
) -> None:
    inspected(box, [matter.id], 3)
    client = signed_in(box, "office")
    assert CHECKS in links(client, "/desk/supervisor")
    page = box.until(
        lambda: client.get(CHECKS), lambda page: f"/matter/{matter.id}" in page.text
    )
    assert matter.number in page.text
    assert [re.sub(r"<[^>]+>", "", one).split()[0] for one in
            re.findall(r"<h2 [^>]*>(.*?)</h2>", page.text)] == [
        "体外循环：按部门", "体外循环：逐项", "漏提醒：到期前没人提醒部门", "督促检查",
    ]  # fmt: skip
    assert client.get(f"/matter/{matter.id}").status_code == 200
    client.cookies.set("onefile_language", "en")
    english = client.get(CHECKS)
    assert "Reminders that nobody gave" in html.unescape(english.text)
    client.close()


def test_inspections_go_on_at_the_next_page(box: Box, matter: Made) -> None:
    for _ in range(51):
        inspected(box, [matter.id], 1)
    client = signed_in(box, "office")

    def of_inspections(path: str) -> str:
        found = INSPECTED.search(client.get(path).text)
        assert found
        return found[0]

    first = box.until(lambda: of_inspections(CHECKS), lambda text: "after-inspections" in text)
    assert first.count('<th scope="row">') == 50 and "50+" in first
    address = re.search(r'href="([^"]*after-inspections=[^"]*)"', first)
    assert address
    second = of_inspections(html.unescape(address[1]).partition("#")[0])
    assert second.count('<th scope="row">') >= 1 and "回到第一页" in second
    client.close()


def test_days_that_are_no_span_are_refused_and_a_stranger_reads_nothing(box: Box) -> None:
    client = signed_in(box, "office")
    refused = client.get(f"{CHECKS}?since=2026-12-31&until=2026-01-01")
    assert refused.status_code == 422 and 'role="alert"' in refused.text
    assert client.get(f"{CHECKS}?since=yesterday").status_code == 400
    client.close()
    stranger = signed_in(box, "agent")
    assert stranger.get(CHECKS).status_code in (403, 404)
    stranger.close()
