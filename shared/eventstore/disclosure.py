"""Personal fields: split from the event into salted digests and encrypted disclosures, and back."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
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
"""The data keys that one read has met; None for one that was destroyed, or may not be used."""


class DataKeyLost(LookupError):
    """The data key was destroyed (the datum was erased) or the deployment key is another one."""


class Keeper:
    """Makes and keeps data keys in a database of their own, wrapped by the deployment key.

    One key per stream and person (or subject, where a stream has one alone), made before the
    append: an orphan key is harmless. Destroying it erases every datum under it, in backups of
    the event store too. What a restricted key seals is opened `despite` that alone.
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
        key_id, cipher = await self._data_key(stream, event.sealed_for())
        sealed = []
        for name, value in personal.items():
            text = disclosure_of(name, value, new_salt())
            digest, nonce = digest_of(text), new_nonce()
            ciphertext = nonce + cipher.encrypt(nonce, text.encode(), digest.encode())
            sealed.append(Disclosure(digest, event.subject, key_id, ciphertext))
        fact[SD] = sorted(d.digest for d in sealed)
        return canonical(fact), tuple(sealed)

    async def unseal(
        self,
        disclosures: Sequence[Disclosure],
        known: Ciphers | None = None,
        *,
        despite: bool = False,
    ) -> dict[str, Any]:
        """Field name to value; what was erased or restricted is left out. Raises `DataKeyLost`.

        `known` are the keys that the same read met before; it must not outlive that read.
        """
        texts = await self.texts(disclosures, known, despite=despite)
        return dict(map(opened, texts.values()))

    async def corrected(
        self, events: Iterable[UUID], known: Ciphers, *, despite: bool = False
    ) -> dict[UUID, dict[str, Any]]:
        """What was put right of `events`: field name to what it says now."""
        found: dict[UUID, dict[str, Any]] = {}
        for row in await self._keys.fetch(_CORRECTED, list(events)):
            sealed = Disclosure(row["digest"], "", row["data_key"], row["ciphertext"])
            said = await self.unseal([sealed], known, despite=despite)
            found[row["event"]] = found.get(row["event"], {}) | said
        return found

    async def correct(
        self, decision: UUID, event: UUID, stream: UUID, whose: str, name: str, value: str
    ) -> None:
        """Let the field `name` of `event` say `value` from now on; said twice it is once."""
        key_id, cipher = await self._data_key(stream, whose)
        text = disclosure_of(name, value, new_salt())
        digest, nonce = digest_of(text), new_nonce()
        ciphertext = nonce + cipher.encrypt(nonce, text.encode(), digest.encode())
        await self._keys.execute(_CORRECT, decision, event, key_id, digest, ciphertext)

    async def is_corrected(self, decision: UUID) -> bool:
        """Whether the correction of this decision is in force."""
        known = "SELECT true FROM corrections WHERE decision = $1"
        return bool(await self._keys.fetchval(known, decision))

    def drop_known_keys(self) -> None:
        """A key was destroyed or restricted somewhere: nothing more is sealed with an old one."""
        self._known.clear()

    async def texts(
        self,
        disclosures: Sequence[Disclosure],
        known: Ciphers | None = None,
        *,
        despite: bool = False,
    ) -> dict[str, str]:
        """Digest to disclosure with its salt, as who is given it can prove it; as `unseal`."""
        found: dict[str, str] = {}
        known = {} if known is None else known
        for d in disclosures:
            cipher = await self._cipher(d.data_key, known, despite)
            if cipher is None:
                continue
            nonce, ciphertext = d.ciphertext[:12], d.ciphertext[12:]
            try:
                found[d.digest] = cipher.decrypt(nonce, ciphertext, d.digest.encode()).decode()
            except InvalidTag as error:
                raise DataKeyLost(str(d.data_key)) from error
        return found

    async def _cipher(self, key: UUID, known: Ciphers, despite: bool) -> AESGCM | None:
        if key not in known:
            wrapped = await self._keys.fetchval(_WRAPPED, key, despite)
            try:
                known[key] = AESGCM(self._unwrap(wrapped, key)) if wrapped else None
            except InvalidTag as error:
                raise DataKeyLost(str(key)) from error
        return known[key]

    async def prepare(self, stream: UUID, events: Sequence[Event]) -> None:
        """Make the keys that many events need in one round trip, not in one for each person."""
        lacking = {
            event.sealed_for()
            for event in events
            if event.personal_fields and (stream, event.sealed_for()) not in self._known
        }
        if len(lacking) < FEW:
            return
        made = [(new_id(), subject, new_secret(), new_nonce()) for subject in sorted(lacking)]
        wrapped = [
            nonce + self._wrap.encrypt(nonce, key, id.bytes) for id, _, key, nonce in made
        ]
        rows = await self._keys.fetch(
            _KEYS, [one[0] for one in made], stream, [one[1] for one in made], wrapped
        )
        if len(self._known) + len(rows) > MOST_KNOWN:
            self._known.clear()
        for row in rows:
            cipher = AESGCM(self._unwrap(row["wrapped"], row["id"]))
            self._known[stream, row["subject"]] = row["id"], cipher

    async def _data_key(self, stream: UUID, subject: str) -> tuple[UUID, AESGCM]:
        known = self._known.get((stream, subject))
        if known is None:
            key_id, secret, nonce = new_id(), new_secret(), new_nonce()
            wrapped = nonce + self._wrap.encrypt(nonce, secret, key_id.bytes)
            row = await self._keys.fetchrow(_KEY, key_id, stream, subject, wrapped)
            assert row is not None
            known = row["id"], AESGCM(self._unwrap(row["wrapped"], row["id"]))
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            self._known[stream, subject] = known
        return known

    def _unwrap(self, wrapped: bytes, key_id: UUID) -> bytes:
        return self._wrap.decrypt(wrapped[:12], wrapped[12:], key_id.bytes)


_WRAPPED = """
    SELECT wrapped FROM data_keys
    WHERE id = $1 AND destroyed IS NULL AND ($2 OR restricted IS NULL)
"""
_CORRECTED = """
    SELECT event, data_key, digest, ciphertext FROM corrections
    WHERE event = ANY ($1) ORDER BY number
"""
_CORRECT = """
    INSERT INTO corrections (decision, event, data_key, digest, ciphertext)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (decision) DO NOTHING
"""
FEW, MOST_KNOWN = 3, 10_000
"""Below so many keys one by one is as fast; so many are remembered."""
_KEYS = """
    INSERT INTO data_keys (id, stream, subject, wrapped)
    SELECT made.id, $2, made.subject, made.wrapped
    FROM unnest($1::uuid[], $3::text[], $4::bytea[]) AS made (id, subject, wrapped)
    ON CONFLICT (stream, subject) WHERE destroyed IS NULL
        DO UPDATE SET subject = excluded.subject
    RETURNING id, subject, wrapped
"""
_KEY = """
    INSERT INTO data_keys (id, stream, subject, wrapped) VALUES ($1, $2, $3, $4)
    ON CONFLICT (stream, subject) WHERE destroyed IS NULL
        DO UPDATE SET subject = excluded.subject
    RETURNING id, wrapped
"""
