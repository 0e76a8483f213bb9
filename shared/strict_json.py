"""The boundary parser: JSON as strangers send it, accepted in one reading only or not at all."""

import json
import unicodedata
from typing import Any

import orjson

LARGEST_BODY = 65_536
"""Bytes of a request body."""
DEEPEST = 32
MOST_CONTAINERS = 5_000
_SAFE_INTEGER = 2**53 - 1
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")


class BadJson(ValueError):
    """The body is refused; `code` is the problem's code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def strict_loads(body: bytes) -> Any:
    """Parse `body`: UTF-8, no duplicate keys, no floats, safe integers, text in NFC.

    orjson is the gate for syntax (no NaN, no lone surrogates, bounded depth); the standard
    parser reads again because it alone shows duplicate keys. Raises `BadJson`.
    """
    if len(body) > LARGEST_BODY:
        raise BadJson("too_large")
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadJson(_why(str(error))) from None
    if body.count(b"[") + body.count(b"{") > MOST_CONTAINERS or body.count(b",") > 20_000:
        raise BadJson("too_many_members")
    try:
        value = json.loads(
            body,
            object_pairs_hook=_once,
            parse_int=_safe_integer,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except RecursionError:
        raise BadJson("nesting") from None
    return _clean(value, 1)


def _why(message: str) -> str:
    if "depth limit" in message:
        return "nesting"
    return "number_out_of_range" if "infinity" in message else "malformed"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise BadJson("duplicate_key")
    return members


def _safe_integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > _SAFE_INTEGER:
        raise BadJson("number_out_of_range")
    return int(text)


def _no_float(text: str) -> float:
    raise BadJson("use_decimal_strings")


def _clean(value: Any, depth: int) -> Any:
    if depth > DEEPEST and isinstance(value, list | dict):
        raise BadJson("nesting")
    match value:
        case str():
            return clean_text(value)
        case list():
            return [_clean(v, depth + 1) for v in value]
        case dict():
            return {clean_text(k): _clean(v, depth + 1) for k, v in value.items()}
    return value


def clean_text(text: str) -> str:
    """`text` in NFC (never NFKC: that would change names); raises `BadJson`.

    Refused: control and unassigned characters, invisible characters, bidirectional controls.
    Rare ideographs and private-use characters pass.
    """
    if text.isascii() and text.isprintable():
        return text
    for character in text:
        if character in _BIDI:
            raise BadJson("bidirectional_control")
        if character in _INVISIBLE:
            raise BadJson("invisible_character")
        category = unicodedata.category(character)
        if (
            category in ("Cc", "Cn", "Cs") and character not in "\n\t"
        ) or character == "\ufffd":
            raise BadJson("control_or_unassigned_character")
    return unicodedata.normalize("NFC", text)
