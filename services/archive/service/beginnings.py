"""How does the first question about a long file find what its beginning told?"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import structlog
from pydantic import BaseModel, TypeAdapter, ValidationError

from services.archive.domain.beginning import EVERY, Beginning, beginnings_of, stood_after
from services.archive.domain.file import LEGAL_ZONE, Leaf
from services.archive.domain.replay import Replayed
from services.archive.domain.timetravel import Cut, Moment, Point, history_of, point_of
from services.archive.queries import Queries

log = structlog.get_logger()

FOLDING = ("services.archive.domain", "contracts")
"""What a folded state depends on: another version of any of it folds anew."""
AT_ONCE = 4
"""Files that one turn folds."""
_STATE: TypeAdapter[Beginning] = TypeAdapter(Beginning)

_BEHIND = """
    SELECT f.matter FROM view_files f
    WHERE f.entries >= $1
      AND f.entries >= $1 + coalesce((SELECT max(b.version) FROM beginnings b
                                      WHERE b.matter = f.matter AND b.code = $2), 0)
      AND NOT f.matter = ANY ($3)
    ORDER BY f.matter LIMIT $4
"""
_FIND = """
    SELECT b.version, b.position, b.last_day, b.leafhash, b.beside, b.state, b.mac
    FROM beginnings b JOIN events e
      ON e.stream = b.matter AND e.version = b.version AND e.leafhash = b.leafhash
    WHERE b.matter = $1 AND b.code = $2 AND b.position <= $3 AND b.last_day <= $4
    ORDER BY b.version DESC LIMIT 1
"""
_KEEP = """
    INSERT INTO beginnings (matter, version, position, last_day, leafhash, code, beside, state, mac)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (matter, version) DO UPDATE
        SET position = $3, last_day = $4, leafhash = $5, code = $6, beside = $7, state = $8, mac = $9
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A beginning, and every entry of the file that came after it."""

    beginning: Beginning
    rest: tuple[Point, ...]


class Beginnings:
    """Folded beginnings of long files, kept in archive's own database; nothing is proved by them."""

    def __init__(self, queries: Queries, deployment_key: bytes) -> None:
        self._queries = queries
        self._key = hmac.digest(deployment_key, b"archive/beginnings", "sha256")
        self._short = set[UUID]()

    async def catch_up(self) -> int:
        """Fold the beginnings of files that grew, or that another version had folded; how many."""
        rows = await self._queries.pool.fetch(
            _BEHIND, EVERY, _code(), list(self._short), AT_ONCE
        )
        for row in rows:
            await self._fold(row["matter"])
        return len(rows)

    async def _fold(self, matter: UUID) -> None:
        filed = await self._queries.filed(matter)
        beside = _beside(filed.project)
        kept = 0
        for beginning in beginnings_of(history_of(filed)):
            state = orjson.dumps(beginning, default=_plain, option=orjson.OPT_NON_STR_KEYS)
            row = (
                matter, beginning.version, beginning.position, beginning.last_day,
                bytes.fromhex(beginning.leafhash), _code(), beside, state,
            )  # fmt: skip
            await self._queries.pool.execute(_KEEP, *row, self._mac(matter, beside, state))
            kept += 1
        if not kept or len(filed.entries) - kept * EVERY >= EVERY:
            self._short.add(matter)  # a copy in it is missing: not tried again before a restart

    async def before(self, matter: UUID, cut: Cut) -> Known | None:
        """The longest beginning that lies in the cut, and what came after it that was known.

        None if none is kept, or if what is kept is not ours.
        """
        day = cut.effective or date.max
        if isinstance(day, datetime):
            day = day.astimezone(LEGAL_ZONE).date() - timedelta(days=1)
        known = (1 << 62) if cut.known is None else cut.known
        row = await self._queries.pool.fetchrow(_FIND, matter, _code(), known, day)
        if row is None:
            return None
        mac = self._mac(matter, row["beside"], row["state"])
        if not hmac.compare_digest(mac, row["mac"]):
            log.error("beginning_altered", matter=str(matter), version=row["version"])
            return None
        try:
            beginning = _STATE.validate_json(row["state"])
        except ValidationError:
            return None
        project = beginning.matter.project
        leaves = await self._queries.told_of_project(project) if project else []
        if _beside(leaves) != row["beside"]:
            return None
        entries = await self._queries.entries_after(matter, beginning.version, cut.known)
        rest = tuple(map(point_of, entries))
        if any(point.files and point.entry.copy is None for point in rest):
            return None
        return Known(beginning, rest)

    async def stood(self, matter: UUID, cut: Cut, now: Known) -> Replayed | None:
        """How a matter stood at a cut; None where only the whole file tells."""
        if now.beginning.lies_in(cut):
            return stood_after(now.beginning, now.rest, cut)
        known = None if cut.known is None else await self.before(matter, cut)
        return stood_after(known.beginning, known.rest, cut) if known else None

    async def position_at(self, matter: UUID, by: Moment) -> int:
        """As `History.position_at`."""
        if isinstance(by, datetime):
            return await self._queries.position_by(matter, by, whole_day=False)
        end = datetime.combine(by + timedelta(days=1), clock_time(), LEGAL_ZONE)
        return await self._queries.position_by(matter, end, whole_day=True)

    def _mac(self, matter: UUID, beside: bytes, state: bytes) -> bytes:
        return hmac.digest(self._key, matter.bytes + _code() + beside + state, "sha256")


def _beside(leaves: Sequence[Leaf]) -> bytes:
    return sha256("\n".join(leaf.leafhash for leaf in leaves).encode()).digest()


def _plain(value: Any) -> Any:
    match value:
        case Mapping():
            return dict(value)
        case frozenset():
            return sorted(value)
        case BaseModel():
            return value.model_dump(mode="json")
    raise TypeError(f"{type(value)} is no part of a beginning")


@cache
def _code() -> bytes:
    """The hash of everything that takes part in folding."""
    found = sha256()
    for package in FOLDING:
        for file in sorted(Path(str(files(package))).rglob("*.py")):
            found.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return found.digest()
