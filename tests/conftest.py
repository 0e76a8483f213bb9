"""What every test may ask for: real servers, one empty database each, Hypothesis profiles."""

import itertools
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from hypothesis import settings

from services.onebox.platform import Platform

REPOSITORY = Path(__file__).resolve().parent.parent

settings.register_profile("onefile", deadline=None, derandomize=True)
settings.load_profile("onefile")

_serial = itertools.count(1)


@pytest.fixture(scope="session")
async def platform() -> AsyncIterator[Platform]:
    """One PostgreSQL and one NATS per pytest process; nothing of theirs is synced to disk."""
    with tempfile.TemporaryDirectory(prefix="onefile-", ignore_cleanup_errors=True) as home:
        async with Platform(Path(home), durable=False, pg_port=0, nats_port=0) as running:
            yield running


@pytest.fixture
async def database(platform: Platform) -> AsyncIterator[str]:
    """Superuser connection string of a fresh empty database; dropped after the test."""
    name = f"t_{next(_serial)}"
    await _administer(platform, f"CREATE DATABASE {name}")
    yield platform.pg_dsn(name)
    await _administer(platform, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def _administer(platform: Platform, statement: str) -> None:
    connection = await asyncpg.connect(platform.pg_dsn("postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
