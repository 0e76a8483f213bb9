"""Which lists of materials and items do printed papers hold?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from contracts.catalogue import Catalogue
from contracts.pack.papers import Form
from shared.paper.known import Rows, day_text

_MAKERS = {
    "applicant": "项目单位",
    "intermediary": "中介机构",
    "design unit": "设计单位",
    "survey unit": "勘察单位",
    "contractor": "施工单位",
    "e-cert": "电子证照",
    "system": "系统生成",
}


class Event(Protocol):
    """The part of a said event that lists are made of."""

    @property
    def name(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def fact(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Papers:
    """The lists, by their names on the forms, and the values that are drawn from them."""

    lists: Mapping[str, Rows]
    values: Mapping[str, str]


def papers_of(
    matter: Sequence[Event],
    catalogue: Catalogue,
    items: Sequence[str],
    anchor: Event | None,
    form: Form,
) -> Papers:
    """What was received, what is required, what a project of these items will need."""
    received = _received(matter)
    notice = anchor if anchor and anchor.name == "OneTimeNoticeIssued" else None
    required = notice.fact["lines"] if notice else _usual(catalogue, items)
    here = {fact["material"] for _, fact in received}
    lists = {
        "received": tuple(_piece(catalogue, day, fact) for day, fact in received),
        "required": tuple(_required(catalogue, required, here)),
        "checklist": tuple(_checklist(catalogue, items)),
    }
    values = {
        "originals": _sum(fact.get("originals", 0) for _, fact in received),
        "copies": _sum(fact.get("copies", 0) for _, fact in received),
        "received_on": day_text(received[-1][0]) if received else "",
    }
    if form.kind == "receipt":
        lists["required"] = lists["received"]
    return Papers(lists, values | (_notice(notice, catalogue) if notice else {}))


def _sum(counts: Iterable[int]) -> str:
    total = sum(counts)
    return f"{total}份" if total else ""


def _received(matter: Sequence[Event]) -> list[tuple[date, Mapping[str, Any]]]:
    """The pieces on hand: a piece that was replaced is left out."""
    pieces = [(one.day, one.fact) for one in matter if one.name == "MaterialReceived"]
    gone = {str(fact["replaces"]) for _, fact in pieces if fact.get("replaces")}
    return [(day, fact) for day, fact in pieces if str(fact["piece"]) not in gone]


def _piece(catalogue: Catalogue, day: date, fact: Mapping[str, Any]) -> tuple[str, ...]:
    originals, copies = fact.get("originals", 0), fact.get("copies", 0)
    sheets = fact.get("sheets")
    name = _material(catalogue, fact["material"])
    title = fact.get("title")
    return (
        f"{name}（{title}）" if title else name,
        str(originals or ""),
        str(copies or ""),
        str(sheets or ""),
        day_text(day),
        "原件须退还" if originals else "",
    )


def _usual(catalogue: Catalogue, items: Sequence[str]) -> list[Mapping[str, Any]]:
    known = {item.id: item for item in catalogue.items}
    return [{"item": id, "materials": known[id].materials} for id in items if id in known]


def _required(
    catalogue: Catalogue, lines: Iterable[Mapping[str, Any]], here: set[str]
) -> Iterator[tuple[str, ...]]:
    """Each material once, with all items that need it: nothing is asked twice (X-14)."""
    needed: dict[str, list[str]] = {}
    for line in lines:
        for material in line["materials"]:
            needed.setdefault(material, []).append(line["item"])
    for material, items in needed.items():
        names = "；".join(_item(catalogue, item) for item in items)
        state = "已收" if material in here else ""
        yield _material(catalogue, material), names, _maker(catalogue, material), state


def _checklist(catalogue: Catalogue, items: Sequence[str]) -> Iterator[tuple[str, ...]]:
    stages = {stage.id: stage.zh for stage in catalogue.stages}
    known = {item.id: item for item in catalogue.items}
    for item in (known[id] for id in items if id in known):
        limit = item.limit.statutory
        unit = {"wd": "个工作日", "cd": "日"}.get(item.limit.unit, "")
        materials = "；".join(_material(catalogue, one) for one in item.materials)
        yield (
            item.zh,
            stages[item.stage],
            item.dept,
            f"{limit}{unit}" if limit and unit else catalogue.units[item.limit.unit],
            materials,
        )


def _notice(notice: Event, catalogue: Catalogue) -> dict[str, str]:
    fact = notice.fact
    again = "；".join(_item(catalogue, item) for item in fact.get("again", ()))
    return {
        "items": "；".join(_item(catalogue, item) for item in fact["items"]),
        "issued_on": day_text(fact["issued_on"]),
        "told_on": day_text(fact["issued_on"]),
        "ordinal": str(fact.get("ordinal", 1)),
        "again": again,
        "reason": fact.get("reason", ""),
        "receiver": fact.get("receiver", ""),
    }


def _item(catalogue: Catalogue, id: str) -> str:
    return next((item.zh for item in catalogue.items if item.id == id), id)


def _material(catalogue: Catalogue, id: str) -> str:
    return next((one.zh for one in catalogue.materials if one.id == id), id)


def _maker(catalogue: Catalogue, id: str) -> str:
    source = next((one.source for one in catalogue.materials if one.id == id), "")
    if source in _MAKERS:
        return _MAKERS[source]
    named = [_item(catalogue, item) for item in source.split("|") if item]
    return f"{'或'.join(named)}的结果" if named else ""
