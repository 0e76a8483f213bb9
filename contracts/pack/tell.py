"""What does a policy pack say, in plain words, section by section and leaf by leaf?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.pack import wording
from contracts.pack.wording import Lang

CODING = frozenset({"src", "law", "note"})
_EVENTS = frozenset({"starts", "ends", "done_when", "required_if", "ends_when", "follow_until"})
_PEOPLE = ("bodies", "roles")
_POSTS = ("roles", "bodies")
_REFERENCES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        """assisted_by bodies body by convened_by from head home_bodies of overseen_by parent
        staffed_from to asked_by answered_by forwards_to""".split(),
        _PEOPLE,
    ),
    **dict.fromkeys(
        """activates_as assign collected_by countersigned_by hand_over_to owner pairs_with
        reserve role signatures with""".split(),
        _POSTS,
    ),
    "modes": ("modes",), "channels": ("channels",), "ladder": ("ladders",),
    "forms": ("forms",), "form": ("forms",), "carries": ("forms",),
    "via": ("reporting",), "scale": ("evaluation.scales",),
    "feeds": ("evaluation.instruments", "reporting"),
}  # fmt: skip
"""Key → the sections whose members its words may name."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence: `depth` is its place in the outline, `path` the leaf or block it tells."""

    path: str
    depth: int
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a pack in words."""

    id: str
    title: str
    lines: tuple[Line, ...]

    def __str__(self) -> str:
        told = (f"{'  ' * line.depth}{line.text}" for line in self.lines)
        return "\n".join([self.title, *told])


@dataclass(frozen=True, slots=True)
class Names:
    """What the members of a pack are called there, section by section."""

    known: Mapping[str, Mapping[str, str]]

    def of(self, key: str, id: str, lang: Lang) -> str | None:
        """The local name that `id` under `key` refers to; in English its id stands first."""
        for section in _REFERENCES.get(key, ()):
            if name := self.known.get(section, {}).get(id):
                return name if lang == "zh" else f"{id} ({name})"
        return None


def tree_of(leaves: Mapping[str, Any]) -> dict[str, Any]:
    """The leaves of a pack as the tree they came from; lists are keyed by id or position."""
    tree: dict[str, Any] = {}
    for path, value in leaves.items():
        *branches, last = path.split(".")
        node = tree
        for step in branches:
            found = node.setdefault(step, {})
            node = found if isinstance(found, dict) else node
        node[last] = value
    return tree


def names_of(tree: Mapping[str, Any]) -> Names:
    """Every name a reference may point to."""
    wanted = dict.fromkeys(section for names in _REFERENCES.values() for section in names)
    wanted["sites.parks"] = None
    return Names({section: _names_in(tree, section.split(".")) for section in wanted})


def _names_in(tree: Any, steps: list[str]) -> dict[str, str]:
    for step in steps:
        tree = tree.get(step) if isinstance(tree, dict) else None
    members = tree.items() if isinstance(tree, dict) else ()
    return {id: str(m["zh"]) for id, m in members if isinstance(m, dict) and "zh" in m}


def told(leaves: Mapping[str, Any], lang: Lang = "zh") -> tuple[Section, ...]:
    """Every section of the pack in words; no leaf is left out."""
    tree = tree_of(leaves)
    names = names_of(tree)
    return tuple(
        Section(
            name, wording.section(name, lang), tuple(_lines(name, name, value, 1, names, lang))
        )
        for name, value in tree.items()
    )


def _lines(
    key: str, path: str, value: Any, depth: int, names: Names, lang: Lang
) -> Iterator[Line]:
    """The lines of one node: its plain leaves on one line, its branches below."""
    if not isinstance(value, dict) or _is_leaf_block(key, value):
        yield Line(path, depth, phrase(key, value, names, lang))
        return
    plain = {k: v for k, v in value.items() if not isinstance(v, dict) or _is_leaf_block(k, v)}
    branches = {k: v for k, v in value.items() if k not in plain}
    if plain:
        yield Line(path, depth, _sentence(key, plain, names, lang))
    for step, child in branches.items():
        inner = f"{path}.{step}"
        if not _is_member(child):
            title = wording.key(step, lang)
            yield Line(inner, depth, title if lang == "zh" else title.capitalize())
        yield from _lines(step, inner, child, depth + (not _is_member(child)), names, lang)


def _is_leaf_block(key: str, value: Any) -> bool:
    """Blocks that are said in one phrase: a span of days, a condition."""
    if not isinstance(value, dict):
        return False
    return key == "when" or {"days", "unit"} <= value.keys()


def _is_member(value: Any) -> bool:
    return isinstance(value, dict) and "id" in value


def _sentence(key: str, plain: Mapping[str, Any], names: Names, lang: Lang) -> str:
    """`名称（代号）：责任人 …；完成于 …；出处“…”`."""
    zh = lang == "zh"
    head = ""
    rest = dict(plain)
    if "id" in rest:
        id, name = str(rest.pop("id")), rest.pop("zh", None)
        head = f"{name}〔{id}〕" if name else f"〔{id}〕"
    said = [_said(k, v, names, lang) for k, v in rest.items()]
    joined = ("；" if zh else "; ").join(said)
    if not head:
        return joined
    return f"{head}：{joined}" if zh and joined else f"{head}: {joined}" if joined else head


def _said(key: str, value: Any, names: Names, lang: Lang) -> str:
    colon = "：" if lang == "zh" else ": "
    text = phrase(key, value, names, lang)
    if key in CODING:
        text = f"“{text}”"
    return f"{wording.key(key, lang)}{colon}{text}"


def phrase(key: str, value: Any, names: Names, lang: Lang) -> str:
    """A leaf's value in words, by the key it stands under."""
    zh = lang == "zh"
    match value:
        case bool():
            return ("是" if value else "否") if zh else ("yes" if value else "no")
        case None:
            return "无" if zh else "none"
        case list() | dict() if not value:
            if key == "when":
                return wording.condition({}, lang)
            return "无" if zh else "none"
        case list() | tuple():
            joiner = ("；", "; ") if key in CODING else ("、", ", ")
            return joiner[not zh].join(phrase(key, v, names, lang) for v in value)
        case dict() if key == "when":
            said = wording.condition(_without_coding(value), lang, names.known["sites.parks"])
            return _note(said, value, lang)
        case dict() if {"days", "unit"} <= value.keys():
            return _note(wording.days(value["days"], value["unit"], lang), value, lang)
        case dict():
            inner = (_said(k, v, names, lang) for k, v in value.items())
            return ("；" if zh else "; ").join(inner)
        case int():
            return str(value)
    return _text(key, str(value), names, lang)


def _text(key: str, value: str, names: Names, lang: Lang) -> str:
    if key in _EVENTS or (key == "at" and value[:1].isupper()):
        return wording.event(value, lang)
    if name := names.of(key, value, lang):
        return name
    if key in CODING | {"zh", "id", "title", "q", "default", "version"}:
        return value
    return wording.word(value, key, lang)


def _without_coding(value: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in value.items() if k not in CODING}


def _note(text: str, block: Mapping[str, Any], lang: Lang) -> str:
    """A phrase with the source of its own block, if it has one."""
    coding = [str(block[name]) for name in ("src", "law", "note") if block.get(name)]
    if not coding:
        return text
    said = "；".join(coding)
    return f"{text}（{said}）" if lang == "zh" else f"{text} ({said})"
