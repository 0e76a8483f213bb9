"""What is saved for an auditor: searches that archive answers, and who looked without acting."""

from typing import get_args
from urllib.parse import parse_qs, urlsplit

from contracts.registry import BY_TYPE
from services.archive.api.patterns import PATTERNS, Name
from services.console.film.auditing import PATTERNS as OFFERED
from services.console.film.searches import SEARCHES, lookers


def test_every_pattern_that_archive_knows_is_a_saved_search_and_none_besides() -> None:
    saved = {one.asked["pattern"] for one in SEARCHES if "pattern" in one.asked}
    assert saved == set(PATTERNS) == set(get_args(Name.__value__))
    assert [code for code, _, _ in OFFERED] == [
        one.asked["pattern"] for one in SEARCHES if "pattern" in one.asked
    ]


def test_every_type_that_is_searched_for_exists() -> None:
    types = {one.asked["type"] for one in SEARCHES if "type" in one.asked}
    assert types and not {t for t in types if not any(k.startswith(f"{t}.v") for k in BY_TYPE)}


def test_a_saved_search_has_an_address() -> None:
    address = urlsplit(SEARCHES[0].address("500242"))
    assert parse_qs(address.query) == {"pattern": ["self_approval"], "area": ["500242"]}


def test_those_who_looked_and_did_nothing_come_first() -> None:
    looks = [
        {"actor": actor, "at": f"2026-11-2{day}T01:00:00Z", "service": "intake", "purpose": "GET /x"}
        for actor, day in (("p:agent", 1), ("p:idle", 2), ("p:idle", 3), ("s:archive", 4))
    ]  # fmt: skip
    frames = [{"actor": "p:agent"}, {"actor": "p:agent"}]
    found = lookers(looks, frames)
    assert [(one.actor, one.times, one.acted) for one in found] == [
        ("p:idle", 2, 0),
        ("p:agent", 1, 2),
    ]
    assert (found[0].first, found[0].last) == ("2026-11-22T01:00:00Z", "2026-11-23T01:00:00Z")
    assert found[0].purposes == ("intake GET /x",)
