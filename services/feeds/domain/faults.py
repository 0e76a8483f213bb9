"""What is wrong in `agencies.yaml`, where, and how is it put right: every fault, in two languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from contracts.invalid import said
from services.feeds.domain.agencies import Agency, Given, Key, Quota, Register, Webhook

LARGEST = 4 * 2**20

_MODELS: dict[str, type[BaseModel]] = {
    "agencies": Agency, "events": Given, "keys": Key, "quota": Quota, "webhook": Webhook,
}  # fmt: skip
_SAID = {
    "missing": "缺少此项 · this is missing",
    "string_type": "应为文字，数字请加引号 · text is wanted: put a number in quotes",
    "int_type": "应为整数 · a whole number is wanted",
    "date_type": "应为日期，如 2027-12-31 · a date is wanted, such as 2027-12-31",
    "datetime_type": "应为带时区的时间 · an instant with its offset is wanted",
    "timezone_aware": "时间须带时区，如 2026-11-21T08:00:00Z · add the offset, such as Z",
    "tuple_type": "应为列表 · a list is wanted",
    "too_short": "至少写一项 · name at least one",
    "too_long": "项数过多 · too many",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the line, the place in the document, the sentence."""

    line: int
    at: str
    said: str

    def __str__(self) -> str:
        return f"第 {self.line} 行 line {self.line} {self.at}: {self.said}"


class Unreadable(ValueError):
    """The register cannot be used; `faults` are all that is wrong. Nobody receives anything."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def read_register(text: str) -> Register:
    """The register; raises `Unreadable` with every fault at once."""
    if len(text) > LARGEST:
        raise Unreadable([Fault(1, "", "文件超过 4 MiB · the file is larger than 4 MiB")])
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        twice = list(_doubled(node))
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not YAML"
        line = mark.line + 1 if mark else 1
        raise Unreadable([Fault(line, "", f"不是合法的 YAML · not YAML: {problem}")]) from None
    if twice:
        raise Unreadable(twice)
    try:
        return Register.model_validate(_tuples(value), strict=True)
    except ValidationError as error:
        faults = {_fault(one, node) for one in error.errors(include_url=False)}
        deepest = [f for f in faults if not any(_within(o.at, f.at) for o in faults)]
        raise Unreadable(sorted(deepest, key=lambda f: (f.line, f.at))) from None


def _within(inner: str, outer: str) -> bool:
    """A list whose member is at fault needs no second sentence."""
    return inner.startswith((f"{outer}[", f"{outer}."))


def _fault(error: Any, node: yaml.Node | None) -> Fault:
    place = [*error["loc"]]
    code = str(error["type"])
    if code.startswith("events:"):
        _, number, member = code.split(":")
        place += ["events", int(number), member]
    place = [
        part for part in place if not str(part).startswith(("tuple[", "literal[", "function-"))
    ]
    at = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in place).lstrip(".")
    return Fault(_line(node, place), at, _sentence(code, error, place))


def _sentence(code: str, error: Any, place: list[Any]) -> str:
    if code == "extra_forbidden":
        near = get_close_matches(str(place[-1]), _names(place), 1)
        hint = f"，是否 {near[0]} · did you mean {near[0]}?" if near else " · remove it"
        return f"没有这一项 no such member{hint}"
    if code == "literal_error":
        return f"只能是 · it must be {error['ctx']['expected']}"
    if code == "string_pattern_mismatch":
        return f"写法不对 · it must match {error['ctx']['pattern']}"
    return _SAID.get(code) or " · ".join(said(error))


def _names(place: list[Any]) -> list[str]:
    parents = [part for part in place[:-1] if isinstance(part, str)]
    model = _MODELS[parents[-1]] if parents else Register
    return [field.alias or name for name, field in model.model_fields.items()]


def _line(node: yaml.Node | None, place: list[Any]) -> int:
    for part in place:
        below = None
        if isinstance(node, yaml.MappingNode):
            below = next((v for k, v in node.value if k.value == part), None)
            key = next((k for k, _ in node.value if k.value == part), None)
            if below is not None and key is not None and part == place[-1]:
                return int(key.start_mark.line) + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            below = node.value[part] if part < len(node.value) else None
        if below is None:
            break
        node = below
    return int(node.start_mark.line) + 1 if node else 1


def _doubled(node: yaml.Node | None) -> Iterator[Fault]:
    """Keys that stand twice in one mapping: YAML would let the last one win."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                said = f"{key.value} 写了两次 · {key.value} stands twice"
                yield Fault(key.start_mark.line + 1, str(key.value), said)
            seen.add(key.value)
            yield from _doubled(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _doubled(value)


def _tuples(value: Any) -> Any:
    """Lists as tuples, which strict models take."""
    match value:
        case dict():
            return {key: _tuples(one) for key, one in value.items()}
        case list():
            return tuple(_tuples(one) for one in value)
    return value
