"""Services apart, as in a cluster: provisioned by a job, waited for, started by their settings."""

import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from threading import Event

import httpx
import pytest_asyncio

from contracts.subjects import SERVICES
from services.onebox.child import BEAT
from services.onebox.platform import Platform
from services.onebox.ports import HOST, free_port
from shared.effects import monotonic
from tests.conftest import REPOSITORY

ONEFILE = [sys.executable, "-c", "from services.cli import main; main()"]
START = 60.0
turn = Event()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def told() -> AsyncIterator[dict[str, str]]:
    """Servers of one's own, and what every verb is told about them."""
    with tempfile.TemporaryDirectory(prefix="onefile-", ignore_cleanup_errors=True) as place:
        roles, keys = Path(place) / "roles", Path(place) / "keys"
        roles.mkdir()
        keys.mkdir()
        for name in (*SERVICES, "keys"):
            (roles / f"onefile_{name}").write_text(f"a-long-password-of-{name}\n")
        for name in ("deployment.key", "log.key"):
            (keys / name).write_bytes(os.urandom(32))
        async with Platform(
            Path(place) / "servers", durable=False, pg_port=0, nats_port=0
        ) as platform:
            server = f"{HOST}:{platform.pg_port}"
            yield {
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
            }


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
    told: dict[str, str],
) -> None:
    early = onefile(told, "wait", "intake", "--limit", "1")
    assert early.returncode == 2
    assert "onefile provision" in early.stderr
    for _ in range(2):
        done = onefile(told, "provision")
        assert done.returncode == 0, done.stderr
    assert onefile(told, "wait", "intake", "--limit", "5").returncode == 0
    port = free_port(0)
    process = served(told, port)
    try:
        deadline = monotonic() + START
        async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}", trust_env=False) as ask:
            while not await ready(ask):
                assert process.poll() is None
                assert monotonic() < deadline
                turn.wait(BEAT)
            assert (await ask.get("/livez")).status_code == 200
    finally:
        process.terminate()
        assert process.wait(20) in (0, -15)


async def ready(ask: httpx.AsyncClient) -> bool:
    try:
        return (await ask.get("/readyz")).status_code == 200
    except httpx.TransportError:
        return False


def test_nothing_is_made_up_where_a_password_is_missing(told: dict[str, str]) -> None:
    for folder, said in (("/nowhere", "cannot be read"), ("", "--passwords")):
        environment = {**told, "ONEFILE_ROLE_PASSWORDS": folder}
        if not folder:
            del environment["ONEFILE_ROLE_PASSWORDS"]
        refused = onefile(environment, "provision")
        assert refused.returncode == 2
        assert said in refused.stderr


def test_every_mistake_is_said_before_anything_starts(told: dict[str, str]) -> None:
    refused = onefile(
        {**told, "ONEFILE_DATABASE": "x", "ONEFILE_PORTT": "1"}, "serve", "intake"
    )
    assert refused.returncode == 2
    assert "ONEFILE_DATABASE" in refused.stderr
    assert "ONEFILE_PORTT" in refused.stderr
