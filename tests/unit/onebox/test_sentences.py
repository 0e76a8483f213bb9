"""Whatever ends a box, a person is told what to do, in a sentence."""

import errno
from pathlib import Path

import asyncpg
import pytest

from services.onebox.errors import HomeInUse
from services.onebox.sentences import DISK_FULL, FAILED, REFUSED, ServiceFailed, ending
from shared.bus import BusRefused
from shared.eventstore.migrate import MigrationRefused

LOG = Path("/home/of/the/box/log/onefile.log")


def failed(service: str, cause: BaseException) -> ServiceFailed:
    error = ServiceFailed(f"{service} stopped")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        asyncpg.DiskFullError("could not extend file"),
        ExceptionGroup(
            "of the box", [failed("archive", ExceptionGroup("", [asyncpg.DiskFullError("")]))]
        ),
    ],
)
def test_a_full_disk_is_said_wherever_it_shows(error: Exception) -> None:
    assert ending(error, LOG) == (REFUSED, DISK_FULL)


@pytest.mark.parametrize(
    "error", [HomeInUse("in use"), MigrationRefused("newer"), BusRefused("too old")]
)
def test_a_refusal_is_told_in_its_own_words(error: Exception) -> None:
    assert ending(error, LOG) == (REFUSED, str(error))
    assert ending(ExceptionGroup("", [failed("intake", error)]), LOG) == (REFUSED, str(error))


def test_files_of_another_user_are_named() -> None:
    code, sentence = ending(PermissionError(errno.EACCES, "Permission denied", "/x"), LOG)
    assert code == REFUSED
    assert "/x" in sentence
    assert "choose another --home" in sentence


def test_a_service_that_ends_is_named_with_its_reason() -> None:
    error = ExceptionGroup("", [failed("evaluation", ValueError("a broken view"))])
    code, sentence = ending(error, LOG)
    assert code == FAILED
    assert sentence.startswith("evaluation stopped: ValueError: a broken view\n")
    assert "Start it again" in sentence
    assert str(LOG) in sentence


def test_a_server_that_ends_is_told_once() -> None:
    code, sentence = ending(ServiceFailed("postgres ended unexpectedly"), LOG)
    assert code == FAILED
    assert sentence.count("postgres ended unexpectedly") == 1
