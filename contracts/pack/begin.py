"""How does a new place begin: a pack copied from another's, with every source asked anew?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from contracts.edition import children, leaves
from contracts.pack import Pack

_CODING = frozenset({"id", "src", "law", "note"})
ASKED = "待填出处"
"""What marks an open question that asks for the sentence of the new place's own document."""

_HEAD = """# {zh} 政策包（由 {source} 抄来，尚未核对）
# 每一条原有的出处都已改列为待定事项“待填出处”：找到本地文件的原句，写进该条的 src，
# 再从 open 中删去这一问；本地没有的规则请直接删除。onefile pack check 会说还差什么。
# Copied from {source}. Put the sentence of your own document into `src`, then strike the
# question from `open`. `onefile pack check` says what is still missing.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Who the new pack is for."""

    id: str
    code: str
    zh: str

    @property
    def level(self) -> str:
        """Province, city or county, as the code says (GB/T 2260)."""
        if self.code.endswith("0000"):
            return "province"
        return "city" if self.code.endswith("00") else "county"


@dataclass(frozen=True, slots=True)
class Beginning:
    """The new pack's text, and the entries that still speak of the old place."""

    text: str
    still_named: tuple[tuple[str, str], ...]


def begin(source: Pack, place: Place) -> Beginning:
    """A pack for `place` that says what `source` says, without its authority."""
    asked: list[dict[str, Any]] = []
    own = _own(place)
    data = {
        name: own[name] if name in own else _stripped(value, name, asked, source.id)
        for name, value in source.data.items()
        if name != "open"
    }
    data["sites"] = _sites(data["sites"], place)
    kept = [_unsaid(q) for q in source.data["open"] if not _about_the_old(q)]
    instrument = {
        "id": "source-instrument", "q": f"{ASKED}：本地文件的名称、发文单位和日期",
        "paths": ["instrument"], "default": "草案，尚无文件",
    }  # fmt: skip
    questions = [instrument, *kept, *asked]
    used = {*_used(data, "", {p for q in questions for p in q["paths"]}, None)}
    questions = [{**q, "paths": [p for p in q["paths"] if p in used]} for q in questions]
    data["open"] = [question for question in questions if question["paths"]]
    head = _HEAD.format(zh=place.zh, source=source.id)
    return Beginning(head + _written(data), tuple(_named(data, source)))


def _own(place: Place) -> dict[str, Any]:
    """What only the new place can say of itself; its document is still to be named."""
    return {
        "id": place.id,
        "version": "0.1-draft",
        "jurisdiction": {
            "code": place.code, "zh": place.zh, "level": place.level,
            "law": "GB/T 2260 中华人民共和国行政区划代码",
        },
        "instrument": {
            "title": f"{place.zh}{ASKED}：文件名称", "status": "discussion_draft",
            "issuer": f"{ASKED}：发文单位", "issued_on": None, "public": False,
        },
    }  # fmt: skip


def _stripped(value: Any, path: str, asked: list[dict[str, Any]], origin: str) -> Any:
    """`value` without its sources and notes; each sentence taken out asks for a new one."""
    if isinstance(value, list):
        steps = [_step(member, n) for n, member in enumerate(value)]
        pairs = zip(steps, value, strict=True)
        return [_stripped(member, f"{path}.{step}", asked, origin) for step, member in pairs]
    if not isinstance(value, dict):
        return value
    phrase = value.get("src")
    if phrase and not value.get("law"):
        said = "；".join(phrase) if isinstance(phrase, list) else str(phrase)
        asked.append(
            {
                "id": f"source-{len(asked) + 1}",
                "q": f"{ASKED}：{path}（样本原句：{said}）"[:1000],
                "paths": [path],
                "default": f"暂沿用 {origin} 的做法",
            }
        )
    rest = {k: v for k, v in value.items() if k not in ("src", "note")}
    return {k: _stripped(v, f"{path}.{k}", asked, origin) for k, v in rest.items()}


def _step(member: Any, position: int) -> str:
    named = isinstance(member, dict) and isinstance(member.get("id"), str)
    return str(member["id"]) if named else str(position)


def _sites(sites: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Township codes begin with the new place's code; only a county has them."""
    found = dict(sites)
    townships = found.pop("townships", None)
    if townships and place.level == "county":
        found["townships"] = {**townships, "prefix": place.code}
    return found


def _about_the_old(question: Mapping[str, Any]) -> bool:
    """Questions about the old document itself: the new one raises its own."""
    return all(
        path.split(".")[0] in ("instrument", "jurisdiction") for path in question["paths"]
    )


def _unsaid(question: Mapping[str, Any]) -> dict[str, Any]:
    """An open question without the sentence of the old document."""
    return {key: value for key, value in question.items() if key != "src"}


def _used(data: Any, path: str, asked: set[str], nearest: str | None) -> Iterator[str]:
    """Those of the paths asked about under which a leaf has no nearer source of its own."""
    if isinstance(data, dict) and (data.get("src") or data.get("law")):
        nearest = None
    nearest = path if path in asked else nearest
    below = [(step, child) for step, child in children(data) if step not in _CODING]
    if not below and nearest is not None:
        yield nearest
    for step, child in below:
        yield from _used(child, f"{path}.{step}" if path else step, asked, nearest)


def _named(data: Mapping[str, Any], source: Pack) -> Iterator[tuple[str, str]]:
    """Leaves that still carry the short name of the old place."""
    short = _short(source.jurisdiction.zh)
    for path, value in leaves(dict(data)):
        if not path.startswith("open.") and isinstance(value, str) and short in value:
            yield path, value


def _short(zh: str) -> str:
    """`甲乙` of `某省甲乙市`: the last part of a place's name, without its rank."""
    last = zh
    for rank in ("省", "市"):
        head, _, rest = last.partition(rank)
        last = rest if rest else head
    return last[:2]


class _Dumper(yaml.SafeDumper):
    """Writes short lists and blocks in one line each, as packs are written by hand."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _written(data: Mapping[str, Any]) -> str:
    return str(
        yaml.dump(
            dict(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=160,
            default_flow_style=None,
        )
    )  # fmt: skip
