"""What may change in a released HTTP door: who asks is understood, and finds what it found."""

from collections.abc import Iterator, Mapping
from typing import Any

type Schema = Mapping[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")
_AT_MOST = ("maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties")
_AT_LEAST = ("minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties")


def broken(old: Schema, new: Schema) -> Iterator[str]:
    """A sentence for each promise of the document `old` that `new` breaks.

    A door that says another `info.version` has told everybody that it is another door.
    """
    if old["info"]["version"] != new["info"]["version"]:
        return
    for path, methods in old["paths"].items():
        for method in (m for m in METHODS if m in methods):
            where = f"{method.upper()} {path}"
            today = new["paths"].get(path, {}).get(method)
            if today is None:
                yield f"{where} was taken away"
                continue
            yield from _operation(_Pair(old, new), methods[method], today, where)


class _Pair:
    """The two documents, so that what refers to a component can be followed in its own."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self._old, self._new = old, new
        self._under: set[tuple[str, str, bool]] = set()

    def narrowed(self, old: Any, new: Any, where: str, *, answer: bool) -> Iterator[str]:
        """Whether `new` takes what `old` took or, for an answer, gives what it gave."""
        seen = (str(old.get("$ref", id(old))), str(new.get("$ref", id(new))), answer)
        if seen in self._under:
            return
        self._under.add(seen)
        try:
            before, after = _choices(self._old, old), _choices(self._new, new)
            every, some = (after, before) if answer else (before, after)
            for one in every:
                told = [
                    list(self._one(*((other, one) if answer else (one, other)), where, answer))
                    for other in some
                ]
                if all(told):
                    yield from min(told, key=len)
        finally:
            self._under.discard(seen)

    def _one(self, old: Schema, new: Schema, where: str, answer: bool) -> Iterator[str]:
        if old.get("type") is not None and old.get("type") != new.get("type"):
            yield f"{where} was {old['type']} and is {new.get('type', 'anything')}"
            return
        if old.get("format") != new.get("format"):
            yield f"{where} has another format"
        yield from _words(old, new, where, answer)
        if not answer:
            yield from _tightened(old, new, where)
        yield from self._members(old, new, where, answer)
        for inner in ("items", "additionalProperties"):
            before, after = old.get(inner), new.get(inner)
            if isinstance(before, Mapping) and isinstance(after, Mapping):
                yield from self.narrowed(before, after, f"{where}[]", answer=answer)

    def _members(self, old: Schema, new: Schema, where: str, answer: bool) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name, schema in before.items():
            if name not in after:
                yield f"{where}.{name} was taken away"
            else:
                yield from self.narrowed(schema, after[name], f"{where}.{name}", answer=answer)
        must, now = set(old.get("required", ())), set(new.get("required", ()))
        for name in sorted(must - now if answer else now - must):
            if name in after:
                change = "may now be absent" if answer else "is required now"
                yield f"{where}.{name} {change}"


def _operation(pair: _Pair, old: Schema, new: Schema, where: str) -> Iterator[str]:
    if new.get("security") and not old.get("security"):
        yield f"{where} asks for a token now"
    yield from _parameters(pair, old, new, where)
    yield from _body(pair, old.get("requestBody"), new.get("requestBody"), where)
    for status, answer in old.get("responses", {}).items():
        if _undescribed(answer):
            continue  # what was never described was never promised
        if status not in new.get("responses", {}):
            yield f"{where} no longer answers {status}"
            continue
        today = new["responses"][status].get("content", {})
        for media, content in answer.get("content", {}).items():
            if not content.get("schema"):
                continue
            if media not in today:
                yield f"{where} no longer answers {status} as {media}"
                continue
            yield from pair.narrowed(
                content.get("schema", {}), today[media].get("schema", {}), f"{where} answer",
                answer=True,
            )  # fmt: skip


def _parameters(pair: _Pair, old: Schema, new: Schema, where: str) -> Iterator[str]:
    before = {(p["in"], p["name"].lower()): p for p in old.get("parameters", ())}
    after = {(p["in"], p["name"].lower()): p for p in new.get("parameters", ())}
    for key, told in after.items():
        if told.get("required") and not before.get(key, {}).get("required"):
            yield f"{where} {key[1]} is required now"
    for key, told in before.items():
        if key not in after:
            yield f"{where} {key[1]} was taken away"
            continue
        yield from pair.narrowed(
            told.get("schema", {}), after[key].get("schema", {}), f"{where} {key[1]}",
            answer=False,
        )  # fmt: skip


def _body(pair: _Pair, old: Schema | None, new: Schema | None, where: str) -> Iterator[str]:
    if new is None:
        return
    if old is None:
        if new.get("required"):
            yield f"{where} wants a body now"
        return
    for media, content in old.get("content", {}).items():
        if media not in new.get("content", {}):
            yield f"{where} no longer takes {media}"
            continue
        if not content.get("schema"):
            continue  # nothing was said of what it must hold
        schema = new["content"][media].get("schema", {})
        yield from pair.narrowed(
            content.get("schema", {}), schema, f"{where} body", answer=False
        )


def _undescribed(answer: Schema) -> bool:
    """Whether it was said that something is answered, and of nothing what it is."""
    contents = answer.get("content", {}).values()
    return bool(contents) and not any(content.get("schema") for content in contents)


def _choices(document: Schema, schema: Schema) -> list[Schema]:
    """What a value may be: one schema, or each of several; references are followed."""
    if "$ref" in schema:
        target: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return _choices(document, target)
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return [one for choice in schema[word] for one in _choices(document, choice)]
    return [schema]


def _words(old: Schema, new: Schema, where: str, answer: bool) -> Iterator[str]:
    """A question may gain words and an answer may lose them; never the other way."""
    before, after = _listed(old), _listed(new)
    more, fewer = (before, after) if answer else (after, before)
    if more is None:
        return
    if fewer is None:
        yield f"{where} {'is no longer one of a list' if answer else 'must be of a list now'}"
    elif odd := fewer - more:
        words = ", ".join(sorted(map(str, odd)))
        yield f"{where} {'may now be' if answer else 'may no longer be'} {words}"


def _listed(schema: Schema) -> set[Any] | None:
    if "const" in schema:
        return {schema["const"]}
    return set(schema["enum"]) if "enum" in schema else None


def _tightened(old: Schema, new: Schema, where: str) -> Iterator[str]:
    if new.get("pattern") is not None and new.get("pattern") != old.get("pattern"):
        yield f"{where} must match another pattern"
    if (
        new.get("additionalProperties") is False
        and old.get("additionalProperties") is not False
    ):
        yield f"{where} takes no further members now"
    for bound, sign in ((b, 1) for b in _AT_MOST):
        yield from _bound(old, new, where, bound, sign)
    for bound, sign in ((b, -1) for b in _AT_LEAST):
        yield from _bound(old, new, where, bound, sign)


def _bound(old: Schema, new: Schema, where: str, bound: str, sign: int) -> Iterator[str]:
    after, before = new.get(bound), old.get(bound)
    if after is not None and (before is None or sign * after < sign * before):
        yield f"{where} {bound} is {after} now"
