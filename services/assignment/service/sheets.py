"""How is a hand-over sheet (交接单) made from what the others answer?"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from contracts.vocabulary import Reliance, Store
from services.assignment.domain.facts import Sheet
from services.assignment.domain.handover import contents, written
from services.assignment.domain.state import Assigned
from shared.peers import Peers

READ: tuple[Store, ...] = ("intake", "supervision")


@dataclass(frozen=True, slots=True)
class Page:
    """The sheet as data, and as the text whose digest goes on record."""

    contents: Mapping[str, Any]
    sheet: Sheet


async def page_for(peers: Peers, id: UUID, state: Assigned, left: str) -> Page:
    """What `left` has, from intake and supervision; raises `Problem("unavailable")`."""
    answers = {name: await peers.get(name, f"/matters/{id}") for name in READ}
    found = contents(left, (), state, answers["intake"], answers["supervision"])
    text = written(found)
    relied_on = tuple(
        Reliance(store=name, position=answer["position"])
        for name in READ
        if (answer := answers[name]) and "position" in answer
    )
    digest = sha256(text.encode()).hexdigest()
    return Page(found, Sheet(text, digest, relied_on))
