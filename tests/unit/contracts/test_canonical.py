"""The bytes of a fact are RFC 8785, and nothing else is read as one."""

import unicodedata
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from contracts.canonical import NotCanonical, body_of, canonical, leaf_hash, parse_canonical
from contracts.event import About

ABOUT = {
    "actor": "p:0197a2f0-0000-7000-8000-000000000001",
    "version": 1,
    "type": "intake.service_accepted.v1",
    "stream": "0197a2f0-0000-7000-8000-0000000000aa",
    "store": "intake",
    "recorded": "2026-11-21T03:48:54.123456Z",
    "project": None,
    "prev": None,
    "pack": None,
    "matter": "0197a2f0-0000-7000-8000-0000000000aa",
    "id": "dca5fa3e-e31b-5692-bcbb-6f24a35fcb5a",
    "effective": "2026-11-21",
    "channel": "window",
    "cause": "3d43a5ab-4b1e-57da-b92e-e933dbf3c56c",
    "behalf": None,
    "authority": None,
    "area": "430600",
}
FACT = {
    "title": "甲 “引”\n\\ 𠀀\x7f",
    "none": None,
    "done": True,
    "days": 5,
    "amount": "12.50",
    "_sd": ["x"],
}
BODY = (
    '{"about":{"actor":"p:0197a2f0-0000-7000-8000-000000000001","area":"430600",'
    '"authority":null,"behalf":null,"cause":"3d43a5ab-4b1e-57da-b92e-e933dbf3c56c",'
    '"channel":"window","effective":"2026-11-21",'
    '"id":"dca5fa3e-e31b-5692-bcbb-6f24a35fcb5a",'
    '"matter":"0197a2f0-0000-7000-8000-0000000000aa","pack":null,"prev":null,'
    '"project":null,"recorded":"2026-11-21T03:48:54.123456Z","store":"intake",'
    '"stream":"0197a2f0-0000-7000-8000-0000000000aa","type":"intake.service_accepted.v1",'
    '"version":1},"fact":{"_sd":["x"],"amount":"12.50","days":5,"done":true,"none":null,'
    '"title":"甲 “引”\\n\\\\ 𠀀\x7f"}}'
).encode()
LEAF = "f90b9f2199f907fb9349fb350164fd338343c6dc3885ac846506510f2e666ffb"

text = st.text(st.characters(codec="utf-8")).map(lambda t: unicodedata.normalize("NFC", t))
keys = st.text(st.characters(codec="ascii"))
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text
documents = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=30
)


def test_a_body_and_its_hash_are_frozen() -> None:
    body = body_of(canonical(ABOUT), canonical(FACT))
    assert body == BODY
    assert leaf_hash(body).hex() == LEAF
    assert parse_canonical(body) == {"about": ABOUT, "fact": FACT}
    assert About.model_validate(ABOUT).version == 1


@given(documents)
def test_our_bytes_are_those_of_the_reference_library(document: Any) -> None:
    assert canonical(document).encode() == rfc8785.dumps(document)


@given(documents)
def test_what_was_written_is_read_back(document: Any) -> None:
    assert parse_canonical(canonical(document).encode()) == document


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        {"a": [1.0]},
        {"a": ({"b": 1.5},)},
        2**53,
        -(2**53),
        {"a": 2**64},
        "e\u0301",
        {"a": ["e\u0301"]},
        {"甲": 1},
        {"a": {"é": 1}},
        {1: "a"},
        "\ud800",
        b"bytes",
        {"a": {1, 2}},
    ],
    ids=repr,
)
def test_what_the_profile_leaves_out_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1} ',
        b'\n{"a":1}',
        b'{"b":1,"a":2}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":01}',
        b'{"a":9007199254740992}',
        b'{"a":18446744073709551616}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        b'{"a":"\\u000a"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\\u00e9"}',
        '{"a":"e\u0301"}'.encode(),
        '{"甲":1}'.encode(),
        b'{"a":"\xff"}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":NaN}',
        b'{"a":1}{"a":1}',
        b'{"a":1,}',
        b"",
    ],
    ids=repr,
)
def test_other_bytes_for_a_value_are_refused(body: bytes) -> None:
    with pytest.raises(NotCanonical):
        parse_canonical(body)
