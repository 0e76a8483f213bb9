"""Is what is stored still what was said: the log, its tree, the views made of it, the stream?"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import APIError, NotFoundError

from contracts.subjects import stream_of
from shared.envelope import message_of
from shared.eventstore.postgres import Connection, connect
from shared.eventstore.tree import FIRST, SECOND, Kind
from shared.projecting import Project
from shared.relay import said_after
from shared.shadow import SLICE, shadow, told_between
from shared.tlog.checkpoint import read_checkpoint
from shared.tlog.merkle import Frontier
from shared.tlog.note import NoteInvalid, Verifier, believed, read_note
from shared.tlog.tiles import HEIGHT

SHOWN = 20
"""Differences of each part that are named; all are counted."""
PAGE = 2_000
NEWEST_NOTES = 500
"""Checkpoints whose signatures are checked again; the roots of all of them are."""

_ROWS = """
    SELECT position, recorded, stream::text, id::text, version, type, prev, leafhash, about, fact
    FROM events WHERE position > $1 ORDER BY position LIMIT $2
"""
_SIZE = "SELECT position FROM cursors WHERE reader = $1"
_RESULTS = """
    SELECT e.position, c.number IS NULL AS gone
    FROM events e
    LEFT JOIN checks c ON c.number = substring(e.fact FROM '"check":([0-9]{1,15})[,}]')::bigint
    WHERE e.stream = $1 AND (c.number IS NULL
       OR encode(sha256(convert_to(c.report, 'UTF8')), 'hex')
          IS DISTINCT FROM substring(e.fact FROM '"report":"([0-9a-f]{64})"'))
    ORDER BY e.position
"""

type Progress = Callable[[str, int, int], None]
"""Told which part stands where, of how much."""
type Beside = Mapping[str, frozenset[str]]
"""Tables, and columns of them, that something else than a projection keeps; no columns: all."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One difference: its code, where it is, and what is wrong, for people (zh, en)."""

    code: str
    where: str
    zh: str
    en: str


@dataclass(slots=True)
class Part:
    """What one part of the check found. `found` counts every fault, `faults` names the first."""

    upto: int = 0
    compared: int = 0
    found: int = 0
    faults: list[Fault] = field(default_factory=list)
    fingerprint: str = ""

    def add(self, code: str, where: str, zh: str, en: str) -> None:
        self.found += 1
        if len(self.faults) < SHOWN:
            self.faults.append(Fault(code, where, zh, en))


async def check_log(
    over: Connection, keys: Sequence[Verifier] = (), progress: Progress | None = None
) -> Part:
    """Every row from its bytes alone: hash, chain, order, columns; every checkpoint; every tile."""
    part, trees = Part(), [_Tree(FIRST, await _roots(over, FIRST))]
    if await over.fetchval(
        "SELECT EXISTS (SELECT FROM cursors WHERE reader = $1)", SECOND.reader
    ):
        trees.append(_Tree(SECOND, await _roots(over, SECOND)))
    heads: dict[str, tuple[int, bytes]] = {}
    for tree in trees:
        tree.compare(part)
    last = await over.fetchval("SELECT coalesce(max(position), 0) FROM events")
    recorded = ""
    rows = await over.fetch(_ROWS, 0, PAGE)
    while rows:
        # The server reads the next page while this one is checked.
        following = asyncio.ensure_future(over.fetch(_ROWS, rows[-1]["position"], PAGE))
        await asyncio.sleep(0)
        for row in rows:
            recorded = _row(part, row, heads, recorded)
            for tree in trees:
                tree.grow(row)
                tree.compare(part)
        part.upto = part.compared = rows[-1]["position"]
        if progress:
            progress("log", part.upto, last)
        rows = await following
    for tree in trees:
        for size in sorted(tree.roots):
            if size > part.upto:
                part.add(
                    "signed_more", f"checkpoint {size}",
                    f"已签 {size} 条，库中只有 {part.upto} 条",
                    f"{size} events were signed, the store holds {part.upto}",
                )  # fmt: skip
        await _nodes(part, over, tree)
    await _notes(part, over, keys)
    part.fingerprint = trees[0].frontier.root().hex()
    return part


def _row(part: Part, row: Any, heads: dict[str, tuple[int, bytes]], recorded: str) -> str:
    """One row; returns when it says it was recorded."""
    position, when, stream, id, version, type, prev, leafhash, about, fact = row
    where = f"position {position}"
    body = f'{{"about":{about},"fact":{fact}}}'.encode()
    if sha256(b"\x00" + body).digest() != leafhash:
        part.add(
            "bytes_changed",
            where,
            "正文与叶摘要不符：内容被改动",
            "the body does not fit its hash",
        )
    if position != part.compared + 1:
        part.add(
            "gap", where, "位置不连续：有行被删除", "positions are not dense: a row is gone"
        )
    part.compared = position
    try:
        said = orjson.loads(about)
        same = (
            said["stream"] == stream and said["id"] == id and said["version"] == version
            and said["type"] == type and said["prev"] == (prev.hex() if prev else None)
        )  # fmt: skip
        told = said["recorded"]
        same = same and datetime.fromisoformat(told) == when
    except (ValueError, KeyError, TypeError):
        part.add("not_readable", where, "正文无法读取", "the body cannot be read")
        return recorded
    if not same:
        part.add(
            "column_differs",
            where,
            "查询列与正文不符",
            "a column says something else than the body",
        )
    before, hash = heads.get(stream, (0, None))
    if version != before + 1 or prev != hash:
        part.add(
            "chain_broken", where, "同一流内前后链断裂",
            "the chain within its stream is broken: prev is not the hash of the version before",
        )  # fmt: skip
    heads[stream] = version, leafhash
    if told <= recorded:
        part.add(
            "time_goes_back",
            where,
            "记录时间倒退",
            "it says it was recorded before the one before",
        )
    return str(told)


class _Tree:
    """A tree grown anew from the leaves, with the nodes that the tiles must hold."""

    def __init__(self, kind: Kind, roots: Mapping[int, bytes]) -> None:
        self.kind, self.roots = kind, roots
        self.frontier = Frontier(kind.suite)
        self.nodes: dict[tuple[int, int], bytes] = {}

    def grow(self, row: Any) -> None:
        leaf = row["leafhash"]
        if self.kind is not FIRST:
            leaf = self.kind.suite.leaf(
                f'{{"about":{row["about"]},"fact":{row["fact"]}}}'.encode()
            )
        closed = [leaf, *self.frontier.append(leaf)]
        for level, node in enumerate(closed[::HEIGHT]):
            if level >= self.kind.lowest:
                self.nodes[level, (self.frontier.size >> HEIGHT * level) - 1] = node

    def compare(self, part: Part) -> None:
        """With what was signed at this size, if anything was."""
        signed = self.roots.get(self.frontier.size)
        if signed is not None and signed != self.frontier.root():
            part.add(
                "root_differs", f"checkpoint {self.frontier.size}",
                "根摘要与已签检查点不符：历史被改写",
                "the log does not lead to the root that was signed: history was written anew",
            )  # fmt: skip


async def _roots(over: Connection, kind: Kind) -> dict[int, bytes]:
    rows = await over.fetch(
        "SELECT size, root FROM checkpoints WHERE suite = $1", kind.suite.name
    )
    return {row["size"]: row["root"] for row in rows}


async def _nodes(part: Part, over: Connection, tree: _Tree) -> None:
    size = await over.fetchval(_SIZE, tree.kind.reader) or 0
    rows = await over.fetch(f"SELECT level, index, hash FROM {tree.kind.nodes}", timeout=60)
    stored = {(row["level"], row["index"]): row["hash"] for row in rows}
    for (level, index), hash in tree.nodes.items():
        if (index + 1) << HEIGHT * level <= size and stored.pop((level, index), None) != hash:
            part.add(
                "tile_differs", f"tile {level}/{index}", "瓦片与日志不符",
                "a tile of the tree is not what the log leads to",
            )  # fmt: skip
    for level, index in stored:
        part.add(
            "tile_unknown",
            f"tile {level}/{index}",
            "多出的瓦片",
            "a tile of no part of the log",
        )


async def _notes(part: Part, over: Connection, keys: Sequence[Verifier]) -> None:
    rows = await over.fetch(
        "SELECT size, root, note, origin = origin_v1(suite) AS ours FROM checkpoints"
        " ORDER BY turn DESC LIMIT $1",
        NEWEST_NOTES,
    )
    for row in rows:
        try:
            note = read_note(row["note"])
            said = read_checkpoint(note)
            if keys and row["ours"]:  # before a restore it signed under another name
                believed(note, keys)
            good = (said.size, said.root) == (row["size"], row["root"])
        except NoteInvalid:
            good = False
        if not good:
            part.add(
                "note_invalid", f"checkpoint {row['size']}", "检查点签名不成立",
                "the signed note of a checkpoint does not hold",
            )  # fmt: skip


async def check_results(part: Part, over: Connection, stream: UUID) -> None:
    """The kept results of earlier checks against what the log says of them, on `stream`."""
    for row in await over.fetch(_RESULTS, stream, timeout=60):
        where = f"position {row['position']}"
        if row["gone"]:
            part.add(
                "result_gone", where, "日志记有此次核对，保存的结果已被删除",
                "the log tells of this check, and its kept result is gone",
            )  # fmt: skip
        else:
            part.add(
                "result_differs", where, "保存的核对结果与日志所记摘要不符",
                "the kept result of this check is not the one that the log tells of",
            )  # fmt: skip


@asynccontextmanager
async def _shadow(dsn: str, beside: Beside) -> AsyncIterator[tuple[Connection, list[Any]]]:
    """A connection whose tables are empty copies: what projections write there, nobody sees."""
    connection = await connect(dsn)
    try:
        tables = await shadow(connection)
        yield connection, [t for t in tables if beside.get(t["name"]) != frozenset()]
    finally:
        connection.terminate()


async def check_views(
    dsn: str,
    projections: Mapping[str, Project],
    beside: Beside,
    progress: Progress | None = None,
) -> Part:
    """Every view made again from the log, in slices, beside the live one; then row by row."""
    part = Part()
    if not projections:
        return part
    async with _shadow(dsn, beside) as (connection, tables):
        reached = dict.fromkeys(projections, 0)
        await _replay(connection, projections, reached, progress)
        async with connection.transaction(isolation="repeatable_read"):
            # The live views moved on meanwhile: to where they stand in this snapshot, and no further.
            await _replay(connection, projections, reached, None, pause=False)
            whole = sha256()
            for table in tables:
                whole.update(await _compared(part, connection, table, beside))
        part.upto = min(reached.values())
        part.fingerprint = whole.hexdigest()
    return part


async def _replay(
    connection: Connection,
    projections: Mapping[str, Project],
    reached: dict[str, int],
    progress: Progress | None,
    *,
    pause: bool = True,
) -> None:
    rows = await connection.fetch("SELECT reader, position FROM cursors")
    live = {row["reader"]: row["position"] for row in rows}
    for number, (name, project) in enumerate(projections.items()):
        upto = live.get(f"view:{name}", 0)
        while slice := await told_between(connection, reached[name], upto):
            async with connection.transaction():
                for told in slice:
                    await project(connection, told)
            reached[name] = slice[-1].entry.position
            if progress:
                done = number * upto + reached[name]
                progress("views", done, upto * len(projections))
            if pause:
                await asyncio.sleep(0.01)


async def _compared(part: Part, connection: Connection, table: Any, beside: Beside) -> bytes:
    """One table, live against shadow; differences are named by key and column."""
    name, key = table["name"], list(table["key"] or ())
    drop = list(beside.get(name, ()))
    live = f'SELECT to_jsonb(t) - $1::text[] AS row FROM public."{name}" t'
    again = f'SELECT to_jsonb(t) - $1::text[] AS row FROM pg_temp."{name}" t'
    differing = await connection.fetch(
        f"(SELECT 'live' AS side, row FROM ({live} EXCEPT ALL {again}) l)"
        f" UNION ALL (SELECT 'log', row FROM ({again} EXCEPT ALL {live}) s)",
        drop, timeout=600,
    )  # fmt: skip
    sides: dict[str, dict[str, dict[str, Any]]] = {}
    for one in differing:
        members = orjson.loads(one["row"])
        at = "/".join(str(members.get(k)) for k in key) or one["row"][:80]
        sides.setdefault(at, {})[one["side"]] = members
    for at, found in sides.items():
        _difference(part, f"{name} {at}", found.get("live"), found.get("log"))
    count, print = await connection.fetchrow(  # type: ignore[misc]
        f"SELECT count(*), encode(sha256(convert_to(coalesce(string_agg(row::text, '' ORDER BY row),"
        f" ''), 'UTF8')), 'hex') FROM ({again}) s",
        drop, timeout=600,
    )  # fmt: skip
    part.compared += count
    return f"{name} {print}\n".encode()


def _difference(
    part: Part, where: str, live: dict[str, Any] | None, log: dict[str, Any] | None
) -> None:
    if live is None:
        part.add("row_missing", where, "视图缺行", "the view lacks a row that the log leads to")
    elif log is None:
        part.add(
            "row_unfounded",
            where,
            "视图多行：事件中无据",
            "the view has a row that no event explains",
        )
    else:
        columns = sorted(c for c in live.keys() | log.keys() if live.get(c) != log.get(c))
        for column in columns:
            part.add(
                "value_differs", f"{where} .{column}",
                f"视图为 {_brief(live.get(column))}，按事件应为 {_brief(log.get(column))}",
                f"the view says {_brief(live.get(column))}, the log {_brief(log.get(column))}",
            )  # fmt: skip


def _brief(value: Any) -> str:
    return orjson.dumps(value).decode()[:80]


async def check_stream(
    service: str, over: Connection, bus: Client, progress: Progress | None = None
) -> Part:
    """Every message that the stream still holds is the row of its position, byte for byte."""
    part, js, name = Part(), bus.jetstream(timeout=5), stream_of(service)
    last = await over.fetchval("SELECT coalesce(max(position), 0) FROM events")
    try:
        info = await js.stream_info(name)
    except NotFoundError:
        part.add("stream_missing", name, "流不存在", "the stream is not there")
        return part
    if info.state.last_seq > last:
        part.add(
            "stream_ahead", f"sequence {info.state.last_seq}", f"流多于库（库 {last} 条）",
            f"the stream holds more than the store's {last}",
        )  # fmt: skip
    after = max(0, info.state.first_seq - 1)
    while after < (upto := min(last, info.state.last_seq)):
        batch = await said_after(over, after, min(SLICE, upto - after))
        if not batch:
            break
        found = await asyncio.gather(
            *(_message(js, name, said.entry.position) for said in batch)
        )
        for said, message in zip(batch, found, strict=True):
            _same(part, said.entry.position, message_of(service, said), message)
        after = part.upto = batch[-1].entry.position
        if progress:
            progress("stream", after, upto)
    part.fingerprint = f"{info.state.first_seq}-{part.upto}"
    return part


async def _message(js: Any, stream: str, sequence: int) -> tuple[str, bytes] | None:
    try:
        raw = await js.get_msg(stream, sequence)
    except NotFoundError:
        return None
    except (APIError, NatsError) as error:
        raise ConnectionError(f"{stream} does not answer: {error!r}") from error
    return raw.subject, raw.data


def _same(
    part: Part, position: int, said: tuple[str, bytes], message: tuple[str, bytes] | None
) -> None:
    part.compared += 1
    where = f"sequence {position}"
    if message is None:
        part.add("message_missing", where, "流中缺这一条", "the stream lacks it")
    elif message != said:
        part.add("message_differs", where, "流中内容与库不同", "the stream says something else")
