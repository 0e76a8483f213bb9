"""What stands on a paper (表单)? Plain data, ready to print; the same data make the same bytes."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

type Language = Literal["zh", "en"]
"""`zh`, or `en` for captions in both languages."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One field: its caption and what is known; an empty value is left for the pen.

    `choices` are boxes, ticked or not; `default` marks a value of ours (默认值).
    """

    caption: str
    value: str = ""
    caption_en: str = ""
    wide: bool = False
    tall: bool = False
    default: bool = False
    choices: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table of fields, two to a row."""

    cells: tuple[Cell, ...]
    kind: Literal["grid"] = "grid"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list; `width` is its share."""

    caption: str
    caption_en: str = ""
    width: int = 1
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with a head that repeats on every page; `blank` lines are left for the pen."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    blank: int = 0
    caption: str = ""
    caption_en: str = ""
    kind: Literal["list"] = "list"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A point of a letter: its name, and what is stated, underlined."""

    label: str
    value: str = ""
    label_en: str = ""
    default: bool = False
    kind: Literal["labelled"] = "labelled"


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph; a salutation is not indented."""

    text: str
    text_en: str = ""
    indent: bool = True
    kind: Literal["prose"] = "prose"


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a clause."""

    text: str
    text_en: str = ""
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One line of a signature block; `room` leaves space for a seal."""

    caption: str
    value: str = ""
    caption_en: str = ""
    room: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """What one party signs."""

    lines: tuple[SignatureLine, ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """The signature block, never torn apart by the end of a page."""

    sides: tuple[Side, ...]
    day: str = ""
    kind: Literal["signatures"] = "signatures"


@dataclass(frozen=True, slots=True)
class Cut:
    """The line along which the reply slip is torn off."""

    text: str
    kind: Literal["cut"] = "cut"


@dataclass(frozen=True, slots=True)
class Closing:
    """Who issues the letter, and when (落款)."""

    lines: tuple[str, ...]
    kind: Literal["closing"] = "closing"


type Block = Grid | Listing | Labelled | Prose | Heading | Signatures | Cut | Closing


@dataclass(frozen=True, slots=True)
class Check:
    """Where the public checks the record behind the paper: its code and its address."""

    code: str
    url: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A form filled in. `red_head` is the issuing body's name where the paper has a red head."""

    form: str
    title: str
    issuer: str
    day: date
    blocks: tuple[Block, ...]
    number: str = ""
    title_en: str = ""
    red_head: str = ""
    attachment: str = ""
    notes: tuple[str, ...] = ()
    check: Check | None = None
    language: Language = "zh"
    landscape: bool = False
