"""How a request, a cause and an event get their ids, so that a repetition gets the same ones."""

from hashlib import sha1
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as FastUUID  # a uuid.UUID, made and printed in C

NAMESPACE = UUID("5b0d4a1e-7f0c-5c55-9e1b-1f0b5f6f1e00")
"""Root of every derived id. Permanent: another value would make other ids of the same requests."""


def derived(parent: UUID, name: str) -> UUID:
    """UUIDv5 (RFC 9562) of `name` under `parent`."""
    digest = sha1(parent.bytes + name.encode(), usedforsecurity=False).digest()
    value = bytearray(digest[:16])
    value[6] = value[6] & 0x0F | 0x50
    value[8] = value[8] & 0x3F | 0x80
    return FastUUID(bytes(value))


def origin_of(store: str, principal: str, route: str, key: str) -> UUID:
    """The id of a request: one per store, principal, route and Idempotency-Key.

    For a heard event the principal is the speaker, the route is `heard` and the key its id.
    None of the four may hold U+001F, which separates them.
    """
    return derived(NAMESPACE, "\x1f".join((store, principal, route, key)))


def cause_of(origin: UUID, stream: UUID, ordinal: int = 0) -> UUID:
    """The cause of the events which one request makes in one stream.

    A request may command a stream more than once: `ordinal` counts.
    """
    return derived(origin, f"{stream}/{ordinal}")


def event_id(cause: UUID, index: int) -> UUID:
    """The id of the `index`-th event (from 0) of a cause."""
    return derived(cause, str(index))
