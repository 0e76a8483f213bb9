"""Is nothing in a policy pack silently ignored (不得静默忽略)? Every leaf of every pack is changed."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from itertools import islice
from typing import Any

import pytest

from contracts.edition import DataRefused, build, leaves
from contracts.pack import Pack, load_pack, shipped_packs
from contracts.pack.capability import (
    CAPABILITIES,
    capability_of,
    refuse_unknown_capability,
    shown_only,
    use_of,
)
from contracts.pack.checks import refuse_contradictions
from contracts.pack.draw import draw
from contracts.pack.sources import Source, sources_of
from contracts.pack.tell import told
from tests.contract.mutations import changed, schema, variants
from tests.contract.probes import PROBES
from tests.contract.probes.asking import Base, base_of

PACKS = [load_pack(file) for file in shipped_packs()]
MOST = 12


class Unsaid(dict[str, Source]):
    """Sources for a changed pack: where a rule comes from is no part of what it does."""

    def __missing__(self, path: str) -> Source:
        return Source("", None)


def made(data: Mapping[str, Any], known: Mapping[str, Any] | None = None) -> Pack:
    """A pack of changed data, by every check of loading; raises `DataRefused`.

    `known` are its leaves, where the change left every other leaf and every source as it was.
    """
    pack = build(Pack, data)
    refuse_contradictions(pack, data)
    if known is None:
        sources_of(data)
    pack._data, pack._edition = data, "cn-changed@0000000000000000"
    pack._sources = Unsaid()
    pack._leaves = dict(leaves(data)) if known is None else known
    return pack


def words_of(pack: Pack, section: str) -> str:
    """What people read of a section of the pack."""
    part = {path: v for path, v in pack._leaves.items() if path.split(".")[0] == section}
    return "\n".join(map(str, told(part)))


def _blocks(value: Any) -> bool:
    return isinstance(value, list) and isinstance(value[0], dict)


class Trial:
    """One pack, what its services do under it, and every leaf of it changed in turn."""

    def __init__(self, pack: Pack) -> None:
        self.data = dict(pack.data)
        self.pack = made(self.data)
        self.base: Base = base_of(self.pack)
        self.known: dict[str, object] = {}

    def ignored(self) -> Iterator[str]:
        """The leaves that can be changed without anything noticing."""
        for path, value in leaves(self.data):
            if not self.is_noticed(path, value):
                yield path

    def is_noticed(self, path: str, value: Any) -> bool:
        row = capability_of(path)
        if row is None:
            return False
        acted_on = use_of(self.pack, path) in ("enforced", "printed")
        refused = 0
        found = list(islice(variants(self.data, path, row.pattern, value, PACKS), MOST))
        for other in found:
            try:
                pack = made(changed(self.data, path, other), self.known_after(path, other))
            except DataRefused:
                refused += 1
                continue
            if acted_on and self.acts_otherwise(pack, row.by):
                return True
            if not acted_on:
                section = path.split(".")[0]
                return words_of(pack, section) != words_of(self.pack, section)
        return 0 < refused == len(found)

    def known_after(self, path: str, value: Any) -> Mapping[str, Any] | None:
        """The leaves once one is changed; None where the change reaches further than it."""
        whole = path.startswith("open.") or path.rsplit(".", 1)[-1] in (
            "src",
            "law",
            "note",
            "id",
        )
        plain = not isinstance(value, dict) and not (value and _blocks(value))
        return None if whole or not plain else {**self.pack._leaves, path: value}

    def acts_otherwise(self, pack: Pack, modules: tuple[str, ...]) -> bool:
        return any(PROBES[name](pack, self.base) != self.before(name) for name in modules)

    def before(self, name: str) -> object:
        if name not in self.known:
            self.known[name] = PROBES[name](self.pack, self.base)
        return self.known[name]


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_no_leaf_can_be_changed_without_anything_noticing(pack: Pack) -> None:
    ignored = list(Trial(pack).ignored())
    assert not ignored, f"{pack.id}: nothing notices when these change: {ignored}"


def test_every_leaf_a_pack_may_have_is_known_and_no_row_is_idle() -> None:
    rows = {row.pattern for row in CAPABILITIES}
    numbers = {p for p in schema() if p.startswith("numbering.")}
    wanted = {f"numbering.*.{p.split('.')[-1]}" if p in numbers else p for p in schema()}
    wanted = {p for p in wanted if p.rsplit(".", 1)[-1] not in ("src", "law", "note")}
    assert rows == wanted
    assert len(rows) == len(CAPABILITIES)


def test_every_module_that_is_said_to_act_exists_and_is_asked() -> None:
    for row in CAPABILITIES:
        if row.use in ("enforced", "printed"):
            for name in row.by:
                assert name in PROBES, name
                import_module(name)


def test_what_nothing_knows_is_refused_by_name() -> None:
    data = {**PACKS[0].data, "clocks": {**PACKS[0].data["clocks"], "lunch": {"days": 1}}}
    with pytest.raises(DataRefused) as refused:
        refuse_unknown_capability(PACKS[0], data)
    assert [problem.path for problem in refused.value.problems] == ["clocks.lunch"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("planning.parallel", "never"),
        ("numbering.matter.restarts", "never"),
        ("numbering.matter.template", "{year}-{serial}"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(path: str, value: str) -> None:
    for pack in PACKS:
        with pytest.raises(DataRefused) as refused:
            made(changed(pack.data, path, value))
        assert path in [problem.path for problem in refused.value.problems]


def test_a_level_that_no_rating_has_is_refused_by_name() -> None:
    scaled = next(pack for pack in PACKS if pack.evaluation.scales)
    scale = scaled.evaluation.scales[0]
    path = f"evaluation.scales.{scale.id}.levels.{scale.levels[0].id}.id"
    with pytest.raises(DataRefused, match="wonderful"):
        made(changed(scaled.data, path, "wonderful"))


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_what_is_only_shown_is_listed_with_the_reason(pack: Pack) -> None:
    listed = {one.path: one for one in shown_only(pack)}
    for path in pack.sources():
        row = capability_of(path)
        assert row is not None, path
        described = row.use == "described"
        assert (path in listed) == (not described and use_of(pack, path) == "shown"), path
    assert all(one.zh and one.en for one in listed.values())


def test_the_flow_chart_changes_with_the_stages() -> None:
    for pack in PACKS:
        stage = pack.process[0]
        renamed = made(changed(pack.data, f"process.{stage.id}.zh", f"{stage.zh}改"))
        assert draw(renamed) != draw(pack)
