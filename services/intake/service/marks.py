"""By which token is a submission known again, though no event says what is in it (重复提交)?"""

import hmac
from uuid import UUID

from services.intake.domain.doubles import content_of
from shared.command import Command

LENGTH = 16


class Marks:
    """Keyed tokens of what was handed in: in another matter the same file has another one (B78)."""

    def __init__(self, deployment_key: bytes) -> None:
        self._key = hmac.digest(deployment_key, b"onefile submissions", "sha256")

    def of(self, command: Command, matter: UUID) -> str | None:
        """The token of what `command` hands in; None when it brings no file."""
        content = content_of(command)
        if content is None:
            return None
        text = "\x1f".join((str(matter), *map(str, content)))
        return hmac.digest(self._key, text.encode(), "sha256")[:LENGTH].hex()
