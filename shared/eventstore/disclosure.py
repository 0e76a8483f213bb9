"""Personal fields: split from the event into salted digests and encrypted disclosures, and back."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType
from typing import Any
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from contracts.canonical import canonical
from contracts.event import Event
from shared.effects import new_id, new_nonce, new_salt, new_secret
from shared.eventstore.postgres import Pool
from shared.eventstore.units import Disclosure

SD = "_sd"
"""The member of a fact that holds the digests, sorted, so that order tells nothing (RFC 9901)."""


def disclosure_of(name: str, value: Any, salt: bytes) -> str:
    """base64url(JSON [salt, name, value]): an RFC 9901 disclosure."""
    return _b64(canonical([_b64(salt), name, value]).encode())


def digest_of(disclosure: str) -> str:
    """base64url(SHA-256(ascii(disclosure))): what stands in the fact. 43 characters."""
    return _b64(sha256(disclosure.encode("ascii")).digest())


def opened(disclosure: str) -> tuple[str, Any]:
    """The field name and value of a disclosure."""
    _, name, value = orjson.loads(_unb64(disclosure))
    return name, value


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


type Ciphers = dict[UUID, AESGCM | None]
"""The data keys that one read has met; None for one that was destroyed."""


class DataKeyLost(LookupError):
    """The data key was destroyed (the datum was erased) or the deployment key is another one."""


class Keeper:
    """Makes and keeps data keys in a database of their own, wrapped by the deployment key.

    One key per stream and subject, made before the append: an orphan key is harmless.
    Destroying the row erases every datum under it, in backups of the event store too.
    """

    def __init__(self, keys: Pool, deployment_key: bytes) -> None:
        self._keys, self._wrap = keys, AESGCM(deployment_key)
        self._known: dict[tuple[UUID, str], tuple[UUID, AESGCM]] = {}

    async def split(
        self, event: Event, stream: UUID, also: Mapping[str, Any] = MappingProxyType({})
    ) -> tuple[str, tuple[Disclosure, ...]]:
        """The canonical fact of `event`, and its personal fields, with what is in `also`, sealed."""
        fact = event.public()
        personal = event.personal() | {k: v for k, v in also.items() if v is not None}
        if not personal:
            return canonical(fact), ()
        key_id, cipher = await self._data_key(stream, event.subject)
        sealed = []
        for name, value in personal.items():
            text = disclosure_of(name, value, new_salt())
            digest, nonce = digest_of(text), new_nonce()
            ciphertext = nonce + cipher.encrypt(nonce, text.encode(), digest.encode())
            sealed.append(Disclosure(digest, event.subject, key_id, ciphertext))
        fact[SD] = sorted(d.digest for d in sealed)
        return canonical(fact), tuple(sealed)

    async def unseal(
        self, disclosures: Sequence[Disclosure], known: Ciphers | None = None
    ) -> dict[str, Any]:
        """Field name to value; what was erased is left out. Raises `DataKeyLost` on a bad key.

        `known` are the keys that the same read met before; it must not outlive that read.
        """
        found: dict[str, Any] = {}
        known = {} if known is None else known
        for d in disclosures:
            cipher = await self._cipher(d.data_key, known)
            if cipher is None:
                continue
            nonce, ciphertext = d.ciphertext[:12], d.ciphertext[12:]
            try:
                text = cipher.decrypt(nonce, ciphertext, d.digest.encode()).decode()
            except InvalidTag as error:
                raise DataKeyLost(str(d.data_key)) from error
            name, value = opened(text)
            found[name] = value
        return found

    async def _cipher(self, key: UUID, known: Ciphers) -> AESGCM | None:
        if key not in known:
            wrapped = await self._keys.fetchval(
                "SELECT wrapped FROM data_keys WHERE id = $1 AND destroyed IS NULL", key
            )
            try:
                known[key] = AESGCM(self._unwrap(wrapped, key)) if wrapped else None
            except InvalidTag as error:
                raise DataKeyLost(str(key)) from error
        return known[key]

    async def _data_key(self, stream: UUID, subject: str) -> tuple[UUID, AESGCM]:
        known = self._known.get((stream, subject))
        if known is None:
            key_id, secret, nonce = new_id(), new_secret(), new_nonce()
            wrapped = nonce + self._wrap.encrypt(nonce, secret, key_id.bytes)
            row = await self._keys.fetchrow(_KEY, key_id, stream, subject, wrapped)
            assert row is not None
            known = row["id"], AESGCM(self._unwrap(row["wrapped"], row["id"]))
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[stream, subject] = known
        return known

    def _unwrap(self, wrapped: bytes, key_id: UUID) -> bytes:
        return self._wrap.decrypt(wrapped[:12], wrapped[12:], key_id.bytes)


_KEY = """
    INSERT INTO data_keys (id, stream, subject, wrapped) VALUES ($1, $2, $3, $4)
    ON CONFLICT (stream, subject) WHERE destroyed IS NULL
        DO UPDATE SET subject = excluded.subject
    RETURNING id, wrapped
"""
