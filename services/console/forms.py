"""From what a command takes to a form, and from a filled form to the command."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from services.console.naming import Names

type Schema = Mapping[str, Any]
type Kind = Literal[
    "text", "long", "number", "date", "moment", "phone", "check", "either", "one", "many",
    "words", "group", "rows", "files",
]  # fmt: skip

LONG_TEXT = 300
MOST_ROWS = 50
CIRCUMSTANCES = ("effective", "channel", "late_reason")
"""Of every command: when it was really done, by which way, and why it is entered so late."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in. `path` is its place in the command: `proxy_chain.0.powers`."""

    path: str
    name: str
    kind: Kind
    required: bool = False
    hint: str = ""
    options: Sequence[tuple[str, str]] = ()
    suggested: Sequence[tuple[str, str]] = ()
    pattern: str = ""
    longest: int | None = None
    least: int | None = None
    most: int | None = None
    value: Any = None
    parts: Sequence["Field"] = ()
    personal: bool = False
    wrong: str = ""

    @property
    def id(self) -> str:
        return "f-" + self.path.replace(".", "-")


class Choices(Protocol):
    """Who knows what may be chosen for a field: items, bodies, people …"""

    def options(self, name: str, about: str) -> Sequence[tuple[str, str]] | None: ...
    def suggested(self, name: str, about: str) -> Sequence[tuple[str, str]]: ...
    def named(self, name: str, code: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a command: what it needs, what it may have, and its circumstances."""

    needed: Sequence[Field] = ()
    more: Sequence[Field] = ()
    circumstances: Sequence[Field] = ()


@dataclass(slots=True)
class Made:
    """Makes the fields of one form from a schema and what is known already."""

    choices: Choices
    values: Mapping[str, Any]
    wrong: Mapping[str, str] = field(default_factory=dict)
    blank_rows: frozenset[str] = frozenset()

    def form(self, schema: Schema, without: Sequence[str] = ()) -> Form:
        needed, more, circumstances = [], [], []
        required = set(schema.get("required", ()))
        for name, one in schema["properties"].items():
            if name in without:
                continue
            made = self._field(name, name, one, name in required, self.values.get(name))
            if name in CIRCUMSTANCES:
                circumstances.append(made)
            elif made.required or made.value not in (None, "", [], {}):
                needed.append(made)
            else:
                more.append(made)
        return Form(needed, more, circumstances)

    def _field(self, path: str, name: str, raw: Schema, required: bool, value: Any) -> Field:
        schema, optional = plain(raw)
        about = str(schema.get("description", ""))
        made = Field(
            path=path, name=name, kind="text", required=required and not optional,
            hint="" if "pattern" in schema and not schema.get("title") else about,
            value=schema.get("default") if value is None else value,
            personal=bool(schema.get("x-personal")),
            longest=schema.get("maxLength"), wrong=self.wrong.get(path, ""),
        )  # fmt: skip
        match schema.get("type"):
            case "object":
                return self._group(made, schema, value)
            case "array":
                return self._array(made, schema, value)
            case "boolean":
                return replace(made, kind="either" if optional else "check")
            case "integer":
                least, most = schema.get("minimum"), schema.get("maximum")
                most = most if most is not None and most < 2**40 else None
                return replace(made, kind="number", least=least, most=most)
        return self._text(made, schema, about)

    def _text(self, made: Field, schema: Schema, about: str) -> Field:
        if "enum" in schema:
            options = [
                (code, self.choices.named(made.name, code)) for code in map(str, schema["enum"])
            ]
            return replace(made, kind="one", options=options)
        if offered := self.choices.options(made.name, about):
            return replace(made, kind="one", options=_with(offered, made.value))
        kinds: dict[str, Kind] = {"date": "date", "date-time": "moment"}
        kind: Kind = kinds.get(str(schema.get("format")), "text")
        if kind == "text" and (made.longest or 0) > LONG_TEXT:
            kind = "long"
        if made.name.endswith("phone"):
            kind = "phone"
        suggested = self.choices.suggested(made.name, about)
        return replace(made, kind=kind, suggested=suggested)

    def _group(self, made: Field, schema: Schema, value: Any) -> Field:
        if is_file(schema):
            return replace(made, kind="files", most=1)
        given = value if isinstance(value, Mapping) else {}
        required = set(schema.get("required", ()))
        parts = [
            self._field(f"{made.path}.{name}", name, one, name in required and made.required,
                        given.get(name))
            for name, one in schema.get("properties", {}).items()
        ]  # fmt: skip
        return replace(made, kind="group", parts=parts)

    def _array(self, made: Field, schema: Schema, value: Any) -> Field:
        inner, _ = plain(schema.get("items", {}))
        about = str(inner.get("description", ""))
        given = list(value) if isinstance(value, list | tuple) else []
        if inner.get("type") == "object":
            if is_file(inner):
                return replace(made, kind="files", most=schema.get("maxItems"))
            rows: list[Any] = given or ([{}] if made.required else [])
            if made.path in self.blank_rows and len(rows) < MOST_ROWS:
                rows = [*rows, {}]
            parts = [
                self._group(Field(f"{made.path}.{n}", made.name, "group", True), inner, row)
                for n, row in enumerate(rows)
            ]
            return replace(made, kind="rows", parts=parts, value=given)
        if "enum" in inner:
            options = [
                (code, self.choices.named(made.name, code)) for code in map(str, inner["enum"])
            ]
            return replace(made, kind="many", options=options, value=given)
        options = list(self.choices.options(made.name, about) or ())
        if options:
            for code in given:
                options = list(_with(options, code))
            return replace(made, kind="many", options=options, value=given)
        suggested = self.choices.suggested(made.name, about)
        return replace(made, kind="words", value=given, suggested=suggested, hint=about)


def plain(raw: Schema) -> tuple[Schema, bool]:
    """A schema without its `null`, and whether it had one; of several, the first that fits."""
    every = raw.get("anyOf") or raw.get("oneOf")
    if not every:
        return raw, False
    real = [one for one in every if one.get("type") != "null"]
    texts = [one for one in real if one.get("type") == "string"]
    first = (texts or real or [{}])[0]
    around = {k: v for k, v in raw.items() if k in ("description", "default", "title")}
    return {**around, **plain(first)[0]}, len(real) < len(every)


def is_file(schema: Schema) -> bool:
    """Whether an object says what is known of a file."""
    return {"sha256", "size", "media_type"} <= set(schema.get("properties", {}))


def _with(options: Sequence[tuple[str, str]], code: Any) -> Sequence[tuple[str, str]]:
    if not code or not isinstance(code, str) or any(code == known for known, _ in options):
        return options
    # Somebody whose name this person is not given, by the end of the pseudonym, as everywhere.
    return [*options, (code, Names.person(code) if code.startswith("p:") else code)]


# -- from what was filled in ------------------------------------------------------------------


class Given(Protocol):
    """A form that was sent."""

    def getlist(self, key: Any) -> list[Any]: ...
    def keys(self) -> Any: ...


def filled(schema: Schema, given: Given, files: Mapping[str, list[Any]]) -> dict[str, Any]:
    """The command that a form says. What is left empty is not said at all."""
    return dict(_members(schema, given, files, "", skip=()))


def _members(
    schema: Schema, given: Given, files: Mapping[str, list[Any]], before: str,
    skip: Sequence[str],
) -> Iterator[tuple[str, Any]]:  # fmt: skip
    for name, raw in schema.get("properties", {}).items():
        if name in skip:
            continue
        value = _value(raw, given, files, f"{before}{name}")
        if value is not None:
            yield name, value


def _value(raw: Schema, given: Given, files: Mapping[str, list[Any]], path: str) -> Any:
    schema, optional = plain(raw)
    match schema.get("type"):
        case "object":
            if is_file(schema):
                return next(iter(files.get(path, [])), None)
            return dict(_members(schema, given, files, f"{path}.", ())) or None
        case "array":
            return _several(schema, given, files, path)
    text = _text_of(given, path)
    match schema.get("type"):
        case "boolean":
            if optional:
                return {"yes": True, "no": False}.get(text)
            return text == "yes" if f"{path}.asked" in given.keys() else None
        case "integer":
            return (
                int(text) if text.lstrip("-").isdecimal() and text.isascii() else text or None
            )
    instant = schema.get("format") in ("date", "date-time")
    if instant and text.count(":") == 1 and text.isascii():
        return f"{text}:00+08:00" if len(text) == 16 else text
    return text or None


def _several(
    schema: Schema, given: Given, files: Mapping[str, list[Any]], path: str
) -> list[Any] | None:
    inner, _ = plain(schema.get("items", {}))
    if inner.get("type") == "object":
        if is_file(inner):
            return files.get(path) or None
        found = []
        for number in range(MOST_ROWS):
            prefix = f"{path}.{number}."
            if not any(str(key).startswith(prefix) for key in given.keys()):
                break
            row = dict(_members(inner, given, files, prefix, ()))
            found += [row] if row else []
        return found or None
    asked = [str(one) for one in given.getlist(path) if isinstance(one, str)]
    words = [
        w for one in asked for w in (_cut(one) if "\n" in one or len(asked) == 1 else [one])
    ]
    if inner.get("type") == "integer":
        return [int(w) if w.isdecimal() else w for w in words] or None
    return words or None


def _cut(text: str) -> list[str]:
    """One entry in each line; codes may stand in one line with spaces or commas between."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) == 1 and lines[0].isascii():
        return lines[0].replace(",", " ").split()
    return lines


def _text_of(given: Given, path: str) -> str:
    return next((one.strip() for one in given.getlist(path) if isinstance(one, str)), "")
