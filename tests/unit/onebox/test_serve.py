"""`onefile serve` says what it is not told, and shows no secret."""

import pytest
from typer.testing import CliRunner

from services.cli import main


def test_a_service_that_is_told_too_little_names_the_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ONEFILE_KEYS_DATABASE", "postgresql://keys:geheim@db/keys")
    answer = CliRunner().invoke(main, ["serve", "intake"])
    assert answer.exit_code == 2
    assert "ONEFILE_DATABASE: 未设置 not set" in answer.output
    assert "ONEFILE_DEPLOYMENT_KEY_FILE" in answer.output
    assert "geheim" not in answer.output


def test_a_service_that_does_not_exist_is_answered_with_those_that_do() -> None:
    answer = CliRunner().invoke(main, ["serve", "treasury"])
    assert answer.exit_code == 2
    assert "intake" in answer.output and "archive" in answer.output
