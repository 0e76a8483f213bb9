"""What does a browser need to check one entry by itself: bytes, hash, path, checkpoint, keys?"""

import asyncio
from typing import Any
from uuid import UUID

from services.console.backend import Caller, Refusal


async def evidence(me: Caller, matter: UUID, position: int) -> dict[str, Any]:
    """The exact bodies of an entry, its store's proof for it, and the key the store names.

    `proof` is None while the store has not signed that far. Nothing is judged here: the reader's
    own browser does that, with the keys its reader trusts. Raises `Refusal`.
    """
    found = await me.get(
        "archive", f"/matters/{matter}/entries", at=position, after=position - 1
    )
    own = next((one for one in found["entries"] if one["position"] == position), None)
    if own is None:
        raise Refusal("archive", 404, {"type": "urn:onefile:problem:not_found"})
    leaf = own["copy"] or own
    store, at = str(leaf["store"]), int(leaf["position"])
    proof, key = await asyncio.gather(
        _text(me, store, "/log/proof", position=at), _text(me, store, "/log/vkey")
    )
    return {
        "matter": str(matter),
        "position": position,
        "store": store,
        "at": at,
        "own": {k: own[k] for k in ("store", "position", "leafhash", "body")},
        "copy": own["copy"],
        "proof": proof,
        "vkey": key.strip() if key else None,
    }


async def _text(me: Caller, service: str, path: str, **parameters: Any) -> str | None:
    """A text of the public log; None while there is none."""
    try:
        return (await me.bytes(service, path, **parameters)).text
    except Refusal as refusal:
        if refusal.status == 404:
            return None
        raise
