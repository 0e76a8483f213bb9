"""HTTP manners, the same for every service: boundary, problems, idempotency, versions, probes."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from functools import cache, partial
from typing import Any
from uuid import UUID

import orjson
import structlog
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi_offline import FastAPIOffline
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.answering import Answer, either, files, nothing
from shared.answers import Ready
from shared.auth import Tokens
from shared.decider import Refused
from shared.effects import new_id
from shared.eventstore.postgres import lost
from shared.eventstore.units import StoreUnavailable
from shared.eventstore.vocabulary import OtherStream
from shared.field_errors import plainly, wrong
from shared.handling import Contended, Done, KeyReused, Stale
from shared.measuring import Measured
from shared.openapi import describe, operation_id
from shared.problems import KINDS, MEDIA_TYPE, Problem, document
from shared.rights import Principal
from shared.strict_json import LARGEST_BODY, BadJson, strict_loads
from shared.uploads import doors_for_files

log = structlog.get_logger()

SLOWEST_BODY = 10.0
PROBES = "probes"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_VERSION = re.compile(r'(?:W/)?"?(\d{1,9})"?')


class Receipt(Answer):
    """What was recorded: the stream's version, the position to read from, and the events."""

    id: UUID
    version: int
    position: int = Field(description="read from here on to see it (日志位置)")
    recorded: list[str] = Field(description="the types of the events; empty: said before")
    same_as: str | None = Field(
        default=None,
        description="the same files were handed in before, as this; nothing was stored twice",
    )


class Boundary:
    """Reads a request within limits before anything looks at it, and answers what is outside.

    A route that takes a file reads it itself (`shared.uploads`), once it knows who asks.
    """

    def __init__(self, app: ASGIApp, files: Sequence[re.Pattern[str]] = ()) -> None:
        self._app, self._files = app, files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["state"] = {**scope.get("state", {}), "instance": f"urn:uuid:{new_id()}"}
        request = Request(scope, receive)
        try:
            _check_size(request)
            if request.method == "POST" and any(f.match(scope["path"]) for f in self._files):
                await self._app(scope, receive, send)
                return
            body = await _body(request)
        except Problem as problem:
            await answer(request, problem)(scope, receive, send)
            return

        messages = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def replay() -> Message:
            """The body once, then what the server says: whoever streams waits for the end."""
            return next(messages, None) or await receive()

        await self._app(scope, replay, send)


def _check_size(request: Request) -> None:
    headers = request.headers.raw
    if len(headers) > 100 or sum(len(k) + len(v) for k, v in headers) > 16_384:
        raise Problem("headers_too_large")
    if len(request.scope["raw_path"]) + len(request.scope["query_string"]) > 4_096:
        raise Problem("url_too_long")


async def _body(request: Request) -> bytes:
    if request.method in ("GET", "HEAD", "OPTIONS", "DELETE"):
        return b""
    if int(request.headers.get("content-length", "0") or 0) > LARGEST_BODY:
        raise Problem("too_large")
    media, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if (
        media.strip().lower() != "application/json"
        or charset not in ("", "utf-8")
        or request.headers.get("content-encoding", "identity") != "identity"
    ):
        raise Problem("unsupported_media_type")
    chunks = bytearray()
    try:
        async with asyncio.timeout(SLOWEST_BODY):
            async for chunk in request.stream():
                chunks += chunk
                if len(chunks) > LARGEST_BODY:
                    raise Problem("too_large")
    except TimeoutError:
        raise Problem("too_slow", headers={"Connection": "close"}) from None
    return bytes(chunks)


def language_of(request: Request) -> str:
    """`zh` unless the caller asks for English first."""
    return "en" if request.headers.get("accept-language", "zh").startswith("en") else "zh"


def answer(request: Request, problem: Problem) -> Response:
    """The problem as a response; never with the input in it."""
    kind = KINDS[problem.code]
    content = document(problem, language_of(request), request.scope["state"]["instance"])
    return Response(
        orjson.dumps(content),
        status_code=kind.status,
        media_type=MEDIA_TYPE,
        headers={**kind.headers, **problem.headers},
    )


def as_problem(error: Exception) -> Problem:
    """What a caller is told about `error`."""
    match error:
        case Problem():
            return error
        case BadJson(code=code):
            return Problem(code)
        case Refused():
            return _refusal(error)
        case Stale(version=version, given=given):
            return Problem("stale", current_version=version, given_version=given)
        case KeyReused():
            return Problem("key_reused")
        case Contended() | StoreUnavailable():
            return Problem("unavailable")
        case RequestValidationError():
            return Problem("invalid", errors=_plainly(error))
        case HTTPException(status_code=405):
            return Problem("method_not_allowed", headers=dict(error.headers or {}))
        case HTTPException(status_code=404) | OtherStream():
            return Problem("not_found")
    return Problem("unavailable") if lost(error) else Problem("internal")


_NOT_FOR_YOU = {"four_eyes": "four_eyes", "not_asked_of_you": "forbidden"}


def _refusal(error: Refused) -> Problem:
    """The rules say no; that it is not for this person to do is a question of rights (403)."""
    if error.code in _NOT_FOR_YOU:
        return Problem(_NOT_FOR_YOU[error.code], details=error.details)
    return Problem("refused", reason=error.code, details=error.details)


def _plainly(error: ValidationError | RequestValidationError) -> list[dict[str, Any]]:
    """Where and why, once each, without the offending input."""
    return plainly(list(error.errors()))


def create_app(
    service: str,
    *routers: APIRouter,
    public: Sequence[APIRouter] = (),
    apart: Sequence[APIRouter] = (),
    tokens: Tokens,
    ready: Callable[[], Awaitable[dict[str, bool]]],
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
) -> FastAPI:
    """The service's HTTP application. `ready` names what the service depends on, up or not.

    Who is asking comes before whether the question is well put; only `public` routes ask nobody,
    and those `apart` ask for a token that is not of our issuer.
    """
    app = FastAPIOffline(  # its pages ask nobody else for scripts
        title=f"onefile {service}",
        version="1",
        lifespan=lifespan,
        docs_url="/docs",
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=operation_id,
    )
    app.state.tokens, app.state.started = tokens, False
    app.state.underway = set()
    app.add_middleware(Boundary, files=doors_for_files((*routers, *public)))
    app.add_middleware(Measured, service=service)
    for router in routers:
        app.include_router(router, dependencies=[Depends(principal_of)])
    for router in (*public, *apart):
        app.include_router(router)
    probes = _probes(ready)
    app.include_router(probes)
    open_to_all = (*public, probes)
    app.openapi = cache(partial(describe, app, open_to_all))  # type: ignore[method-assign]

    async def told(request: Request, error: Exception) -> Response:
        problem = as_problem(error)
        if problem.code == "internal":
            log.error("request_failed", service=service, path=request.url.path, exc_info=error)
        return answer(request, problem)

    for kind in (
        Problem, BadJson, Refused, Stale, KeyReused, Contended, StoreUnavailable, OtherStream,
        RequestValidationError, HTTPException, Exception,
    ):  # fmt: skip
        app.add_exception_handler(kind, told)
    return app


def _probes(ready: Callable[[], Awaitable[dict[str, bool]]]) -> APIRouter:
    """Startup, liveness and readiness are three different questions."""
    router = APIRouter(tags=[PROBES])

    @router.get("/startupz", summary="启动完成 Whether it has started", **nothing(200, 503))
    async def startupz(request: Request) -> Response:
        return Response(status_code=200 if request.app.state.started else 503)

    @router.get("/livez", summary="存活 Whether the process answers", **nothing(200))
    async def livez() -> Response:
        return Response(status_code=200)

    @router.get(
        "/readyz", summary="就绪 Whether to send it requests", **either(Ready, 200, 503)
    )
    async def readyz() -> Response:
        parts = await ready()
        return Response(
            orjson.dumps(parts),
            status_code=200 if all(parts.values()) else 503,
            media_type="application/json",
        )

    @router.get("/metrics", summary="指标 Prometheus metrics", **files("text/plain"))
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


async def principal_of(request: Request) -> Principal:
    """The authenticated caller; raises `Problem("unauthenticated")`."""
    state = request.scope["state"]
    if "principal" not in state:
        tokens: Tokens = request.app.state.tokens
        state["principal"] = await tokens.principal(request.headers.getlist("authorization"))
    known: Principal = state["principal"]
    return known


def idempotency_key(request: Request) -> str:
    """The caller's key for this command; raises `Problem`."""
    keys = request.headers.getlist("idempotency-key")
    if not keys:
        raise Problem("idempotency_key_missing")
    if len(keys) > 1 or not _KEY.fullmatch(keys[0]):
        raise Problem("idempotency_key_invalid")
    return keys[0]


def expected_version(request: Request, *, required: bool = True) -> int | None:
    """The version that the caller saw; raises `Problem`."""
    value = request.headers.get("if-match")
    if value is None:
        if required:
            raise Problem("if_match_missing")
        return None
    match = _VERSION.fullmatch(value.strip())
    if not match:
        raise Problem("if_match_invalid")
    return int(match[1])


async def body_of[C: BaseModel](request: Request, command: type[C], **named: str) -> C:
    """The body as `command`, with what the path has `named`; raises `BadJson` or `Problem`."""
    members = strict_loads(await request.body())
    if named and isinstance(members, dict):
        for name, value in named.items():
            if members.setdefault(name, value) != value:
                raise Problem("invalid", errors=[wrong("differs", name)])
    try:
        return command.model_validate_json(orjson.dumps(members), strict=True)
    except ValidationError as error:
        raise Problem("invalid", errors=_plainly(error)) from None


def receipt(request: Request, id: UUID, done: Done, *, created: bool = False) -> Response:
    """The answer to an accepted command: the same bytes when it is repeated."""
    content = Receipt(
        id=id,
        version=done.version,
        position=done.position,
        recorded=[t for _, t in done.events],
        same_as=done.same_as,
    )
    headers = {"ETag": f'"{done.version}"', "Onefile-Position": str(done.position)}
    if done.replayed:
        headers["Idempotency-Replayed"] = "true"
    return Response(
        content.model_dump_json(exclude_none=True),
        status_code=201 if created else 200,
        media_type="application/json",
        headers=headers,
    )


def underway(request: Request, origin: UUID) -> AbstractAsyncContextManager[None]:
    """Holds `origin` while it is handled here; a second one at the same time is told to wait."""
    return _Underway(request.app.state.underway, origin)


class _Underway:
    def __init__(self, held: set[UUID], origin: UUID) -> None:
        self._held, self._origin = held, origin

    async def __aenter__(self) -> None:
        if self._origin in self._held:
            raise Problem("in_progress")
        self._held.add(self._origin)

    async def __aexit__(self, *_: object) -> None:
        self._held.discard(self._origin)
