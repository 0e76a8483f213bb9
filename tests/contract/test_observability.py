"""What wakes somebody: every alert has its runbook, and asks for numbers that are measured."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
MEASURED = re.compile(r'(?:Counter|Gauge|Histogram)\(\s*"(onefile_[a-z_]+)"')
ASKED = re.compile(r"\bonefile_[a-z_]+")
LOGGED = re.compile(r'\blog\.(?:debug|info|warning|error|critical|exception)\(\s*"([a-z_]+)"')
SUFFIXES = ("_count", "_sum", "_bucket")


def sources() -> str:
    return "\n".join(
        file.read_text()
        for room in ("shared", "services")
        for file in (ROOT / room).rglob("*.py")
    )


def rules() -> list[dict[str, Any]]:
    file = DEPLOY / "kubernetes" / "components" / "monitoring" / "rules.yaml"
    (group,) = yaml.safe_load(file.read_text())["spec"]["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def asked(expression: str) -> set[str]:
    return {
        next((name.removesuffix(s) for s in SUFFIXES if name.endswith(s)), name)
        for name in ASKED.findall(expression)
    }


def test_every_alert_has_a_runbook_of_its_name_and_no_runbook_is_left_over() -> None:
    assert {rule["alert"] for rule in rules()} == {
        file.stem for file in (DEPLOY / "runbooks").glob("*.md")
    }
    for rule in rules():
        assert rule["annotations"]["runbook_url"] == f"runbooks/{rule['alert']}.md"
        runbook = (DEPLOY / "runbooks" / f"{rule['alert']}.md").read_text()
        assert rule["expr"] in runbook


def test_alerts_and_dashboards_ask_only_for_what_is_measured() -> None:
    measured = set(MEASURED.findall(sources()))
    assert len(measured) > 10
    for rule in rules():
        assert asked(rule["expr"]) <= measured, rule["alert"]
    for file in (DEPLOY / "dashboards").glob("*.json"):
        for panel in json.loads(file.read_text())["panels"]:
            for target in panel["targets"]:
                assert asked(target["expr"]), panel["title"]
                assert asked(target["expr"]) <= measured, panel["title"]


def test_whatever_is_measured_is_told_somewhere() -> None:
    """A figure that is declared and never set shows nothing, and its alert never fires."""
    text = sources()
    declared = set(
        re.findall(r"^([A-Z_]+) = (?:Counter|Gauge|Histogram)\(", text, re.MULTILINE)
    )
    assert len(declared) > 10
    silent = {
        n for n in declared if not re.search(rf"\b{n}\.(?:labels|set|inc|observe)\b", text)
    }
    assert not silent


PANEL = {
    "type": "object",
    "required": ["id", "type", "title", "datasource", "gridPos", "fieldConfig", "targets"],
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "type": {"enum": ["timeseries", "stat", "table", "gauge", "bargauge"]},
        "title": {"pattern": "[\u4e00-\u9fff].* .*[a-z]"},
        "datasource": {"const": {"type": "prometheus", "uid": "${source}"}},
        "gridPos": {
            "required": ["w", "h", "x", "y"],
            "additionalProperties": False,
            "properties": {
                "w": {"type": "integer", "minimum": 4, "maximum": 24},
                "h": {"type": "integer", "minimum": 3},
                "x": {"type": "integer", "minimum": 0, "maximum": 20},
                "y": {"type": "integer", "minimum": 0},
            },
        },
        "fieldConfig": {
            "required": ["defaults", "overrides"],
            "properties": {"defaults": {"required": ["unit"]}},
        },
        "targets": {
            "type": "array",
            "minItems": 1,
            "items": {"required": ["refId", "expr", "legendFormat"]},
        },
    },
}
"""What Grafana needs of a panel; Grafana itself cannot be had from Debian, npm or PyPI."""


def test_a_dashboard_is_one_that_grafana_can_draw() -> None:
    for file in (DEPLOY / "dashboards").glob("*.json"):
        board = json.loads(file.read_text())
        assert board["uid"] == file.stem and board["schemaVersion"] >= 39
        (source,) = board["templating"]["list"]
        assert (source["name"], source["type"]) == ("source", "datasource")
        taken: set[tuple[int, int]] = set()
        for panel in board["panels"]:
            jsonschema.validate(panel, PANEL)
            at = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(at["x"], at["x"] + at["w"])
                for y in range(at["y"], at["y"] + at["h"])
            }
            assert max(x for x, _ in cells) < 24 and not cells & taken, panel["title"]
            taken |= cells
            refs = [one["refId"] for one in panel["targets"]]
            assert len(refs) == len(set(refs)), panel["title"]
        ids = [panel["id"] for panel in board["panels"]]
        assert len(ids) == len(set(ids))


def test_the_catalogue_of_log_events_is_whole_and_nothing_else() -> None:
    catalogue = (DEPLOY / "LOG_EVENTS.md").read_text()
    told = re.findall(r"^\| `([a-z_]+)` \|", catalogue, re.MULTILINE)
    assert sorted(told) == sorted(set(LOGGED.findall(sources())))


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not on this machine")
def test_prometheus_itself_accepts_the_rules(tmp_path: Path) -> None:
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "onefile", "rules": rules()}]}))
    checked = subprocess.run(
        ["promtool", "check", "rules", str(file)], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
