"""What is the word in a rating link (评价链接), which nothing that is recorded tells?"""

import base64
import hashlib
import hmac
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.eventstore.identity import NAMESPACE, derived
from shared.rights import Principal

LENGTH = 16
"""Bytes of the word: nobody guesses it."""


class Links:
    """Made from the deployment key: who reads the log, or the database, cannot make one."""

    def __init__(self, deployment_key: bytes, desks: str | None) -> None:
        self._key = HKDF(SHA256(), 32, None, b"onefile rating link").derive(deployment_key)
        self._desks = desks

    def word(self, invitation: UUID) -> str:
        made = hmac.new(self._key, invitation.bytes, hashlib.sha256).digest()[:LENGTH]
        return base64.urlsafe_b64encode(made).decode().rstrip("=")

    def fits(self, invitation: UUID, word: str) -> bool:
        return hmac.compare_digest(self.word(invitation).encode(), word.encode())

    def address(self, invitation: UUID) -> str:
        """What is sent to the rater; without a known console, where to look for it."""
        if self._desks is None:
            return "请在项目单位页面评价 / see the page of your unit"
        return f"{self._desks}/rate/{invitation}/{self.word(invitation)}"


def bearer(invitation: UUID) -> Principal:
    """Whoever holds the link: somebody of the unit, and nobody knows who."""
    return Principal(
        f"p:{derived(NAMESPACE, f'rater/{invitation}')}", frozenset({"applicant_lead"})
    )
