"""A message is believed only as far as its own bytes prove it."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from contracts.canonical import body_of, canonical, leaf_hash
from contracts.documents import specimen
from shared.envelope import LARGEST, Malformed, heard

TYPE = "intake.service_accepted.v1"
SPECIMEN = specimen(TYPE, {"body": "hall"}, position=7)


def message(**changed: Any) -> bytes:
    """The specimen on the wire, its body verbatim as the last member."""
    head = {k: v for k, v in SPECIMEN.items() if k != "data"} | changed
    return orjson.dumps(head)[:-1] + b',"data":' + body() + b"}"


def body(**changed: Any) -> bytes:
    data: Any = SPECIMEN["data"]
    return body_of(canonical(data["about"] | changed), canonical(data["fact"]))


def rebuilt(**changed: Any) -> bytes:
    """A message whose hash fits its changed body."""
    other = body(**changed)
    head = {k: v for k, v in SPECIMEN.items() if k != "data"}
    head["leafhash"] = leaf_hash(other).hex()
    return orjson.dumps(head)[:-1] + b',"data":' + other + b"}"


def test_a_true_message_is_heard() -> None:
    told = heard(message())
    assert (told.position, told.type, told.fact) == (7, TYPE, {"body": "hall"})
    assert told.leafhash == leaf_hash(told.body).hex()


def test_news_of_a_later_version_is_heard_and_passed_on_unread() -> None:  # B81
    data: Any = SPECIMEN["data"]
    other = body_of(
        canonical(data["about"] | {"type": "intake.tomorrow.v9"}), canonical({"x": 1})
    )
    head = {k: v for k, v in SPECIMEN.items() if k != "data"}
    head |= {"type": "intake.tomorrow.v9", "leafhash": leaf_hash(other).hex()}
    told = heard(orjson.dumps(head)[:-1] + b',"data":' + other + b"}")
    assert told.type == "intake.tomorrow.v9"


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"",  # B80
        lambda: b"not json",
        lambda: b"[]",
        lambda: b'{"data":{}}',
        lambda: b"\xff" + message(),
        lambda: message() + b" " * LARGEST,
        lambda: message(position="7"),
        lambda: message(position=0),
        lambda: message(position=True),
        lambda: message(id="01a1f000-0000-7000-8000-000000000000"),  # B83: another event's id
        lambda: message(type="intake.service_declined.v1"),
        lambda: message(leafhash="00" * 32),  # B82
        lambda: message().replace(b'"hall"', b'"zone"'),
        lambda: rebuilt(version="1"),  # B81: shapes that `about` does not have
        lambda: rebuilt(actor='x","area":"y'),
        lambda: rebuilt(prev="zz"),
        lambda: rebuilt(more=1),
        lambda: rebuilt(recorded="yesterday"),
        lambda: message().replace(b'"fact":', b'"fakt":'),
        lambda: message().replace(b',"data":', b',"date":'),
    ],
)
def test_a_message_that_does_not_prove_itself_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(Malformed):
        heard(make())
