"""Whoever writes the settings of a service is told every mistake at once, and what was meant."""

from pathlib import Path

import pytest

from shared.settings import Settings
from shared.starting import ELSEWHERE, SettingsRefused, told


@pytest.fixture
def good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    (tmp_path / "deployment.key").write_bytes(bytes(32))
    settings = {
        "ONEFILE_DATABASE": "postgresql://onefile_{service}:x@db/onefile_{service}",
        "ONEFILE_KEYS_DATABASE": "postgresql://onefile_keys:x@db/onefile_keys",
        "ONEFILE_NATS_URL": "nats://bus:4222",
        "ONEFILE_ISSUER": "https://id.example.cn",
        "ONEFILE_JWKS_URL": "https://id.example.cn/jwks.json",
        "ONEFILE_PEERS": '{"archive": "http://onefile-archive:8080"}',
        "ONEFILE_DEPLOYMENT_KEY_FILE": str(tmp_path / "deployment.key"),
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return settings


def refused(environment: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsRefused) as refusal:
        told("intake", environment)
    return refusal.value.problems


def test_what_is_right_is_taken(good: dict[str, str]) -> None:
    assert told("intake", good).dsn() == "postgresql://onefile_intake:x@db/onefile_intake"


def test_secrets_may_be_files(
    good: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ONEFILE_DATABASE")
    (tmp_path / "onefile_database").write_text("postgresql://a:b@db/onefile_intake\n")
    settings = told("intake", good | {"ONEFILE_SECRETS_DIR": str(tmp_path)})
    assert settings.dsn() == "postgresql://a:b@db/onefile_intake"


@pytest.mark.parametrize("field", sorted(set(Settings.model_fields) - {"service"}))
def test_a_typo_in_any_setting_is_named(good: dict[str, str], field: str) -> None:
    typo = f"ONEFILE_{field.upper()[:-1]}X"
    (problem,) = refused(good | {typo: "1"})
    assert problem.startswith(f"{typo}: 没有这个设置")


def test_everything_that_is_wrong_is_said_at_once(
    good: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "ONEFILE_DATABASE": "mysql://db/x",
        "ONEFILE_NATS_URL": "bus:4222",
        "ONEFILE_JWKS_URL": "id.example.cn",
        "ONEFILE_PEERS": '{"archive": "onefile-archive"}',
        "ONEFILE_DEPLOYMENT_KEY_FILE": "/nowhere/deployment.key",
        "ONEFILE_PACKS": "/nowhere/packs",
    }.items():
        monkeypatch.setenv(name, value)
    problems = refused(good | {"ONEFILE_ISUER": "x"})
    begins = {problem.split(":")[0] for problem in problems}
    assert begins == {
        "ONEFILE_ISUER", "ONEFILE_DATABASE", "ONEFILE_NATS_URL", "ONEFILE_JWKS_URL",
        "ONEFILE_PEERS archive", "ONEFILE_DEPLOYMENT_KEY_FILE", "ONEFILE_PACKS",
    }  # fmt: skip
    assert any("ONEFILE_ISSUER" in problem for problem in problems)
    monkeypatch.delenv("ONEFILE_ISSUER")
    monkeypatch.setenv("ONEFILE_PORT", "seventy")
    assert {p.split(":")[0] for p in refused(good)} == {"ONEFILE_ISSUER", "ONEFILE_PORT"}


def test_variables_of_other_verbs_do_no_harm(good: dict[str, str]) -> None:
    beside = {f"ONEFILE_{name}": "1" for name in ELSEWHERE - {"SECRETS_DIR"}}
    more = {"ONEFILE_CONSOLE_PORT": "1", "PATH": "/bin"}
    assert told("intake", good | beside | more).service == "intake"
