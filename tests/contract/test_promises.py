"""Whether a broken promise is found: with a history, without one, and after somebody hid it."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts import __main__ as verbs
from contracts import promises
from contracts.__main__ import broken_promises, frozen_today
from tests.conftest import REPOSITORY

FEEDS = Path("contracts/generated/openapi/feeds.json")


def git(at: Path, *arguments: str) -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.invalid")
    done = subprocess.run(
        ["git", "-C", str(at), *who, *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def committed(at: Path, said: str) -> None:
    git(at, "add", "-A")
    git(at, "commit", "-q", "-m", said)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """An unpacked archive of contracts, with the doors of feeds alone, promised."""
    root = tmp_path / "tree"
    (root / FEEDS.parent).mkdir(parents=True)
    shutil.copy(REPOSITORY / FEEDS, root / FEEDS)
    kind = Path("contracts/generated/schemas/intake/mode_chosen.v1.schema.json")
    example = Path("contracts/examples/intake/mode_chosen.v1.agent.json")
    for path in (kind, example):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / path, root / path)
    assert promises.freeze(frozen_today(root), root / "contracts" / "promises") == []
    return root


def change(tree: Path, how: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads((tree / FEEDS).read_text("utf-8"))
    how(document["components"]["schemas"]["FeedTold"])
    (tree / FEEDS).write_text(json.dumps(document), "utf-8")


def lose(tree: Path) -> None:
    change(tree, lambda shape: shape["properties"].pop("size"))


def said(tree: Path, capsys: pytest.CaptureFixture[str]) -> tuple[list[str], str]:
    capsys.readouterr()
    found = list(dict.fromkeys(broken_promises(tree)))
    return found, capsys.readouterr().out


def test_an_unpacked_archive_is_measured_against_what_it_carries(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(tree, capsys)[0] == []
    lose(tree)
    found, told = said(tree, capsys)
    assert [one for one in found if "answer.size was taken away" in one]
    assert "not compared whether these promises were themselves changed" in told


def test_what_is_added_or_better_said_breaks_nothing(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(tree, lambda shape: shape["properties"].update(new={"type": "string"}))
    change(tree, lambda shape: shape.update(description="Put better."))
    assert said(tree, capsys)[0] == []


def test_a_retyped_member_an_edited_example_and_a_lost_schema_are_found(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(tree, lambda shape: shape["properties"].update(size={"type": "string"}))
    example = next((tree / "contracts/examples").rglob("*.json"))
    example.write_bytes(example.read_bytes() + b"\n")
    next((tree / "contracts/generated/schemas").rglob("*.json")).unlink()
    found, _ = said(tree, capsys)
    for one in ("size was integer and is string", "never edited or deleted", "never removed"):
        assert [sentence for sentence in found if one in sentence], (one, found)


def test_a_following_commit_does_not_hide_a_break(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(tree, "init", "-q")
    committed(tree, "promised")
    lose(tree)
    committed(tree, "broken")
    (tree / "unrelated").write_text("x")
    committed(tree, "hidden")
    found, told = said(tree, capsys)
    assert [one for one in found if "answer.size was taken away" in one]
    assert "all 1 commits here" in told and "not compared" not in told
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{tree}", str(shallow))
    found, told = said(shallow, capsys)
    assert [one for one in found if "answer.size was taken away" in one]
    assert "history before this clone is not here: not compared" in told


def test_a_promise_that_was_rewritten_by_hand_is_held_against_its_history(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(tree, "init", "-q")
    committed(tree, "promised")
    lose(tree)
    shutil.rmtree(tree / "contracts" / "promises")
    assert promises.freeze(frozen_today(tree), tree / "contracts" / "promises") == []
    committed(tree, "broken, and promised anew as if nothing had been")
    committed_again = tree / "unrelated"
    committed_again.write_text("x")
    committed(tree, "hidden")
    found, _ = said(tree, capsys)
    assert [one for one in found if "answer.size was taken away" in one]


def test_a_tree_without_promises_says_so(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(tree / "contracts" / "promises")
    found, _ = said(tree, capsys)
    assert found == ["promises: missing; bring it back, or run: python -m contracts freeze"]


def test_a_break_is_allowed_only_with_a_reason_and_stays_written_down(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(tree, "init", "-q")
    committed(tree, "promised")
    lose(tree)
    root = tree / "contracts" / "promises"
    before = promises.present(root)
    assert promises.freeze(frozen_today(tree), root), "refused without a reason"
    assert promises.present(root) == before
    assert promises.freeze(frozen_today(tree), root, although="nobody read it") == []
    assert "nobody read it" in (root / promises.BROKEN).read_text("utf-8")
    committed(tree, "with its reason")
    assert said(tree, capsys)[0] == []
    (root / promises.BROKEN).unlink()
    found, _ = said(tree, capsys)
    assert [one for one in found if "a line is never taken out" in one]
    assert [one for one in found if "answer.size was taken away" in one]


def test_what_this_repository_promises_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert verbs.main(["check", "--against", "last"]) == 0, capsys.readouterr().err
    assert "compared with contracts/promises" in capsys.readouterr().out
    names = {path.split("/")[0] for path in promises.present()}
    assert {"openapi", "schemas", promises.EXAMPLES} <= names
