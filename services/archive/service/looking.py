"""Who looked at what belongs to a matter, in every service?"""

import asyncio
from typing import Any, NamedTuple
from uuid import UUID

from services.archive.queries import Queries
from shared.peers import Peers
from shared.problems import Problem
from shared.reads_api import AT_ONCE, PATH

_STREAMS = """
    SELECT store, stream FROM copies WHERE matter = $1 GROUP BY store, stream
    UNION SELECT store, project FROM copies WHERE matter = $1 AND project IS NOT NULL
"""
_OWN = """
    SELECT actor, purpose, stream, at FROM reads WHERE stream = ANY ($1)
    ORDER BY at DESC LIMIT $2
"""


class Look(NamedTuple):
    """Somebody looked: at the matter's own data, or at those of its project."""

    at: str
    service: str
    actor: str
    purpose: str
    of: str


class Looked(NamedTuple):
    """Who looked, the newest first; `silent` are services that did not answer: theirs lack."""

    looks: list[Look]
    silent: list[str]


async def looked(
    queries: Queries, peers: Peers, speakers: tuple[str, ...], matter: UUID, limit: int
) -> Looked:
    """Every look on record at the streams of a matter, here and at the peers."""
    rows = await queries.pool.fetch(_STREAMS, matter)
    streams: dict[str, set[UUID]] = {speaker: {matter} for speaker in speakers}
    for row in rows:
        streams.setdefault(row["store"], {matter}).add(row["stream"])
    own = await queries.pool.fetch(_OWN, [matter], limit)
    found = [_look("archive", dict(row), matter) for row in own]
    said = await asyncio.gather(
        *(_of_peer(peers, speaker, sorted(streams[speaker]), limit) for speaker in speakers)
    )
    silent = []
    for speaker, answer in zip(speakers, said, strict=True):
        if answer is None:
            silent.append(speaker)
        else:
            found += [_look(speaker, row, matter) for row in answer]
    found.sort(key=lambda look: look.at, reverse=True)
    return Looked(found[:limit], silent)


async def _of_peer(
    peers: Peers, speaker: str, streams: list[UUID], limit: int
) -> list[dict[str, Any]] | None:
    """What a peer has on record, None when it does not answer.

    That archive asked is on record there as well; who asked archive is on record here.
    """
    found: list[dict[str, Any]] = []
    try:
        for first in range(0, len(streams), AT_ONCE):
            wanted = [str(stream) for stream in streams[first : first + AT_ONCE]]
            answer = await peers.get(speaker, PATH, stream=wanted, limit=limit)
            if answer is None:
                return None
            found += answer["reads"]
    except Problem:
        return None
    return [r for r in found if (r["actor"], r["purpose"]) != ("s:archive", f"GET {PATH}")]


def _look(service: str, row: dict[str, Any], matter: UUID) -> Look:
    at = row["at"] if isinstance(row["at"], str) else row["at"].isoformat()
    of = "matter" if str(row["stream"]) == str(matter) else "beside"
    return Look(at, service, row["actor"], row["purpose"], of)
