"""Personal fields with their salts, over HTTP: for archive alone, which puts them into a dossier."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request

from shared.answering import answers
from shared.answers import Disclosures
from shared.eventstore.disclosure import Keeper
from shared.eventstore.log import Log
from shared.eventstore.reading import read_provable
from shared.http import principal_of
from shared.problems import Problem

PATH = "/log/disclosures"
AT_ONCE = 50
"""Streams in one question."""
TAKERS = frozenset({"s:archive"})
"""Who may ask. Which person is given what, and by which right, archive answers for."""

type Actor = Annotated[str, Query(pattern=r"^[psa]:[0-9A-Za-z._-]{1,100}$")]


def disclosures_routes(log: Log, keeper: Keeper) -> APIRouter:
    """The route over the disclosures that `log`'s service keeps (卷宗中的个人信息; HS-17, X-13)."""
    router = APIRouter(tags=["log"])

    @router.get(PATH, **answers(Disclosures))
    async def disclosures(
        request: Request,
        stream: Annotated[list[UUID], Query(min_length=1, max_length=AT_ONCE)],
        recipient: Actor,
        subject: Annotated[list[str], Query(min_length=1, max_length=20)],
    ) -> dict[str, Any]:
        """Digest and disclosure of what still exists, of the people that `subject` names.

        Before anything is read it is put on record that `recipient` is given them.
        """
        principal = await principal_of(request)
        if principal.id not in TAKERS:
            raise Problem("forbidden")
        found: dict[str, str] = {}
        for one in dict.fromkeys(stream):
            found |= await read_provable(
                log, keeper, one, actor=recipient, purpose=f"dossier: GET {PATH}",
                subjects=frozenset(subject),
            )  # fmt: skip
        return {"service": log.service, "disclosures": found}

    return router
