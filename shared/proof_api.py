"""The log's proofs over HTTP, for everybody: checkpoint, tiles, and proofs in the C2SP formats."""

from base64 import b64encode
from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from shared.attesting import Attestor
from shared.eventstore.postgres import Pool
from shared.eventstore.tree import consistency, inclusion, tile_at
from shared.problems import Problem
from shared.tlog.checkpoint import LeafProof
from shared.tlog.note import Note, read_lines, read_note
from shared.tlog.tiles import WIDTH, read_index, width_of

_NEWEST = """
    SELECT c.size, c.note, coalesce(string_agg(s.line, '' ORDER BY s.witness), '') AS lines
    FROM checkpoints c LEFT JOIN cosignatures s USING (size)
    GROUP BY c.size, c.note ORDER BY c.size DESC LIMIT 1
"""
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_BRIEFLY = {"Cache-Control": "public, max-age=2"}

type Size = Annotated[int, Query(ge=0, le=2**53)]


async def newest(pool: Pool) -> tuple[int, Note]:
    """The newest checkpoint with its cosignatures; raises `Problem` before anything is signed."""
    row = await pool.fetchrow(_NEWEST)
    if row is None:
        raise Problem("not_found")
    note = read_note(row["note"])
    return row["size"], note.plus(*read_lines(row["lines"])) if row["lines"] else note


def proof_routes(pool: Pool, attestor: Attestor) -> APIRouter:
    """What an auditor, a witness or a mirror needs; it tells how much happened and never what."""
    router = APIRouter(prefix="/log", tags=["proof"])

    @router.get(
        "/checkpoint", summary="检查点 The newest signed checkpoint (C2SP tlog-checkpoint)"
    )
    async def checkpoint() -> Response:
        _, note = await newest(pool)
        headers = dict(_BRIEFLY)
        if attestor.refused:
            headers["Onefile-Not-Signing"] = "1"
        return Response(str(note), media_type="text/plain; charset=utf-8", headers=headers)

    @router.get("/proof", summary="存在证明 That a position is in the log (C2SP tlog-proof)")
    async def proof(position: Annotated[int, Query(ge=1, le=2**53)]) -> Response:
        size, note = await newest(pool)
        if position > size:
            raise Problem("not_found")
        path = await inclusion(pool, position - 1, size)
        text = str(LeafProof(position - 1, tuple(path), note))
        return Response(text, media_type="text/plain; charset=utf-8", headers=_BRIEFLY)

    @router.get("/consistency", summary="一致性证明 That one size begins with another")
    async def consistent(old: Size, new: Size) -> Response:
        size, _ = await newest(pool)
        if not old <= new <= size:
            raise Problem("not_found")
        return Response(
            _base64(await consistency(pool, old, new)),
            media_type="text/plain; charset=utf-8",
            headers=_FOREVER,
        )

    @router.get("/tile/{level}/{path:path}", summary="瓦片 256 hashes (C2SP tlog-tiles)")
    async def tile(level: Annotated[int, Path(ge=0, le=63)], path: str) -> Response:
        asked = read_index(path)
        size, _ = await newest(pool)
        if asked is None or width_of((level, asked[0]), size) < asked[1]:
            raise Problem("not_found")
        index, width = asked
        content = await tile_at(pool, (level, index), width)
        headers = _FOREVER if width == WIDTH else _BRIEFLY
        return Response(content, media_type="application/octet-stream", headers=headers)

    return router


def _base64(hashes: Iterable[bytes]) -> str:
    return "".join(b64encode(one).decode() + "\n" for one in hashes)
