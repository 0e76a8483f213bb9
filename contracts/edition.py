"""How a data file (pack, catalogue, calendar) is read strictly and named by its content."""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import rfc8785
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from yaml.composer import Composer

from contracts.invalid import said

MAX_BYTES = 1 << 20
MAX_DEPTH = 24
MAX_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a data file: where, and what to do, in both languages."""

    path: str
    zh: str
    en: str
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.path or '(file)'}: {self.zh} / {self.en}"


class DataRefused(ValueError):
    """The file is not loaded; `problems` says everything that is wrong with it."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class Data(BaseModel):
    """A part of a data file: frozen, no unknown keys, no silent conversions."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True
    )


def read_data(source: bytes | Path) -> dict[str, Any]:
    """Read YAML from `source`, at most 1 MiB; raises `DataRefused`.

    Refused beside broken YAML: duplicate keys, keys that are not text, anchors and aliases,
    tags, times of day, fractions, and the words YAML 1.1 turns into booleans (`on`, `no`, …).
    Everything of that kind is told at once.
    """
    return _read(source)[0]


def read_lines(source: bytes | Path) -> tuple[dict[str, Any], dict[str, int]]:
    """As `read_data`, with the line on which each path, named as in `leaves`, begins."""
    data, node = _read(source)
    return data, dict(_lines(node, data, ""))


def _read(source: bytes | Path) -> tuple[dict[str, Any], Any]:
    content = source.read_bytes() if isinstance(source, Path) else source
    if len(content) > MAX_BYTES:
        raise DataRefused(Problem("", "文件超过1MiB，请拆分", "larger than 1 MiB: split it"))
    try:
        data, node = _composed(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise DataRefused(Problem("", "文件不是UTF-8编码", f"not UTF-8: {error}")) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        if isinstance(error, DataRefused):
            raise
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        zh = "YAML写法有误，见英文说明"
        raise DataRefused(Problem("", zh, str(error), line)) from error
    if not isinstance(data, dict):
        raise DataRefused(Problem("", "文件顶层应为键值表", "the top is no mapping"))
    return data, node


def _composed(text: str) -> tuple[Any, Any]:
    """The data and the tree of nodes it was made of."""
    loader = _StrictLoader(text)
    try:
        node = loader.get_single_node()
        data = loader.construct_document(node) if node is not None else None
        if loader.refused:
            raise DataRefused(*sorted(loader.refused, key=lambda one: one.line or 0))
        return data, node
    finally:
        loader.dispose()


def _lines(node: Any, data: Any, path: str) -> Iterator[tuple[str, int]]:
    """The line of every path below `node`, a key counting as where its value begins."""
    match node, data:
        case yaml.MappingNode(), dict():
            for key, value in node.value:
                inner = f"{path}.{key.value}" if path else key.value
                yield inner, key.start_mark.line + 1
                yield from _lines(value, data[key.value], inner)
        case yaml.SequenceNode(), list():
            for position, (member, known) in enumerate(zip(node.value, data, strict=True)):
                inner = f"{path}.{step_of(known, position)}"
                yield inner, member.start_mark.line + 1
                yield from _lines(member, known, inner)


def edition_of(id: str, data: Mapping[str, Any]) -> str:
    """`<id>@<first 16 hex of SHA-256 over the RFC 8785 form of data>`; dates count as text."""
    try:
        content = rfc8785.dumps(_plain(data))
    except rfc8785.CanonicalizationError as error:
        raise DataRefused(Problem("", "数据没有规范形式，见英文说明", str(error))) from error
    return f"{id}@{sha256(content).hexdigest()[:16]}"


def build[M: BaseModel](model: type[M], data: Mapping[str, Any]) -> M:
    """Make a `model` of what `read_data` gave; raises `DataRefused` with all problems."""
    try:
        return model.model_validate_json(orjson.dumps(_plain(data)))
    except ValidationError as error:
        raise DataRefused(*_problems(error, data)) from error


def leaves(data: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every leaf as (path, value).

    A list whose members all carry an `id` is walked by those ids (`modes.agent.enrol`), any
    other list of mappings by position; a list of plain values, and anything empty, is one leaf.
    """
    branches = list(children(data))
    if not branches:
        yield path, data
    for step, child in branches:
        yield from leaves(child, f"{path}.{step}" if path else step)


def children(data: Any) -> Iterator[tuple[str, Any]]:
    """Yield the steps one level below `data`, named as in `leaves`."""
    match data:
        case dict():
            yield from ((str(key), value) for key, value in data.items())
        case list() if any(isinstance(member, dict | list) for member in data):
            for position, member in enumerate(data):
                yield step_of(member, position), member


def step_of(member: Any, position: int) -> str:
    """How a member of a list is addressed: by its `id`, else by its position from 0."""
    named = isinstance(member, dict) and isinstance(member.get("id"), str)
    return str(member["id"]) if named else str(position)


def _plain(value: Any) -> Any:
    match value:
        case datetime.date():
            return value.isoformat()
        case dict():
            return {key: _plain(member) for key, member in value.items()}
        case list():
            return [_plain(member) for member in value]
        case _:
            return value


def _problems(error: ValidationError, data: Mapping[str, Any]) -> list[Problem]:
    return [_problem(details, data) for details in error.errors(include_url=False)]


def _problem(details: Any, data: Mapping[str, Any]) -> Problem:
    path = _address(details["loc"], data)
    inner = details.get("ctx", {}).get("error")
    match details["type"]:
        case "extra_forbidden":
            zh = "不认识的键：请改正拼写，或删去；规则不会被悄悄忽略"
            return Problem(path, zh, "unknown key: correct the spelling or remove it")
        case "missing":
            return Problem(path, "缺少必填项，请补上", "required: add it")
        case "value_error" if isinstance(inner, DataRefused):
            first = inner.problems[0]
            return Problem(".".join(filter(None, (path, first.path))), first.zh, first.en)
    zh, en = said(details)
    return Problem(path, f"{zh}，而此处是：{details['input']!r:.80}", en)


def _address(loc: Sequence[str | int], data: Any) -> str:
    steps: list[str] = []
    for step in loc:
        if isinstance(step, int) and isinstance(data, list) and step < len(data):
            data = data[step]
            steps.append(step_of(data, step))
        elif isinstance(data, dict) and step in data:
            data = data[step]
            steps.append(str(step))
        else:
            data = None
            steps.append(str(step))
    return ".".join(steps)


class _Composer(Composer):
    """PyYAML's own composer over libyaml's events: CParser would compose past our refusals."""

    def __init__(self) -> None:
        self.anchors = {}


class _StrictLoader(_Composer, yaml.CSafeLoader):
    """SafeLoader without the surprises: see `read_data`. What is wrong gathers in `refused`."""

    def __init__(self, stream: str) -> None:
        yaml.CSafeLoader.__init__(self, stream)
        _Composer.__init__(self)
        self.depth = 0
        self.refused: list[Problem] = []

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event: Any = self.get_event()
            self._refuse(event, "不允许锚点与别名，请写全", "write aliases out")
            return yaml.ScalarNode("tag:yaml.org,2002:null", "", event.start_mark)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            here: Any = self.peek_event()
            self._refuse(here, "嵌套过深", f"deeper than {MAX_DEPTH} levels")
            raise DataRefused(*self.refused)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag != "tag:yaml.org,2002:str" or not isinstance(key.value, str):
                self._refuse(key, f"键“{key.value}”必须是文字，请加引号", "keys must be text")
            elif key.value in seen:
                self._refuse(key, f"键“{key.value}”重复", f"duplicate key {key.value!r}")
            else:
                seen.add(key.value)
        known = [(key, value) for key, value in node.value if isinstance(key.value, str)]
        return {key.value: self.construct_object(value, deep=deep) for key, value in known}

    def ambiguous(self, node: Any) -> str:
        zh = f"“{node.value}”的写法有歧义：文字请加引号，布尔请写true/false，小数请改用整数"
        self._refuse(node, zh, f"ambiguous {node.value!r}: quote text, no fractions")
        return str(node.value)

    def day(self, node: Any) -> datetime.date | None:
        try:
            return datetime.date.fromisoformat(node.value)
        except ValueError:
            self._refuse(node, f"没有“{node.value}”这一天", f"no such day: {node.value}")
            return None

    def strange(self, node: Any) -> None:
        self._refuse(node, f"不允许标签“{node.tag}”", f"tags are not read: {node.tag}")

    def _refuse(self, place: Any, zh: str, en: str) -> None:
        line = place.start_mark.line + 1
        self.refused.append(Problem(f"line {line}", zh, en, line))
        if len(self.refused) >= MAX_PROBLEMS:
            zh = f"前{MAX_PROBLEMS}处问题之后未再检查"
            more = Problem("", zh, f"not read further after {MAX_PROBLEMS} problems", line)
            raise DataRefused(*self.refused, more)


_RESOLVERS = (
    ("tag:yaml.org,2002:null", r"^(?:null|~|)$"),
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$"),
    ("tag:yaml.org,2002:int", r"^(?:0|-?[1-9][0-9]*)$"),
    ("tag:yaml.org,2002:timestamp", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    ("!ambiguous", r"(?i)^(?:y|n|yes|no|on|off|true|false|null)$"),
    ("!ambiguous", r"^[-+]?(?:[0-9]*\.[0-9]+|[0-9]+\.)(?:[eE][-+]?[0-9]+)?$"),
)
_StrictLoader.yaml_implicit_resolvers = {}
for _tag, _pattern in _RESOLVERS:
    _StrictLoader.add_implicit_resolver(_tag, re.compile(_pattern), None)
_StrictLoader.add_constructor("!ambiguous", _StrictLoader.ambiguous)
_StrictLoader.add_constructor("tag:yaml.org,2002:timestamp", _StrictLoader.day)
_StrictLoader.add_constructor(None, _StrictLoader.strange)
