"""What does a place take over from the pack of the place above it, and what may it change?

A child file holds only what differs. Mappings are merged key by key, lists whose members carry
an `id` member by member, everything else is replaced. Only what the parent's
`children_may_change` lists may differ; the rest is refused by name (YY-02, YY-59).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from contracts.edition import Data, DataRefused, Problem, build, leaves
from contracts.pack.rules import OpenQuestion
from contracts.pack.sections import Jurisdiction
from contracts.pack.sources import CODING, Source, sources_of

OWN = frozenset({"pack", "id", "version", "jurisdiction", "instrument", "open"})
"""Sections in which a child always speaks for itself."""


class ChildHead(Data):
    """What must be well made in a child file before it is merged."""

    jurisdiction: Jurisdiction
    open: tuple[OpenQuestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Inherited:
    """The merged pack as data, and where each of its leaves comes from."""

    data: dict[str, Any]
    sources: dict[str, Source]


def parent_of(data: Mapping[str, Any]) -> str | None:
    """The id of the pack that `data` inherits from, if it says so."""
    place = data.get("jurisdiction")
    named = place.get("inherits") if isinstance(place, dict) else None
    return named if isinstance(named, str) else None


def region(code: str) -> str:
    """The digits that every place inside shares: `9901` of city 990100 (GB/T 2260)."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def above(code: str) -> Iterator[str]:
    """The codes of the places that contain `code`, the nearest first."""
    for parent in (f"{code[:4]}00", f"{code[:2]}0000"):
        if parent != code and region(parent) != region(code):
            yield parent


def inherit(
    parent: Mapping[str, Any], sources: Mapping[str, Source], child: Mapping[str, Any]
) -> Inherited:
    """`child` completed by `parent`; raises `DataRefused` with everything it may not say."""
    build(ChildHead, {name: child[name] for name in ChildHead.model_fields if name in child})
    problems = [
        *_no_parent(parent, child),
        *_strange(parent, child),
        *_asked_twice(parent, child),
    ]
    if problems:
        raise DataRefused(*problems)
    data = merged(parent, child)
    given = sources_of({"open": [], **child})
    kept = {path: source for path, source in sources.items() if path not in given}
    present = {path for path, _ in leaves(data)}
    found = {path: source for path, source in (kept | given).items() if path in present}
    data["open"] = [*_still_open(parent, found), *child.get("open", ())]
    return Inherited(data, found)


def merged(parent: Mapping[str, Any], child: Mapping[str, Any]) -> dict[str, Any]:
    """`child` completed by `parent`, whatever it is allowed to say."""
    theirs = {name: value for name, value in parent.items() if name not in OWN}
    ours = {name: value for name, value in child.items() if name not in OWN}
    own = {name: child[name] for name in OWN if name in child}
    data = {"instrument": parent["instrument"], **_merged(theirs, ours), **own}
    data["open"] = [*parent["open"], *child.get("open", ())]
    return {name: data[name] for name in _in_order(parent, data)}


def _merged(parent: Any, child: Any) -> Any:
    match parent, child:
        case dict(), dict():
            return parent | {
                key: _merged(parent.get(key), value) for key, value in child.items()
            }
        case list(), list() if _by_id(parent) and _by_id(child) and parent and child:
            ours = {member["id"]: member for member in parent}
            named = {member["id"]: member for member in child}
            changed = [_merged(member, named.get(id, {})) for id, member in ours.items()]
            return [*changed, *(member for id, member in named.items() if id not in ours)]
    return child


def _by_id(members: Sequence[Any]) -> bool:
    return all(isinstance(m, dict) and isinstance(m.get("id"), str) for m in members)


def _no_parent(parent: Mapping[str, Any], child: Mapping[str, Any]) -> Iterator[Problem]:
    above, here = parent["jurisdiction"], child["jurisdiction"]
    if not above.get("applies_to_children"):
        zh = f"上级政策包“{parent['id']}”未声明适用于下级(applies_to_children)"
        yield Problem("jurisdiction.inherits", zh, f"{parent['id']} does not apply to children")
    code = str(here["code"])
    if not code.startswith(region(above["code"])) or code == above["code"]:
        zh = f"{code}不是{above['code']}的下级行政区划"
        yield Problem("jurisdiction.code", zh, f"{code} is no place within {above['code']}")


def _strange(parent: Mapping[str, Any], child: Mapping[str, Any]) -> Iterator[Problem]:
    allowed = [str(path) for path in parent["jurisdiction"].get("children_may_change", ())]
    shown = "、".join(allowed) or "无"
    for path in _differing(_rules(parent), _rules(merged(parent, child))):
        if not may_change(path, allowed):
            zh = f"上级政策包不允许下级修改此项；可修改的有：{shown}"
            en = f"the parent lets no child change this; it may change: {', '.join(allowed)}"
            yield Problem(path, zh, en)


def _rules(data: Mapping[str, Any]) -> dict[str, Any]:
    """The leaves that a child shares with its parent, without what tells their sources."""
    shared = {name: value for name, value in data.items() if name not in OWN}
    found = leaves(shared) if shared else ()
    return {path: value for path, value in found if path.rsplit(".", 1)[-1] not in _SOURCE}


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """The leaves in which two packs differ; what empties or fills a list is told by members."""
    for one, other in ((new, old), (old, new)):
        for path, value in one.items():
            below = f"{path}."
            if path in other:
                if one is new and other[path] != value:
                    yield path
            elif value or not any(leaf.startswith(below) for leaf in other):
                yield path


_SOURCE = CODING - {"id"}


def may_change(path: str, allowed: Sequence[str]) -> bool:
    """Whether one of `allowed` names `path` or a branch above it; `*` is any one step."""
    steps = path.split(".")
    return any(_covers(pattern.split("."), steps) for pattern in allowed)


def _covers(pattern: Sequence[str], steps: Sequence[str]) -> bool:
    return len(pattern) <= len(steps) and all(
        fnmatchcase(step, wanted) for wanted, step in zip(pattern, steps, strict=False)
    )


def _asked_twice(parent: Mapping[str, Any], child: Mapping[str, Any]) -> Iterator[Problem]:
    ours = {question["id"] for question in parent["open"]}
    for question in child.get("open", ()):
        if question["id"] in ours:
            zh = "上级政策包已有同名待定事项，请另取编号"
            en = "the parent pack has an open question of this id: name it otherwise"
            yield Problem(f"open.{question['id']}", zh, en)


def _still_open(
    parent: Mapping[str, Any], found: Mapping[str, Source]
) -> Iterator[dict[str, Any]]:
    """The parent's questions, each with the paths that still name a default of theirs."""
    for question in parent["open"]:
        waiting = [path for path, source in found.items() if source.question == question["id"]]
        paths = [
            named
            for named in question["paths"]
            if any(path == named or path.startswith(f"{named}.") for path in waiting)
        ]
        if paths:
            yield question | {"paths": paths}


def _in_order(parent: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[str]:
    """The sections as the parent orders them; a child's order says nothing."""
    yield from (name for name in parent if name in data)
    yield from (name for name in data if name not in parent)
