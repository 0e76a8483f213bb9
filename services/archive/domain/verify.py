"""Is every byte of a file what it claims to be, and what does that not prove?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal
from uuid import UUID

from contracts.archive import EntryFiled
from contracts.canonical import leaf_hash, parse_canonical
from contracts.event import About
from services.archive.domain.file import Filed, Leaf

type Verdict = Literal["valid", "invalid", "undecided"]

EXIT: Mapping[Verdict, int] = {"valid": 0, "invalid": 1, "undecided": 2}

CHECKED = (
    ("每条正文都是规范形式（RFC 8785）", "every body is in canonical form (RFC 8785)"),
    ("每条摘要都由正文重算得出", "every leaf hash was recomputed from its body"),
    ("每条前链等于同一流上一版本的摘要", "every `prev` is the leaf hash of the version before"),
    ("办件流版本连续、无缺号", "the versions of the matter's streams are gap-free"),
    ("同一库内记录时间随位置递增", "within a store `recorded` rises with the position"),
    ("入档条目与留存正文一致", "each entry of the file names the copy that is kept"),
)
COMPARED = ("留存正文与各库日志逐字节一致", "the copies equal the stores' bytes")

NOT_PROVED = (
    (
        "不能证明事实在录入之前是真实的",
        "that a fact was true before it was entered",
    ),
    (
        "不能证明掌握全部数据库的人没有一并重写：需有外部见证的检查点",
        "that nobody with all the databases rewrote all of it: that takes witnessed checkpoints",
    ),
    (
        "不能证明各库在最后一条之后没有与本办件有关的记录",
        "that the stores hold nothing of this matter after the last entry",
    ),
    (
        "受保护字段只核对摘要是否在正文内，未核对内容",
        "personal fields: only their digests are in the bytes, the data were not looked at",
    ),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where: store and position in it."""

    store: str
    position: int
    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome: `valid`, `invalid`, or `undecided` when something could not be looked at."""

    verdict: Verdict
    entries: int
    faults: tuple[Fault, ...]
    missing: tuple[tuple[str, int], ...]
    compared: bool

    @property
    def exit(self) -> int:
        return EXIT[self.verdict]


type Stores = Mapping[tuple[str, int], bytes]
"""Bodies as the stores themselves give them, by store and position."""


def verify(filed: Filed, stores: Stores | None = None) -> Verification:
    """Recompute everything in `filed`, and compare it with the bytes of the stores, if given.

    A body that is not as it should be makes the file invalid; a copy or a store's body that is
    not there leaves it undecided. Nothing given by `filed` is believed.
    """
    faults = [*_entries(filed), *_bytes(_leaves(filed))]
    compared = stores is not None
    missing = _absent(filed, stores or {}) if compared else _without_copy(filed)
    if stores is not None:
        faults += _differing(filed, stores)
    verdict: Verdict = "valid"
    if faults:
        verdict = "invalid"
    elif missing or not compared or not filed.entries:
        verdict = "undecided"
    return Verification(verdict, len(filed.entries), tuple(faults), tuple(missing), compared)


def report(found: Verification, *, english: bool = False) -> list[str]:
    """The outcome in words: what was checked, what was found, what it does not prove."""

    def both(pair: tuple[str, str]) -> str:
        return pair[1] if english else pair[0]

    words = {
        "valid": ("有效", "valid"),
        "invalid": ("无效", "INVALID"),
        "undecided": ("不能判定", "cannot decide"),
    }
    n = found.entries
    said = [f"{both(words[found.verdict])}: {n} entries" if english
            else f"{both(words[found.verdict])}：共{n}条"]  # fmt: skip
    said.append("Checked:" if english else "已核对：")
    said += [f"  - {both(pair)}" for pair in CHECKED]
    not_compared = ("（未核对）", " (NOT compared)")
    said.append(f"  - {both(COMPARED)}{'' if found.compared else both(not_compared)}")
    said += [f"  ! {f.store} {f.position}: {f.en if english else f.zh}" for f in found.faults]
    absent = ("缺正文", "body not found")
    said += [f"  ? {store} {position}: {both(absent)}" for store, position in found.missing]
    said.append("This does not prove:" if english else "本结果不能证明：")
    return [*said, *(f"  - {both(pair)}" for pair in NOT_PROVED)]


def runs(places: Iterable[int], gap: int = 200) -> list[tuple[int, int]]:
    """Group positions into (first, last) runs to fetch, bridging gaps of up to `gap`."""
    found: list[tuple[int, int]] = []
    for place in sorted(set(places)):
        if found and place - found[-1][1] <= gap:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def places_of(filed: Filed) -> list[tuple[str, int, int]]:
    """What to ask the stores for, to compare: (store, first position, last position)."""
    wanted: dict[str, list[int]] = {}
    for leaf in _leaves(filed):
        wanted.setdefault(leaf.store, []).append(leaf.position)
    return [(store, first, last) for store in wanted for first, last in runs(wanted[store])]


def _leaves(filed: Filed) -> list[Leaf]:
    own = [entry.own for entry in filed.entries]
    copies = [entry.copy for entry in filed.entries if entry.copy]
    return [*own, *copies, *filed.project]


def _fault(leaf: Leaf, code: str, zh: str, en: str) -> Fault:
    return Fault(leaf.store, leaf.position, code, zh, en)


def _entries(filed: Filed) -> Iterator[Fault]:
    """Whether each entry names the copy beside it, and archive's order rises."""
    last = 0
    for entry in filed.entries:
        if entry.position <= last:
            yield _fault(
                entry.own, "order", "档案位置没有递增", "archive's order does not rise"
            )
        last = entry.position
        copy = entry.copy
        if copy is None:
            continue
        try:
            _, event = entry.own.told()
            about, _ = copy.told()
        except ValueError:
            continue  # said by _bytes
        named = isinstance(event, EntryFiled) and (
            (event.store, event.position, event.leafhash, event.entry_type)
            == (copy.store, copy.position, copy.leafhash, about.type)
        )
        if not named or about.store != copy.store:
            yield _fault(
                entry.own, "entry", "条目与留存正文不符", "the entry names another body"
            )


def _bytes(leaves: Sequence[Leaf]) -> Iterator[Fault]:
    read: list[tuple[Leaf, About]] = []
    for leaf in leaves:
        if leaf_hash(leaf.body).hex() != leaf.leafhash:
            yield _fault(
                leaf, "hash", "摘要与正文不符", "the leaf hash is not that of the body"
            )
        try:
            parse_canonical(leaf.body)
            read.append((leaf, leaf.parts()[0]))
        except ValueError:
            yield _fault(leaf, "canonical", "正文不是规范形式", "the body is not canonical")
    yield from _chains(read)
    yield from _times(read)


def _chains(read: Sequence[tuple[Leaf, About]]) -> Iterator[Fault]:
    """`prev` and versions, stream by stream; gaps count in the streams of the matter itself."""
    streams: dict[tuple[str, UUID], list[tuple[Leaf, About]]] = {}
    for leaf, about in read:
        streams.setdefault((leaf.store, about.stream), []).append((leaf, about))
    for held in streams.values():
        held.sort(key=lambda pair: pair[1].version)
        version, prev = 0, None
        for leaf, about in held:
            if about.version == version + 1:
                if about.prev != prev:
                    yield _fault(leaf, "chain", "前链断裂", "the chain is broken")
            elif about.stream == about.matter:
                yield _fault(leaf, "gap", "版本缺号", "a version is missing before it")
            version, prev = about.version, leaf.leafhash


def _times(read: Sequence[tuple[Leaf, About]]) -> Iterator[Fault]:
    by_place = sorted(read, key=lambda pair: (pair[0].store, pair[0].position))
    for (one, earlier), (leaf, later) in pairwise(by_place):
        if one.store == leaf.store and later.recorded <= earlier.recorded:
            yield _fault(leaf, "time", "记录时间没有递增", "`recorded` does not rise")


def _without_copy(filed: Filed) -> list[tuple[str, int]]:
    """Entries whose copy is not there."""
    found: list[tuple[str, int]] = []
    for entry in filed.entries:
        if entry.copy is not None:
            continue
        try:
            _, event = entry.own.told()
        except ValueError:
            continue
        if isinstance(event, EntryFiled):
            found.append((event.store, event.position))
    return found


def _absent(filed: Filed, stores: Stores) -> list[tuple[str, int]]:
    wanted = [(leaf.store, leaf.position) for leaf in _leaves(filed)]
    return [*_without_copy(filed), *(place for place in wanted if place not in stores)]


def _differing(filed: Filed, stores: Stores) -> Iterator[Fault]:
    for leaf in _leaves(filed):
        held = stores.get((leaf.store, leaf.position))
        if held is not None and held != leaf.body:
            yield _fault(leaf, "differs", "与原库正文不同", "the store holds other bytes")
