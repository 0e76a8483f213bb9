"""What changes for people between two editions of a pack (修订对照), in plain words?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contracts.pack import wording
from contracts.pack.tell import CODING, Names, names_of, phrase, tree_of
from contracts.pack.wording import Lang

if TYPE_CHECKING:
    from contracts.pack import Pack


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what it means, and where the old and the new rule come from.

    A source of None is a default of ours (默认值), or nothing at all on that side.
    """

    section: str
    path: str
    text: str
    before: str | None
    after: str | None


def diff(earlier: "Pack", later: "Pack", lang: Lang = "zh") -> tuple[Change, ...]:
    """The changes from one edition to another, in the order of the later pack."""
    return tuple(_Reader(earlier, later, lang).changes())


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two packs: its tree, its names, its sources."""

    pack: "Pack"
    tree: Mapping[str, Any]
    names: Names

    @classmethod
    def of(cls, pack: "Pack") -> "_Side":
        tree = tree_of(pack._leaves)
        return cls(pack, tree, names_of(tree))

    def source(self, path: str) -> str | None:
        """Where the first leaf at or below `path` comes from."""
        for leaf in self.pack._leaves:
            if leaf == path or leaf.startswith(f"{path}."):
                try:
                    return self.pack.leaf_source(leaf)
                except LookupError:
                    continue
        return None


class _Reader:
    def __init__(self, earlier: "Pack", later: "Pack", lang: Lang) -> None:
        self.old, self.new, self.lang = _Side.of(earlier), _Side.of(later), lang

    def changes(self) -> Iterator[Change]:
        sections = dict.fromkeys([*self.new.tree, *self.old.tree])
        for section in sections:
            old, new = self.old.tree.get(section), self.new.tree.get(section)
            for path, text in self._compared(section, [section], old, new):
                before, after = self.old.source(path), self.new.source(path)
                yield Change(section, path, text, before, after)

    def _compared(
        self, path: str, steps: list[str], old: Any, new: Any
    ) -> Iterator[tuple[str, str]]:
        """Walk both trees; a member that came or went is one change, not one for each leaf."""
        if old == new:
            return
        key = steps[-1]
        whole = key == "when" or not isinstance(old, dict) or not isinstance(new, dict)
        if whole or {"days", "unit"} <= {**old}.keys() & {**new}.keys():
            yield path, self._sentence(steps, old, new)
            return
        for step in dict.fromkeys([*new, *old]):
            inner = f"{path}.{step}"
            yield from self._compared(inner, [*steps, step], old.get(step), new.get(step))

    def _sentence(self, steps: list[str], old: Any, new: Any) -> str:
        key = steps[-1]
        if key in CODING:
            return self._about(steps[:-1], self._said(key, old, self.old), new)
        where = self._address(steps)
        zh = self.lang == "zh"
        if isinstance(new, dict) and "id" in new and old is None:
            return self._came(steps, new)
        if isinstance(old, dict) and "id" in old and new is None:
            return self._went(steps, old)
        if isinstance(old, list) and isinstance(new, list):
            return self._list(where, key, old, new)
        before, after = self._said(key, old, self.old), self._said(key, new, self.new)
        if old is None:
            return f"{where}：新增规定：{after}" if zh else f"{where}: newly {after}"
        if new is None:
            return (
                f"{where}：不再规定（原为{before}）" if zh else f"{where}: no longer {before}"
            )
        meaning = self._meaning(key, old, new)
        change = f"由{before}改为{after}" if zh else f"from {before} to {after}"
        return f"{where}：{change}{meaning}" if zh else f"{where}: {change}{meaning}"

    def _about(self, steps: list[str], before: str, new: Any) -> str:
        where = self._address(steps)
        after = self._said("src", new, self.new)
        if self.lang == "zh":
            return f"{where}：出处由“{before}”改为“{after}”"
        return f"{where}: its source was “{before}”, is “{after}”"

    def _came(self, steps: list[str], member: Mapping[str, Any]) -> str:
        where, name = self._address(steps[:-1]), self._member(member, self.new)
        if steps[-2] == "papers":
            return self._paper(steps, name, member)
        told = self._details(member, self.new)
        if self.lang == "zh":
            return f"{where}：新增{_measure(steps)}“{name}”{told}"
        return f"{where}: adds “{name}”{told}"

    def _paper(self, steps: list[str], name: str, member: Mapping[str, Any]) -> str:
        """`代办·申报前新增一份材料“授权委托书”`: what people must bring before what."""
        mode = self._address(steps[:-2])
        acts = self._said("before", member.get("before", []), self.new)
        if self.lang == "zh":
            return f"{mode}·{acts}前新增一份材料“{name}”"
        return f"{mode}: one more paper, “{name}”, before {acts}"

    def _went(self, steps: list[str], member: Mapping[str, Any]) -> str:
        where, name = self._address(steps[:-1]), self._member(member, self.old)
        if self.lang == "zh":
            return f"{where}：取消“{name}”"
        return f"{where}: drops “{name}”"

    def _list(self, where: str, key: str, old: list[Any], new: list[Any]) -> str:
        added = [self._said(key, one, self.new) for one in new if one not in old]
        gone = [self._said(key, one, self.old) for one in old if one not in new]
        zh = self.lang == "zh"
        said = []
        if added:
            joined = ("、" if zh else ", ").join(added)
            said.append(f"新增{joined}" if zh else f"adds {joined}")
        if gone:
            joined = ("、" if zh else ", ").join(gone)
            said.append(f"不再有{joined}" if zh else f"drops {joined}")
        if not said:
            said.append("次序改变" if zh else "in another order")
        return f"{where}：{'；'.join(said)}" if zh else f"{where}: {'; '.join(said)}"

    def _details(self, member: Mapping[str, Any], side: _Side) -> str:
        """What a new member says, in short: its plain leaves."""
        told = [
            f"{wording.key(k, self.lang)}{'' if self.lang == 'zh' else ' '}"
            f"{self._said(k, v, side)}"
            for k, v in member.items()
            if k not in CODING | {"id", "zh"} and (not isinstance(v, dict) or k == "when")
        ]
        if not told:
            return ""
        return f"（{'；'.join(told)}）" if self.lang == "zh" else f" ({'; '.join(told)})"

    def _member(self, member: Mapping[str, Any], side: _Side) -> str:
        id = str(member["id"])
        found = member.get("zh") or side.names.of("form", id, "zh") or id
        return str(found)

    def _said(self, key: str, value: Any, side: _Side) -> str:
        return phrase(key, value, side.names, self.lang)

    def _address(self, steps: list[str]) -> str:
        """The place of a rule in words: `服务方式 代办 材料`."""
        said = [wording.section(steps[0], self.lang)] if len(steps) == 1 else []
        new, old = self.new.tree.get(steps[0]), self.old.tree.get(steps[0])
        for n, step in enumerate(steps[1:], 1):
            new = new.get(step) if isinstance(new, dict) else None
            old = old.get(step) if isinstance(old, dict) else None
            member, side = (new, self.new) if isinstance(new, dict) else (old, self.old)
            if isinstance(member, dict) and "id" in member:
                said.append(self._member(member, side))
            else:
                said.append(wording.key(step, self.lang) if n else step)
        return ("·" if self.lang == "zh" else " / ").join(said)

    def _meaning(self, key: str, old: Any, new: Any) -> str:
        """What a change means to people, where a number or a word alone does not say it."""
        zh = self.lang == "zh"
        if _is_days(old) and _is_days(new) and old["unit"] == new["unit"]:
            more = new["days"] > old["days"]
            if key in ("within", "wait", "silence", "remind_after", "rectify_within", "every"):
                return (_LATER if more else _SOONER)[not zh]
        found = _MEANS.get((key, str(new).lower()))
        return found[not zh] if found else ""


def _is_days(value: Any) -> bool:
    return isinstance(value, dict) and {"days", "unit"} <= value.keys()


def _measure(steps: list[str]) -> str:
    return _MEASURES.get(steps[-2], "") if len(steps) > 1 else ""


_LATER = "，即放宽", ", that is later"
_SOONER = "，即提前", ", that is sooner"
_MEASURES = {
    "papers": "一份材料", "bodies": "单位", "roles": "岗位", "process": "环节",
    "channels": "渠道", "promises": "一项时限", "rungs": "一级", "ladders": "一个阶梯",
    "contents": "一类归档内容", "instruments": "一种评价", "reporting": "一种报表",
    "forms": "表单", "ways": "一种送达方式", "duties": "职责", "routing": "一条派单规则",
    "include": "一类纳入项目", "exclude": "一类排除项目",
}  # fmt: skip
_MEANS: dict[tuple[str, str], tuple[str, str]] = {
    ("filed_by", "agent"): ("，今后由专员申报，项目单位不必自己申报", ": the unit no longer files"),
    ("filed_by", "applicant"): ("，今后由项目单位自行申报", ": the unit files itself from now on"),
    ("applicant_takes_part", "false"): ("，项目单位不再参与中间办理", ": the unit stays out of it"),
    ("applicant_takes_part", "true"): ("，项目单位须参与中间办理", ": the unit takes part again"),
    ("enrol", "automatic"): ("，今后无须申请即纳入", ": nobody has to apply any more"),
    ("enrol", "on_request"): ("，今后须先申请", ": one has to apply from now on"),
    ("mail_paid_by", "applicant"): ("，邮费今后由项目单位承担", ": the unit pays the postage"),
    ("mail_paid_by", "service"): ("，项目单位不再付邮费", ": the unit pays no postage"),
    ("nil", "true"): ("，没有事项也须零报告", ": a nil return is due"),
    ("count_from", "same_day"): ("，受理当日即计入", ": the day itself counts"),
}  # fmt: skip
