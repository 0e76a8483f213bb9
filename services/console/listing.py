"""How does a desk show a long list: its first rows, that there are more, and the way to them?"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import Request

from services.console.backend import Caller

ROWS = 50
"""Rows of a list beside others on a desk; the rest are on its next pages, and it is said."""
PREFIX = "after-"
ROWS_IN = ("rows", "items", "waiting", "inspections")
"""What services call the rows of a page."""
AT_MOST = 200
"""Rows that a service gives at once."""


class Listed(list[dict[str, Any]]):
    """The rows of one page of a list. `rest` leads on, `start` back to the first page, if any.

    `total`: how many there are on all pages, `left`: how many follow this one, where it is told.
    """

    def __init__(
        self,
        rows: Iterable[dict[str, Any]] = (),
        rest: str | None = None,
        start: str | None = None,
        counts: Mapping[str, int] | None = None,
    ) -> None:
        super().__init__(rows)
        self.rest, self.start = rest, start
        self.total, self.left = (counts or {}).get("all"), (counts or {}).get("left_out")

    @property
    def shown(self) -> str:
        """How many there are; where that is not told how many are shown, and `+` when not all."""
        if self.total is not None:
            return str(self.total)
        return f"{len(self)}{'+' if self.rest or self.start else ''}"


async def listed(
    request: Request, me: Caller, name: str, service: str, path: str, **wanted: Any
) -> Listed:
    """A page of the list that a desk calls `name`; which page, the address of the desk says.

    Nothing where there is none, or it is not this person's to see.
    """
    asked = request.query_params.get(PREFIX + name)
    more = {"after": asked} if asked else {}
    found = await me.maybe(service, path, limit=ROWS, **wanted, **more) or {}
    rows = next((found[key] for key in ROWS_IN if key in found), ())
    return paged(request, name, rows, found.get("after"))


async def everything(
    me: Caller, service: str, path: str, **wanted: Any
) -> list[dict[str, Any]]:
    """The rows of every page of a list, for what is counted or chosen from."""
    found: list[dict[str, Any]] = []
    more: dict[str, Any] = {}
    while True:
        page = await me.maybe(service, path, limit=AT_MOST, **wanted, **more) or {}
        found += page.get("rows") or page.get("items") or ()
        if not page.get("after"):
            return found
        more = {"after": page["after"]}


def paged(
    request: Request,
    name: str,
    rows: Iterable[dict[str, Any]],
    after: str | None,
    counts: Mapping[str, int] | None = None,
) -> Listed:
    """Rows that were read already, with the ways on and back."""
    here = request.query_params.get(PREFIX + name)
    rest = _address(request, {PREFIX + name: after}, name) if after else None
    start = _address(request, {PREFIX + name: None}, name) if here else None
    return Listed(rows, rest, start, counts)


def _address(request: Request, changed: Mapping[str, str | None], place: str) -> str:
    kept = {k: v for k, v in request.query_params.items() if k not in ("done", *changed)}
    query = urlencode(kept | {k: v for k, v in changed.items() if v is not None})
    return f"{request.url.path}{'?' if query else ''}{query}#{place}"
