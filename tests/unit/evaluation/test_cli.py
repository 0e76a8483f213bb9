"""`onefile appraisal --explain`: figures with their formulas, from a box or an address."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from services.evaluation.cli import main, printed
from services.evaluation.domain.appraising import Counted, measures
from services.evaluation.domain.formulas import explained

FOUND: dict[str, Any] = {
    "area": "500242",
    "quarter": "2026-Q1",
    "agent": None,
    "body": "park_i",
    "position": 17,
    "excluded": [],
    "unrated": 3,
    "measures": [explained(m) for m in measures((), Counted(matters=8, rated_matters=6))],
}


def test_every_figure_is_printed_with_its_formula() -> None:
    text = "\n".join(printed(FOUND, explain=True))
    assert "评价率 = 有评价的办件数 ÷ 办件数" in text and "75.0%" in text
    assert "; 6 / 8" in text and "未评价 unrated 3" in text
    plain = "\n".join(printed(FOUND, explain=False))
    assert "÷" not in plain and "participation" in plain


def test_the_verb_asks_the_address_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def request(method: str, address: str, **more: Any) -> httpx.Response:
        asked.update(more["params"], address=f"{method} {address}")
        return httpx.Response(200, json=FOUND)

    monkeypatch.setattr(httpx, "request", request)
    line = ["appraisal", "2026-Q1", "--area", "500242", "--whom", "park_i", "--at", "17"]
    known = ["--explain", "--url", "http://localhost:1", "--token", "t"]
    done = CliRunner().invoke(main, [*line, *known])
    assert done.exit_code == 0 and "评价率" in done.stdout
    assert asked["address"] == "GET http://localhost:1/appraisals/count"
    assert (asked["position"], asked["body"]) == (17, "park_i") and "agent" not in asked


def test_without_a_box_it_says_what_to_do(tmp_path: Path) -> None:
    line = ["appraisal", "2026-Q1", "--area", "500242", "--home", str(tmp_path)]
    done = CliRunner().invoke(main, line)
    assert done.exit_code == 2 and "onefile up" in done.stderr
