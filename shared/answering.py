"""How a reader is answered: JSON, and pages whose cursor says nothing to anybody else."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Query, Response

from shared.problems import Problem

type Several = Annotated[list[UUID], Query(min_length=1, max_length=50)]
"""What is asked for together: `?id=…&id=…`."""


def json_answer(content: Any, headers: dict[str, str] | None = None) -> Response:
    """`content` as JSON; what JSON does not know is written as text."""
    body = orjson.dumps(content, default=str)
    return Response(body, media_type="application/json", headers=headers)


def following(rows: Sequence[dict[str, Any]], limit: int, key: str) -> str | None:
    """The cursor of the next page, after the last row's `key`; None when this was the last."""
    if len(rows) < limit:
        return None
    return urlsafe_b64encode(str(rows[-1][key]).encode()).decode()


def passing(
    rows: list[dict[str, Any]], limit: int, passed: int
) -> tuple[list[dict[str, Any]], str | None]:
    """A page, and the cursor of the next, where a list has no key but its order: what is passed over.

    `rows` are asked for with one more than `limit`, after `passed` of them: so that it is known
    whether there are more.
    """
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], urlsafe_b64encode(str(passed + limit).encode()).decode()


def cursor_text(after: str) -> str:
    """The key that a cursor stands for, '' for the first page; raises `Problem("bad_cursor")`."""
    try:
        return urlsafe_b64decode(after.encode()).decode()
    except ValueError:
        raise Problem("bad_cursor") from None


def cursor_number(after: str) -> int:
    """The same for a key that is a number, 0 for the first page."""
    try:
        number = int(cursor_text(after) or "0")
    except ValueError:
        raise Problem("bad_cursor") from None
    if not 0 <= number < 2**63:
        raise Problem("bad_cursor")
    return number
