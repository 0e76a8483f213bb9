"""Pages with pictures are light enough, and nothing moves under the hand while any page comes in."""

import pytest
from playwright.sync_api import Page

from tests.ui.conftest import Served, SignIn
from tests.ui.test_every_desk import DESKS, weights
from tests.ui.test_film_room import READY

WITH_CHARTS = 700_000
SEEN = """() => new Promise((yes) => {
  const told = [];
  const note = (list) => told.push(...list.getEntries());
  const eye = new PerformanceObserver(note);
  eye.observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => {
    note({ getEntries: () => eye.takeRecords() });
    yes(told.filter((one) => !one.hadRecentInput).map((one) => [one.value,
      ...one.sources.map((part) => part.node?.id || part.node?.className || part.node?.nodeName)]));
  }));
})"""
"""Every shift of the layout since the page began to come, and what shifted."""


@pytest.mark.parametrize("path", ["/film/{id}", "/film/{id}?see=proof", "/pictures/{area}"])
def test_a_page_with_pictures_is_light(sign_in: SignIn, served: Served, path: str) -> None:
    page = sign_in("auditor")
    address = path.format(id=served.id, area=served.number[:6])
    first, later = weights(page, address, READY if "film" in path else "main")
    assert later <= first < WITH_CHARTS


def shifts(page: Page, path: str, ready: str) -> object:
    page.goto(path, wait_until="load")
    page.wait_for_selector(ready)
    return page.evaluate(SEEN)


STILL = [*{path: who for who, path in DESKS}.items(), ("/film/{id}", "auditor"),
         ("/matter/{id}", "agent"), ("/matter/{id}", "auditor"), ("/papers/{id}", "clerk"),
         ("/pictures/{area}", "auditor"), ("/road", "agent")]  # fmt: skip


@pytest.mark.parametrize(("path", "who"), STILL)
@pytest.mark.parametrize("phone", [False, True], ids=["1366", "390"])
def test_nothing_moves_while_a_page_comes_in(
    sign_in: SignIn, served: Served, path: str, who: str, phone: bool
) -> None:
    page = sign_in(served.agent if who == "agent" else who, phone=phone)
    address = path.format(id=served.id, area=served.number[:6])
    assert shifts(page, address, READY if "film" in path else "main") == []
