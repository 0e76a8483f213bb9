"""The exact bytes of a fact: RFC 8785 in a restricted profile, and the leaf hash over them."""

import unicodedata
from hashlib import sha256
from typing import Any

import orjson

type Json = bool | int | str | list[Json] | dict[str, Json] | None

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


class NotCanonical(ValueError):
    """The value has no canonical form in our profile; the message says which rule it breaks."""


def canonical(value: Any) -> str:
    """Return the RFC 8785 text of `value`.

    The profile: object keys are ASCII, integers stay within ±(2^53-1), text is NFC, and there
    are no floats: amounts and areas travel as decimal strings. Inside this profile sorting by
    code point equals RFC 8785's order, so orjson writes the same bytes as the reference library.
    Raises `NotCanonical`.
    """
    refuse_outside_the_profile(value)
    try:
        text = orjson.dumps(value, option=_OPTIONS).decode()
    except (orjson.JSONEncodeError, TypeError) as error:
        raise NotCanonical(f"no canonical form: {error}") from error
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        raise NotCanonical("text must be in Unicode form NFC before it becomes a fact")
    return text


def parse_canonical(body: bytes) -> Any:
    """Read `body` and prove that it is canonical; raises `NotCanonical` when it is not.

    Duplicate keys, spaces, other key orders and other escapes all change the bytes, so
    writing the parsed value again and comparing is the whole test.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise NotCanonical(f"not JSON: {error}") from error
    if canonical(value).encode() != body:
        raise NotCanonical("the bytes are not the canonical form of what they say")
    return value


def refuse_outside_the_profile(value: Any) -> None:
    """Raise `NotCanonical` for a float or a non-ASCII key anywhere in `value`."""
    pending = [value]
    while pending:
        match pending.pop():
            case float():
                raise NotCanonical("floats are not allowed: write a decimal string")
            case dict() as members:
                if not all(isinstance(key, str) and key.isascii() for key in members):
                    raise NotCanonical("object keys must be ASCII")
                pending.extend(members.values())
            case list() | tuple() as members:
                pending.extend(members)
            case _:
                pass


def leaf_hash(body: bytes) -> bytes:
    """SHA-256(0x00 ‖ body), the RFC 6962 leaf hash of an event body: 32 bytes."""
    return sha256(b"\x00" + body).digest()


def body_of(about: str, fact: str) -> bytes:
    """Put the two members of an event body together; both texts are canonical already."""
    return f'{{"about":{about},"fact":{fact}}}'.encode()
