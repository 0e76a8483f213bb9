"""What may be chosen for a field of a form: items, bodies, people and words of the place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.console.backend import Caller
from services.console.listing import everything
from services.console.naming import Names, word
from services.console.wording import SUGGESTED

USUAL: Mapping[str, str] = {
    "window_clerk": "window", "guide": "hall_desk",
    "applicant_lead": "online_zone", "applicant_handler": "online_zone",
}  # fmt: skip
"""The channel that a post works by; it stands in the form and can be changed."""

type Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Around:
    """What a form is about: the place, and the matter with its items and materials, if any."""

    names: Names
    language: str
    area: str
    matter: Mapping[str, Any] = field(default_factory=dict)
    staff: Sequence[Mapping[str, Any]] = ()
    people: Mapping[str, str] = field(default_factory=dict)

    def options(self, name: str, about: str) -> Options | None:
        """A closed choice for what the place has a list of; None for anything else."""
        if "事项编码" in about:
            return self._items()
        if "材料编码" in about:
            return self._materials()
        if "机构代号" in about:
            return self._bodies()
        if "行为人代号" in about:
            return self._people()
        if "行政区划代码" in about and self.area:
            return [(self.area, f"{self.names.place(self.area)} {self.area}")]
        if name == "mode":
            return self._modes()
        if name == "move":
            return self._moves()
        return None

    def suggested(self, name: str, about: str) -> Options:
        """Words that are often used for an open field; any other may be typed."""
        return [(code, word(code, self.language, name)) for code in SUGGESTED.get(name, ())]

    def channel(self, roles: Sequence[str]) -> str | None:
        """The door by which somebody with these posts usually works, where the place has it."""
        rules = self.names.rules(self.area)
        known = {one.kind for one in rules.pack.channels} if rules else set()
        usual = next((USUAL[role] for role in roles if role in USUAL), None)
        return usual if usual in known else None

    def named(self, name: str, code: str) -> str:
        """A code of a closed list, as a person reads it."""
        if name in ("mode", "wanted"):
            return self.names.mode(self.area, code)
        return word(code, self.language, name)

    def _items(self) -> Options:
        known = self.names.items(self.area)
        served = [code for code in self.matter.get("items", ()) if code in known]
        rest = [code for code in known if code not in served]
        return [(code, f"{code} {known[code]}") for code in (*served, *rest)]

    def _materials(self) -> Options:
        rules = self.names.rules(self.area)
        if rules is None:
            return []
        return [(one.id, self.names.material(self.area, one.id))
                for one in rules.catalogue.materials]  # fmt: skip

    def _bodies(self) -> Options:
        rules = self.names.rules(self.area)
        if rules is None:
            return []
        unit = ("applicant", self.names.body(self.area, "applicant"))
        return [(one.id, one.zh) for one in rules.pack.bodies] + [unit]

    def _modes(self) -> Options:
        rules = self.names.rules(self.area)
        return [(one.id, one.zh) for one in rules.pack.modes] if rules else []

    def _moves(self) -> Options:
        """What can be done with an agreement here."""
        rules = self.names.rules(self.area)
        kinds = rules.pack.agreements if rules else ()
        return [
            (move.id, move.zh if self.language == "zh" else word(move.kind, "en", "move_kind"))
            for kind in kinds
            for move in kind.moves
        ]

    def _people(self) -> Options:
        found = dict(self.people)
        for row in self.staff:
            roles = "、".join(word(role, self.language, "role") for role in row["roles"])
            body = self.names.body(self.area, row["body"])
            name = self.names.person(row["person"])
            found.setdefault(row["person"], f"{roles} {body} {name}")
        return list(found.items())


async def around(
    me: Caller, names: Names, area: str, matter: Mapping[str, Any] | None, *, people: bool
) -> Around:
    """What is known around a form; people are asked for only where one is to be chosen."""
    place = area or str((matter or {}).get("area", "")) or me.area
    staff: Sequence[Mapping[str, Any]] = ()
    known = {me.id: f"{me.session.name}（{me.session.post}）"}
    if people:
        every = await everything(me, "assignment", "/staff", area=place) if place else []
        staff = [row for row in every if not row.get("removed_on")]
        if matter:
            served = await me.maybe("assignment", f"/matters/{matter['id']}/people") or {}
            for one in served.get("people", ()):
                lead = word("lead_agent" if one["lead"] else "agent_of", me.language)
                known.setdefault(one["person"], f"{one.get('name', '')} {lead}".strip())
            for role in ("applicant", "handler"):
                if matter.get(role):
                    known.setdefault(str(matter[role]), word(role, me.language, "unit"))
    return Around(names.in_(me.language), me.language, place, matter or {}, staff, known)
