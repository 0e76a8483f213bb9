"""What did the last checks of each service's whole history find (持续核对)?"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse

from services.console.backend import Caller
from services.console.entering import Form, Me
from services.console.pages.papers import passed_on
from services.console.rendering import render
from services.console.settings import SERVICES

router = APIRouter()

BACK, RAW = 5, 100
"""Checks of a service that the page shows, and those of its raw answer."""

type Store = Annotated[str, Path(pattern=f"^({'|'.join(SERVICES)})$")]


@router.get("/desk/stores")
async def page(request: Request, me: Me) -> Response:
    """The last checks of every service, and each difference by its name."""
    found = await me.together(*(me.get(one, "/log/checks", limit=BACK) for one in SERVICES))
    return await render(
        request, "stores.html", stores=list(zip(SERVICES, found, strict=True)),
        began=request.query_params.get("began", ""),
    )  # fmt: skip


@router.get("/desk/stores/{service}.json")
async def raw(me: Me, service: Store) -> Response:
    """The service's own answer, byte for byte: its notes are signed over these reports."""
    return passed_on(await me.bytes(service, "/log/checks", limit=RAW))


@router.post("/desk/stores/{service}")
async def begin(me: Me, service: Store, form: Form) -> Response:
    """Begin a check of one store now; one that is under way is not begun twice."""
    await me.post(service, "/log/checks")
    return RedirectResponse(f"/desk/stores?began={service}#{service}", 303)


async def last_checks(me: Caller) -> list[tuple[str, Any]]:
    """For a desk: each service with its last check, None where it does not say."""
    found = await me.together(*(me.maybe(one, "/log/checks", limit=1) for one in SERVICES))
    return list(zip(SERVICES, found, strict=True))
