"""What the page for many counties says is computed from what one run measured on two cells."""

import importlib.util
import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "deploy" / "scale.py"
NODE = {
    "commands": 100.0,
    "appends": 8_000.0,
    "refilled": 20_000.0,
    "replayed": 400_000.0,
    "bytes": 3_000.0,
    "streamed": 1_000.0,
}
"""A node with round figures."""


@pytest.fixture(scope="module")
def scale() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scale", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["scale"] = module
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_script_computes_from_the_file(scale: ModuleType) -> None:
    page = (ROOT / "deploy" / "SCALE.md").read_text()
    assert f"{scale.BEGIN}\n{scale.page(scale.measured())}\n{scale.END}" in page
    for counties in scale.SIZES:
        said = subprocess.run(
            [sys.executable, SCRIPT, "--counties", str(counties)],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        assert said.strip() in page


def test_two_cells_were_measured_that_shared_no_area(scale: ModuleType) -> None:
    told = json.loads(scale.MEASURED.read_text())
    cells = list(told["cells"].values())
    assert len(cells) >= 2
    prefixes = [prefix for cell in cells for prefix in cell["prefixes"]]
    assert len(prefixes) == len(set(prefixes))
    for cell in cells:
        assert cell["events"] > cell["commands"] > 0  # each is noted in archive too
    assert all(figure > 0 for figure in scale.measured().values())


def test_of_several_cells_the_worst_is_reckoned_with(scale: ModuleType, tmp_path: Path) -> None:
    cell = {"commands_per_s": 100, "bytes_an_event": 10, "streamed_bytes_an_event": 5}
    worse = {"commands_per_s": 90, "bytes_an_event": 11, "streamed_bytes_an_event": 4}
    alone = {"append": 7, "refill": 8, "rebuild": 9}
    file = tmp_path / "told.json"
    file.write_text(json.dumps({"cells": {"a": cell, "b": worse}, "one_process_per_s": alone}))
    assert scale.measured(file) == {
        "commands": 90, "bytes": 11, "streamed": 5, "appends": 7, "refilled": 8, "replayed": 9,
    }  # fmt: skip


def test_the_arithmetic_is_that_of_the_page(scale: ModuleType) -> None:
    need = scale.needed(scale.Load(3000, matters=400, events=250, years=10, peak=10), NODE)
    assert need.yearly == 600_000_000
    assert round(need.peak) == 833
    assert need.cells == max(
        1,
        14,  # 833 / 2 commands a second, of which a node may use 30
        11,  # 3,000,000,000 events of the largest streams, 20,000 a second, four hours
    )
    assert (need.stores, need.streams, need.nodes) == (84, 70, 45)
    assert need.disk == 600e6 * 10 * 3000 * 3
    assert need.stream_disk == 600e6 * 10 * 1000 * 3
    assert round(need.refill, 2) == round(3e9 / 14 / 20_000 / 3600, 2)
    assert scale.needed(scale.Load(1), NODE).nodes == 1


def test_more_counties_never_need_less_and_nonsense_is_refused(scale: ModuleType) -> None:
    sizes = (1, 10, 100, 1000, 3000, 9000)
    needs = [scale.needed(scale.Load(counties), scale.measured()) for counties in sizes]
    for less, more in pairwise(needs):
        assert more.disk > less.disk and more.cells >= less.cells and more.nodes >= less.nodes
        assert more.refill <= scale.HOURS
    wrong = subprocess.run(
        [sys.executable, SCRIPT, "--counties", "0"], capture_output=True, text=True, check=False
    )
    assert wrong.returncode == 2 and "1 or more" in wrong.stderr
