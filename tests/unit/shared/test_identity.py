"""Ids are derived, and stay what they are: a repetition in ten years must get the same ones."""

from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from shared.eventstore.identity import NAMESPACE, cause_of, derived, event_id, origin_of

STREAM = UUID("0197a2f0-0000-7000-8000-0000000000aa")
REQUEST = ("intake", "p:0197a2f0-0000-7000-8000-000000000001", "POST /matters", "key-1")
ORIGIN = UUID("d770a98e-dfac-51e4-99c4-654b3bc4e2f8")
CAUSE = UUID("3d43a5ab-4b1e-57da-b92e-e933dbf3c56c")


def test_the_namespace_is_frozen() -> None:
    assert UUID("5b0d4a1e-7f0c-5c55-9e1b-1f0b5f6f1e00") == NAMESPACE


def test_the_id_of_a_request_is_frozen() -> None:
    assert origin_of(*REQUEST) == ORIGIN


def test_the_id_of_a_heard_event_is_frozen() -> None:
    heard = origin_of("supervision", "intake", "heard", "0197a2f0-0000-7000-8000-0000000000bb")
    assert heard == UUID("43c105be-349a-5195-9252-881b7b66d173")


def test_causes_are_frozen() -> None:
    assert cause_of(ORIGIN, STREAM) == CAUSE
    assert cause_of(ORIGIN, STREAM, 1) == UUID("58f45e81-db49-598b-9b23-ad699bb49d14")


def test_event_ids_are_frozen() -> None:
    assert event_id(CAUSE, 0) == UUID("dca5fa3e-e31b-5692-bcbb-6f24a35fcb5a")
    assert event_id(CAUSE, 1) == UUID("bbdcd8f6-55ab-584c-ac27-14bfe4482fd4")


def test_text_beyond_ascii_is_taken_as_utf_8() -> None:
    assert derived(NAMESPACE, "甲") == UUID("bff05b5f-a0a9-5916-b64a-9bb90528a713")


@given(st.uuids(), st.text(st.characters(codec="utf-8")))
def test_a_derived_id_is_a_uuid_of_version_5(parent: UUID, name: str) -> None:
    assert derived(parent, name) == uuid5(parent, name)


def test_each_part_of_a_request_makes_another_id() -> None:
    others = [(*REQUEST[:n], "x", *REQUEST[n + 1 :]) for n in range(4)]
    moved = ("intake", REQUEST[1] + "P", "OST /matters", "key-1")
    ids = {origin_of(*r) for r in (REQUEST, moved, *others)}
    assert len(ids) == 6
