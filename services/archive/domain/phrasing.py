"""How does a fact become a sentence?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from contracts.event import Event
from contracts.glossary import GLOSSARY
from contracts.pack.vocabulary import WORDS as OF_PACKS
from contracts.project import MatterFacts, label, say
from services.archive.domain.file import LEGAL_ZONE
from services.archive.domain.sentences import SENTENCES
from services.archive.domain.sentences.words import OPEN_WORDS

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_CHOICE = re.compile(r"\{(\w+)([?!])((?:[^{}]|\{[^{}]*\})*)\}")
_MEMBER = re.compile(r"\{(\w+)(#|:\w+|@\.?\w+)?\}")
_WORD = re.compile(r"[a-z][a-z0-9_-]*")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language, and the names of codes in it (`namebook`)."""

    english: bool = False
    names: Mapping[str, str] = MappingProxyType({})

    def word(self, list_: str, value: str) -> str:
        """The word for a member of a closed list; a word nobody knows yet stands as it is."""
        plain = value.replace("_", " ")
        return plain if self.english else GLOSSARY.get(f"{list_}.{value}", value)

    def code(self, value: str, section: str = "") -> str:
        """An item or material by code and name, anything else by its name, where it is known.

        `section` is the part of the pack, or the kind of word, that the code belongs to.
        """
        if section == "posts":  # of one body: the body is told beside its slot
            value = value.partition("-")[0]
        path = f"{section}.{value}"
        if self.english and path in OPEN_WORDS:
            return OPEN_WORDS[path][1]
        name = self.names.get(path) or self.names.get(value)
        if name is None:
            return self._plain(value, section)
        if not value[:1].isupper():
            return name
        return f"{value} ({name})" if self.english else f"{value}（{name}）"

    def _plain(self, value: str, section: str) -> str:
        """A word that no place names; one that nobody knows stands as it is, made readable."""
        if not _WORD.fullmatch(value):
            return value
        if self.english:
            return value.replace("_", " ")
        if (path := f"{section}.{value}") in OPEN_WORDS:
            return OPEN_WORDS[path][0]
        if value in MatterFacts.model_fields:
            return label(value)
        return OF_PACKS.get(value, value) if section else value

    def facts(self, known: Mapping[str, Any]) -> str:
        """Facts of the project by their names, as a rule asked about them."""
        if self.english:
            return ", ".join(f"{_readable(name)} {_readable(v)}" for name, v in known.items())
        return "，".join(f"{_title(name)}{_spoken(v)}" for name, v in known.items())

    def listed(self, words: list[str]) -> str:
        return (", " if self.english else "、").join(words)


def _readable(value: Any) -> str:
    if isinstance(value, list):
        return " and ".join(map(_readable, value))
    return str(value).replace("_", " ")


def _title(name: str) -> str:
    return label(name) if name in MatterFacts.model_fields else name


def _spoken(value: Any) -> str:
    return say(frozenset(value)) if isinstance(value, list) else say(value)


CHINESE, ENGLISH = Tongue(), Tongue(english=True)


def sentence(event: Event, tongue: Tongue = CHINESE) -> str:
    """What `event` says, in one sentence without its subject; raises KeyError for no template."""
    template = SENTENCES[event.type]
    return phrase(template.en if tongue.english else template.zh, event.public(), tongue)


def phrase(template: str, fact: Mapping[str, Any], tongue: Tongue) -> str:
    """Fill `template` with the members of `fact`."""

    def chosen(match: re.Match[str]) -> str:
        name, wanted, words = match.groups()
        return words if bool(fact.get(name)) is (wanted == "?") else ""

    def kept(match: re.Match[str]) -> str:
        absent = [
            m[1] for m in _MEMBER.finditer(match[1]) if fact.get(m[1]) in (None, [], "", {})
        ]
        return "" if absent else match[1]

    def said(match: re.Match[str]) -> str:
        how = match[2] or ""
        if how.startswith("@."):
            how = f"@{fact.get(how[2:])}"
        return _said(fact.get(match[1]), how, tongue)

    return _MEMBER.sub(said, _CHOICE.sub(chosen, _OPTIONAL.sub(kept, template)))


def _said(value: Any, how: str, tongue: Tongue) -> str:
    if how == "#":
        return str(len(value or ()))
    if how == ":facts":
        return tongue.facts(value or {})
    if isinstance(value, list):
        return tongue.listed([_said(member, how, tongue) for member in value])
    if value is None:
        return "—"
    if how.startswith(":"):
        return tongue.word(how[1:], str(value))
    if _INSTANT.fullmatch(text := str(value)):
        return datetime.fromisoformat(text).astimezone(LEGAL_ZONE).strftime("%Y-%m-%d %H:%M")
    return tongue.code(text, how[1:])
