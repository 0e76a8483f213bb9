"""What may change in a released contract, and what never may."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from contracts import golden, openapi
from contracts.registry import BY_TYPE

PROSE = frozenset({"description", "title", "x-zh", "x-requirements"})


def incompatibilities(
    released: Mapping[str, bytes], today: Mapping[str, bytes]
) -> Iterator[str]:
    """Yield a sentence for each promise broken between two sets of files.

    Both map paths below `contracts/` (`examples/…`, `golden/SHA256SUMS`, `generated/schemas/…`,
    `generated/openapi/…`) to bytes.
    """
    for path, old in sorted(released.items()):
        new = today.get(path)
        if path.startswith("examples/") and path.endswith(".json"):
            yield from _example(path, old, new)
        elif path.startswith("generated/schemas/") and path.endswith(".schema.json"):
            yield from _type(path, old, new)
        elif path == f"golden/{golden.SUMS}":
            yield from golden.forgotten(old, new)
        elif path.startswith("generated/openapi/"):
            yield from _door(path, old, new)
    yield from _unreadable_to_old_readers(released, today)


def _example(path: str, old: bytes, new: bytes | None) -> Iterator[str]:
    if new != old:
        yield f"{path}: a released example is never edited or deleted; add another case"
    service, file = path.removeprefix("examples/").split("/", 1)
    type = f"{service}.{'.'.join(file.split('.')[:2])}"
    event = BY_TYPE.get(type)
    if new != old and not old:  # only its digest was kept
        return
    if event is None:
        yield f"{path}: {type} is no longer in the registry; old facts must stay readable"
        return
    try:
        event.model_validate(json.loads(old))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        yield f"{path}: this old fact can no longer be read ({where}: {first['msg']})"


def _unreadable_to_old_readers(
    released: Mapping[str, bytes], today: Mapping[str, bytes]
) -> Iterator[str]:
    """Today's facts by the released schema of the same type: who reads us now reads on."""
    from jsonschema import Draft202012Validator  # a tool of the check alone

    for path, content in sorted(today.items()):
        if not path.startswith("examples/") or path.count("/") != 2:
            continue
        service, file = path.removeprefix("examples/").split("/", 1)
        name = ".".join(file.split(".")[:2])
        schema = released.get(f"generated/schemas/{service}/{name}.schema.json")
        if schema is None or released.get(path) == content:
            continue
        for error in Draft202012Validator(json.loads(schema)).iter_errors(json.loads(content)):
            where = "/".join(map(str, error.absolute_path))
            yield (
                f"{path}: readers of the release cannot read this ({where}: {error.message}); "
                "make a new version of the event instead"
            )
            break


def _type(path: str, old: bytes, new: bytes | None) -> Iterator[str]:
    if new is None:
        yield f"{path}: a released event type is never removed; retire it in the changelog"
        return
    for problem in _narrowed(json.loads(old), json.loads(new), ""):
        yield f"{path}: {problem}; make a new version of the event instead"


def _door(path: str, old: bytes, new: bytes | None) -> Iterator[str]:
    if new is None:
        yield f"{path}: a released door is never taken away"
        return
    for problem in openapi.broken(json.loads(old), json.loads(new)):
        yield f"{path}: {problem}; keep it beside the new one, or raise the door's version"


def _narrowed(old: Any, new: Any, where: str) -> Iterator[str]:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        if old != new:
            yield f"{where} was {json.dumps(old, ensure_ascii=False)} and now differs"
        return
    for key in sorted({*old, *new} - PROSE):
        before, after, place = old.get(key), new.get(key), f"{where}/{key}"
        if (may_grow := _GROWING.get(key)) is not None:
            yield from may_grow(before, after, place)
        elif key not in old or key not in new:
            yield f"{place} was {'added' if key not in old else 'taken away'}"
        else:
            yield from _narrowed(before, after, place)


def _members(old: Any, new: Any, where: str) -> Iterator[str]:
    for name, schema in (old or {}).items():
        if name not in (new or {}):
            yield f"{where}/{name} was taken away"
        elif name == "_sd":
            continue
        else:
            yield from _narrowed(schema, new[name], f"{where}/{name}")


def _required(old: Any, new: Any, where: str) -> Iterator[str]:
    if set(old or ()) != set(new or ()):
        yield f"{where} changed: only optional members may be added"


def _personal(old: Any, new: Any, where: str) -> Iterator[str]:
    if lost := sorted(set(old or ()) - set(new or ())):
        yield f"{where} lost {', '.join(lost)}"


def _subject(old: Any, new: Any, where: str) -> Iterator[str]:
    if old is not None and old != new:
        yield f"{where} was {old} and now differs"


_GROWING: dict[str, Callable[[Any, Any, str], Iterator[str]]] = {
    "properties": _members,
    "$defs": _members,
    "required": _required,
    "x-personal": _personal,
    "x-personal-subject": _subject,
}
