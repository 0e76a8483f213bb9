"""How a file comes in: after we know who asks, within a size of its own, of a kind we named."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from shared.problems import Problem

SLOWEST_FILE = 60.0
"""Seconds until a file must be here."""
LONGEST_SILENCE = 30.0
"""Seconds that the next part of a streamed file may let wait."""
FAR_TOO_LARGE = 4
"""Up to so many times its limit a file is read on, unkept, so that the answer can be heard."""


def takes_file(
    router: APIRouter,
    path: str,
    endpoint: Callable[..., Awaitable[Response]],
    *,
    media: Sequence[str],
    told: Mapping[str, Any],
    parameters: Iterable[dict[str, object]] = (),
) -> None:
    """Add a POST route whose body is a file of one of the `media` types, not JSON.

    `told` is what it answers, as `shared.answering` says it.
    """
    binary = {"schema": {"type": "string", "format": "binary"}}
    reads_itself(endpoint)
    router.add_api_route(
        path,
        endpoint,
        methods=["POST"],
        summary=(endpoint.__doc__ or "").split("\n")[0],
        openapi_extra={
            "requestBody": {"required": True, "content": dict.fromkeys(media, binary)},
            "parameters": list(parameters),
        },
        **told,
    )


_MARKED: set[Callable[..., Awaitable[Response]]] = set()


def reads_itself(endpoint: Callable[..., Awaitable[Response]]) -> None:
    """The body of this POST route is read by the route: it is no JSON of ours."""
    _MARKED.add(endpoint)


def doors_for_files(routers: Iterable[APIRouter]) -> tuple[re.Pattern[str], ...]:
    """The paths of `routers` behind which a file is read by the route itself."""
    return tuple(
        route.path_regex
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute) and route.endpoint in _MARKED
    )


async def chunks_of(request: Request, *, largest: int) -> AsyncIterator[bytes]:
    """The file in the body as it comes; raises `Problem` when it is too large or too slow."""
    closing = {"Connection": "close"}
    if int(request.headers.get("content-length", "0") or 0) > largest:
        raise Problem("file_too_large", largest=largest, headers=closing)
    size, incoming = 0, request.stream()
    while True:
        try:
            async with asyncio.timeout(LONGEST_SILENCE):
                chunk = await anext(incoming, None)
        except TimeoutError:
            raise Problem("too_slow", headers=closing) from None
        if chunk is None:
            return
        size += len(chunk)
        if size > largest:
            raise Problem("file_too_large", largest=largest, headers=closing)
        yield chunk


def check_media(request: Request, media: Sequence[str]) -> str:
    """The media type that the sender states; raises `Problem` for one that is not taken."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in media or request.headers.get("content-encoding", "identity") != "identity":
        raise Problem("file_type_unsupported", accepts=list(media))
    return given


async def file_of(request: Request, *, media: Sequence[str], largest: int) -> bytes:
    """The file in the body; raises `Problem` when it is of another kind, too large or too slow."""
    check_media(request, media)
    closing = {"Connection": "close"}
    if int(request.headers.get("content-length", "0") or 0) > FAR_TOO_LARGE * largest:
        raise Problem("file_too_large", largest=largest, headers=closing)
    content, size = bytearray(), 0
    try:
        async with asyncio.timeout(SLOWEST_FILE):
            async for chunk in request.stream():
                size += len(chunk)
                if size <= largest:
                    content += chunk
                elif size > FAR_TOO_LARGE * largest:
                    raise Problem("file_too_large", largest=largest, headers=closing)
    except TimeoutError:
        raise Problem("too_slow", headers=closing) from None
    if size > largest:
        raise Problem("file_too_large", largest=largest)
    return bytes(content)
