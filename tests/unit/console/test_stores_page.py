"""A difference that a check found is named on the page, and a store that is silent is said to be."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.unit.console.test_console_many import CLERKS, Deployment, browser, signed_in

FAULT = {
    "code": "body_differs", "where": "events 17", "zh": "正文与签名不符",
    "en": "the body does not fit its signature",
}  # fmt: skip


def part(*faults: dict[str, str]) -> dict[str, Any]:
    return {
        "upto": 20, "compared": 20, "found": 2 * len(faults), "faults": list(faults),
        "fingerprint": "",
    }  # fmt: skip


def check(number: int | None, **parts: Any) -> dict[str, Any]:
    return {
        "number": number, "ended": "2026-11-23T01:00:00+00:00", "upto": 20, "position": None,
        "found": sum(one["found"] for one in parts.values()), "parts": parts,
        "report": "{}", "note": None,
    }  # fmt: skip


class Checked(Deployment):
    """Every service answers with one check that found a difference; archive is silent."""

    def answers(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/log/position":
            return httpx.Response(200, json={"position": 1, "shown": 1, "recorded": None})
        if request.url.path != "/log/checks":
            return super().answers(request)
        told = {
            "service": "x", "running": True, "progress": {"views": [1, 3]},
            "checks": [check(7, log=part(FAULT), views=part())], "unkept": [check(None, log=part())],
        }  # fmt: skip
        return httpx.Response(200, json=told)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", ("正文与签名不符", "记录", "只列前", "尚未", "正在核对", "有一次结果未能保存")),
        ("en", ("the body does not fit its signature", "log", "are named", "not yet",
                "under way", "A result could not be kept")),
    ],
)  # fmt: skip
async def test_a_difference_is_named_with_its_place(
    tmp_path: Path, language: str, said: tuple[str, ...]
) -> None:
    app = Checked(tmp_path).replica()
    async with browser(app, onefile_language=language) as web:
        await signed_in(app, web, CLERKS[0])
        page = await web.get("/desk/stores")
    assert page.status_code == 200, page.text
    assert "events 17" in page.text and "late" in page.text
    assert not [words for words in said if words not in page.text]
