"""By which blind tokens is a name found, and what is being looked for (检索)?"""

import hmac
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

LENGTHS = (4, 6, 8, 12)
"""A name is found by its first 4, 6, 8 or 12 characters, and by the whole of it."""
SHORTEST, LONGEST = 2, 60
TOKEN = 16
_SEAT = re.compile(r"(?:[^省市县区]{1,10}?(?:自治区|自治州|自治县|地区|省|市|县|区))+")
_CODE = re.compile(r"[0-9]{2,}(?:-[0-9]*){0,4}")
_UNIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")


class Unsearchable(ValueError):
    """Too little, too much, or nothing that a name could begin with."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody typed into the one box: the beginning of a code, or of a name."""

    kind: Literal["code", "unit_code", "name"]
    text: str


def wanted(typed: str) -> Wanted:
    """Codes by their digits, names by their first characters; raises `Unsearchable` (B38)."""
    if len(typed) > LONGEST:
        raise Unsearchable("longest")
    plain = unicodedata.normalize("NFKC", typed).strip()
    if _UNIT_CODE.fullmatch(plain.upper()):
        return Wanted("unit_code", plain.upper())
    if plain and all(c in "0123456789-" for c in plain):
        if len(plain) < 4 or not _CODE.fullmatch(plain):
            raise Unsearchable("shortest")
        return Wanted("code", plain)
    name = folded(plain)
    if len(name) < SHORTEST:
        raise Unsearchable("shortest")
    return Wanted("name", name)


def folded(name: str) -> str:
    """A name for comparing: width, case, spaces and marks do not count."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in plain if unicodedata.category(c)[0] in "LNM")


def beginnings(name: str) -> tuple[str, ...]:
    """What a name is found by: its beginning, and its beginning without the place it sits in."""
    whole = folded(name)
    without_seat = _SEAT.sub("", whole, count=1) if _SEAT.match(whole) else whole
    found: dict[str, None] = {}
    for one in (whole, without_seat):
        if len(one) >= SHORTEST:
            found[f"={one}"] = None
            found.update((one[:n], None) for n in LENGTHS if len(one) >= n)
    return tuple(found)


def looked_up(name: str) -> tuple[str, ...]:
    """Under which beginnings a folded `name` may stand: the longest indexed, or the whole."""
    whole = f"={name}"
    fitting = [n for n in LENGTHS if n <= len(name)]
    return (name[: fitting[-1]], whole) if fitting else (whole,)


def fits(name: str, typed: str) -> bool:
    """Whether a name, read in clear, begins as was typed, with or without its seat."""
    whole = folded(name)
    return whole.startswith(typed) or _SEAT.sub("", whole, count=1).startswith(typed)


def tokens(key: bytes, area: str, beginnings: Iterable[str]) -> list[bytes]:
    """HMAC-SHA-256 under a key of the deployment, cut to 16 bytes; another area, other tokens."""
    return [
        hmac.digest(key, f"{area}\x1f{one}".encode(), "sha256")[:TOKEN] for one in beginnings
    ]
