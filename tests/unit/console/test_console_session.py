"""A session only this console can read, settings that refuse nonsense, and vendored bytes."""

from hashlib import sha256
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.console.entering import local
from services.console.rendering import HERE
from services.console.session import Sealer, fresh
from services.console.settings import ConsoleSettings
from services.console.wording import WORDS

KEY = b"k" * 32
PEERS = {"intake": "http://127.0.0.1:1"}


def test_a_session_comes_back_as_it_was() -> None:
    session = fresh(person="p:1", roles=("agent",), seen={"intake": 7})
    assert Sealer(KEY).open(Sealer(KEY).seal(session)) == session


def test_what_another_key_sealed_or_anybody_changed_is_nobodys() -> None:
    sealed = Sealer(KEY).seal(fresh(person="p:1"))
    assert Sealer(b"x" * 32).open(sealed) is None
    for at in (0, 15, 40, len(sealed) - 2):
        turned = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]
        assert Sealer(KEY).open(turned) is None
    assert Sealer(KEY).open("") is None
    assert Sealer(KEY).open("não é") is None


def test_two_sessions_of_one_person_share_no_byte_that_tells() -> None:
    session = fresh(person="p:1")
    assert Sealer(KEY).seal(session) != Sealer(KEY).seal(session)


def test_what_one_recorded_is_never_forgotten_for_something_older() -> None:
    assert fresh().saw("intake", 9).saw("intake", 4).seen == {"intake": 9}
    assert fresh().saw("intake", None).seen == {}


def test_the_invented_people_are_impossible_outside_development(tmp_path: Path) -> None:
    key = tmp_path / "key"
    with pytest.raises(ValidationError, match="DEVELOPMENT_ISSUER"):
        ConsoleSettings(peers=PEERS, key_file=key, development_issuer="http://127.0.0.1:1")
    with pytest.raises(ValidationError, match="CONSOLE_ISSUER"):
        ConsoleSettings(peers=PEERS, key_file=key)


def test_a_key_of_another_length_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"short")
    settings = ConsoleSettings(
        peers=PEERS, key_file=tmp_path / "key", issuer="https://id.example"
    )
    with pytest.raises(ValueError, match="32 bytes"):
        settings.key()


@pytest.mark.parametrize("to", ["//evil", "https://evil", "/\\evil", "", "/a\nb", "evil"])
def test_one_goes_on_to_no_address_but_ours(to: str) -> None:
    assert local(to) == "/"


def test_an_address_of_ours_is_gone_on_to() -> None:
    assert local("/desk/clerk?done=x") == "/desk/clerk?done=x"


def test_what_others_wrote_is_vendored_byte_for_byte() -> None:
    locked = (HERE / "static" / "vendor" / "vendor.lock").read_text().splitlines()
    rows = [line.split() for line in locked if line and not line.startswith("#")]
    named = {file for _, _, file, _, _ in rows}
    there = {file.name for file in (HERE / "static" / "vendor").iterdir()}
    assert named == there - {"vendor.lock"}
    for _, _, file, digest, _ in rows:
        assert sha256((HERE / "static" / "vendor" / file).read_bytes()).hexdigest() == digest


def test_no_template_carries_script_style_or_a_foreign_address() -> None:
    for file in HERE.rglob("*.html"):
        text = file.read_text().lower()
        for forbidden in ("<style", "style=", "javascript:", "onclick", "onload", "https://"):
            assert forbidden not in text, f"{file.name}: {forbidden}"
        assert "<script>" not in text


def test_every_word_has_its_chinese() -> None:
    assert all(any("一" <= sign <= "鿿" for sign in zh) for zh, _ in WORDS.values())
