"""What codes are called on a screen: items, bodies, modes, posts, states, in two languages."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from contracts.glossary import GLOSSARY
from contracts.pack.vocabulary import WORDS as OF_PACKS
from contracts.vocabulary import CLOSED_LISTS
from services.console.wording import WORDS
from shared.packs import Packs

NAMES_OF_SERVICES: Mapping[str, tuple[str, str]] = {
    "intake": ("受理", "intake"),
    "assignment": ("派单", "assignment"),
    "supervision": ("督办", "supervision"),
    "evaluation": ("评价", "evaluation"),
    "archive": ("归档", "archive"),
    "feeds": ("订阅", "feeds"),
}


def _listed() -> Mapping[str, str]:
    """Every code of a closed list in Chinese, as the first list that holds it calls it."""
    found: dict[str, str] = {}
    for name, kind in CLOSED_LISTS.items():
        for code in get_args(kind.__value__):
            if zh := GLOSSARY.get(f"{name}.{code}"):
                found.setdefault(code, zh)
    return found


LISTED = _listed()


def word(code: object, language: str, of: str = "") -> str:
    """A code as a person reads it; a code nobody named is shown as it is. `of`: a list's name."""
    text = str(code)
    if code is None or code == "":
        return "—"
    own = WORDS.get(f"{of}.{text}")
    zh, en = own or WORDS.get(text) or (None, None)
    plain = text.replace("_", " ")
    if language == "en":
        return en or plain
    listed = GLOSSARY.get(f"{of}.{text}")  # a list's own word goes before one for all lists
    return (
        (None if own else listed)
        or zh
        or listed
        or GLOSSARY.get(text)
        or GLOSSARY.get(plain)
        or LISTED.get(text)
        or OF_PACKS.get(text)
        or plain
    )


@dataclass(frozen=True, slots=True)
class Names:
    """Names that packs and catalogues give, in one language."""

    packs: Packs
    language: str = "zh"
    known: dict[tuple[str, str, str], Mapping[str, str]] = field(
        default_factory=dict, compare=False
    )
    """Names by kind, area and language: a page asks for hundreds of them."""

    def in_(self, language: str) -> "Names":
        return Names(self.packs, language, self.known)

    def rules(self, area: str) -> Any | None:
        """The rules of an area, None where no pack covers it."""
        with suppress(Exception):
            return self.packs.for_area(area)
        return None

    def place(self, area: str) -> str:
        """The name of an area, else its code."""
        rules = self.rules(area)
        return self._of(rules.pack.jurisdiction, area) if rules else area

    def body(self, area: str, code: str | None) -> str:
        """The name of a body of the place."""
        if not code:
            return "—"
        if code == "applicant":
            return "项目单位" if self.language == "zh" else "the unit"
        rules = self.rules(area)
        if rules:
            with suppress(Exception):
                return self._of(rules.pack.body(code), code)
        return code

    def mode(self, area: str, code: str | None) -> str:
        """What the place calls a mode of service."""
        rules = self.rules(area) if code else None
        if rules:
            with suppress(Exception):
                one = rules.pack.mode(code)
                if self.language == "zh" or getattr(one, "en", None):
                    return self._of(one, str(code))
        return word(code, self.language)

    def item(self, area: str, code: str) -> str:
        """The name of an item with its code: `S1-01 企业投资项目备案`."""
        name = self.items(area).get(code)
        return f"{code} {name}" if name else code

    def items(self, area: str) -> Mapping[str, str]:
        """Every item of the place's catalogue: code -> name."""
        return self._all("items", area)

    def rung(self, area: str, code: str | None) -> str:
        """What the place calls a rung of its ladders; in English, what is done there."""
        rules = self.rules(area) if code else None
        if rules and self.language == "zh":
            for ladder in rules.pack.ladders:
                for one in ladder.rungs:
                    if one.id == code:
                        return str(one.zh)
        return word(code, self.language)

    def measure(self, area: str, code: str) -> str:
        """What a figure counts; that of a way of rating with the name the place gives it."""
        stem, _, kind = code.rpartition("_")
        rules = self.rules(area) if kind in ("mean", "satisfied") else None
        ways = rules.pack.evaluation.instruments if rules else ()
        for one in (part for way in ways for part in (way, *way.indicators)):
            if one.id == stem and f"measure.{code}" not in WORDS:
                return f"{self._of(one, stem)} {word(kind, self.language, 'measure')}"
        return word(code, self.language, "measure")

    def material(self, area: str, code: str) -> str:
        """The name of a kind of material."""
        name = self._all("materials", area).get(code)
        return f"{code} {name}" if name else code

    def _all(self, kind: Literal["items", "materials"], area: str) -> Mapping[str, str]:
        """Every name of a kind in the place's catalogue: code -> name."""
        key = kind, area, self.language
        if key not in self.known and (rules := self.rules(area)) is not None:
            ones = getattr(rules.catalogue, kind)
            self.known[key] = {one.id: self._of(one, one.id) for one in ones}
        return self.known.get(key, {})

    @staticmethod
    def person(id: str | None) -> str:
        """A pseudonym, short enough to be read: the last six of it."""
        if not id:
            return "—"
        return f"·{id[-6:]}" if id.startswith("p:") else id

    def _of(self, named: Any, fallback: str) -> str:
        zh, en = getattr(named, "zh", None), getattr(named, "en", None)
        return (zh if self.language == "zh" else en or zh) or fallback


def names_of(packs: Path | None) -> Names:
    """The names of the packs in a folder (default: the shipped ones)."""
    return Names(Packs.load(packs))
