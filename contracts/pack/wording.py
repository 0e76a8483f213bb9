"""What is each key, word and event of a policy pack called in plain Chinese and English?"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from contracts.glossary import GLOSSARY
from contracts.pack.vocabulary import (
    EVENTS,
    FACTS,
    FIELDS,
    FLAGS,
    ITEM_STAGES,
    KEYS,
    LISTS,
    OF_KEY,
    SECTIONS,
    UNDER,
    WORDS,
)
from contracts.project import label, say

type Lang = Literal["zh", "en"]


def section(name: str, lang: Lang) -> str:
    """The heading of a section."""
    zh, en = SECTIONS.get(name, (name, name.replace("_", " ")))
    return zh if lang == "zh" else en


def key(name: str, lang: Lang) -> str:
    """What a key asks, in words."""
    zh, en = KEYS.get(name) or SECTIONS.get(name) or (name, name.replace("_", " "))
    return zh if lang == "zh" else en


def word(value: str, under: str, lang: Lang) -> str:
    """A word of a closed list; `under` is the key it stands under."""
    if lang == "en":
        return {"wd": "working days", "cd": "calendar days"}.get(value, value.replace("_", " "))
    if under == "fields":
        return FIELDS.get(value, value)
    if found := UNDER.get((under, value)):
        return found
    for name in OF_KEY.get(under, ()):
        if found := GLOSSARY.get(f"{name}.{value}"):
            return found
    if value in WORDS or value in ITEM_STAGES:
        return WORDS.get(value) or ITEM_STAGES[value]
    for name in LISTS:
        if found := GLOSSARY.get(f"{name}.{value}"):
            return found
    return value


def event(name: str, lang: Lang) -> str:
    """What an event is called: `ServiceRequested`, 提交申请."""
    if lang == "en":
        return " ".join(re.findall(r"[A-Z][a-z]*", name)).lower() or name
    return _event_names().get(name) or EVENTS.get(name, name)


@cache
def _event_names() -> dict[str, str]:
    from contracts.registry import BY_TYPE  # the registry's events lean on packs

    named = {}
    for kind in BY_TYPE.values():
        found = re.search(r"\(([一-鿿][^;；()]*)[;；)]", kind.__doc__ or "")
        if found:
            named[kind.__name__] = found[1]
    return named


def days(count: int, unit: str, lang: Lang) -> str:
    """`5个工作日`, `5 working days`."""
    if lang == "zh":
        return f"{count}{WORDS[unit]}"
    name = "working day" if unit == "wd" else "calendar day"
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


_OPERATORS = {
    "eq": ("等于", "is"), "gt": ("大于", "is more than"), "ge": ("不少于", "is at least"),
    "lt": ("小于", "is less than"), "le": ("不多于", "is at most"),
}  # fmt: skip


def condition(data: object, lang: Lang, names: Mapping[str, str] | None = None) -> str:
    """A condition as a sentence: `投资类型为社会投资，且建设性质为新建或改建`.

    `names` says what the codes in it are called at the place.
    """
    if not isinstance(data, dict):
        return str(data)
    tests = [_test(str(name), value, lang, names or {}) for name, value in data.items()]
    if not tests:
        return "任何情况" if lang == "zh" else "always"
    return ("，且" if lang == "zh" else " and ").join(tests)


def _test(name: str, value: object, lang: Lang, names: Mapping[str, str]) -> str:
    zh = lang == "zh"
    match name:
        case "all" | "any":
            parts = value.values() if isinstance(value, dict) else _listed(value)
            joiner = {"all": ("；且", " and "), "any": ("；或", " or ")}[name][not zh]
            inner = joiner.join(condition(part, lang, names) for part in parts)
            return f"（{inner}）" if zh else f"({inner})"
        case "not":
            inner = condition(value, lang, names)
            return f"不属于（{inner}）" if zh else f"not ({inner})"
        case "flag" | "flags":
            words = _either(value, lang, FLAGS)
            return f"属{words}" if zh else f"marked {words}"
    fact = _fact(name, lang)
    if isinstance(value, dict):
        bounds = [f"{_OPERATORS[op][not zh]}{'' if zh else ' '}{n}" for op, n in value.items()]
        said = ("且" if zh else " and ").join(bounds)
        return f"{fact}{said}" if zh else f"{fact} {said}"
    if isinstance(value, bool):
        if zh:
            return f"{fact}：{'是' if value else '否'}"
        return f"{fact}: {'yes' if value else 'no'}"
    chosen = _either(value, lang, names)
    return f"{fact}为{chosen}" if zh else f"{fact} is {chosen}"


def _either(value: object, lang: Lang, names: Mapping[str, str]) -> str:
    said = [_said(one, lang, names) for one in _listed(value)]
    return ("或" if lang == "zh" else " or ").join(said)


def _said(one: object, lang: Lang, names: Mapping[str, str]) -> str:
    word = str(one)
    if lang == "en":
        return f"{word} ({names[word]})" if word in names else word.replace("_", " ")
    told = say(one)
    return names.get(word) or (FACTS.get(word, told) if told == word else told)


def _fact(name: str, lang: Lang) -> str:
    if lang == "en":
        return name.replace("_", " ")
    try:
        return label(name)
    except KeyError:
        return name


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]
