"""Startup, liveness and readiness, for whoever runs the console."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.console.rendering import environment

router = APIRouter()


@router.get("/startupz")
@router.get("/livez")
async def livez() -> Response:
    """The process answers."""
    return Response()


@router.get("/readyz")
async def readyz() -> Response:
    """Pages can be served. A service that is away is told on the page that misses it.

    No other system is asked: one service down would take every replica out of the balancer.
    """
    environment().get_template("base.html")
    return Response('{"pages":true}', media_type="application/json")


@router.get("/metrics")
async def metrics() -> Response:
    """Figures for monitoring."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
