"""The development issuer signs only what it should, and only in development."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.onebox.errors import PlatformError
from services.onebox.issuer import LIFETIME, Issuer, development_issuer
from services.onebox.keyring import Keyring
from services.onebox.people import demos, load_demo
from shared.auth import Tokens
from shared.effects import system_clock
from shared.problems import Problem

URL = "http://127.0.0.1:1"


def issuer(home: Path, mode: str = "development") -> Issuer:
    keyring = Keyring(home)
    clock = home / "clock.json"
    return development_issuer(URL, keyring, ["intake"], mode=mode, clock_file=clock, packs=None)


def tokens(of: Issuer, *, after: timedelta = timedelta(), url: str = URL) -> Tokens:
    async def keys() -> dict[str, Any]:
        return of.jwks()

    def clock() -> datetime:
        return system_clock() + after

    return Tokens(url, keys, clock)


def test_it_refuses_to_start_outside_development(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match="only in development"):
        issuer(tmp_path, "production")


async def test_a_token_says_who_a_person_is(tmp_path: Path) -> None:
    one = issuer(tmp_path)
    clerk = one.person("clerk")
    who = await tokens(one).principal([f"Bearer {one.token_of(clerk)}"])
    assert (who.id, who.roles) == (clerk.id, frozenset(clerk.roles))
    assert (who.areas, who.bodies) == (frozenset(clerk.areas), frozenset(clerk.bodies))
    assert one.person(clerk.id) == clerk
    with pytest.raises(Problem, match="not_found"):
        one.person("nobody")


async def test_a_token_is_good_for_ten_minutes_and_for_its_issuer_alone(tmp_path: Path) -> None:
    one = issuer(tmp_path)
    bearer = [f"Bearer {one.token_of(one.person('unit'))}"]
    late = timedelta(seconds=LIFETIME + 1)
    for other in (tokens(one, after=late), tokens(one, url="http://127.0.0.1:2")):
        with pytest.raises(Problem, match="unauthenticated"):
            await other.principal(bearer)
    stranger = issuer(tmp_path / "other")
    with pytest.raises(Problem, match="unauthenticated"):
        await tokens(stranger).principal(bearer)


async def test_a_service_signs_in_with_its_secret(tmp_path: Path) -> None:
    one = issuer(tmp_path)
    secret = Keyring(tmp_path).secret_of("intake")
    token = one.token_for_service("s:intake", secret)
    who = await tokens(one).principal([f"Bearer {token}"])
    assert (who.id, who.roles) == ("s:intake", frozenset({"service"}))
    for client, guess in (("s:intake", "guess"), ("s:archive", secret), ("p:x", secret)):
        with pytest.raises(Problem, match="unauthenticated"):
            one.token_for_service(client, guess)


async def test_its_key_is_kept_so_that_a_restart_ends_no_sign_in(tmp_path: Path) -> None:
    first = issuer(tmp_path)
    token = first.token_of(first.person("unit"))
    again = issuer(tmp_path)
    assert again.jwks() == first.jwks()
    assert (await tokens(again).principal([f"Bearer {token}"])).id
    file = Keyring(tmp_path).issuer_key_file
    assert file.stat().st_mode & 0o777 == 0o600
    assert set(first.jwks()["keys"][0]) == {"crv", "x", "kty", "kid", "use", "alg"}


def test_the_same_key_means_another_person_in_another_place(tmp_path: Path) -> None:
    one, places = issuer(tmp_path), demos()
    assert len(places) > 1
    assert one.person("clerk").place == places[0].area
    for demo in places:
        clerk = one.person(f"{demo.area}/clerk")
        assert (clerk.place, clerk.areas) == (demo.area, (demo.area,))
        assert one.person(clerk.id) == clerk == demo.person("clerk")
    with pytest.raises(Problem, match="not_found"):
        one.person("000000/clerk")


def test_the_people_of_a_place_are_invented_and_complete() -> None:
    everybody = [person.id for demo in demos() for person in demo.people]
    assert len(set(everybody)) == len(everybody)
    for demo in demos():
        keys = [person.key for person in demo.people]
        assert len(set(keys)) == len(keys)
        assert all(len(person.zh) == 1 for person in demo.people)
        posts = {role for person in demo.people for role in person.roles}
        assert {"applicant_lead", "agent", "approver", "archivist", "auditor", "admin"} <= posts
        assert all(set(person.areas) <= {demo.area} for person in demo.people)


def test_demonstration_data_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "demo.yaml"
    file.write_text("schema: onefile.demo/v1\narea: nowhere\npeople: []\n")
    with pytest.raises(PlatformError, match=r"demo\.yaml is no demonstration data"):
        load_demo(file)


def test_the_clock_is_told_in_utc(tmp_path: Path) -> None:
    assert issuer(tmp_path).clock().tzinfo == UTC
