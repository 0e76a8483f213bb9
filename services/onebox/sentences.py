"""What is a person told when the box cannot start or had to stop."""

import errno
from collections.abc import Iterator
from pathlib import Path

import asyncpg

from contracts.edition import DataRefused
from services.onebox.errors import PlatformError
from shared.bus import BusRefused
from shared.eventstore.migrate import MigrationRefused
from shared.tracing import TracingMissing

REFUSED, FAILED = 2, 1
"""Exit codes: something has to be put right first; something broke, starting again may do."""

DISK_FULL = "The disk is full: free some space and start again. What was acknowledged is kept."


class ServiceFailed(Exception):
    """A service or a server ended by itself; the message says which. Its cause is the reason."""


def ending(error: BaseException, log: Path) -> tuple[int, str]:
    """The exit code and the sentence for `error`."""
    causes = list(_leaves(error))
    for cause in causes:
        if isinstance(cause, asyncpg.DiskFullError) or _errno(cause) == errno.ENOSPC:
            return REFUSED, DISK_FULL
    said = PlatformError | MigrationRefused | BusRefused | DataRefused | TracingMissing
    for cause in causes:
        if isinstance(cause, said):
            return REFUSED, str(cause)
        if _errno(cause) in (errno.EACCES, errno.EPERM, errno.EROFS):
            return (
                REFUSED,
                f"{cause}: make it writable for this user, or choose another --home.",
            )
    failed = [str(e) for e in _chain(error) if isinstance(e, ServiceFailed)]
    reasons = [f"{type(e).__name__}: {e}" for e in causes if not isinstance(e, ServiceFailed)]
    what = ": ".join([*(failed or ["The box stopped"])[:1], *reasons[:1]]).strip(": ")
    return FAILED, (
        f"{what}\nStart it again: what was acknowledged is kept. "
        f"If it stops again, the reason is in {log}."
    )


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """The errors that began it, without the groups and the wrappers around them."""
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _leaves(one)
    elif isinstance(error, ServiceFailed) and error.__cause__:
        yield from _leaves(error.__cause__)
    else:
        yield error


def _chain(error: BaseException) -> Iterator[BaseException]:
    yield error
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _chain(one)


def _errno(error: BaseException) -> int | None:
    return error.errno if isinstance(error, OSError) else None
