"""What does a return hold before it is a workbook, a paper or anything else?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

type Value = str | int | Decimal | date | bool | None
type Kind = Literal["text", "count", "amount", "day"]


@dataclass(frozen=True, slots=True)
class Heading:
    """One column: its name, what kind of value stands in it, how wide it is."""

    name: str
    kind: Kind = "text"
    width: int = 14


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: what is said above it, its columns, its rows, what is said below."""

    title: str
    above: Sequence[str]
    columns: Sequence[Heading]
    rows: Iterable[Sequence[Value]]
    below: Sequence[str] = ()
