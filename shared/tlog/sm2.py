"""How is a checkpoint signed by SM2 with SM3 (GB/T 32918), by software here or by a device?

A line of type 0xff, `sm2-sm3/v1`: r and s, 64 bytes, over the text of the note, with the usual
identity 1234567812345678. A certified device (密码机) is another `Signer` with the same `Verifier`;
the software key here is for development and tests: the library behind it is not certified.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.tlog.note import SM2, SM2_NAME, NoteInvalid, Verifier

FILE = "log.sm2"


def _library() -> Any:
    try:
        from gmalglib.sm2 import SM2 as Sm2
    except ImportError:
        raise NoteInvalid(
            "an SM2 line cannot be checked here: install the extra `sm2` (gmalglib)"
        ) from None
    return Sm2


def verified(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature fits; raises `NoteInvalid` where the library is not installed."""
    made = _library()
    try:
        return len(signature) == 64 and bool(made(pk=public).verify(message, signature))
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Sm2Signer:
    """An SM2 key of this process."""

    name: str
    secret: bytes

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, SM2, SM2_NAME + _library().get_pk(self.secret))

    def sign(self, text: str, time: int) -> bytes:
        """The signature over `text`; the time is that of the lines beside it."""
        made = _library()
        return bytes(made(self.secret, pk=made.get_pk(self.secret)).sign(text.encode()))


def software(name: str, folder: Path) -> Sm2Signer:
    """The signer of `log.sm2`, 32 bytes beside the log key: `shared.tlog.sm2:software`."""
    secret = (folder / FILE).read_bytes()
    if len(secret) != 32 or not _library().is_sk_valid(secret):
        raise ValueError(f"{folder / FILE} must hold the 32 bytes of an SM2 key")
    return Sm2Signer(name, secret)
