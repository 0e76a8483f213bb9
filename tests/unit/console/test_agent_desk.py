"""An agent with much in hand sees the most urgent first, is told how much is left, and gets it."""

import re
from pathlib import Path
from typing import Any

import httpx

from services.console.pages.agent import FIRST
from tests.unit.console.test_console_many import CLERKS, Deployment, browser, signed_in

ITEMS = 45
MATTERS = [f"{number:08d}-0000-7000-8000-000000000000" for number in range(2)]


class Busy(Deployment):
    """Two matters of 45 items, of which the last of the second is late."""

    def answers(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/matters":
            rows = [{"id": one, "number": one[:8], "area": "990100", "mode": "agent",
                     "state": "accepted"} for one in MATTERS]  # fmt: skip
            return httpx.Response(200, json={"items": rows, "after": "x"})
        if path == "/several-matters":
            told = [{"id": one, "items": _items(one)} for one in MATTERS]
            return httpx.Response(200, json={"items": told})
        if path == "/log/position":
            return httpx.Response(200, json={"position": 1, "shown": 1})
        return super().answers(request)


def _items(matter: str) -> dict[str, Any]:
    items: dict[str, Any] = {
        f"S{number:02d}": {"state": "waiting", "due_on": None, "missing": [], "zh": "事项",
                           "state_zh": "待报", "body": "depts"}
        for number in range(ITEMS)
    }  # fmt: skip
    if matter == MATTERS[-1]:
        items[f"S{ITEMS - 1:02d}"] |= {"state": "accepted", "due_on": "2026-11-20"}
    return items


def _listed(page: str) -> list[str]:
    today = page.split('id="today"')[1].split("</section>")[0]
    return re.findall(r"<strong>(S\d+)", today)


async def test_the_most_urgent_are_shown_and_the_rest_is_one_press_away(tmp_path: Path) -> None:
    app = Busy(tmp_path).replica()
    async with browser(app) as web:
        await signed_in(app, web, CLERKS[0])
        page = (await web.get("/desk/agent?after=y")).text
        assert _listed(page)[0] == f"S{ITEMS - 1:02d}" and len(_listed(page)) == FIRST
        left = ITEMS * len(MATTERS) - FIRST
        rest = re.search(rf'href="(\?[^"]+)">其余 {left} ', page)
        assert rest
        whole = (await web.get(f"/desk/agent{rest[1].replace('&amp;', '&')}")).text
    assert len(_listed(whole)) == ITEMS * len(MATTERS) and "其余" not in whole
