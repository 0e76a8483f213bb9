"""A check is said once, oldest first, and what an intruder wrote never becomes a fact."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson
import pytest

from contracts.intake import HistoryChecked
from shared.checked import CHECKS, SayChecked, fact_of
from shared.testing.spec import Spec

AT = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
SPEC = Spec(CHECKS, None)


def row(number: int, *faults: tuple[str, str, str], note: str | None = "note") -> Any:
    """A kept result; each fault is (part, code, where)."""
    parts = {
        name: {
            "upto": 9, "compared": 9, "found": sum(f[0] == name for f in faults),
            "fingerprint": "" if name == "stream" else "ab",
            "faults": [{"code": c, "where": w, "zh": "", "en": ""} for p, c, w in faults if p == name],
        }
        for name in ("log", "views", "stream")
    }  # fmt: skip
    report = orjson.dumps({"parts": parts}).decode()
    return {
        "number": number, "began": AT, "ended": AT, "upto": 9, "found": len(faults),
        "report": report, "note": note,
    }  # fmt: skip


def event(number: int, *faults: tuple[str, str, str]) -> HistoryChecked:
    return HistoryChecked.model_validate(fact_of(row(number, *faults)))


def test_each_check_is_said_once_and_in_order() -> None:
    SPEC.when(SayChecked(1, event(1))).then(event(1))
    SPEC.given(event(1)).when(SayChecked(2, event(2))).then(event(2))
    SPEC.given(event(1), event(2)).when(SayChecked(2, event(2))).then_nothing()
    SPEC.given(event(2)).when(SayChecked(1, event(1))).then_nothing()


def test_the_fact_names_the_kept_bytes_by_their_digests() -> None:
    kept = row(7)
    fact = fact_of(kept)
    assert fact["report"] == sha256(kept["report"].encode()).hexdigest()
    assert fact["note"] == sha256(b"note").hexdigest()
    assert fact_of(row(7, note=None))["note"] is None
    assert "fingerprint" not in event(7).public()["parts"][2]


@pytest.mark.parametrize(
    ("fault", "place"),
    [
        (("log", "bytes_changed", "position 12"), "position:12"),
        (("log", "tile_differs", "tile 1/0"), "tile:1/0"),
        (("stream", "message_differs", "sequence 3"), "sequence:3"),
        (("stream", "stream_missing", "ONEFILE_INTAKE"), "ONEFILE_INTAKE"),
        (("views", "value_differs", "view_files 0b1c .entries"), "view_files.entries"),
        (("views", "value_differs", "view_files 张三 .x .entries"), "view_files.entries"),
        (("views", "row_unfounded", "view_files 张三 .entries"), "view_files"),
        (("views", "row_unfounded", "view_张三 1"), "view___"),
    ],
)
def test_a_place_holds_nothing_that_was_written_into_a_row(
    fault: tuple[str, str, str], place: str
) -> None:
    parts = {part.part: part for part in event(1, fault).parts}
    (found,) = parts[fault[0]].differences
    assert (found.code, found.place) == (fault[1], place)


def test_a_place_is_named_once_however_many_rows_differ_there() -> None:
    faults = [("views", "value_differs", f"view_files {n} .entries") for n in range(20)]
    (_, views, _) = event(1, *faults).parts
    assert (views.found, len(views.differences)) == (20, 1)
