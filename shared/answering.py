"""How a reader is answered: JSON, described, and pages whose cursor says nothing to anybody else."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from shared.members import MEMBERS
from shared.problems import Problem

type Several = Annotated[list[UUID], Query(min_length=1, max_length=50)]
"""What is asked for together: `?id=…&id=…`."""


def _meaning(schema: dict[str, Any], answer: type[BaseModel]) -> None:
    """What a member means is said once, in `shared.members`, unless the answer says it itself."""
    for name, member in schema.get("properties", {}).items():
        member.pop("title", None)
        if name in MEMBERS:
            member.setdefault("description", MEMBERS[name])


class Answer(BaseModel):
    """The shape of an answer, for who reads about it: answers are not put through it.

    Closed, so that a test notices a member that is not described. It may gain members, and never
    loses one: readers pass over those they do not know.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", defer_build=True, json_schema_extra=_meaning
    )


class Page[Row: Answer](Answer):
    """A part of a list (一页)."""

    items: list[Row]
    after: str | None


class Rows[Row: Answer](Answer):
    """A part of a list (一页)."""

    rows: list[Row]
    after: str | None


class Items[Row: Answer](Answer):
    """Those of what was asked for that are there and the caller's to read (一批)."""

    items: list[Row]


def sometimes(description: str | None = None, *, alias: str | None = None) -> Any:
    """A member that is not in every answer; not the same as one that is null."""
    return Field(default_factory=_absent, description=description, alias=alias)


def _absent() -> Any:
    raise TypeError("an answer is described by this, and not made of it")


def answers(shape: Any, *besides: str, status: int = 200) -> dict[str, Any]:
    """For a route: it answers JSON of `shape` or, to who asks for it, one of the media `besides`.

    FastAPI is told for the document alone: nothing is validated or copied while answering.
    """
    told: dict[str, Any] = {"model": shape}
    if besides:
        told["content"] = _content(besides)
    return {"response_model": None, "status_code": status, "responses": {status: told}}


def either(shape: Any, status: int, *others: int) -> dict[str, Any]:
    """For a route that answers `shape` by one of several statuses."""
    told = answers(shape, status=status)
    return told | {"responses": {one: {"model": shape} for one in (status, *others)}}


def files(*media: str) -> dict[str, Any]:
    """For a route: it answers a text or a file of one of these media."""
    return {
        "response_class": Response, "response_model": None,
        "responses": {200: {"content": _content(media)}},
    }  # fmt: skip


def nothing(*statuses: int) -> dict[str, Any]:
    """For a route whose answer is its status alone."""
    told = {
        one: {"description": "The status says it; nothing else is answered."}
        for one in statuses
    }
    return {"response_class": Response, "response_model": None, "responses": told}


def _content(media: Sequence[str]) -> dict[str, Any]:
    text, file = {"type": "string"}, {"type": "string", "format": "binary"}
    plain = {"text/plain", "text/html", "text/csv", "image/svg+xml"}
    return {one: {"schema": text if one in plain else file} for one in media}


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
