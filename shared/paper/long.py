"""What stands in a long document (案卷): cover, contents, chapters of tables and paragraphs?

Plain data, printed as a paginated PDF or as one HTML page; the same data make the same bytes.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Both:
    """A text in two languages; `en` may be empty."""

    zh: str
    en: str = ""


@dataclass(frozen=True, slots=True)
class Width:
    """A column: its caption, and its share of the page; `mono` for hashes."""

    caption: Both
    share: int = 1
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head that repeats on every page."""

    columns: tuple[Width, ...]
    rows: tuple[tuple[Both, ...], ...]
    empty: Both = field(default_factory=lambda: Both("（无）", "(none)"))
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, one below the other."""

    rows: tuple[tuple[Both, Both], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: Both
    kind: Literal["text"] = "text"


type Part = Table | Facts | Text


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter begins on the page where there is room for it, and stands in the contents."""

    title: Both
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class LongDocument:
    """`running` stands at the head of every page after the cover."""

    title: Both
    subtitle: Both
    issuer: str
    day: date
    cover: tuple[tuple[Both, Both], ...]
    running: str
    chapters: tuple[Chapter, ...]
    foot: Both = field(default_factory=lambda: Both(""))
