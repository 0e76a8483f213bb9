"""Whoever writes the settings of a process is told every mistake at once, and what was meant."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic_settings import BaseSettings

from services.console.settings import ConsoleSettings
from services.feeds.settings import Settings as FeedsSettings
from shared.settings import Settings
from shared.starting import ELSEWHERE, SettingsRefused, checked, told

KINDS: dict[str, tuple[type[BaseSettings], str]] = {
    "intake": (Settings, "ONEFILE_"),
    "feeds": (FeedsSettings, "ONEFILE_"),
    "console": (ConsoleSettings, "ONEFILE_CONSOLE_"),
}
"""A process, its settings, and how their names begin."""
EVERY = [
    (process, field)
    for process, (kind, _) in KINDS.items()
    for field in sorted(set(kind.model_fields) - {"service"})
]
ANY_TEXT = {
    "nats_token", "service_secret", "agency_nats_password", "client_secret", "client_id",
    "scope", "host",
}  # fmt: skip
"""Settings in which nothing can be seen to be wrong before somebody else refuses it."""
WRONG = "?? /nowhere/at all"


@pytest.fixture
def good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    for name in ("deployment.key", "session.key", "log.key"):
        (tmp_path / name).write_bytes(bytes(32))
    (tmp_path / "agencies.yaml").write_text("")
    settings = {
        "ONEFILE_DATABASE": "postgresql://onefile_{service}:x@db/onefile_{service}",
        "ONEFILE_KEYS_DATABASE": "postgresql://onefile_keys:x@db/onefile_keys",
        "ONEFILE_NATS_URL": "nats://bus:4222",
        "ONEFILE_ISSUER": "https://id.example.cn",
        "ONEFILE_JWKS_URL": "https://id.example.cn/jwks.json",
        "ONEFILE_PEERS": '{"archive": "http://onefile-archive:8080"}',
        "ONEFILE_DEPLOYMENT_KEY_FILE": str(tmp_path / "deployment.key"),
        "ONEFILE_AGENCIES": str(tmp_path / "agencies.yaml"),
        "ONEFILE_CONSOLE_PEERS": '{"archive": "http://onefile-archive:8080"}',
        "ONEFILE_CONSOLE_KEY_FILE": str(tmp_path / "session.key"),
        "ONEFILE_CONSOLE_ISSUER": "https://id.example.cn",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return settings


def made(process: str) -> Callable[..., BaseSettings]:
    kind, _ = KINDS[process]
    return kind if process != "intake" else lambda **more: Settings(service="intake", **more)


def refused(environment: dict[str, str], process: str = "intake") -> list[str]:
    with pytest.raises(SettingsRefused) as refusal:
        checked(process, made(process), environment)
    return refusal.value.problems


@pytest.mark.parametrize("process", KINDS)
def test_what_is_right_is_taken(good: dict[str, str], process: str) -> None:
    assert isinstance(checked(process, made(process), good), KINDS[process][0])


def test_the_service_stands_in_its_address(good: dict[str, str]) -> None:
    assert told("intake", good).dsn() == "postgresql://onefile_intake:x@db/onefile_intake"


def test_secrets_may_be_files(
    good: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ONEFILE_DATABASE")
    (tmp_path / "onefile_database").write_text("postgresql://a:b@db/onefile_intake\n")
    settings = told("intake", good | {"ONEFILE_SECRETS_DIR": str(tmp_path)})
    assert settings.dsn() == "postgresql://a:b@db/onefile_intake"


@pytest.mark.parametrize(("process", "field"), EVERY)
def test_a_typo_in_any_name_is_told(good: dict[str, str], process: str, field: str) -> None:
    typo = f"{KINDS[process][1]}{field.upper()[:-1]}X"
    (problem,) = refused(good | {typo: "1"}, process)
    assert problem.startswith(f"{typo}: 没有这个设置")


@pytest.mark.parametrize(("process", "field"), EVERY)
def test_a_wrong_value_in_any_setting_is_told_by_its_name(
    good: dict[str, str], monkeypatch: pytest.MonkeyPatch, process: str, field: str
) -> None:
    """What takes any text is listed above: a new setting is either judged or put there."""
    name = f"{KINDS[process][1]}{field.upper()}"
    monkeypatch.setenv(name, WRONG)
    if field in ANY_TEXT:
        both = {"agency_nats_password": ("ONEFILE_AGENCY_NATS_URL", "nats://bus:4222")}
        if field in both:
            monkeypatch.setenv(*both[field])
        checked(process, made(process), good)
        return
    problems = refused(good, process)
    assert any(name in problem for problem in problems), problems
    assert not any(WRONG in problem and "password" in problem for problem in problems)


def test_a_typo_inside_a_setting_is_told_too(
    good: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEFILE_PEERS", '{"archve": "http://onefile-archive:8080"}')
    assert refused(good) == [
        "ONEFILE_PEERS archve: 没有这个服务 no such service，是否应为 archive (did you mean that?)"
    ]
    monkeypatch.setenv("ONEFILE_PEERS", "{}")
    monkeypatch.setenv("ONEFILE_DOCUMENTS_BUCKET", '{"endpiont": "https://s3.example.cn"}')
    (alone,) = refused(good)
    assert alone.startswith("ONEFILE_DOCUMENTS_BUCKET: 须配合")
    monkeypatch.setenv("ONEFILE_DOCUMENTS", "s3://onefile-documents")
    (unknown,) = refused(good)
    assert unknown.startswith("ONEFILE_DOCUMENTS_BUCKET: ") and "endpiont" in unknown
    monkeypatch.setenv("ONEFILE_DOCUMENTS_BUCKET", '{"endpoint": "s3.example.cn"}')
    (no_address,) = refused(good)
    assert no_address.startswith("ONEFILE_DOCUMENTS_BUCKET endpoint: 不是地址")
    monkeypatch.setenv("ONEFILE_DOCUMENTS_BUCKET", '{"endpoint": "https://s3.example.cn"}')
    assert told("intake", good).documents == "s3://onefile-documents"


def test_a_folder_of_secrets_that_is_not_there_or_holds_another_name_is_told(
    good: dict[str, str], tmp_path: Path
) -> None:
    (nowhere,) = refused(good | {"ONEFILE_SECRETS_DIR": str(tmp_path / "nowhere")})
    assert nowhere.startswith("ONEFILE_SECRETS_DIR: ")
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "onefile_nats_tokn").write_text("x")
    (folder / "session.key").write_text("not a setting of ours")
    (typo,) = refused(good | {"ONEFILE_SECRETS_DIR": str(folder)})
    assert "ONEFILE_NATS_TOKN: 没有这个设置" in typo and "ONEFILE_NATS_TOKEN" in typo


@pytest.mark.parametrize("process", KINDS)
def test_proxies_are_named_by_networks_that_have_an_end(
    good: dict[str, str], monkeypatch: pytest.MonkeyPatch, process: str
) -> None:
    name = f"{KINDS[process][1]}TRUSTED_PROXIES"
    for wrong, why in {
        "*": "no address or network", "0.0.0.0/0": "too wide", "::/0": "too wide",
        "10.244.0.1/16": "no address or network", "ingress": "no address or network",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, f"127.0.0.1, {wrong}")
        (problem,) = refused(good, process)
        assert problem.startswith(f"{name}: ") and why in problem
    monkeypatch.setenv(name, " 10.244.0.0/16,192.0.2.7 , fd00:10:244::/56")
    settings: Any = checked(process, made(process), good)
    assert settings.trusted_proxies == ("10.244.0.0/16", "192.0.2.7/32", "fd00:10:244::/56")
    (other,) = refused(good | {"FORWARDED_ALLOW_IPS": "*"}, process)
    assert name in other


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
    begins = {problem.split(":")[0] for problem in refused(good)}
    assert begins == {
        "ONEFILE_ISSUER", "ONEFILE_PORT", "ONEFILE_DATABASE", "ONEFILE_NATS_URL",
        "ONEFILE_JWKS_URL", "ONEFILE_PEERS archive", "ONEFILE_DEPLOYMENT_KEY_FILE",
        "ONEFILE_PACKS",
    }, "what is missing hides nothing that is wrong"  # fmt: skip
    monkeypatch.setenv("ONEFILE_MODE", "developement")
    monkeypatch.setenv("ONEFILE_LOG_ORIGIN", "log.example.cn")
    begins = {problem.split(":")[0] for problem in refused(good)}
    assert {"ONEFILE_ISSUER", "ONEFILE_PORT", "ONEFILE_MODE"} < begins
    assert any("ONEFILE_LOG_KEY_FILE and" in problem for problem in begins)


def test_variables_of_other_verbs_do_no_harm(good: dict[str, str]) -> None:
    beside = {f"ONEFILE_{name}": "1" for name in ELSEWHERE - {"SECRETS_DIR"}}
    more = {"ONEFILE_CONSOLE_PORT": "1", "PATH": "/bin"}
    assert told("intake", good | beside | more).service == "intake"


def test_a_second_tree_needs_what_signs_it(
    good: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEFILE_SECOND_TREE", "sm3")
    assert any("ONEFILE_SECOND_TREE needs" in problem for problem in refused(good))
    monkeypatch.setenv("ONEFILE_LOG_KEY_FILE", str(tmp_path / "log.key"))
    monkeypatch.setenv("ONEFILE_LOG_ORIGIN", "log.example.cn")
    key = told("intake", good).second_key()
    assert key is not None and key.origin == "log.example.cn/intake/sm3"
    monkeypatch.setenv("ONEFILE_LOG_SIGNER", "nothing.here:make")
    assert any("ONEFILE_LOG_SIGNER nothing.here:make" in one for one in refused(good))
    monkeypatch.delenv("ONEFILE_SECOND_TREE")
    assert any("set ONEFILE_SECOND_TREE=sm3 too" in one for one in refused(good))
