"""How is a dossier put together: copies, proofs of every store at one size, the newest seal?"""

import asyncio
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import batched
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from services.archive.domain.book import Place as Rulebook
from services.archive.domain.book import book
from services.archive.domain.dossier import Dossier, Proved, Sealed, Second, Section, write
from services.archive.domain.dossier_crate import described
from services.archive.domain.file import Filed, Leaf, facts_in
from services.archive.domain.matter import Matter
from services.archive.domain.ocel import ocel
from services.archive.domain.story import who
from services.archive.domain.telling import fold
from services.archive.queries import Queries
from services.archive.service.enclosing import Enclosing
from services.archive.service.rulebooks import rules_of
from services.archive.service.sealing import Seals
from shared.eventstore.tree import FIRST, SECOND, Kind, inclusions
from shared.packs import Packs
from shared.paper.page import page
from shared.peers import Peers
from shared.problems import Problem
from shared.proof_api import newest, settled

PART = 250
"""Positions asked for at once: their list has to fit into an address."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose dossier: of which file, as archive's order had it at `at` (None: now), for whom, and
    whose personal content goes with it (None: nobody's, it was not asked for).
    """

    filed: Filed
    at: int | None
    recipient: str
    subjects: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a store gives for some positions: its checkpoint, and a path for each."""

    size: int
    note: str
    paths: dict[int, list[bytes]]


class Assembly:
    """Puts the dossier of a matter together from archive's copies and the stores' proofs."""

    def __init__(
        self,
        queries: Queries,
        peers: Peers,
        speakers: Sequence[str],
        packs: Packs,
        seals: Seals,
        enclosing: Enclosing,
        *,
        second: bool = False,
    ) -> None:
        self._second = second
        self._queries, self._peers, self._speakers = queries, peers, speakers
        self._packs, self._seals, self._enclosing = packs, seals, enclosing

    async def to(self, out: Path, wanted: Wanted, folder: Path) -> tuple[str, int]:
        """Write the dossier to `out`, with `folder` for what waits to be packed; its number and
        position.

        Raises `Problem("behind")` while a store has not signed all of it yet, and
        `Problem("not_found")` where the file did not stand yet at that position.
        """
        dossier, leaves, known, matter = await self._told(wanted)
        if wanted.subjects is not None:
            streams = {
                section.store: _whole(section, leaves[section.store])
                for section in dossier.sections
            }
            shown = await self._enclosing.shown(streams, wanted.recipient, wanted.subjects)
            inside = _commitments(leaves)
            texts = [shown[digest] for digest in inside if digest in shown]
            attached, left_out = await self._enclosing.attached(known, texts, folder)
            dossier = replace(
                dossier, disclosures=texts, attachments=attached, left_out=left_out
            )
        await asyncio.to_thread(self._written, dossier, leaves, known, matter, out)
        return dossier.number, dossier.position

    async def _told(
        self, wanted: Wanted
    ) -> tuple[Dossier, dict[str, list[Leaf]], Filed, Matter]:
        """Everything but personal content; deterministic once the witnesses have signed."""
        at = await self._position(wanted)
        known = wanted.filed.until(at)
        matter = fold(facts_in(known))
        if matter.number is None:
            raise Problem("not_found")
        seals = await self._queries.newest_seals(at)
        sections, leaves = [], dict[str, list[Leaf]]()
        for store in self._speakers:
            filed = [e.copy.position for e in known.entries if e.copy and e.copy.store == store]
            seal = seals.get(store)
            upto = max([*filed, seal[1] if seal else 0])
            found, shared = await self._queries.told_of(
                store, known.matter, matter.project, upto
            )
            if found:
                evidence = await self._evidence(store, [f.position for f in found], upto)
                sealed = await self._sealed(store, found, shared, seal)
                section = _section(store, found, evidence, sealed, shared)
                if self._second:
                    more = await self._evidence(store, list(evidence.paths), upto, SECOND)
                    section = replace(section, second=Second(more.note, more.paths))
                sections.append(section)
                leaves[store] = found
        held = {place for store in (*leaves, "archive") if (place := seals.get(store))}
        own = [*(entry.own for entry in known.entries)]
        own += await self._queries.own_events([place[0] for place in held])
        own.sort(key=lambda leaf: leaf.position)
        sealed = await self._sealed("archive", own, set(), seals.get("archive"))
        section = _section("archive", own, await self._own(own, at), sealed, set())
        if self._second:
            more = await self._own(own, at, SECOND)
            section = replace(section, second=Second(more.note, more.paths))
        sections.append(section)
        leaves["archive"] = own
        dossier = Dossier(
            matter.number,
            str(known.matter),
            sections,
            position=at,
            recipient=wanted.recipient,
            personal=wanted.subjects is not None,
        )
        return dossier, leaves, known, matter

    async def _position(self, wanted: Wanted) -> int:
        """The position the dossier is of: a signed one, and everything the caller may mean by now."""
        size, _ = await newest(self._queries.pool)
        entries = wanted.filed.entries
        if not entries:
            raise Problem("not_found")
        least = entries[-1].position if wanted.at is None else wanted.at
        if least > size:
            raise Problem("behind")
        return size if wanted.at is None else wanted.at

    async def _sealed(
        self,
        store: str,
        leaves: list[Leaf],
        shared: set[str],
        seal: tuple[int, int, str] | None,
    ) -> Sealed | None:
        """Where the streams stand in the seal, made again; None if it comes out otherwise."""
        if seal is None:
            return None
        position, size, root = seal
        again = await self._seals.at(store, size)
        if again.root.hex() != root:
            return None
        streams = {str(leaf.parts()[0].stream) for leaf in leaves if leaf.position <= size}
        places = {stream: again.place_of(stream) for stream in sorted(streams - shared)}
        return Sealed(position, {s: place for s, place in places.items() if place})

    async def _evidence(
        self, store: str, positions: list[int], least: int, kind: Kind = FIRST
    ) -> Evidence:
        found: Evidence | None = None
        door = "/log/proofs" if kind is FIRST else f"/log/{kind.suite.name}/proofs"
        for part in batched(sorted(positions), PART):
            asked: dict[str, Any] = {"positions": ",".join(map(str, part)), "least": least}
            if found:
                asked["size"] = found.size
            answer = await self._peers.get(store, door, **asked)
            if answer is None:
                raise Problem("behind")
            paths = {
                int(position): [b64decode(one) for one in path]
                for position, path in answer["paths"].items()
            }
            known = found.paths if found else {}
            known.update(paths)
            found = Evidence(answer["size"], answer["checkpoint"], known)
        assert found
        return found

    async def _own(self, leaves: Sequence[Leaf], at: int, kind: Kind = FIRST) -> Evidence:
        """Archive's own proofs, under a checkpoint that is not older than `at`."""
        pool = self._queries.pool
        try:
            size, note = await settled(pool, at, kind)
        except Problem:
            raise Problem("behind") from None  # the tree has not been signed so far yet
        places = [leaf.position - 1 for leaf in leaves]
        paths = await inclusions(pool, places, size, kind)
        return Evidence(size, str(note), {index + 1: path for index, path in paths.items()})

    def _written(
        self,
        dossier: Dossier,
        leaves: Mapping[str, list[Leaf]],
        known: Filed,
        matter: Matter,
        out: Path,
    ) -> None:
        abouts = [leaf.parts()[0] for every in leaves.values() for leaf in every]
        editions = {about.pack for about in abouts if about.pack}
        rulebook = None
        if matter.pack in {rules.edition for rules in self._packs.carried()}:
            rules = self._packs.edition(matter.pack or "")
            rulebook = Rulebook(rules.pack, rules.catalogue)
        more = {
            "timeline.html": page(book(known, rulebook)),
            "case.ocel.json": ocel(known),
            **{f"rules/{name}": c for name, c in rules_of(self._packs, editions).items()},
        }
        dossier = replace(dossier, more=more)
        actors = {about.actor: who(about, matter) for about in abouts}
        last = max(about.recorded for about in abouts).isoformat(timespec="microseconds")
        described_by = {"ro-crate-metadata.json": described(dossier, last, actors)}
        dossier = replace(dossier, more={**more, **described_by})
        with out.open("wb") as file:
            write(dossier, file)


def _whole(section: Section, leaves: Sequence[Leaf]) -> list[UUID]:
    """The streams of a section that are of this matter alone."""
    streams = {leaf.parts()[0].stream for leaf in leaves}
    return sorted(stream for stream in streams if str(stream) not in section.shared)


def _commitments(leaves: Mapping[str, Sequence[Leaf]]) -> list[str]:
    """Every digest that the dossier's events commit to, in their order."""
    found = []
    for every in leaves.values():
        for leaf in every:
            found += orjson.loads(leaf.body)["fact"].get("_sd", [])
    return found


def _section(
    store: str,
    leaves: Sequence[Leaf],
    evidence: Evidence,
    seal: Sealed | None,
    shared: set[str],
) -> Section:
    events = [
        Proved(leaf.position, leaf.body, evidence.paths[leaf.position]) for leaf in leaves
    ]
    return Section(store, evidence.note, events, seal, sorted(shared))
