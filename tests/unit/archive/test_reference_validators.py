"""What others' tools say of our dossier: the bag by the Library of Congress's own validator, OCEL."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import bagit
import jsonschema
import pytest

from services.archive.domain.dossier import Dossier, packed
from services.archive.domain.dossier_crate import described
from services.archive.domain.ocel import ocel
from tests.unit.archive.examples import COURSE, told
from tests.unit.archive.long_files import long_file
from tests.unit.archive.test_second_tree import with_both
from tests.unit.archive.test_verifier import true_one


def _all(required: str, **members: object) -> dict[str, object]:
    """An array of objects with these members, of which some are required."""
    kind = {"type": "object", "properties": members, "required": required.split()}
    return {"type": "array", "items": kind}


TEXT: dict[str, object] = {"type": "string"}
TIME = {"type": "string", "format": "date-time"}
RELATED = _all("objectId qualifier", objectId=TEXT, qualifier=TEXT)
TYPES = _all("name attributes", name=TEXT, attributes=_all("name type", name=TEXT, type=TEXT))
SCHEMA = {
    "type": "object",
    "required": ["eventTypes", "objectTypes", "events", "objects"],
    "properties": {
        "eventTypes": TYPES,
        "objectTypes": TYPES,
        "events": _all(
            "id type time", id=TEXT, type=TEXT, time=TIME, relationships=RELATED,
            attributes=_all("name value", name=TEXT, value=TEXT),
        ),
        "objects": _all(
            "id type", id=TEXT, type=TEXT, relationships=RELATED,
            attributes=_all("name value time", name=TEXT, value=TEXT, time=TIME),
        ),
    },
}  # fmt: skip
"""What the schema published with OCEL 2.0 asks for (JSON format, section 8.2), in our words."""


def complete(whole: Dossier) -> Dossier:
    """With everything that a dossier of archive holds besides events and proofs."""
    more = {
        **whole.more,
        "case.ocel.json": ocel(told(*COURSE).filed()),
        "timeline.html": b"<p>",
    }
    whole = replace(whole, more=more)
    crate = described(whole, "2026-11-21T03:00:00Z", {"p:x": "丙", "s:archive": "归档"})
    return replace(whole, more={**more, "ro-crate-metadata.json": crate})


def unpacked(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as bag:
        bag.extractall(folder)
    return folder


@pytest.mark.parametrize("make", [true_one, with_both])
def test_the_reference_validator_of_bagit_takes_our_bag(
    make: Callable[[], Dossier], tmp_path: Path
) -> None:
    folder = unpacked(packed(complete(make())), tmp_path)
    bag = bagit.Bag(str(folder))
    bag.validate()
    assert bag.version_info == (1, 0)
    assert bag.info["External-Identifier"] == "990100-2026-2"
    assert {"sha256"} == set(bag.algorithms)


def test_it_refuses_one_whose_file_was_changed(tmp_path: Path) -> None:
    folder = unpacked(packed(complete(true_one())), tmp_path)
    changed = next((folder / "data" / "intake" / "events").iterdir())
    changed.write_bytes(changed.read_bytes() + b" ")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(folder)).validate()


def test_our_event_log_fits_the_schema_of_ocel() -> None:
    check = jsonschema.Draft202012Validator(
        SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    logs = [json.loads(ocel(filed)) for filed in (told(*COURSE).filed(), long_file(100))]
    for log in logs:
        assert [*check.iter_errors(log)] == []
        objects = {one["id"]: one["type"] for one in log["objects"]}
        assert len(objects) == len(log["objects"])
        kinds = {one["name"] for one in log["objectTypes"]}
        assert set(objects.values()) <= kinds
        for event in log["events"]:
            assert {one["objectId"] for one in event["relationships"]} <= set(objects)
            assert event["type"] in {one["name"] for one in log["eventTypes"]}
    del logs[0]["events"][0]["time"]
    assert [*check.iter_errors(logs[0])]
