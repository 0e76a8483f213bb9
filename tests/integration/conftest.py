"""The connections of a test of the store, on a migrated log of its own."""

import sys
from collections.abc import AsyncIterator

import pytest
import structlog

from shared.eventstore.postgres import Connection, connect
from shared.eventstore.writer import Writer
from tests.integration.store import SERVICE, connected, login, migrated


@pytest.fixture(scope="session", autouse=True)
def logs_apart() -> None:
    """What services of this process log is no output of a command that is played beside them."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))


@pytest.fixture
async def dsn(database: str) -> str:
    """A login that may do what a service may, on a migrated log."""
    await migrated(database)
    return await login(database, f"{SERVICE}_writer")


@pytest.fixture
async def connection(dsn: str) -> AsyncIterator[Connection]:
    """The service's own connection."""
    async with connected(dsn) as connection:
        yield connection


@pytest.fixture
async def admin(database: str) -> AsyncIterator[Connection]:
    """A superuser's connection."""
    async with connected(database) as connection:
        yield connection


@pytest.fixture
async def writer(dsn: str) -> AsyncIterator[Writer]:
    """The service's writer of units."""
    async with Writer(SERVICE, lambda: connect(dsn)) as writer:
        yield writer
