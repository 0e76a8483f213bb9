"""The only place that reads the clock or makes ids."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

type Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The instant now, aware, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds that never go back: for time limits and measurements only."""
    return time.monotonic()


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): rises with time, says nothing else."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (1 << 48) - 1) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def new_salt() -> bytes:
    """16 random bytes for a disclosure."""
    return os.urandom(16)


def new_nonce() -> bytes:
    """12 random bytes for AES-GCM."""
    return os.urandom(12)


def new_secret() -> bytes:
    """32 random bytes for a key."""
    return os.urandom(32)
