"""Is this the code that the person's phone shows now (RFC 6238)?"""

import hashlib
import hmac
from base64 import b32encode
from urllib.parse import quote, urlencode

PERIOD, DIGITS, NEIGHBOURS = 30, 6, 1
"""Seconds, digits, and by how many periods a phone's clock may be off."""
SECRET_LENGTH = 20


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of one period, as RFC 4226 cuts it out of HMAC-SHA-1."""
    mac = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    at = mac[-1] & 0x0F
    number = int.from_bytes(mac[at : at + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of(now: float) -> int:
    return int(now) // PERIOD


def matching_step(secret: bytes, code: str, now: float, after: int) -> int | None:
    """The period whose code this is; None when it is none, or not later than `after`.

    A code that was taken once is never taken again: whoever looked over a shoulder is late.
    """
    found = None
    for step in range(step_of(now) - NEIGHBOURS, step_of(now) + NEIGHBOURS + 1):
        same = hmac.compare_digest(
            code_at(secret, step).encode(), code.encode("utf-8", "replace")
        )
        if same and step > after:
            found = step
    return found


def shown_secret(secret: bytes) -> str:
    """As one types it where no camera is."""
    return b32encode(secret).decode().rstrip("=")


def enrolment(secret: bytes, name: str, box: str) -> str:
    """The `otpauth:` address that the QR code holds."""
    said = urlencode({"secret": shown_secret(secret), "issuer": box})
    return f"otpauth://totp/{quote(f'{box}:{name}')}?{said}"
