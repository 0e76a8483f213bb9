"""How is a text signed so that anybody can check it by hand (C2SP signed-note, tlog-cosignature)?"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.mldsa import (
    MLDSA44PrivateKey,
    MLDSA44PublicKey,
)

type Algorithm = Literal[0x01, 0x04, 0x06, 0xFF]
"""Ed25519 over the text, or a timestamped cosignature over a checkpoint: Ed25519, ML-DSA-44; or SM2
over the text, which C2SP gives no number: 0xff and a name.
"""

ED25519: Algorithm = 0x01
COSIGNATURE: Algorithm = 0x04
ML_DSA: Algorithm = 0x06
"""Safe against quantum computers (FIPS 204); 2420 bytes, so beside an Ed25519 line, never alone."""
SM2: Algorithm = 0xFF
SM2_NAME = b"sm2-sm3/v1"
KEY_BYTES = {ED25519: 32, COSIGNATURE: 32, ML_DSA: 1312, SM2: len(SM2_NAME) + 65}
MAX_SIGNATURES = 64
_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")


class NoteInvalid(ValueError):
    """A text that is no signed note, or one that no known key signed."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A known key (vkey): its name, its id, and what it signs."""

    name: str
    algorithm: Algorithm
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes of SHA-256 over name, newline, algorithm and key."""
        known = self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public
        return sha256(known).digest()[:4]

    @property
    def vkey(self) -> str:
        """`name+id+key`, as a policy file writes it."""
        key = b64encode(bytes([self.algorithm]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{key}"

    def verified(self, text: str, signature: bytes) -> int | None:
        """Seconds since 1970 of a cosignature, None of a signature; raises `NoteInvalid`."""
        time, message = None, text.encode()
        if self.algorithm == SM2:
            self._by_sm2(signature, message)
            return None
        if self.algorithm != ED25519:
            time, signature = int.from_bytes(signature[:8]), signature[8:]
            message = (
                _cosigned(text, time)
                if self.algorithm == COSIGNATURE
                else _subtree(self.name, text, time)
            )
        try:
            if self.algorithm == ML_DSA:
                MLDSA44PublicKey.from_public_bytes(self.public).verify(signature, message)
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, UnsupportedAlgorithm):
            raise NoteInvalid(f"the signature of {self.name} does not fit the text") from None
        return time

    def _by_sm2(self, signature: bytes, message: bytes) -> None:
        from shared.tlog import sm2  # an extra: who has no SM2 key does not need it

        if not sm2.verified(self.public[len(SM2_NAME) :], signature, message):
            raise NoteInvalid(f"the signature of {self.name} does not fit the text")


def read_vkey(text: str) -> Verifier:
    """A verifier key; raises `NoteInvalid` when it is malformed or of another algorithm."""
    name, *rest = text.strip().split("+", 2)
    if not name or len(rest) != 2 or re.search(r"\s", name):
        raise NoteInvalid("a verifier key is name+id+key")
    key = decoded(rest[1])
    algorithm = next((one for one in KEY_BYTES if key[:1] == bytes([one])), None)
    named = algorithm != SM2 or key[1:].startswith(SM2_NAME)
    if algorithm is None or not named or len(key) != 1 + KEY_BYTES[algorithm]:
        raise NoteInvalid(f"the key of {name} is of an algorithm this software does not know")
    found = Verifier(name, algorithm, key[1:])
    if found.id.hex() != rest[0]:
        raise NoteInvalid(f"the id of the key of {name} does not fit the key")
    return found


class Signer(Protocol):
    """Whoever signs: a key in a file, or a device that never lets its key go (密码机)."""

    @property
    def verifier(self) -> Verifier: ...

    def sign(self, text: str, time: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Ed25519Signer:
    """A private key of this process; `algorithm` says whether it signs or cosigns."""

    name: str
    private: Ed25519PrivateKey
    algorithm: Algorithm = ED25519

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.algorithm, self.private.public_key().public_bytes_raw())

    def sign(self, text: str, time: int) -> bytes:
        """The signature over `text`, for a cosignature with the seconds since 1970 in front."""
        if self.algorithm == COSIGNATURE:
            return time.to_bytes(8) + self.private.sign(_cosigned(text, time))
        return self.private.sign(text.encode())


@dataclass(frozen=True, slots=True)
class MlDsaSigner:
    """A post-quantum key of this process, whose lines stand beside those of an Ed25519 key."""

    name: str
    private: MLDSA44PrivateKey

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> "MlDsaSigner":
        """Raises ValueError for a seed that is not 32 bytes, or where the library cannot."""
        try:
            return cls(name, MLDSA44PrivateKey.from_seed_bytes(seed))
        except UnsupportedAlgorithm as error:
            raise ValueError("this OpenSSL has no ML-DSA: remove the key file") from error

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, ML_DSA, self.private.public_key().public_bytes_raw())

    def sign(self, text: str, time: int) -> bytes:
        """The cosignature over a checkpoint, with the seconds since 1970 in front."""
        return time.to_bytes(8) + self.private.sign(_subtree(self.name, text, time))


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature line as it stands: whose, the id of the key, the bytes."""

    name: str
    id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {b64encode(self.id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a newline, and the signatures under it."""

    text: str
    signatures: tuple[Signed, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))

    def plus(self, *lines: Signed) -> "Note":
        """With further signatures; one that is there already is not repeated."""
        return Note(self.text, tuple(dict.fromkeys((*self.signatures, *lines))))


def signed(text: str, signers: Iterable[Signer], time: int = 0) -> Note:
    """`text` with a signature of each."""
    if not text.endswith("\n") or "\n\n" in text or _control(text):
        raise NoteInvalid("the text of a checkpoint has lines, and no control character")
    return Note(text, tuple(line(text, signer, time) for signer in signers))


def line(text: str, signer: Signer, time: int = 0) -> Signed:
    """The one signature line of `signer` under `text`."""
    who = signer.verifier
    return Signed(who.name, who.id, signer.sign(text, time))


def read_note(source: str) -> Note:
    """Reads without believing; raises `NoteInvalid` for what is no signed note."""
    text, blank, lines = source.rpartition("\n\n")
    if not blank or _control(source):
        raise NoteInvalid("a signed note is a text, an empty line, and signatures")
    return Note(text + "\n", read_lines(lines))


def read_lines(source: str) -> tuple[Signed, ...]:
    """Signature lines alone, as a witness answers them; raises `NoteInvalid`."""
    if not source.endswith("\n"):
        raise NoteInvalid("the last signature line has no end")
    lines = source.removesuffix("\n").split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteInvalid(f"more than {MAX_SIGNATURES} signatures")
    return tuple(map(_read_line, lines))


def believed(note: Note, known: Sequence[Verifier]) -> dict[Verifier, int | None]:
    """Which known keys signed, each with the time of its cosignature.

    Raises `NoteInvalid` when a known key's signature is wrong, or when no known key signed.
    Signatures of unknown keys are ignored.
    """
    keys = {(one.name, one.id): one for one in known}
    found: dict[Verifier, int | None] = {}
    for one in note.signatures:
        key = keys.get((one.name, one.id))
        if key is not None:
            found[key] = key.verified(note.text, one.signature)
    if not found:
        raise NoteInvalid("no known key signed this note")
    return found


def _read_line(text: str) -> Signed:
    found = _LINE.fullmatch(text)
    raw = decoded(found[2]) if found else b""
    if found is None or len(raw) < 5:
        raise NoteInvalid("a signature line is: em dash, name, base64 of id and signature")
    return Signed(found[1], raw[:4], raw[4:])


def decoded(text: str) -> bytes:
    """Standard base64, strictly; raises `NoteInvalid`."""
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise NoteInvalid("not base64") from None


def _control(text: str) -> bool:
    return any(character < " " and character != "\n" for character in text)


def _cosigned(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _subtree(name: str, text: str, time: int) -> bytes:
    """The `cosigned_message` of C2SP tlog-cosignature: what an ML-DSA-44 line signs."""
    origin, size, root, *_ = [*text.split("\n"), "", ""]
    hash = decoded(root)
    if not size.isdigit() or len(hash) != 32 or not 0 < len(origin.encode()) < 256:
        raise NoteInvalid("an ML-DSA-44 line signs a checkpoint alone")
    return b"".join(
        (
            b"subtree/v1\n\0",
            bytes([len(name.encode())]) + name.encode(),
            time.to_bytes(8),
            bytes([len(origin.encode())]) + origin.encode(),
            (0).to_bytes(8),
            int(size).to_bytes(8),
            hash,
        )
    )
