"""The front page keeps its word: its paths, verbs and settings exist."""

import re

import pytest

from services.onebox.own_servers import OwnServers
from shared.settings import Settings
from tests.conftest import REPOSITORY

PAGE = (REPOSITORY / "README.md").read_text()
SOURCES = "".join(
    path.read_text()
    for path in [
        REPOSITORY / "services" / "cli.py",
        *(REPOSITORY / "services" / "onebox").glob("*.py"),
    ]
)


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGE)
    assert links
    assert not [link for link in links if not (REPOSITORY / link).exists()]


def test_every_verb_of_make_exists() -> None:
    targets = re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"\bmake ([a-z]+)\b", PAGE)) <= set(targets)


def test_every_setting_is_known_and_none_is_forgotten() -> None:
    named = {name for name in re.findall(r"`(ONEFILE_[A-Z_]+)`", PAGE)}
    known = {f"ONEFILE_{field.upper()}" for field in Settings.model_fields}
    assert known <= named
    assert not {name for name in named - known if name not in SOURCES}


def test_own_servers_are_read_from_the_settings_the_page_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for field in ("PG_DSN", "NATS_URL", "NATS_TOKEN"):
        monkeypatch.setenv(f"ONEFILE_{field}", f"the {field}")
    assert OwnServers.from_environment() == OwnServers(
        "the PG_DSN", "the NATS_URL", "the NATS_TOKEN"
    )
    monkeypatch.setenv("ONEFILE_PG_DSN", "")
    assert OwnServers.from_environment().pg_dsn is None
