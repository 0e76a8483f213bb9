"""How is a dossier put together: copies, proofs of every store at one size, the newest seal?"""

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any
from uuid import UUID

from services.archive.domain.dossier import Dossier, Proved, Sealed, Section
from services.archive.domain.file import Leaf
from services.archive.queries import Queries
from services.archive.service.sealing import STREAM, seal_at
from shared.eventstore.tree import inclusions
from shared.peers import Peers
from shared.problems import Problem
from shared.proof_api import newest

PART = 250
"""Positions asked for at once: their list has to fit into an address."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a store gives for some positions: its checkpoint, and a path for each."""

    size: int
    note: str
    paths: dict[int, list[bytes]]


class Assembly:
    """Puts the dossier of a matter together from archive's copies and the stores' proofs."""

    def __init__(self, queries: Queries, peers: Peers, speakers: Sequence[str]) -> None:
        self._queries, self._peers, self._speakers = queries, peers, speakers

    async def of(self, matter: UUID, project: UUID | None, number: str) -> Dossier:
        """Raises `Problem("behind")` while a store has not signed all of it yet."""
        seals = await self._queries.newest_seals()
        archive = await self._queries.own_streams(matter, STREAM)
        own = await self._own(archive)
        sections = []
        for store in self._speakers:
            leaves = await self._queries.whole_streams(store, matter, project)
            if leaves:
                sections.append(await self._section(store, leaves, seals.get(store)))
        sections.append(_section("archive", archive, own, None))
        return Dossier(number, str(matter), sections)

    async def _section(
        self, store: str, leaves: list[Leaf], seal: tuple[int, int, str] | None
    ) -> Section:
        evidence = await self._evidence(store, [leaf.position for leaf in leaves])
        sealed = None
        if seal and seal[1] <= evidence.size:
            sealed = await self._sealed(store, leaves, seal)
        return _section(store, leaves, evidence, sealed)

    async def _sealed(
        self, store: str, leaves: list[Leaf], seal: tuple[int, int, str]
    ) -> Sealed | None:
        """Where the streams stand in the seal, made again; None if it comes out otherwise."""
        position, size, root = seal
        again = await seal_at(self._queries, store, size)
        if again.root.hex() != root:
            return None
        streams = {str(leaf.parts()[0].stream) for leaf in leaves if leaf.position <= size}
        places = {stream: again.place_of(stream) for stream in streams}
        return Sealed(position, {s: place for s, place in places.items() if place})

    async def _evidence(self, store: str, positions: list[int]) -> Evidence:
        found: Evidence | None = None
        for part in batched(sorted(positions), PART):
            asked: dict[str, Any] = {"positions": ",".join(map(str, part))}
            if found:
                asked["size"] = found.size
            answer = await self._peers.get(store, "/log/proofs", **asked)
            if answer is None:
                raise Problem("behind")
            paths = {
                int(position): [b64decode(one) for one in path]
                for position, path in answer["paths"].items()
            }
            known = found.paths if found else {}
            found = Evidence(answer["size"], answer["checkpoint"], known | paths)
        assert found
        return found

    async def _own(self, leaves: Sequence[Leaf]) -> Evidence:
        """Archive's own proofs, at its newest checkpoint."""
        size, note = await newest(self._queries.pool)
        if any(leaf.position > size for leaf in leaves):
            raise Problem("behind")
        places = [leaf.position - 1 for leaf in leaves]
        paths = await inclusions(self._queries.pool, places, size)
        return Evidence(size, str(note), {index + 1: path for index, path in paths.items()})


def _section(
    store: str, leaves: Sequence[Leaf], evidence: Evidence, seal: Sealed | None
) -> Section:
    events = [
        Proved(leaf.position, leaf.body, evidence.paths[leaf.position]) for leaf in leaves
    ]
    return Section(store, evidence.note, events, seal)
