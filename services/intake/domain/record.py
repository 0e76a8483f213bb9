"""What was said of a matter and its project, and how do forms quote it?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from contracts.catalogue import Catalogue
from contracts.glossary import GLOSSARY
from contracts.pack import Pack
from contracts.project import say
from shared.paper.known import Choices, area_text, day_text, money_text

OPENINGS = ("ServiceRequested", "ProjectAutoEnrolled")


@dataclass(frozen=True, slots=True)
class Said:
    """An event as a paper quotes it, with the personal data that the reader may see.

    `name` is its class, `day` the legal day it happened.
    """

    id: UUID
    name: str
    position: int
    leafhash: bytes
    day: date
    channel: str | None
    fact: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """What was said of a matter and of its project, oldest first, and the rules it follows."""

    project: Sequence[Said]
    matter: Sequence[Said]
    pack: Pack
    catalogue: Catalogue
    today: date

    def newest(self, *names: str, of: UUID | None = None) -> Said | None:
        """The last event of these names; `of` asks for one commission, agreement or notice."""
        for said in reversed(self.matter):
            if said.name in names and (of is None or str(of) in _names_of(said)):
                return said
        return None

    def zh(self, item: str) -> str:
        try:
            return self.catalogue.item(item).zh
        except LookupError:
            return item


def _names_of(said: Said) -> set[str]:
    keys = ("commission", "agreement", "notice", "piece")
    return {str(said.id), *(str(said.fact[key]) for key in keys if key in said.fact)}


def project_of(record: Record) -> dict[str, str]:
    known: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    for said in record.project:
        if said.name in ("ProjectRegistered", "ProjectAmended"):
            known |= {key: value for key, value in said.fact.items() if value is not None}
            facts |= said.fact.get("facts", {})
    parks = {park.id: park.zh for park in record.pack.sites.parks}
    site = facts.get("site")
    return {
        "project": known.get("name", ""),
        "unit": known.get("unit", ""),
        "applicant": known.get("unit", ""),
        "party_a": known.get("unit", ""),
        "principal": known.get("unit", ""),
        "unit_code": known.get("unit_code", ""),
        "address": known.get("address", ""),
        "address_a": known.get("address", ""),
        "project_code": known.get("code", ""),
        "works_code": known.get("works", ""),
        "investment_amount": money_text(known.get("investment_amount")),
        "land_area": area_text(known.get("land_area")),
        "building_area": area_text(known.get("building_area")),
        "site": parks.get(site, _said(site)) if site else "",
        "project_class": _class(facts.get("project_class")),
        "investment": _said(facts.get("investment")),
        "nature": _said(facts.get("nature")),
    }


_CLASSES = {
    "building": "房屋建筑", "municipal": "市政", "transport": "交通", "water": "水利",
    "energy": "能源", "landscape": "园林绿化", "special": "特殊工程",
}  # fmt: skip
"""The classes that packs know by these words; a further one is printed as it was written."""


def _class(word: Any) -> str:
    return _CLASSES.get(word) or _said(word)


def _said(word: Any) -> str:
    return "" if word is None else say(word)


def request_of(record: Record) -> dict[str, str]:
    opening = record.newest(*OPENINGS)
    accepted = record.newest("ServiceAccepted")
    registered = record.newest("RegistrationCompleted")
    fact = opening.fact if opening else {}
    lead, handler = fact.get("lead_name", ""), fact.get("handler_name", "")
    phone = fact.get("handler_phone") or fact.get("lead_phone", "")
    limits = registered.fact.get("limits", ()) if registered else ()
    return {
        "number": fact.get("number", ""),
        "matter": fact.get("number", ""),
        "lead": lead,
        "lead_name": lead,
        "unit_lead": lead,
        "lead_phone": fact.get("lead_phone", ""),
        "handler": handler,
        "handler_name": handler,
        "unit_handler": handler,
        "handler_phone": fact.get("handler_phone", ""),
        "contact": handler or lead,
        "phone": phone,
        "phone_a": phone,
        "needs": (registered.fact.get("needs") if registered else None)
        or fact.get("needs", ""),
        "channel": _channel(opening),
        "applied_on": day_text(opening.day) if opening else "",
        "requested_on": day_text(opening.day) if opening else "",
        "accepted_on": day_text(accepted.day) if accepted else "",
        "body": body_of(record),
        "party_b": body_of(record),
        "items": "；".join(map(record.zh, items_of(record))),
        "stages": _stages(record),
        "limits": "；".join(_limit(record, one) for one in limits),
    }


def _limit(record: Record, limit: Mapping[str, Any]) -> str:
    unit = "工作日" if limit.get("day_kind", "working") == "working" else "日"
    return f"{record.zh(limit['item'])}：{limit['days']}个{unit}"


def _channel(opening: Said | None) -> str:
    channel = opening.channel if opening else None
    return GLOSSARY.get(f"channel.{channel}", "") if channel else ""


def items_of(record: Record) -> tuple[str, ...]:
    """The items in scope, or those the unit asked for."""
    items: tuple[str, ...] = ()
    for said in record.matter:
        if said.name in (*OPENINGS, "ItemScopeFixed"):
            items = tuple(said.fact.get("items", items))
        elif said.name == "ItemScopeAmended":
            gone, more = said.fact.get("removed", ()), said.fact.get("added", ())
            items = tuple(dict.fromkeys((*(i for i in items if i not in gone), *more)))
    return items


def _stages(record: Record) -> str:
    named = {stage.id: stage.zh for stage in record.catalogue.stages}
    found = dict.fromkeys(item.split("-")[0] for item in items_of(record))
    return "；".join(named[id] for id in found if id in named)


def modes_of(record: Record) -> Choices:
    chosen = record.newest("ModeChosen")
    opening = record.newest(*OPENINGS)
    mode = chosen.fact.get("mode") if chosen else None
    if mode is None and opening:
        mode = opening.fact.get("wanted") or opening.fact.get("mode")
    return tuple((one.zh, one.id == mode) for one in record.pack.modes)


_POINTS = {
    "truthful": "true",
    "lawful": "lawful",
    "complete": "complete",
    "valid": "valid",
    "conforming": "conforming",
}


def warranted_of(record: Record) -> dict[str, Choices]:
    """The five points of the undertaking, ticked where the unit gave them (YY-46)."""
    given = record.newest("UndertakingGiven")
    points = given.fact.get("points", ()) if given else ()
    return {field: (("承诺", point in points),) for field, point in _POINTS.items()}


def body_of(record: Record) -> str:
    accepted = record.newest("ServiceAccepted")
    try:
        return record.pack.body(accepted.fact["body"]).zh if accepted else ""
    except LookupError:
        return ""
