"""What the page for many counties says is what its script prints, from rates that were measured."""

import importlib.util
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "deploy" / "scale.py"
BENCH = (ROOT / "tests" / "bench" / "README.md").read_text()


@pytest.fixture(scope="module")
def scale() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scale", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["scale"] = module
    spec.loader.exec_module(module)
    return module


def measured(table: str, row: str) -> float:
    """The first figure of a row below a heading of the bench's page."""
    below = BENCH[BENCH.index(table) :]
    found = re.search(rf"^\| {re.escape(row)}[^|]*\| ([\d,.]+) \|", below, re.MULTILINE)
    assert found, row
    return float(found[1].replace(",", ""))


def test_the_tables_on_the_page_are_those_the_script_prints(scale: ModuleType) -> None:
    page = (ROOT / "deploy" / "SCALE.md").read_text()
    assert f"{scale.BEGIN}\n{scale.tables()}\n{scale.END}" in page
    for counties in scale.SIZES:
        said = subprocess.run(
            [sys.executable, SCRIPT, "--counties", str(counties)],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        assert said.strip() in page


def test_no_more_is_reckoned_with_than_was_measured(scale: ModuleType) -> None:
    slow = "32 clients; every fsync and fdatasync 1.5 ms slower"
    assert measured(slow, "Onefile") >= scale.APPENDS
    assert (
        measured("8 clients; every fsync and fdatasync 1.5 ms slower", "Onefile")
        >= scale.COMMANDS
    )
    assert measured("The whole road", "rebuild a deleted stream") >= scale.REFILLED
    assert measured("Rebuild 400 matters", "Onefile") >= scale.REPLAYED


def test_more_counties_never_need_less_and_nonsense_is_refused(scale: ModuleType) -> None:
    needs = [scale.needed(scale.Load(counties)) for counties in (1, 10, 100, 1000, 3000, 9000)]
    for less, more in pairwise(needs):
        assert more.disk > less.disk and more.cells >= less.cells and more.nodes >= less.nodes
        assert more.refill <= scale.HOURS
    wrong = subprocess.run(
        [sys.executable, SCRIPT, "--counties", "0"], capture_output=True, text=True, check=False
    )
    assert wrong.returncode == 2 and "1 or more" in wrong.stderr
