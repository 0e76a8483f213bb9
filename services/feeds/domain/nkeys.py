"""How is an agency's public key written (NATS nkey): `U…`, base32 with a checksum."""

from base64 import b32decode, b32encode
from binascii import Error, crc_hqx

USER = 20 << 3
SEED = 18 << 3


class KeyMalformed(ValueError):
    """The text is no key of the kind asked for; the message says why."""


def public_text(raw: bytes) -> str:
    """The text of 32 bytes of an Ed25519 public key."""
    return _written(bytes([USER]) + raw)


def seed_text(raw: bytes) -> str:
    """The text of 32 secret bytes; begins with `SU`."""
    return _written(bytes([SEED | USER >> 5, (USER & 31) << 3]) + raw)


def public_bytes(text: str) -> bytes:
    """The 32 bytes of a public key; raises `KeyMalformed`."""
    raw = _read(text)
    if len(raw) != 33 or raw[0] != USER:
        raise KeyMalformed("a public user key begins with U and has 56 characters")
    return raw[1:]


def _written(content: bytes) -> str:
    checked = content + crc_hqx(content, 0).to_bytes(2, "little")
    return b32encode(checked).decode().rstrip("=")


def _read(text: str) -> bytes:
    try:
        raw = b32decode(text + "=" * (-len(text) % 8))
    except (Error, ValueError):
        raise KeyMalformed("not base32: capital letters and the digits 2 to 7") from None
    content, checksum = raw[:-2], raw[-2:]
    if len(raw) < 3 or crc_hqx(content, 0).to_bytes(2, "little") != checksum:
        raise KeyMalformed("the checksum does not fit: a character is wrong or missing")
    return content
