"""The agency's one key: it opens the bus and the HTTP door, and never leaves this machine."""

import json
import os
import time
from base64 import b32decode, b32encode, b64encode, urlsafe_b64encode
from binascii import crc_hqx
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

USER, SEED = 20 << 3, 18 << 3
LIFE = 300
"""Seconds for which a token is signed; one may sign for 600 at most."""


class Key:
    """An Ed25519 key in the form NATS gives it (nkey): seed `SU…`, public `U…`."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = _text(bytes([USER]) + self._private.public_key().public_bytes_raw())
        self._seed = seed

    @classmethod
    def made(cls) -> "Key":
        return cls(os.urandom(32))

    @classmethod
    def read(cls, text: str) -> "Key":
        """From the text of a seed; raises ValueError."""
        text = text.strip()
        try:
            raw = b32decode(text + "=" * (-len(text) % 8))
        except ValueError:
            raise ValueError("种子不是 base32 · the seed is not base32") from None
        content, checksum = raw[:-2], raw[-2:]
        if crc_hqx(content, 0).to_bytes(2, "little") != checksum or len(content) != 34:
            raise ValueError("种子校验不符 · the checksum of the seed does not fit")
        if content[:2] != bytes([SEED | USER >> 5, (USER & 31) << 3]):
            raise ValueError("不是用户种子 · a user's seed begins with SU")
        return cls(content[2:])

    @classmethod
    def load(cls, file: Path) -> "Key":
        return cls.read(file.read_text())

    def save(self, file: Path) -> None:
        """Write the seed for this user alone; an existing file is never overwritten."""
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(_text(bytes([SEED | USER >> 5, (USER & 31) << 3]) + self._seed) + "\n")

    def sign(self, content: bytes) -> bytes:
        return self._private.sign(content)

    def nonce_signature(self, nonce: str) -> bytes:
        """What NATS asks for at sign-in."""
        return b64encode(self.sign(nonce.encode()))

    def token(self, agency: str, now: float | None = None) -> str:
        """A bearer token of the agency's own for the HTTP door, good for five minutes."""
        issued = int(time.time() if now is None else now)
        header = {"alg": "Ed25519", "typ": "agency+jwt", "kid": self.public}
        claims = {
            "iss": f"a:{agency}", "sub": f"a:{agency}", "aud": "onefile-feeds",
            "iat": issued, "exp": issued + LIFE,
        }  # fmt: skip
        text = b".".join(_b64(json.dumps(part).encode()) for part in (header, claims))
        return (text + b"." + _b64(self.sign(text))).decode()


def _text(content: bytes) -> str:
    return b32encode(content + crc_hqx(content, 0).to_bytes(2, "little")).decode().rstrip("=")


def _b64(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")
