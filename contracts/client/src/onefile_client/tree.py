"""What is the root over the messages of a feed (RFC 6962), and did the operator sign it (C2SP)?"""

import hashlib
from base64 import b64decode
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTH = 256


class NotSigned(Exception):
    """A checkpoint that the pinned key did not sign, or that is none."""


def leaf(message: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + message).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(hashes: Iterable[bytes]) -> bytes:
    """The root over these hashes."""
    peaks: list[bytes] = []
    size = 0
    for one in hashes:
        carry = size
        while carry & 1:
            one = node(peaks.pop(), one)
            carry >>= 1
        peaks.append(one)
        size += 1
    if not peaks:
        return hashlib.sha256(b"").digest()
    found = peaks[-1]
    for peak in reversed(peaks[:-1]):
        found = node(peak, found)
    return found


def above(hashes: Sequence[bytes]) -> list[bytes]:
    """One level up: the root of each whole run of 256."""
    whole = len(hashes) // WIDTH
    return [root(hashes[n * WIDTH : (n + 1) * WIDTH]) for n in range(whole)]


class Checkpoint(NamedTuple):
    """A feed by its origin, how many messages it has, and the root over them."""

    origin: str
    size: int
    root: bytes
    note: str


def read_checkpoint(note: str, vkey: str) -> Checkpoint:
    """The checkpoint of a note that the key `vkey` signed; raises `NotSigned`."""
    text, blank, lines = note.rpartition("\n\n")
    text += "\n"
    name, id, key = _vkey(vkey)
    for line in lines.splitlines() if blank else ():
        mark, _, rest = line.partition(" ")
        whose, _, raw = rest.partition(" ")
        if mark != "—" or whose != name:
            continue
        signature = b64decode(raw)
        if signature[:4] != id:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature[4:], text.encode())
        except InvalidSignature:
            raise NotSigned(f"签名不符 · the signature of {name} does not fit") from None
        origin, size, told = text.splitlines()
        if origin != name:
            raise NotSigned(f"来源不符 · {name} signed for another log: {origin}")
        return Checkpoint(origin, int(size), b64decode(told), note)
    raise NotSigned(f"没有 {name} 的签名 · {name} did not sign this")


def _vkey(text: str) -> tuple[str, bytes, bytes]:
    name, id, key = text.strip().split("+", 2)
    raw = b64decode(key)
    known = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if raw[0] != 1 or len(raw) != 33 or known.hex() != id:
        raise NotSigned("验证公钥不合法 · the verifier key is malformed")
    return name, known, raw[1:]
