"""How does a paper lead to the record behind it (核验码), and is a code one of ours?"""

import io
import re
from dataclasses import dataclass

from shared.paper.sheet import Check

DIGITS = 16
"""How much of the leaf hash a code carries: 64 bits, so that no code can be guessed."""
_CODE = re.compile(rf"([a-z]{{2,20}})\.([1-9][0-9]{{0,14}})\.([0-9a-f]{{{DIGITS}}})")


@dataclass(frozen=True, slots=True)
class Code:
    """An event named by its store, its position in that log, and the head of its leaf hash."""

    store: str
    position: int
    head: str

    def __str__(self) -> str:
        return f"{self.store}.{self.position}.{self.head}"

    def at(self, address: str) -> Check:
        """The check at the public `address`."""
        return Check(str(self), f"{address.rstrip('/')}/check/{self}")


def code_of(store: str, position: int, leafhash: bytes) -> Code:
    return Code(store, position, leafhash.hex()[:DIGITS])


def parse_code(text: str) -> Code | None:
    """The code, None when it is not formed like one."""
    found = _CODE.fullmatch(text)
    return Code(found[1], int(found[2]), found[3]) if found else None


def qr_svg(url: str) -> str:
    """A QR code of `url` as SVG, black on white with its quiet zone."""
    # Loaded with the first paper, as the typesetter is.
    import segno

    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        out, kind="svg", border=2, xmldecl=False, light="white"
    )
    return out.getvalue().decode()
