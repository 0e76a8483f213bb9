"""What may an agency ask: its own feed, proofs of it, and what its webhook left over."""

import asyncio
import gzip
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.upcasting import newer_than
from services.feeds.api.answers import (
    FeedTold,
    ParkedTold,
    Pinned,
    Proved,
    Replayed,
    Resumed,
    SnapshotTold,
)
from services.feeds.api.streaming import MEDIA, Following, Form
from services.feeds.queries import after, nodes, parked, proven, root_at, size_of, standing
from services.feeds.service import Feeds
from services.feeds.service.credentials import Caller
from services.feeds.service.webhooks import Hook
from shared.answering import files
from shared.http import body_of
from shared.problems import Problem
from shared.tlog.merkle import root_of

PART = 4_096
"""Messages in a part of a snapshot: a whole subtree, so that each part proves itself."""
MOST = 1_000
MOST_HASHES = 4_096

router = APIRouter(tags=["feed"])


type Position = Annotated[int, Query(ge=0, le=2**53, description="the last position you have")]
type FeedName = Annotated[
    str | None,
    Query(max_length=60, description="the feed you are reading; refused when it is another"),
]


def feeds_of(request: Request) -> Feeds:
    feeds: Feeds = request.app.state.feeds
    return feeds


async def caller_of(request: Request) -> Caller:
    """Who asks; raises `Problem`."""
    return await feeds_of(request).credentials.caller_of(request)


type Asking = Annotated[Caller, Depends(caller_of)]
type Ours = Annotated[Feeds, Depends(feeds_of)]


class Shown(BaseModel):
    """How many messages an agency holds, and the root over them (完整性核对)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    feed: Annotated[str, Field(max_length=60)]
    size: Annotated[int, Field(ge=0, le=2**53)]
    root: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def same_feed(caller: Caller, feed: str | None) -> None:
    """Raise `Problem` when the reader means another feed: what it is given has changed."""
    if feed is not None and feed != caller.agency.feed:
        raise Problem("feed_changed", feed=caller.agency.feed)


@router.get("/events", summary="事件 The feed after a position, as NDJSON or Server-Sent Events",
            **files(*MEDIA.values()))  # fmt: skip
async def events(
    request: Request,
    caller: Asking,
    feeds: Ours,
    after_position: Annotated[int, Query(alias="after", ge=0, le=2**53)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 500,
    feed: FeedName = None,
    follow: Annotated[bool, Query(description="stay and send what comes")] = False,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> Response:
    """Messages from position `after`+1 on, none left out, each the same bytes as at every door.

    A page is at most `limit` messages: ask again after the last of it. With `follow=true`, or
    `Accept: text/event-stream`, the answer does not end. From zero always works.
    """
    same_feed(caller, feed)
    form: Form = "sse" if "text/event-stream" in request.headers.get("accept", "") else "ndjson"
    position = _from(last_event_id, after_position)
    size = await size_of(feeds.pool, caller.agency.feed)
    if position > size:
        raise Problem("position_ahead", size=size)
    if follow or form == "sse":
        return Following(feeds, caller, position, form)
    page = await after(feeds.pool, caller.agency.feed, position, limit)
    last = page[-1].position if page else position
    return Response(
        b"".join(one.message + b"\n" for one in page),
        media_type=MEDIA["ndjson"],
        headers={"Onefile-Feed": caller.agency.feed, "Onefile-Position": str(last),
                 "Onefile-Size": str(size), "Cache-Control": "no-store"},
    )  # fmt: skip


def _from(last_event_id: str | None, position: int) -> int:
    if last_event_id is None:
        return position
    if not (last_event_id.isascii() and last_event_id.isdigit()):
        raise Problem("bad_parameter", parameter="Last-Event-ID")
    return int(last_event_id)


@router.get("/feed", summary="我的订阅 What you are given, how far it is, how you stand",
            response_model=FeedTold)  # fmt: skip
async def feed(caller: Asking, feeds: Ours) -> dict[str, Any]:
    return await told(feeds, caller)


async def told(feeds: Feeds, caller: Caller) -> dict[str, Any]:
    """How a feed stands: for its agency and the office alike."""
    agency = caller.agency
    stand = await standing(feeds.pool, agency.feed) or {"size": 0, "proven": 0, "parked": 0}
    return {
        "agency": agency.id,
        "zh": agency.zh,
        "en": agency.en,
        "feed": agency.feed,
        "purpose": agency.purpose,
        "legal_basis": agency.legal_basis,
        "until": agency.until,
        "areas": agency.areas,
        "events": {t: sorted(v) if v is not None else "all" for t, v in agency.views.items()},
        "newer": newer_than(agency.views),
        "about_without": agency.about_without,
        "size": stand["size"],
        "proven": stand["proven"],
        "proven_at": stand.get("proven_at"),
        "unfiltered": stand.get("unfiltered", 0),
        "held": feeds.held(agency),
        "keys": [
            {"nkey": key.nkey, "since": key.since, "until": key.until, "revoked": key.revoked,
             "good": key.good(feeds.clock())}
            for key in agency.keys
        ],
        "webhook": agency.webhook and {
            "position": stand.get("hook_position") or 0,
            "lag": stand["size"] - (stand.get("hook_position") or 0),
            "parked": stand["parked"],
            "paused": stand.get("hook_paused"),
            "retry_at": stand.get("hook_retry_at"),
        },
        "stream": agency.stream,
        "vkey": feeds.seal.vkey(agency.feed) if feeds.seal.private else None,
    }  # fmt: skip


@router.get("/feed/checkpoint", summary="检查点 The signed length and root of your feed",
            **files("text/plain"))  # fmt: skip
async def checkpoint(
    caller: Asking, feeds: Ours, size: Annotated[int | None, Query(ge=0)] = None
) -> Response:
    name = caller.agency.feed
    head = await size_of(feeds.pool, name)
    wanted = head if size is None else size
    if wanted > head:
        raise Problem("position_ahead", size=head)
    note = feeds.seal.checkpoint(name, wanted, await root_at(feeds.pool, name, wanted))
    return Response(note, media_type="text/plain; charset=utf-8")


@router.get("/feed/vkey", summary="验证公钥 The key to pin for your feed, and for webhooks",
            response_model=Pinned)  # fmt: skip
async def vkey(caller: Asking, feeds: Ours) -> dict[str, str]:
    """Compare both with what you were given by another channel before you trust them."""
    return {
        "vkey": feeds.seal.vkey(caller.agency.feed),
        "webhook": feeds.seal.webhook_key(),
    }


@router.post("/feed/proof", summary="完整性核对 Show your length and root", response_model=Proved,
             openapi_extra={"requestBody": {"required": True, "content": {
                 "application/json": {"schema": Shown.model_json_schema()}}}})  # fmt: skip
async def proof(request: Request, caller: Asking, feeds: Ours) -> dict[str, Any]:
    """`equal` says that you have every message up to `size`, and none besides.

    When it is false, compare hashes (`/feed/hashes`) from level 2 down: the first that differs
    leads to the first message that does.
    """
    shown = await body_of(request, Shown)
    same_feed(caller, shown.feed)
    head = await size_of(feeds.pool, shown.feed)
    if shown.size > head:
        raise Problem("position_ahead", size=head)
    root = (await root_at(feeds.pool, shown.feed, shown.size)).hex()
    if root == shown.root:
        await proven(feeds.pool, shown.feed, shown.size)
    return {"equal": root == shown.root, "size": shown.size, "root": root, "head": head}


@router.get("/feed/hashes", summary="哈希 Hashes of whole subtrees of 256^level messages",
            **files("application/octet-stream"))  # fmt: skip
async def hashes(
    caller: Asking,
    feeds: Ours,
    level: Annotated[int, Query(ge=0, le=7)] = 0,
    start: Annotated[int, Query(ge=0, le=2**53)] = 0,
    count: Annotated[int, Query(ge=1, le=MOST_HASHES)] = 256,
) -> Response:
    """32 bytes each, one after the other; level 0 are the leaves. Fewer than asked: no more."""
    found = await nodes(feeds.pool, caller.agency.feed, level, start, start + count)
    return Response(b"".join(found), media_type="application/octet-stream")


@router.get(
    "/feed/snapshot", summary="快照 What a signed snapshot holds: parts, roots, checkpoint",
    response_model=SnapshotTold,
)  # fmt: skip
async def snapshot(caller: Asking, feeds: Ours) -> dict[str, Any]:
    """Everything up to `size` in parts of 4096; then go on with `/events?after=size`."""
    name = caller.agency.feed
    size = await size_of(feeds.pool, name) // PART * PART
    width = PART // 256
    parts: list[str] = []
    whole = await _all_nodes(feeds, name, size // 256)
    for number in range(size // PART):
        parts.append(root_of(whole[number * width : (number + 1) * width]).hex())
    root = await root_at(feeds.pool, name, size)
    note = feeds.seal.checkpoint(name, size, root)
    return {"feed": name, "size": size, "root": root.hex(), "part": PART, "parts": parts,
            "checkpoint": note}  # fmt: skip


async def _all_nodes(feeds: Feeds, name: str, count: int) -> list[bytes]:
    found: list[bytes] = []
    while len(found) < count:
        page = await nodes(feeds.pool, name, 1, len(found), min(count, len(found) + 20_000))
        found += page
        if not page:
            raise Problem("unavailable")
    return found


@router.get("/feed/snapshot/{number}", summary="快照分卷 One part, as gzip of NDJSON",
            **files("application/gzip"))  # fmt: skip
async def part(
    caller: Asking,
    feeds: Ours,
    number: Annotated[int, Path(ge=0, le=2**40)],
    feed: FeedName = None,
) -> Response:
    same_feed(caller, feed)
    page = await after(feeds.pool, caller.agency.feed, number * PART, PART)
    if len(page) < PART:
        raise Problem("not_found")
    text = b"".join(one.message + b"\n" for one in page)
    packed = await asyncio.to_thread(gzip.compress, text, 1, mtime=0)
    return Response(
        packed,
        media_type="application/gzip",
        headers={"Cache-Control": "private, max-age=31536000, immutable"},
    )


def hook_of(feeds: Feeds, caller: Caller) -> Hook:
    """The agency's webhook; raises `Problem` where there is none."""
    hook = feeds.hook_of(caller.agency)
    if hook is None:
        raise Problem("not_found")
    return hook


@router.get("/webhook/parked", summary="搁置的消息 What your webhook did not take",
            response_model=list[ParkedTold])  # fmt: skip
async def parked_messages(
    caller: Asking,
    feeds: Ours,
    after_position: Annotated[int, Query(alias="after", ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> list[dict[str, Any]]:
    """Nothing here is ever deleted: replay it once its cause is mended."""
    return await parked(feeds.pool, caller.agency.feed, after_position, limit)


@router.post(
    "/webhook/parked/{position}/replay",
    summary="重发 Post what is parked of one matter",
    response_model=Replayed,
)
async def replay(
    caller: Asking, feeds: Ours, position: Annotated[int, Path(ge=1)]
) -> dict[str, int]:
    return {"taken": await hook_of(feeds, caller).replay(position)}


@router.post("/webhook/resume", summary="恢复 Post again after a 410 or a pause",
             response_model=Resumed)  # fmt: skip
async def resume(caller: Asking, feeds: Ours) -> dict[str, bool]:
    await hook_of(feeds, caller).resume()
    return {"resumed": True}
