"""Which other values could a leaf of a pack plausibly have, and what is the pack then?"""

import datetime
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, Literal, TypeAliasType, get_args, get_origin

from pydantic import BaseModel

from contracts.edition import children
from contracts.pack import Pack
from contracts.project import NUMBERS, MatterFacts
from contracts.project import Condition as _CONDITION


@cache
def schema() -> Mapping[str, Any]:
    """Leaf pattern → its type, for every leaf that a pack may have; conditions end in `**`."""
    found: dict[str, Any] = {}
    for pattern, annotation in _fields(Pack, ""):
        found.setdefault(pattern, annotation)
    return found


def _fields(model: type[BaseModel], path: str) -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        if name.startswith("_"):
            continue
        key = field.alias or name
        inner = f"{path}.{key}" if path else key
        if any("read_condition" in repr(part) for part in field.metadata):
            yield f"{inner}.**", _CONDITION
        else:
            yield from _typed(field.annotation, inner)


def _typed(annotation: Any, path: str) -> Iterator[tuple[str, Any]]:
    if annotation is _CONDITION:
        yield f"{path}.**", annotation
        return
    plain = unaliased(annotation)
    origin = get_origin(plain)
    if "read_condition" in repr(plain):
        yield f"{path}.**", _CONDITION
    elif origin in (typing.Union, types.UnionType):
        for part in get_args(plain):
            if part is not type(None):
                yield from _typed(part, path)
    elif origin is tuple and _is_model(get_args(plain)[0]):
        yield from _fields(unaliased(get_args(plain)[0]), f"{path}.*")
    elif origin is dict:
        yield f"{path}.*", get_args(plain)[1]
    elif _is_model(plain):
        yield from _fields(plain, path)
    else:
        yield path, plain


def unaliased(annotation: Any) -> Any:
    """The type behind an alias or an annotation."""
    while True:
        if isinstance(annotation, TypeAliasType):
            annotation = annotation.__value__
        elif get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        else:
            return annotation


def _is_model(annotation: Any) -> bool:
    plain = unaliased(annotation)
    return isinstance(plain, type) and issubclass(plain, BaseModel)


def variants(
    data: Mapping[str, Any], path: str, pattern: str, value: Any, packs: Sequence[Pack] = ()
) -> Iterator[Any]:
    """Other values for the leaf at `path`, the most plausible first.

    A list that is empty here borrows a member from one of `packs`.
    """
    if pattern.endswith("**"):
        yield from _other_facts(path, value)
        return
    if value == []:
        yield from _borrowed(path, packs)
    if path.endswith(".id"):
        yield f"{value}-x"
        closed = _members(unaliased(schema()[pattern]))
        yield from (one for one in closed if one != value)
        return
    annotation = schema().get(pattern, str)
    found = (one for one in _others(annotation, value, data) if one != value)
    kept: list[Any] = []
    for one in found:
        if one not in kept:
            kept.append(one)
            yield one


def _borrowed(path: str, packs: Sequence[Pack]) -> Iterator[Any]:
    """What other packs say where this one says nothing; at last a member that says nothing."""
    steps = path.split(".")
    for pack in packs:
        yield from (found for found in _at(pack.data, steps) if found)
    yield [{"id": "other"}]


def _at(data: Any, steps: list[str]) -> Iterator[Any]:
    """Everything at `steps`, with any member where a list has no such one."""
    if not steps:
        yield data
        return
    below = dict(children(data)) if isinstance(data, dict | list) else {}
    named = [below[steps[0]]] if steps[0] in below else []
    for child in named or (below.values() if isinstance(data, list) else []):
        yield from _at(child, steps[1:])


def _others(annotation: Any, value: Any, data: Mapping[str, Any]) -> Iterator[Any]:
    plain = unaliased(annotation)
    match value:
        case bool():
            yield not value
        case int():
            yield value + 1
            yield max(value - 1, 0)
        case datetime.date():
            yield value + datetime.timedelta(days=1)
        case list():
            yield from _other_lists(plain, value, data)
        case None:
            yield from _first_values(plain, data)
        case _:
            yield from _other_words(plain, str(value), data)


def _other_words(plain: Any, value: str, data: Mapping[str, Any]) -> Iterator[Any]:
    if closed := _members(plain):
        at = closed.index(value) if value in closed else 0
        yield from (closed[(at + n) % len(closed)] for n in range(1, len(closed)))
        yield f"{value}-other"
        return
    if value.isascii() and value.replace("_", "").replace("-", "").isalnum():
        yield from _other_names(value, data)
    if value.isdigit() or value.startswith("{"):
        yield value[:-1] + ("1" if value[-1:] != "1" else "2")
    yield f"{value}改"
    yield f"{value}x"


def _other_names(value: str, data: Mapping[str, Any]) -> Iterator[str]:
    """The neighbours of an id or an event name in every list that has it."""
    if value[:1].isupper():
        from contracts.pack.words import recorded

        yield from (name for name in ("ItemClosed", "ItemDecided") if name in recorded())
        return
    for names in _families(data):
        if value in names:
            at, count = names.index(value), len(names)
            steps = dict.fromkeys((1, count // 2, count - 1, count // 3, *range(2, count)))
            yield from (names[(at + n) % count] for n in steps)


def _families(data: Any) -> Iterator[list[str]]:
    """Every list of named members in the pack, the longest families of people first."""
    for _, child in children(data):
        if isinstance(child, list) and child and isinstance(child[0], dict):
            yield [str(m["id"]) for m in child if isinstance(m, dict) and "id" in m]
        if isinstance(child, dict | list):
            yield from _families(child)


def _other_lists(plain: Any, value: list[Any], data: Mapping[str, Any]) -> Iterator[Any]:
    inner = unaliased(get_args(plain)[0]) if get_origin(plain) is tuple else str
    if value and isinstance(value[0], dict):
        yield value[:-1]
        return
    more = [one for one in _additions(inner, value, data) if one not in value]
    yield from ([*value[:n], *value[n + 1 :]] for n in reversed(range(len(value))))
    yield from ([*value, one] for one in more[:2])
    yield from ([*value[:-1], one] for one in more[:1] if value)


def _additions(inner: Any, value: list[Any], data: Mapping[str, Any]) -> Iterator[Any]:
    if closed := _members(inner):
        yield from closed
    elif value and isinstance(value[0], int):
        yield max(value) - 1
    else:
        for one in value:
            yield from _other_words(inner, str(one), data)


def _first_values(plain: Any, data: Mapping[str, Any]) -> Iterator[Any]:
    """A value where there was none."""
    for part in get_args(plain) or (plain,):
        kind = unaliased(part)
        if kind is datetime.date:
            yield datetime.date(2026, 3, 2)
        elif kind is int:
            yield 3
        elif closed := _members(kind):
            yield from closed[:2]
        elif kind is str:
            yield "改"


def _members(plain: Any) -> tuple[Any, ...]:
    """The members of a closed list, None left out."""
    if get_origin(plain) is Literal:
        return get_args(plain)
    if get_origin(plain) in (typing.Union, types.UnionType):
        return tuple(m for part in get_args(plain) for m in _members(unaliased(part)))
    return ()


def _other_facts(path: str, value: Any) -> Iterator[Any]:
    """Other values of a fact in a condition."""
    steps = path.split(".")
    fact = next((s for s in reversed(steps) if s in MatterFacts.model_fields), None)
    if fact is None:  # a flag, or a condition that asks for nothing
        words = value if isinstance(value, list) else [value]
        yield {"flag": "other"} if value == {} else f"{words[0]}-other"
        yield {"investment": "mixed"}
        return
    if fact in NUMBERS:
        bounds = value if isinstance(value, list) else [value]
        yield bounds[0] + 1
        return
    from contracts.pack.samples import domain

    if isinstance(value, list):
        rest = [one for one in domain(fact) if one not in value]
        yield value[:-1] or rest[:1]
        yield from ([*value, one] for one in rest[:1])
        return
    yield from (one for one in domain(fact) if one != value)


def changed(data: Any, path: str, value: Any) -> Any:
    """`data` with the leaf at `path` made `value`; only what lies on the way is copied."""
    return _changed(data, path.split("."), value)


def _changed(data: Any, steps: list[str], value: Any) -> Any:
    if not steps:
        return value
    if isinstance(data, dict):
        key = _longest(data, steps)
        rest = steps[len(key.split(".")) :]
        return {**data, key: _changed(data[key], rest, value)}
    names = [step for step, _ in children(data)]
    at = names.index(steps[0])
    return [*data[:at], _changed(data[at], steps[1:], value), *data[at + 1 :]]


def _longest(data: Mapping[str, Any], steps: list[str]) -> str:
    return next(".".join(steps[:n]) for n in (1, 2) if ".".join(steps[:n]) in data)
