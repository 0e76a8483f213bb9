"""What is known when a paper is printed: nothing that any event holds is left for the pen (X-14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from shared.paper.sheet import Check

type Rows = tuple[tuple[str, ...], ...]
type Choices = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """The values of one paper, by field; what is absent is left for the pen.

    `number` is printed as it stands; `leant` are leaves of the pack that are ours (默认值), and
    `defaults` the fields they decided. `signers` names who signs, by post. `signed` says that
    an event holds the signed paper: without one it is a print to be signed.
    """

    day: date
    issuer: str
    values: Mapping[str, str] = MappingProxyType({})
    lists: Mapping[str, Rows] = MappingProxyType({})
    choices: Mapping[str, Choices] = MappingProxyType({})
    signers: Mapping[str, str] = MappingProxyType({})
    number: str = ""
    defaults: frozenset[str] = frozenset()
    leant: tuple[str, ...] = ()
    signed: bool = False
    blank: bool = False
    check: Check | None = None


def day_text(day: date | str | None) -> str:
    """2026年11月21日; empty for None."""
    if day is None:
        return ""
    if isinstance(day, str):
        day = date.fromisoformat(day[:10])
    return f"{day.year}年{day.month}月{day.day}日"


def span_text(begins: date | str | None, ends: date | str | None) -> str:
    """From a day to a day, both included."""
    if begins and ends:
        return f"自{day_text(begins)}起至{day_text(ends)}止（含首尾两日）"
    return f"自{day_text(begins)}起至终止之日止" if begins else ""


def money_text(yuan: str | Decimal | None) -> str:
    """8000万元; below ten thousand in yuan."""
    if yuan is None:
        return ""
    amount = Decimal(yuan)
    if abs(amount) < 10_000:
        return f"{_plain(amount)}元"
    return f"{_plain(amount / 10_000)}万元"


def area_text(square_metres: str | Decimal | None) -> str:
    return "" if square_metres is None else f"{_plain(Decimal(square_metres))}平方米"


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
