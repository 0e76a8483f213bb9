"""What would happen to twenty sample projects (样本项目) under a pack, and where do rules clash?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contracts.catalogue import Catalogue, load_catalogue
from contracts.pack import wording
from contracts.pack.clashes import Clash, clashes
from contracts.pack.samples import Sample, known, rules_of, samples
from contracts.pack.tell import Names, names_of, tree_of
from contracts.pack.wording import Lang
from contracts.predicate import holds, mentioned

if TYPE_CHECKING:
    from contracts.pack import Pack
    from contracts.pack.papers import Agreement
    from contracts.pack.rules import Ladder


@dataclass(frozen=True, slots=True)
class Walk:
    """One sample and what happens to it, a line for each part of the service."""

    sample: Sample
    admitted: bool | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A whole rehearsal (演练). It is clean when nothing but open questions was found."""

    walks: tuple[Walk, ...]
    clashes: tuple[Clash, ...]

    @property
    def clean(self) -> bool:
        return all(found.kind == "open_question" for found in self.clashes)


def rehearse(pack: "Pack", lang: Lang = "zh", catalogue: Catalogue | None = None) -> Rehearsal:
    """Walk twenty sample projects through the pack, and look for what cannot work."""
    walker = _Walker(pack, lang, catalogue or load_catalogue())
    walks = tuple(walker.walk(sample) for sample in samples(pack))
    return Rehearsal(walks, clashes(pack))


class _Walker:
    """Tells what a pack does with a sample, in one language."""

    def __init__(self, pack: "Pack", lang: Lang, catalogue: Catalogue) -> None:
        self.pack, self.lang, self.catalogue = pack, lang, catalogue
        self.names: Names = names_of(tree_of(pack._leaves))
        asked = {fact for rule in rules_of(pack) for fact in mentioned(rule.when)}
        self.asked = (asked | {"site"}) - {"flags", "site_kind"}

    def walk(self, sample: Sample) -> Walk:
        admission = self.pack.admits(sample.facts, sample.mode)
        admitted = None if admission.missing else admission.ok
        lines = [*self._facts(sample), *self._admission(sample)]
        if admission.ok:
            lines += [
                *self._routing(sample),
                *self._papers(sample),
                *self._stages(sample),
                *self._escalation(sample),
                *self._results(sample),
            ]
        return Walk(sample, admitted, tuple(lines))

    # -- the parts ----------------------------------------------------------------------------

    def _facts(self, sample: Sample) -> Iterator[str]:
        told = {n: v for n, v in sample.facts if v is not None and v != frozenset()}
        told.pop("site_kind", None)
        said = wording.condition(
            {n: sorted(v) if isinstance(v, frozenset) else v for n, v in told.items()},
            self.lang,
        )
        yield self._say("情况", "facts", said)

    def _admission(self, sample: Sample) -> Iterator[str]:
        found = self.pack.admits(sample.facts, sample.mode)
        zh = self.lang == "zh"
        because = ("；" if zh else "; ").join(r.zh if zh else r.en for r in found.reasons)
        if found.missing:
            asked = "、".join(sorted(found.missing))
            verdict = f"暂不能定，须先问清：{asked}" if zh else f"undecided, ask for: {asked}"
        elif found.ok:
            verdict = "纳入服务" if zh else "served"
        else:
            verdict = "不纳入服务" if zh else "not served"
            if found.discretion is not None:
                verdict += "，可酌情纳入" if zh else ", may be at discretion"
        told = f"{verdict}（{because}）" if zh else f"{verdict} ({because})"
        yield self._say("准入", "admission", told if because else verdict)

    def _routing(self, sample: Sample) -> Iterator[str]:
        found = self.pack.route(sample.facts)
        zh = self.lang == "zh"
        if found.missing:
            asked = "、".join(sorted(found.missing))
            yield self._say("派单", "routing", f"须先问清 ask for {asked}")
            return
        said = [self._people(found.to) or ("没有规则适用" if zh else "no rule applies")]
        if found.jointly:
            said.append("共同办理" if zh else "jointly")
        if found.assisted_by:
            said.append(f"{self._people(found.assisted_by)}{'协助' if zh else ' assist'}")
        if found.item_to:
            said.append(f"{'各事项交' if zh else 'items to '}{self._people(found.item_to)}")
        if found.file_at:
            said.append(f"{'在' if zh else 'filed at '}{found.file_at}{'申报' if zh else ''}")
        yield self._say("派单", "routing", ("；" if zh else "; ").join(said))

    def _papers(self, sample: Sample) -> Iterator[str]:
        mode = self.pack.mode(sample.mode)
        facts = known(self.pack, dict(sample.facts))
        needed = [paper for paper in mode.papers if holds(paper.when, facts) is not False]
        zh = self.lang == "zh"
        said = [mode.zh if zh else f"{mode.id} ({mode.zh})"]
        for paper in needed:
            comma = "、" if zh else ", "
            acts = comma.join(wording.word(act, "before", self.lang) for act in paper.before)
            name = self._paper(paper.id)
            said.append(f"{acts}前须有{name}" if zh else f"{name} before {acts}")
        if not needed:
            said.append("无须材料" if zh else "no papers")
        yield self._say("方式", "mode", ("；" if zh else "; ").join(said))
        for agreement in self.pack.agreements:
            if any(paper.id in (agreement.id, agreement.form) for paper in needed):
                yield self._say("协议", "agreement", self._life(agreement))

    def _life(self, agreement: "Agreement") -> str:
        """From the making of an agreement to its end, the first way at each step."""
        state: str | None = None
        said: list[str] = [agreement.zh]
        seen: set[str | None] = set()
        while state not in seen:
            seen.add(state)
            onward = [m for m in agreement.moves_from(state) if m.to not in seen]
            if not onward:
                break
            said.append(f"{onward[0].zh} → {agreement.state(onward[0].to).zh}")
            state = onward[0].to
        return ("；" if self.lang == "zh" else "; ").join(said)

    def _stages(self, sample: Sample) -> Iterator[str]:
        stages = [s for s in self.pack.process if sample.mode in s.modes]
        doors = [s for s in stages if not s.channels or sample.channel in s.channels]
        steps = "→".join(s.zh for s in doors if not s.continuous)
        beside = "、".join(s.zh for s in doors if s.continuous)
        zh = self.lang == "zh"
        throughout = f"；贯穿全程：{beside}" if beside and zh else ""
        throughout = f"; throughout: {beside}" if beside and not zh else throughout
        yield self._say("环节", "stages", f"{steps}{throughout}")
        scope = self.pack.scope.items
        items = [
            item
            for item in self.catalogue.items_for(sample.facts)
            if item.stage in scope.stages and (scope.utilities or item.kind != "utility")
        ]
        plan = self.pack.planning.plan_required
        planned = ("须排工期" if plan else "不要求工期") if zh else f"plan required: {plan}"
        count = f"已可确定{len(items)}项" if zh else f"{len(items)} items known so far"
        yield self._say("事项", "items", f"{count}{'；' if zh else '; '}{planned}")

    def _escalation(self, sample: Sample) -> Iterator[str]:
        facts = known(self.pack, dict(sample.facts))
        for ladder in self.pack.ladders:
            if holds(ladder.when, facts) is not False:
                yield self._say("升级", "ladder", f"{ladder.zh}：{self._climb(ladder)}")

    def _climb(self, ladder: "Ladder") -> str:
        said = []
        for rung in ladder.rungs:
            act = wording.word(rung.do, "do", self.lang)
            by = self._people(rung.by)
            wait = ""
            if rung.wait is not None:
                span = wording.days(rung.wait.days, rung.wait.unit, self.lang)
                wait = f"（等{span}）" if self.lang == "zh" else f" (after {span})"
            said.append(f"{rung.rung} {by}{'' if self.lang == 'zh' else ': '}{act}{wait}")
        return " → ".join(said)

    def _results(self, sample: Sample) -> Iterator[str]:
        zh = self.lang == "zh"
        comma = "、" if zh else ", "
        ways = comma.join(way.zh for way in self.pack.delivery.ways)
        yield self._say("送达", "delivery", ways or ("未规定" if zh else "not said"))
        national = "国家五级好差评" if zh else "the national five levels"
        asked = comma.join(one.zh for one in self.pack.evaluation.instruments) or national
        yield self._say("评价", "evaluation", asked)
        must = comma.join(c.zh for c in self.pack.archive.contents if c.min)
        years = self.pack.archive.keep_years
        kept = f"必备{must}，保管{years}年" if zh else f"must hold {must}; kept {years} years"
        yield self._say("归档", "archive", kept)

    # -- words --------------------------------------------------------------------------------

    def _say(self, zh: str, en: str, text: str) -> str:
        return f"{zh}：{text}" if self.lang == "zh" else f"{en}: {text}"

    def _people(self, ids: tuple[str, ...]) -> str:
        joiner = "、" if self.lang == "zh" else ", "
        return joiner.join(self.names.of("to", id, self.lang) or id for id in ids)

    def _paper(self, id: str) -> str:
        names = {form.id: form.zh for form in self.pack.forms}
        names |= {agreement.id: agreement.zh for agreement in self.pack.agreements}
        name = names.get(id, id)
        return f"“{name}”" if self.lang == "zh" else f"{id} ({name})"
