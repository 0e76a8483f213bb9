"""By which number (回执编号) does anybody follow his complaint, and nobody another's?"""

import hmac
import re
from base64 import b32encode
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.eventstore.identity import NAMESPACE, derived

LENGTH = 10
"""Bytes: sixteen letters, which nobody guesses and anybody can read out over a telephone."""
_PLAIN = re.compile(r"[A-Z2-7]{16}")


class Receipts:
    """Made from the deployment key: who reads the log, or the database, cannot make one."""

    def __init__(self, deployment_key: bytes) -> None:
        derived_key = HKDF(SHA256(), 32, None, b"onefile complaint receipt")
        self._key = derived_key.derive(deployment_key)

    def of(self, origin: UUID) -> str:
        """The receipt of what was sent once: `ABCD-EFGH-IJKL-MNOP`."""
        made = b32encode(self._digest(b"of" + origin.bytes)[:LENGTH]).decode()
        return "-".join(made[at : at + 4] for at in range(0, len(made), 4))

    def made(self, receipt: str) -> UUID | None:
        """What names the complaint of this receipt; None for what is no receipt."""
        plain = re.sub(r"[\s-]", "", receipt).upper()
        if not _PLAIN.fullmatch(plain):
            return None
        return derived(NAMESPACE, f"receipt/{self._digest(plain.encode()).hex()}")

    def _digest(self, message: bytes) -> bytes:
        return hmac.new(self._key, message, sha256).digest()


def complaint_of(made: UUID) -> UUID:
    """The id under which the complaint is recorded."""
    return derived(made, "complaint")
