"""Which columns has the table of people (人员表), and how does a row become a person to add?"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from contracts.catalogue import Catalogue
from contracts.glossary import GLOSSARY
from contracts.pack import Pack
from contracts.pack.sections import Role
from contracts.telephone import plain_phone
from services.assignment.domain.commands import AddStaff
from services.assignment.domain.faults import RowFault
from services.assignment.domain.membership import APPLICANT_POSTS


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table by its key, with its name in both languages."""

    key: str
    zh: str
    en: str
    needed: bool = False
    many: bool = False
    hint: str = ""


COLUMNS = (
    Column("name", "姓名", "Name", needed=True),
    Column("body", "单位", "Body", needed=True),
    Column("roles", "岗位角色", "Roles", needed=True, many=True, hint="多个用顿号分隔"),
    Column("phone", "联系电话", "Telephone", hint="半角数字"),
    Column("title", "职务", "Title"),
    Column("home_body", "派出单位", "Sent by"),
    Column("staff_kind", "人员类别", "Kind of staff"),
    Column("skills", "技能标签", "Skills", many=True, hint="小写字母代码，多个用顿号分隔"),
    Column("languages", "语言", "Languages", many=True, hint="小写字母代码，多个用顿号分隔"),
    Column("items", "可办事项", "Items", many=True, hint="事项编码，空为全部"),
    Column("sites", "可办选址", "Sites", many=True, hint="选址代码或名称，空为全部"),
    Column("person", "人员代号", "Pseudonym", hint="已有账号者填写，空则自动生成"),
)
_BY_NAME = {n.casefold(): c for c in COLUMNS for n in (c.key, c.zh, c.en)}
_SPLIT = re.compile(r"[、，,;；\n]+")

type Pseudonym = Callable[[str], str]
"""From what tells a person apart to a pseudonym: the same for the same, telling nothing."""


def columns_of(header: Sequence[str]) -> tuple[dict[int, Column], tuple[RowFault, ...]]:
    """Which place holds which column, and what is wrong with the header."""
    found: dict[int, Column] = {}
    faults: list[RowFault] = []
    for place, name in enumerate(header):
        column = _BY_NAME.get(name.rstrip("*＊ ").casefold())
        if column is None and name:
            faults.append(RowFault("column_unknown", 1, name))
        elif column is not None and column in found.values():
            faults.append(RowFault("column_twice", 1, name))
        elif column is not None:
            found[place] = column
    missing = [c for c in COLUMNS if c.needed and c not in found.values()]
    return found, (*faults, *(RowFault("column_missing", 1, c.zh) for c in missing))


def staff_posts(pack: Pack) -> tuple[Role, ...]:
    """The posts of the pack that a person of the service can hold."""
    return tuple(role for role in pack.roles if role.canonical not in APPLICANT_POSTS)


class Words:
    """The words of a place as people write them, to the codes they stand for."""

    def __init__(self, pack: Pack, catalogue: Catalogue) -> None:
        self.bodies = _names((b.id, b.zh) for b in pack.bodies)
        posts = staff_posts(pack)
        self.roles = _names((r.canonical, r.zh) for r in posts) | {
            r.id: r.canonical for r in posts
        }
        self.roles |= {
            GLOSSARY[f"role.{r.canonical}"]: r.canonical
            for r in posts
            if f"role.{r.canonical}" in GLOSSARY
        }
        kinds = (k.partition(".")[2] for k in GLOSSARY if k.startswith("staff_kind."))
        self.kinds = _names((kind, GLOSSARY[f"staff_kind.{kind}"]) for kind in kinds)
        self.items = _names((item.id, item.zh) for item in catalogue.items)
        self.sites = _names((park.id, park.zh) for park in pack.sites.parks)

    def of(self, key: str) -> Mapping[str, str] | None:
        """The words of a column; None for one with any words."""
        return {
            "body": self.bodies,
            "home_body": self.bodies,
            "roles": self.roles,
            "staff_kind": self.kinds,
            "items": self.items,
            "sites": self.sites,
        }.get(key)


def _names(pairs: Iterator[tuple[str, str]] | Any) -> dict[str, str]:
    known: dict[str, str] = {}
    for code, zh in pairs:
        known |= {code: code, zh: code}
    return known


def person_of(
    area: str, number: int, cells: Mapping[str, str], words: Words, pseudonym: Pseudonym
) -> tuple[AddStaff | None, tuple[RowFault, ...]]:
    """The row as a command, or everything that is wrong with it."""
    faults = [
        RowFault("missing", number, c.zh) for c in COLUMNS if c.needed and not cells.get(c.key)
    ]
    given: dict[str, Any] = {}
    for column in COLUMNS:
        if text := cells.get(column.key, ""):
            value, wrong = _value(column, text, number, words)
            faults.extend(wrong)
            given[column.key] = value
    if faults:
        return None, tuple(faults)
    if "person" not in given:
        told = (area, given["body"], given["name"], given.get("phone", ""))
        given["person"] = pseudonym("\x1f".join(told))
    try:
        return AddStaff.model_validate({**given, "area": area}), ()
    except ValidationError as odd:
        found = (_odd(error["loc"], number) for error in odd.errors())
        return None, tuple(dict.fromkeys(found))


def _value(column: Column, text: str, number: int, words: Words) -> tuple[Any, list[RowFault]]:
    parts = [p.strip() for p in _SPLIT.split(text) if p.strip()] if column.many else [text]
    known = words.of(column.key)
    if known is not None:
        strange = [p for p in parts if p not in known and not _township(column, p)]
        if strange:
            return None, [RowFault(f"{column.key}_unknown", number, column.zh)]
        parts = [known.get(p, p) for p in parts]
    if column.key == "phone" and (fault := _phone(text)):
        return None, [RowFault(fault, number, column.zh)]
    return (tuple(dict.fromkeys(parts)) if column.many else parts[0]), []


def _township(column: Column, text: str) -> bool:
    """Township codes and `elsewhere` are checked against the pack when the person is added."""
    return column.key == "sites" and (
        text == "elsewhere" or (text.isascii() and text.isdigit())
    )


def _phone(text: str) -> str | None:
    """Full-width digits are never put right in silence (B19)."""
    try:
        plain_phone(text)
    except PydanticCustomError as wrong:
        return "phone_full_width" if wrong.type == "phone_not_plain" else "phone_invalid"
    return None


def _odd(place: tuple[int | str, ...], number: int) -> RowFault:
    key = str(place[0]) if place else ""
    column = next((c for c in COLUMNS if c.key == key), None)
    known = f"{key}_invalid" if column else "invalid"
    return RowFault(known, number, column.zh if column else None)
