"""The only place that reads the clock or makes ids."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as FastUUID  # a uuid.UUID, made and printed in C

type Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The instant now, aware, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds that never go back: for time limits and measurements only."""
    return time.monotonic()


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): rises with time, says nothing else."""
    value = bytearray((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10))
    value[6] = value[6] & 0x0F | 0x70
    value[8] = value[8] & 0x3F | 0x80
    return FastUUID(bytes(value))


def new_salt() -> bytes:
    """16 random bytes for a disclosure."""
    return os.urandom(16)


def new_nonce() -> bytes:
    """12 random bytes for AES-GCM."""
    return os.urandom(12)


def new_secret() -> bytes:
    """32 random bytes for a key."""
    return os.urandom(32)
