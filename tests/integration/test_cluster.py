"""Services apart, as in a cluster: provisioned by a job, waited for, started, asked how they are."""

import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from threading import Event

import httpx
import pytest
import pytest_asyncio

from contracts.subjects import SERVICES
from services.onebox.child import BEAT
from services.onebox.platform import Platform, ServerName
from services.onebox.ports import HOST, free_port
from shared.effects import monotonic
from tests.conftest import REPOSITORY
from tests.patience import PATIENCE, START

ONEFILE = [sys.executable, "-c", "from services.cli import main; main()"]
turn = Event()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def cluster() -> AsyncIterator[tuple[Platform, dict[str, str]]]:
    """Servers of one's own, and what every verb is told about them."""
    with tempfile.TemporaryDirectory(prefix="onefile-", ignore_cleanup_errors=True) as place:
        roles, keys = Path(place) / "roles", Path(place) / "keys"
        roles.mkdir()
        keys.mkdir()
        for name in (*SERVICES, "feeds", "keys"):
            (roles / f"onefile_{name}").write_text(f"a-long-password-of-{name}\n")
        for name in ("deployment.key", "log.key"):
            (keys / name).write_bytes(os.urandom(32))
        async with Platform(
            Path(place) / "servers", durable=False, pg_port=0, nats_port=0
        ) as platform:
            server = f"{HOST}:{platform.pg_port}"
            yield (
                platform,
                {
                    "ONEFILE_PG_DSN": platform.pg_dsn(),
                    "ONEFILE_ROLE_PASSWORDS": str(roles),
                    "ONEFILE_NATS_URL": platform.nats_url,
                    "ONEFILE_NATS_TOKEN": platform.nats_token,
                    "ONEFILE_DATABASE": "postgresql://onefile_{service}:a-long-password-of-{service}"
                    f"@{server}/onefile_{{service}}",
                    "ONEFILE_KEYS_DATABASE": "postgresql://onefile_keys:a-long-password-of-keys"
                    f"@{server}/onefile_keys",
                    "ONEFILE_DEPLOYMENT_KEY_FILE": str(keys / "deployment.key"),
                    "ONEFILE_LOG_KEY_FILE": str(keys / "log.key"),
                    "ONEFILE_LOG_ORIGIN": "log.onefile.test",
                    "ONEFILE_LOG_MEMORY": place,
                    "ONEFILE_ISSUER": "https://id.onefile.test",
                    "ONEFILE_JWKS_URL": "https://id.onefile.test/jwks.json",
                },
            )


@pytest.fixture
def told(cluster: tuple[Platform, dict[str, str]]) -> dict[str, str]:
    return cluster[1]


def onefile(told: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*ONEFILE, *words],
        cwd=REPOSITORY,
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        timeout=START,
        check=False,
    )


def served(told: Mapping[str, str], port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*ONEFILE, "serve", "intake"],
        cwd=REPOSITORY,
        env={**os.environ, **told, "ONEFILE_PORT": str(port)},
        stderr=subprocess.DEVNULL,
    )


async def test_a_service_waits_for_the_job_and_then_starts_by_its_settings(
    cluster: tuple[Platform, dict[str, str]], tmp_path: Path
) -> None:
    platform, told = cluster
    early = onefile(told, "wait", "intake", "--limit", "1")
    assert early.returncode == 2
    assert "onefile provision" in early.stderr
    for _ in range(2):
        done = onefile(told, "provision")
        assert done.returncode == 0, done.stderr
    assert onefile(told, "wait", "intake", "--limit", str(int(PATIENCE))).returncode == 0
    register = tmp_path / "agencies.yaml"
    register.write_text("agencies: []\n")
    feeds = {**told, "ONEFILE_AGENCIES": str(register)}
    assert onefile(feeds, "wait", "feeds", "--limit", str(int(PATIENCE))).returncode == 0
    port = free_port(0)
    process = served(told, port)
    try:
        deadline = monotonic() + START
        async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}", trust_env=False) as ask:
            while await ready(ask) != {"database": True, "bus": True}:
                assert process.poll() is None
                assert monotonic() < deadline
                turn.wait(BEAT)
            servers: dict[ServerName, str] = {"nats": "bus", "postgres": "database"}
            for name, part in servers.items():
                platform.pause(name)
                while (await ready(ask))[part]:  # an answer is good for a moment
                    assert monotonic() < deadline
                assert (await ask.get("/livez")).status_code == 200
                platform.resume(name)
                while not all((await ready(ask)).values()):
                    assert monotonic() < deadline
    finally:
        process.terminate()
        assert process.wait(PATIENCE) in (0, -15)


async def ready(ask: httpx.AsyncClient) -> dict[str, bool]:
    """What the service says of itself; 503 unless all is well."""
    try:
        answer = await ask.get("/readyz", timeout=PATIENCE)
    except httpx.TransportError:
        return {"database": False, "bus": False}
    parts: dict[str, bool] = answer.json()
    assert answer.status_code == (200 if all(parts.values()) else 503)
    return parts


def test_nothing_is_made_up_where_a_password_is_missing(told: dict[str, str]) -> None:
    for folder, said in (("/nowhere", "cannot be read"), ("", "--passwords")):
        environment = {**told, "ONEFILE_ROLE_PASSWORDS": folder}
        if not folder:
            del environment["ONEFILE_ROLE_PASSWORDS"]
        refused = onefile(environment, "provision")
        assert refused.returncode == 2
        assert said in refused.stderr


def test_the_console_and_the_agencies_door_say_their_mistakes_too(told: dict[str, str]) -> None:
    refused = onefile({**told, "ONEFILE_CONSOLE_PEERS": "{}"}, "console")
    assert refused.returncode == 2
    assert "ONEFILE_CONSOLE_KEY_FILE" in refused.stderr
    refused = onefile(told, "serve", "feeds")
    assert refused.returncode == 2
    assert "ONEFILE_AGENCIES" in refused.stderr


def test_every_mistake_is_said_before_anything_starts(told: dict[str, str]) -> None:
    refused = onefile(
        {**told, "ONEFILE_DATABASE": "x", "ONEFILE_PORTT": "1"}, "serve", "intake"
    )
    assert refused.returncode == 2
    assert "ONEFILE_DATABASE" in refused.stderr
    assert "ONEFILE_PORTT" in refused.stderr
