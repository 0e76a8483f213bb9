"""The log's proofs over HTTP, for everybody: checkpoint, tiles, and proofs in the C2SP formats."""

from base64 import b64encode
from typing import Annotated, Any

import asyncpg
from fastapi import APIRouter, Path, Query, Request, Response

from shared.answering import answers, files
from shared.answers import Proofs
from shared.attesting import Attestor
from shared.eventstore.postgres import Pool
from shared.eventstore.tree import (
    FIRST,
    SECOND,
    Kind,
    consistency,
    inclusion,
    inclusions,
    tile_at,
)
from shared.problems import Problem
from shared.tlog.checkpoint import LeafProof
from shared.tlog.note import Note, read_lines, read_note
from shared.tlog.tiles import WIDTH, read_index, width_of

# Of each witness's key the newest line: it was asked again while the log did not grow.
_SIGNED = """
    SELECT c.size, c.note, coalesce(string_agg(s.line, '' ORDER BY s.witness, s.line), '') AS lines
    FROM checkpoints c LEFT JOIN (
        SELECT DISTINCT ON (origin, size, witness, left(split_part(line, ' ', 3), 5)) *
        FROM cosignatures
        ORDER BY origin, size, witness, left(split_part(line, ' ', 3), 5), at DESC
    ) s USING (origin, size)
    WHERE c.origin = origin_v1($1)
"""
_NEWEST = f"{_SIGNED} GROUP BY c.size, c.note ORDER BY c.size DESC LIMIT 1"
_AT = f"{_SIGNED} AND c.size = $2 GROUP BY c.size, c.note"
_FROM = f"""
    {_SIGNED} AND c.size IN (
        SELECT size FROM checkpoints WHERE origin = origin_v1($1) AND size >= $2
        ORDER BY size LIMIT $3
    )
    GROUP BY c.size, c.note ORDER BY count(s.witness) DESC, c.size LIMIT 1
"""
NEAR = 1_000
"""Among so many checkpoints from a size on, the one with most witnesses is looked for."""
MANY = 500
"""Positions that one request may ask proofs for."""

_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_BRIEFLY = {"Cache-Control": "public, max-age=2"}
_TEXT = "text/plain; charset=utf-8"

type Size = Annotated[int, Query(ge=0, le=2**53)]
type Positions = Annotated[str, Query(pattern=r"^[1-9][0-9]{0,15}(,[1-9][0-9]{0,15})*$")]


async def newest(pool: Pool, kind: Kind = FIRST) -> tuple[int, Note]:
    """The newest checkpoint with its cosignatures; raises `Problem` before anything is signed."""
    return _signed(await pool.fetchrow(_NEWEST, kind.suite.name))


async def at_size(pool: Pool, size: int, kind: Kind = FIRST) -> tuple[int, Note]:
    """The checkpoint signed at `size`; raises `Problem` when none was."""
    return _signed(await pool.fetchrow(_AT, kind.suite.name, size))


async def settled(pool: Pool, least: int, kind: Kind = FIRST) -> tuple[int, Note]:
    """The checkpoint to prove something under for good: of those not smaller than `least` the
    one with most witnesses, and of these the first. Asked again it is the same one, once the
    witnesses have seen it. Raises `Problem` when nothing so large was signed.
    """
    return _signed(await pool.fetchrow(_FROM, kind.suite.name, least, NEAR))


def _signed(row: asyncpg.Record | None) -> tuple[int, Note]:
    if row is None:
        raise Problem("not_found")
    note = read_note(row["note"])
    return row["size"], note.plus(*read_lines(row["lines"])) if row["lines"] else note


def _pool(request: Request) -> Pool:
    pool: Pool = request.app.state.floor.log.pool
    return pool


def _attestor(request: Request) -> Attestor | None:
    found: Attestor | None = request.app.state.attestors.get(_kind(request))
    return found


def _vkeys(request: Request) -> list[str]:
    attestor = _attestor(request)
    return attestor.vkeys if attestor else []


def _kind(request: Request) -> Kind:
    """Which tree is asked: that of the address."""
    return SECOND if request.url.path.startswith(f"/log/{SECOND.suite.name}/") else FIRST


_routes = APIRouter(tags=["proof"])


@_routes.get(
    "/checkpoint",
    summary="检查点 The newest signed checkpoint (C2SP tlog-checkpoint)",
    **files("text/plain"),
)
async def checkpoint(request: Request) -> Response:
    _, note = await newest(_pool(request), _kind(request))
    attestor = _attestor(request)
    refused = {"Onefile-Not-Signing": "1"} if attestor and attestor.refused else {}
    return Response(str(note), media_type=_TEXT, headers=_BRIEFLY | refused)


@_routes.get(
    "/vkey", summary="验证公钥 The key to pin (C2SP verifier key)", **files("text/plain")
)
async def vkey(request: Request) -> Response:
    """Compare it with what you were given by another channel before you trust it."""
    key = next(iter(_vkeys(request)), None)
    if key is None:
        raise Problem("not_found")
    return Response(f"{key}\n", media_type=_TEXT, headers=_BRIEFLY)


@_routes.get(
    "/vkeys",
    summary="全部验证公钥 Every key that signs, a post-quantum one too",
    **files("text/plain"),
)
async def vkeys(request: Request) -> Response:
    """One a line, the one to pin first; whoever knows no ML-DSA-44 ignores its line."""
    keys = _vkeys(request)
    if not keys:
        raise Problem("not_found")
    text = "".join(f"{key}\n" for key in keys)
    return Response(text, media_type=_TEXT, headers=_BRIEFLY)


@_routes.get(
    "/proof",
    summary="存在证明 That a position is in the log (C2SP tlog-proof)",
    **files("text/plain"),
)
async def proof(request: Request, position: Annotated[int, Query(ge=1, le=2**53)]) -> Response:
    size, note = await newest(_pool(request), _kind(request))
    if position > size:
        raise Problem("not_found")
    path = await inclusion(_pool(request), position - 1, size, _kind(request))
    text = str(LeafProof(position - 1, tuple(path), note))
    return Response(text, media_type=_TEXT, headers=_BRIEFLY)


@_routes.get(
    "/proofs",
    summary="批量存在证明 That many positions are in the log at one size",
    **answers(Proofs),
)
async def many_proofs(
    request: Request,
    positions: Positions,
    size: Size | None = None,
    least: Annotated[int | None, Query(ge=1, le=2**53)] = None,
) -> dict[str, Any]:
    """`positions` are numbers with commas; `size` is one that was signed, else the newest.

    `least` instead: under the best witnessed checkpoint not smaller than that.
    """
    pool = _pool(request)
    if least is not None and size is None:
        signed, note = await settled(pool, least, _kind(request))
    else:
        signed, note = await (
            newest(pool, _kind(request))
            if size is None
            else at_size(pool, size, _kind(request))
        )
    asked = [int(text) for text in positions.split(",")]
    if len(asked) > MANY or not all(0 < one <= signed for one in asked):
        raise Problem("not_found")
    found = await inclusions(pool, [one - 1 for one in asked], signed, _kind(request))
    return {
        "size": signed,
        "checkpoint": str(note),
        "paths": {str(index + 1): _base64(path) for index, path in found.items()},
    }


@_routes.get(
    "/consistency",
    summary="一致性证明 That one size begins with another",
    **files("text/plain"),
)
async def consistent(request: Request, old: Size, new: Size) -> Response:
    size, _ = await newest(_pool(request), _kind(request))
    if not old <= new <= size:
        raise Problem("not_found")
    lines = _base64(await consistency(_pool(request), old, new, _kind(request)))
    text = "".join(f"{line}\n" for line in lines)
    return Response(text, media_type=_TEXT, headers=_FOREVER)


@_routes.get(
    "/tile/{level}/{path:path}",
    summary="瓦片 256 hashes (C2SP tlog-tiles)",
    **files("application/octet-stream"),
)
async def tile(
    request: Request, level: Annotated[int, Path(ge=0, le=63)], path: str
) -> Response:
    asked = read_index(path)
    size, _ = await newest(_pool(request), _kind(request))
    if asked is None or width_of((level, asked[0]), size) < asked[1]:
        raise Problem("not_found")
    index, width = asked
    content = await tile_at(_pool(request), (level, index), width, _kind(request))
    headers = _FOREVER if width == WIDTH else _BRIEFLY
    return Response(content, media_type="application/octet-stream", headers=headers)


proofs = APIRouter(prefix="/log")
"""What an auditor, a witness or a mirror needs; it tells how much happened and never what."""
proofs.include_router(_routes)
second_proofs = APIRouter(prefix=f"/log/{SECOND.suite.name}")
"""The same of the second tree; 404 where a deployment keeps none."""
second_proofs.include_router(_routes)


def _base64(hashes: list[bytes]) -> list[str]:
    return [b64encode(one).decode() for one in hashes]
