"""Startup, liveness and readiness, for whoever runs the console."""

import asyncio

import httpx
import orjson
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

router = APIRouter()


@router.get("/startupz")
@router.get("/livez")
async def livez() -> Response:
    """The process answers."""
    return Response()


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """Every service that the desks need answers."""
    backend = request.app.state.backend

    async def up(address: str) -> bool:
        try:
            answer = await backend.client.get(f"{address}/livez", timeout=2)
        except httpx.HTTPError:
            return False
        return bool(answer.status_code == 200)

    names, addresses = backend.addresses.keys(), backend.addresses.values()
    parts = dict(zip(names, await asyncio.gather(*map(up, addresses)), strict=True))
    status = 200 if all(parts.values()) else 503
    return Response(orjson.dumps(parts), status, media_type="application/json")


@router.get("/metrics")
async def metrics() -> Response:
    """Figures for monitoring."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
