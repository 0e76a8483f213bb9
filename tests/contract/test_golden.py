"""Whether everything that was ever said is read today, through every version in between."""

from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from pydantic import ValidationError

from contracts import golden
from contracts.__main__ import main
from contracts.compatibility import incompatibilities
from contracts.documents import type_of
from contracts.event import Event
from contracts.intake import ModeChosen
from contracts.registry import BY_TYPE
from contracts.upcasting import (
    STEPS,
    event_in,
    event_of,
    kind_of,
    newer_than,
    next_version,
    raised,
)
from shared.envelope import Said, heard, message_of
from shared.eventstore.log import Entry
from shared.eventstore.vocabulary import UnknownEvent, Vocabulary
from tests.versions import V1, V2, V3, PublicityLoggedV2, PublicityLoggedV3, later_release

FILES = sorted(golden.GOLDEN.glob("*/*.json"))
EACH = pytest.mark.parametrize(
    "path", FILES, ids=[path.relative_to(golden.GOLDEN).as_posix() for path in FILES]
)
OLD = {"body": "hall", "medium": "web", "_sd": ["x" * 43]}


@EACH
def test_every_message_ever_released_is_heard_and_read_as_an_event_of_today(path: Path) -> None:
    told = heard(path.read_bytes().rstrip(b"\n"))
    assert golden.path_of(told.type) == path.relative_to(golden.GOLDEN).as_posix()
    event = event_of(told.type, told.fact)
    assert event is not None and type_of(type(event)) not in STEPS
    _, fact = raised(told.type, told.fact)
    said = event.public() | ({"_sd": fact["_sd"]} if "_sd" in fact else {})
    assert said == fact, "nothing that was said is lost on the way"
    again = event_in(told.type, orjson.dumps(told.fact).decode())
    assert again == event


@EACH
def test_a_released_message_has_the_bytes_that_travel(path: Path) -> None:
    """The same row of a log is said in the same bytes, whatever release says it."""
    message = path.read_bytes().rstrip(b"\n")
    told = heard(message)
    body: dict[str, Any] = orjson.loads(told.body)
    about, fact = (orjson.dumps(body[part]).decode() for part in ("about", "fact"))
    entry = Entry(
        told.position,
        UUID(int=0),
        1,
        told.id,
        told.type,
        bytes.fromhex(told.leafhash),
        about,
        fact,
    )
    assert message_of(told.about.store, Said(entry, None, None, entry.body))[1] == message


def test_every_version_that_is_known_has_its_message_and_none_was_touched() -> None:
    assert {golden.path_of(type) for type in BY_TYPE} <= {
        path.relative_to(golden.GOLDEN).as_posix() for path in FILES
    }
    assert list(golden.problems()) == []
    assert len(golden.frozen()) > 200


def test_every_step_leads_from_a_version_that_is_kept_to_one_that_is_known() -> None:
    assert [type for type in STEPS if type not in BY_TYPE] == []
    assert [type for type in STEPS if next_version(type) not in BY_TYPE] == []
    older = [t for t in BY_TYPE if next_version(t) in BY_TYPE]
    assert sorted(older) == sorted(STEPS), "each version but the last has a step, and no other"


def test_a_released_message_is_never_edited_lost_or_taken_off_the_list(tmp_path: Path) -> None:
    golden.freeze(tmp_path)
    assert list(golden.problems(tmp_path)) == []
    path = tmp_path / golden.path_of(V1)
    kept, sums = path.read_bytes(), (tmp_path / golden.SUMS).read_bytes()
    path.write_bytes(kept.replace(b"urn:onefile:intake", b"urn:onefile:intakf"))
    golden.build(tmp_path)
    assert [p for p in golden.problems(tmp_path) if "never edited" in p]
    path.unlink()
    golden.build(tmp_path)
    assert [p for p in golden.problems(tmp_path) if "bring it back" in p]
    golden.freeze(tmp_path)
    assert list(golden.problems(tmp_path)), "what is lost does not come back by freezing"
    path.write_bytes(kept)
    assert list(golden.problems(tmp_path)) == []
    fewer = b"\n".join(sums.splitlines()[1:])
    listed = f"golden/{golden.SUMS}"
    told = list(incompatibilities({listed: sums}, {listed: fewer}))
    assert len(told) == 1 and "never changed or taken out" in told[0]
    assert len(list(incompatibilities({listed: sums}, {}))) == len(sums.splitlines())
    assert list(incompatibilities({listed: sums}, {listed: sums + b"00  new\n"})) == []


def test_what_is_not_released_follows_its_example(tmp_path: Path) -> None:
    golden.build(tmp_path)
    path = tmp_path / golden.path_of(V1)
    kept = path.read_bytes()
    path.write_bytes(b"{}")
    (tmp_path / "intake" / "forgotten.v1.json").write_bytes(b"{}")
    assert len(list(golden.problems(tmp_path))) == 2
    golden.build(tmp_path)
    assert path.read_bytes() == kept and list(golden.problems(tmp_path)) == []
    assert main(["check"]) == 0


def test_a_fact_is_raised_through_every_version_in_between() -> None:
    with later_release():
        fact = {"body": "hall", "media": ["web"], "audience": "not_said", "_sd": OLD["_sd"]}
        assert raised(V1, OLD) == (V3, fact)
        assert OLD["medium"] == "web", "the fact that was given is not changed"
        assert raised(V2, {"body": "hall", "media": ["web"]})[1]["audience"] == "not_said"
        assert kind_of(V1) is kind_of(V3) is PublicityLoggedV3
        event = event_of(V1, OLD)
        assert isinstance(event, PublicityLoggedV3) and event.media == ("web",)
        assert event.title.withheld
        assert event_in(V1, orjson.dumps(OLD).decode()) == event
        with pytest.raises(ValidationError):
            event_of(V3, {"body": "hall", "media": ["web"]})
        assert newer_than([V1]) == {V1: V3} and newer_than([V1, V3]) == {}
    assert event_of("intake.publicity_logged.v9", OLD) is None and newer_than([V1]) == {}
    assert kind_of(V1) is BY_TYPE[V1]


def test_a_stream_of_all_versions_is_folded_as_one() -> None:
    with later_release():
        kinds: list[type[Event]] = [BY_TYPE[V1], PublicityLoggedV2, PublicityLoggedV3]
        vocabulary = Vocabulary(kinds)
        assert set(vocabulary.by_type) == {V3}, "whoever writes knows the last version alone"
        facts = [(V1, OLD), (V2, {"body": "hall", "media": ["tv"]}),
                 (V3, {"body": "hall", "media": ["sms"], "audience": "applicants"})]  # fmt: skip
        text = orjson.dumps([{"t": type, "f": fact} for type, fact in facts]).decode()
        read = vocabulary.decode_stream(text)
        assert all(isinstance(one, PublicityLoggedV3) for one in read)
        assert [getattr(one, "media") for one in read] == [("web",), ("tv",), ("sms",)]  # noqa: B009
        assert isinstance(vocabulary.decode(V1, orjson.dumps(OLD).decode()), PublicityLoggedV3)
        with pytest.raises(UnknownEvent):
            Vocabulary([ModeChosen]).decode(V1, "{}")
