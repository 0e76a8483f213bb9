"""Does an event belong to a feed, and which bytes leave: fail-closed, and the same at every door."""

from typing import Any, NamedTuple

import orjson

from contracts.canonical import body_of, canonical, leaf_hash
from services.feeds.domain.agencies import Agency
from shared.tlog.merkle import SHA256

MARK = b',"data":'


class Arrival(NamedTuple):
    """An event as it was heard: the message is the speaker's, its bytes untouched."""

    arrival: int
    area: str
    type: str
    message: bytes


class Place(NamedTuple):
    """Where an event stands in a feed: its position, and the hash of the message before."""

    position: int
    before: bytes | None


def admits(agency: Agency, type: str, area: str) -> bool:
    """Whether the agency is given events of `type` in `area`. What is not named is not given."""
    if type not in agency.views:
        return False
    return any(area == one if len(one) == 6 else area.startswith(one) for one in agency.areas)


def delivered(agency: Agency, arrival: Arrival, place: Place) -> bytes:
    """The message of an admitted event: one line of JSON, the same bytes at every door.

    `leafhash` is of the whole event; `viewhash` of what is in `data`. They are equal when
    nothing is withheld, and only then. Raises ValueError for an event that is not admitted.
    """
    head, mark, rest = arrival.message.partition(MARK)
    told = orjson.loads(head + b"}")
    body = rest[:-1]
    given = _seen(agency, body, told["type"]) if mark else b""
    if not mark or not admits(agency, told["type"], orjson.loads(body)["about"]["area"]):
        raise ValueError("this event is not for this feed")
    envelope = {
        **told,
        "feed": agency.feed,
        "feedposition": place.position,
        "feedprevious": place.position - 1,
        "feedprevhash": place.before.hex() if place.before else None,
        "viewhash": leaf_hash(given).hex(),
    }
    return orjson.dumps(envelope)[:-1] + MARK + given + b"}"


def leaf_of(message: bytes) -> bytes:
    """The leaf of a delivered message in its feed's tree."""
    return SHA256.leaf(message)


def _seen(agency: Agency, body: bytes, type: str) -> bytes:
    """The body with only what the agency is given of it."""
    members = agency.views.get(type, frozenset[str]())
    if members is None and not agency.about_without:
        return body
    parsed: dict[str, Any] = orjson.loads(body)
    about = {k: v for k, v in parsed["about"].items() if k not in agency.about_without}
    fact = {k: v for k, v in parsed["fact"].items() if members is None or k in members}
    return body_of(canonical(about), canonical(fact))
