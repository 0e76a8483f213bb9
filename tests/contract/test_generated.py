"""Whether the generated documents match the classes, and whether old promises are kept."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from contracts.__main__ import (
    GENERATED,
    Unusable,
    build,
    drift,
    frozen_today,
    main,
    released,
)
from contracts.compatibility import incompatibilities
from contracts.documents import asyncapi, documents
from contracts.registry import BY_SERVICE, BY_TYPE
from contracts.subjects import SERVICES, everything_from, stream_of, subject_of

EXAMPLE = "examples/intake/mode_chosen.v1.agent.json"
SCHEMA = "generated/schemas/intake/mode_chosen.v1.schema.json"


def changed(files: dict[str, bytes], path: str, change: dict[str, object]) -> dict[str, bytes]:
    """`files` with members of the schema at `path` replaced."""
    schema = json.loads(files[path])
    return {**files, path: json.dumps({**schema, **change}).encode()}


def test_what_is_committed_is_what_would_be_built() -> None:
    assert drift(GENERATED) == []
    assert main(["check"]) == 0


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    assert documents() == documents()
    first = build(tmp_path)
    before = {path: (tmp_path / path).read_bytes() for path in first}
    assert build(tmp_path) == first
    assert {path: (tmp_path / path).read_bytes() for path in first} == before


def test_every_drifted_file_is_named(tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / "about.schema.json").write_text("{}")
    (tmp_path / "asyncapi/intake.yaml").unlink()
    (tmp_path / "schemas/intake/forgotten.v1.schema.json").write_text("{}")
    assert drift(tmp_path) == [
        "about.schema.json: differs",
        "asyncapi/intake.yaml: missing",
        "schemas/intake/forgotten.v1.schema.json: no longer made",
    ]
    build(tmp_path)
    assert drift(tmp_path) == []


def test_other_spacing_is_no_drift(tmp_path: Path) -> None:
    build(tmp_path)
    path = tmp_path / "about.schema.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8"))))
    assert drift(tmp_path) == []


def test_documents_of_others_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "policy.schema.json").write_text("{}")
    build(tmp_path)
    assert drift(tmp_path) == []
    assert (tmp_path / "policy.schema.json").exists()


@pytest.mark.parametrize("service", SERVICES)
def test_a_speaker_has_a_channel_for_each_event_on_its_own_stream(service: str) -> None:
    document = yaml.safe_load((GENERATED / f"asyncapi/{service}.yaml").read_text("utf-8"))
    assert document == asyncapi(service)
    channels = document["channels"].values()
    assert len(channels) == len(BY_SERVICE[service])
    assert {channel["x-jetstream"]["stream"] for channel in channels} == {stream_of(service)}
    addresses = {channel["address"].format(pp="43", cc="06", dd="00") for channel in channels}
    types = [type for type in BY_TYPE if type.startswith(f"{service}.")]
    assert addresses == {subject_of("430600", type) for type in types}
    words = everything_from(service).split(".")
    assert all(len(address.split(".")) == len(words) for address in addresses)


@pytest.mark.parametrize("service", SERVICES)
def test_every_reference_in_asyncapi_leads_somewhere(service: str) -> None:
    document = asyncapi(service)
    for key, channel in document["channels"].items():
        for name, message in channel["messages"].items():
            assert message["$ref"] == f"#/components/messages/{name}"
            assert name in document["components"]["messages"]
        assert document["operations"][f"send_{key}"]["channel"]["$ref"] == f"#/channels/{key}"
    for message in document["components"]["messages"].values():
        envelope, narrow = message["payload"]["schema"]["allOf"]
        fact = narrow["properties"]["data"]["properties"]["fact"]
        for reference in (envelope["$ref"], fact["$ref"]):
            assert (GENERATED / "asyncapi" / reference).resolve().exists()
        assert message["examples"][0]["payload"]["type"] == message["name"]


def test_nothing_changed_breaks_nothing() -> None:
    today = frozen_today()
    assert EXAMPLE in today
    assert SCHEMA in today
    assert list(incompatibilities(today, today)) == []


def test_a_new_optional_member_breaks_nothing() -> None:
    old = frozen_today()
    schema = json.loads(old[SCHEMA])
    grown = {**schema["properties"], "asked_by": {"type": "string"}}
    personal = {"x-personal": ["wish"], "x-personal-subject": "applicant"}
    today = changed(
        old, SCHEMA, {"properties": grown, **personal, "description": "Put better."}
    )
    assert list(incompatibilities(old, today)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"properties": {}},
        {"required": ["mode", "replaces"]},
        {"required": []},
        {"$defs": {"ModeChoice": {"enum": ["assist", "agent"], "type": "string"}}},
        {"additionalProperties": False},
    ],
    ids=["member removed", "member required", "member freed", "list changed", "closed"],
)
def test_a_schema_that_says_less_or_other_is_refused(change: dict[str, object]) -> None:
    old = frozen_today()
    problems = list(incompatibilities(old, changed(old, SCHEMA, change)))
    assert problems
    assert all(problem.startswith(SCHEMA) for problem in problems)
    assert "make a new version" in problems[0]


def test_a_released_example_and_type_stay_for_ever() -> None:
    old = frozen_today()
    edited = {**old, EXAMPLE: old[EXAMPLE] + b"\n"}
    assert ["never edited" in p for p in incompatibilities(old, edited)] == [True]
    gone = {path: content for path, content in old.items() if path not in (EXAMPLE, SCHEMA)}
    assert [problem.split(":")[0] for problem in incompatibilities(old, gone)] == [
        EXAMPLE,
        SCHEMA,
    ]


def test_an_old_fact_that_can_no_longer_be_read_is_refused() -> None:
    old = {EXAMPLE: b'{"mode": "escort"}'}
    problems = list(incompatibilities(old, old))
    assert len(problems) == 1
    assert "can no longer be read (mode" in problems[0]
    unknown = {"examples/intake/case_opened.v1.first.json": b"{}"}
    assert "no longer in the registry" in next(incompatibilities(unknown, unknown))


def test_a_release_is_read_from_git(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=t", "-c", "user.email=t@example.invalid")
        subprocess.run(["git", "-C", str(tmp_path), *who, *arguments], check=True)

    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "empty")
    assert released("HEAD", tmp_path) == {}
    example = tmp_path / "contracts" / EXAMPLE
    example.parent.mkdir(parents=True)
    example.write_bytes(b'{\n  "mode": "agent"\n}\n')
    git("add", ".")
    git("commit", "-q", "-m", "first")
    git("tag", "v0.1.0")
    example.write_bytes(b'{\n  "mode": "assist"\n}\n')
    assert released("v0.1.0", tmp_path) == {EXAMPLE: b'{\n  "mode": "agent"\n}\n'}
    assert list(incompatibilities(released("v0.1.0", tmp_path), frozen_today(tmp_path)))
    with pytest.raises(Unusable, match="name a commit, tag or branch"):
        released("no-such-release", tmp_path)


def test_a_ref_that_is_unknown_is_said_plainly(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--against", "no-such-release"]) == 2
    assert "name a commit, tag or branch" in capsys.readouterr().err


def test_a_fact_that_readers_of_the_release_cannot_read_is_refused() -> None:
    old = frozen_today()
    fresh = "examples/intake/mode_chosen.v1.another.json"
    today = {**old, fresh: b'{"mode": "escort"}'}
    problems = list(incompatibilities(old, today))
    assert len(problems) == 1
    assert problems[0].startswith(fresh) and "readers of the release" in problems[0]
    more = {**old, fresh: b'{"mode": "agent", "a_new_optional_member": "x"}'}
    assert list(incompatibilities(old, more)) == []
