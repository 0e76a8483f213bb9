"""How is `agencies.yaml` changed by a command: only the lines that must, and never into nonsense."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import yaml

from services.feeds.domain.agencies import FORM, Key, Register
from services.feeds.domain.faults import read_register


class CannotEdit(Exception):
    """The file has a form we would spoil: change it by hand; the message says what to write."""


def with_agency(text: str, entry: dict[str, Any]) -> str:
    """The file with one agency more at its end; raises `Unreadable` or `CannotEdit`."""
    register = read_register(text) if text.strip() else None
    dumped = yaml.safe_dump([_plain(entry)], allow_unicode=True, sort_keys=False, width=96)
    block = "".join(f"  {line}\n" for line in dumped.rstrip().split("\n"))
    if register is None:
        made = f"schema: {FORM}\nagencies:\n{block}"
    elif register.agencies:
        _refuse_flow(text)
        made = text.rstrip("\n") + "\n" + _indented_like(text, block)
    else:
        made = f"schema: {FORM}\nagencies:\n{block}"
    return _whole(made, {entry["id"]})


def with_keys(text: str, agency: str, keys: Sequence[Key]) -> str:
    """The file with these keys for the agency; raises `Unreadable`, `CannotEdit` or KeyError."""
    register = read_register(text)
    if register.agency(agency) is None:
        raise KeyError(agency)
    node = _entry(yaml.compose(text, Loader=yaml.SafeLoader), agency)
    if node.flow_style:
        raise CannotEdit("请用分行写法 · write each member of an agency on a line of its own")
    column = node.start_mark.column
    margin = " " * (column + 2)
    block = "\n".join(margin + _line(key) for key in keys) or f"{margin}[]"
    for name, value in node.value:
        if name.value == "keys":
            begin, end = name.end_mark.index, value.end_mark.index
            tail = text[begin:end]
            rest = tail[len(tail.rstrip()) :]
            made = text[:begin] + ":\n" + block + rest + text[end:]
            return _whole(made, {agency})
    id_value = next(value for name, value in node.value if name.value == "id")
    at = text.index("\n", id_value.end_mark.index) + 1
    made = text[:at] + " " * column + "keys:\n" + block + "\n" + text[at:]
    return _whole(made, {agency})


def _line(key: Key) -> str:
    parts = [
        f"nkey: {key.nkey}",
        f"since: {_instant(key.since)}",
        f"until: {_instant(key.until)}",
    ]
    if key.revoked:
        parts.append(f"revoked: {_instant(key.revoked)}")
    return f"- {{{', '.join(parts)}}}"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {k: _plain(v) for k, v in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
    return value


def _entry(node: yaml.Node | None, agency: str) -> yaml.MappingNode:
    assert isinstance(node, yaml.MappingNode)
    listed = next(value for name, value in node.value if name.value == "agencies")
    for one in listed.value:
        if any(name.value == "id" and value.value == agency for name, value in one.value):
            assert isinstance(one, yaml.MappingNode)
            return one
    raise KeyError(agency)


def _refuse_flow(text: str) -> None:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(node, yaml.MappingNode)
    name, listed = node.value[-1]
    if name.value != "agencies" or listed.flow_style:
        raise CannotEdit(
            "agencies 应在文件最后并分行书写 · put `agencies` last and its entries on lines of "
            "their own, or add the agency by hand"
        )


def _indented_like(text: str, block: str) -> str:
    """The block as far to the right as the entries that are there."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(node, yaml.MappingNode)
    first = node.value[-1][1].value[0]
    shift = first.start_mark.column - 4
    if shift == 0:
        return block
    if shift < 0:
        return "".join(line[-shift:] + "\n" for line in block.rstrip("\n").split("\n"))
    return "".join(" " * shift + line + "\n" for line in block.rstrip("\n").split("\n"))


def _whole(made: str, touched: set[str]) -> str:
    """The text, once it was read back; raises `Unreadable`."""
    register: Register = read_register(made)
    assert touched <= {agency.id for agency in register.agencies}
    return made
