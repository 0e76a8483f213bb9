"""From a row of the log to the message on the bus, and back without believing it."""

from typing import Any, NamedTuple
from uuid import UUID

import orjson

from contracts.canonical import leaf_hash
from contracts.event import About
from contracts.subjects import subject_of
from shared.eventstore.log import Entry

LARGEST = 250_000


class Malformed(ValueError):
    """A message that is not what its speaker's log says; the reason is in the text."""


class Heard(NamedTuple):
    """A message as it was checked: body bytes and hash agree, and `about` is well formed."""

    position: int
    id: UUID
    type: str
    about: About
    fact: dict[str, Any]
    leafhash: str
    body: bytes
    origin: UUID | None
    origin_store: str | None


class Said(NamedTuple):
    """A row of the log, the two things a hearer needs beside it, and its body, made once: what is
    hashed before it is said is what is said.
    """

    entry: Entry
    origin: UUID | None
    heard: str | None
    body: bytes


def message_of(service: str, said: Said) -> tuple[str, bytes]:
    """The subject and the CloudEvent of a row; its body is spliced in verbatim as `data`."""
    entry = said.entry
    about = orjson.loads(entry.about)
    head = {
        "specversion": "1.0",
        "id": about["id"],
        "source": f"urn:onefile:{service}",
        "type": entry.type,
        "subject": about["matter"] or about["stream"],
        "time": about["recorded"],
        "datacontenttype": "application/json",
        "position": entry.position,
        "leafhash": entry.leafhash.hex(),
        "prevhash": about["prev"],
        "causationid": about["cause"],
        "originid": said.origin and str(said.origin),
        "originstore": said.heard,
    }
    text = orjson.dumps(head)[:-1] + b',"data":' + said.body + b"}"
    return subject_of(about["area"], entry.type), text


def heard(message: bytes) -> Heard:
    """Check a message; raises `Malformed`. The hash is recomputed over the exact bytes."""
    if len(message) > LARGEST:
        raise Malformed("larger than an event can be")
    head, mark, rest = message.partition(b',"data":')
    try:
        envelope = orjson.loads(head + b"}")
        body = rest[:-1]
        if not mark or orjson.loads(body).keys() != {"about", "fact"}:
            raise Malformed("no event body in data")
        parsed = orjson.loads(body)
        about = About.model_validate_json(orjson.dumps(parsed["about"]), strict=True)
        digest = leaf_hash(body).hex()
        position = envelope["position"]
        if type(position) is not int or position < 1:
            raise Malformed("no position")
        if envelope.get("leafhash") != digest:
            raise Malformed("the leaf hash is not that of the body")
        if str(about.id) != envelope.get("id") or about.type != envelope.get("type"):
            raise Malformed("the envelope speaks of another event")
        origin = envelope.get("originid")
        return Heard(
            position, about.id, about.type, about, parsed["fact"], digest, body,
            UUID(origin) if origin else None, envelope.get("originstore"),
        )  # fmt: skip
    except Malformed:
        raise
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Malformed(f"not an event: {type(error).__name__}") from None
