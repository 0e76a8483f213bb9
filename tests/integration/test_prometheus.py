"""A real Prometheus scrapes a running box and evaluates every alert we ship."""

import asyncio
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from services.onebox.ports import HOST, free_port
from tests.conftest import REPOSITORY
from tests.integration.test_onebox import up
from tests.patience import PATIENCE, START

RULES = REPOSITORY / "deploy" / "kubernetes" / "components" / "monitoring" / "rules.yaml"
DASHBOARD = REPOSITORY / "deploy" / "dashboards" / "onefile.json"

pytestmark = pytest.mark.skipif(
    shutil.which("prometheus") is None, reason="prometheus is not on this machine"
)


@pytest.fixture
def addresses() -> Iterator[dict[str, str]]:
    """Of a box in a process of its own: what it measures is its own and nobody else's."""
    with tempfile.TemporaryDirectory(prefix="onefile-", ignore_cleanup_errors=True) as place:
        with up(Path(place) / "box") as started:
            yield started.state()["addresses"]


@pytest.fixture
def prometheus(addresses: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """Its address; it scrapes the box every second and knows our rules."""
    (tmp_path / "rules.yml").write_text(
        yaml.safe_dump({"groups": yaml.safe_load(RULES.read_text())["spec"]["groups"]})
    )
    jobs = [
        {
            "job_name": name,
            "static_configs": [{"targets": [address.removeprefix("http://")]}],
        }
        for name, address in addresses.items()
        if name != "issuer"
    ]
    (tmp_path / "prometheus.yml").write_text(
        yaml.safe_dump({
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": ["rules.yml"],
            "scrape_configs": jobs,
        })
    )  # fmt: skip
    port = free_port(0)
    process = subprocess.Popen(
        [
            "prometheus", f"--config.file={tmp_path / 'prometheus.yml'}",
            f"--storage.tsdb.path={tmp_path / 'tsdb'}", f"--web.listen-address={HOST}:{port}",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    yield f"http://{HOST}:{port}/api/v1"
    process.terminate()
    process.wait(PATIENCE)


async def asked(client: httpx.AsyncClient, path: str, **parameters: str) -> Any:
    try:
        answer = await client.get(path, params=parameters)
    except httpx.TransportError:
        return {}
    return answer.json().get("data", {}) if answer.status_code == 200 else {}


async def test_prometheus_scrapes_every_door_and_evaluates_every_rule(
    addresses: dict[str, str], prometheus: str
) -> None:
    async with httpx.AsyncClient(
        base_url=prometheus, trust_env=False, timeout=PATIENCE
    ) as client:
        async with asyncio.timeout(START):
            while True:
                targets = (await asked(client, "/targets")).get("activeTargets", [])
                if targets and all(one["health"] == "up" for one in targets):
                    break
                await asyncio.sleep(0.2)
        assert {one["labels"]["job"] for one in targets} == set(addresses) - {"issuer"}
        async with asyncio.timeout(START):
            while True:
                groups = (await asked(client, "/rules")).get("groups", [])
                rules = [rule for group in groups for rule in group["rules"]]
                if rules and all(rule["health"] != "unknown" for rule in rules):
                    break
                await asyncio.sleep(0.2)
        assert {rule["health"] for rule in rules} == {"ok"}, rules
        assert "OnefileDown" not in {r["name"] for r in rules if r["state"] == "firing"}
        found = 0
        for panel in json.loads(DASHBOARD.read_text())["panels"]:
            for target in panel["targets"]:
                expression = target["expr"]
                for name in ("$service", "${service}"):
                    expression = expression.replace(name, ".*")
                expression = expression.replace("$__rate_interval", "1m")
                answer = await client.get("/query", params={"query": expression})
                assert answer.status_code == 200, (panel["title"], answer.text)
                found += bool(answer.json()["data"]["result"])
        assert found > 0
