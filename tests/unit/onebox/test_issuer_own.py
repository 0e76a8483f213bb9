"""The box's own issuer gives tokens for one code, once, in time, to its one console."""

import base64
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from services.onebox import issuer_own
from services.onebox.accounts import Accounts, post_of
from services.onebox.accounts_entering import NotLetIn, linked, use_link
from services.onebox.issuer_own import CLIENT, CODE_LIFE, NotOurs, OwnIssuer
from services.onebox.keyring import Keyring
from shared.auth import Tokens
from shared.effects import monotonic, system_clock
from shared.problems import Problem

URL, ADDRESS = "http://127.0.0.1:1", "https://onefile.example"
PERSON = "p:00000000-0000-7000-8000-00000000abcd"
VERIFIER = "v" * 64


class Scene:
    """An issuer, and somebody who came in by a personal link."""

    def __init__(self, home: Path) -> None:
        self.accounts, self.ring = Accounts(home), Keyring(home)
        self.accounts.open(ADDRESS)
        self.ring.open(first_time=True)
        self.issuer = OwnIssuer(URL, self.ring, ["intake"], self.accounts, ADDRESS)

    def query(self, **other: str) -> dict[str, str]:
        digest = sha256(VERIFIER.encode()).digest()
        return {
            "response_type": "code", "client_id": CLIENT,
            "redirect_uri": f"{ADDRESS}/sign-in/callback", "state": "s", "nonce": "n",
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256", **other,
        }  # fmt: skip

    def code(self) -> str:
        self.word = self.accounts.link(
            post_of("乙", ["approver"], ["990100"], ["depts"], PERSON), times=2
        )
        holder = use_link(self.accounts, self.word)
        back = self.issuer.arrival(self.issuer.asked(self.query()), holder)
        assert back.startswith(f"{ADDRESS}/sign-in/callback?code=")
        return back.partition("code=")[2].partition("&")[0]

    def exchange(self, **form: str) -> dict[str, Any]:
        known = {"client_id": CLIENT, "client_secret": self.ring.secret_of("console")}
        return self.issuer.exchanged({**known, **form})

    def by_code(self, code: str, **other: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER,
            "redirect_uri": f"{ADDRESS}/sign-in/callback",
        }  # fmt: skip
        return self.exchange(**{**form, **other})

    async def who(self, token: str) -> Any:
        async def keys() -> dict[str, Any]:
            return self.issuer.jwks()

        return await Tokens(URL, keys, system_clock).principal([f"Bearer {token}"])


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "box")


def refused(work: Callable[..., object], *given: Any, **named: Any) -> str:
    with pytest.raises(NotLetIn) as caught:
        work(*given, **named)
    return caught.value.code


def test_people_see_the_address_they_type_and_services_the_inner_one(scene: Scene) -> None:
    said = scene.issuer.metadata()
    assert said["authorization_endpoint"] == f"{ADDRESS}/account/authorize"
    assert {said["issuer"], said["token_endpoint"]} == {URL, f"{URL}/oidc/token"}


@pytest.mark.parametrize(
    "other",
    [
        {"client_id": "x"},
        {"redirect_uri": "https://onefile.example.evil.example/sign-in/callback"},
        {"response_type": "token"},
        {"code_challenge_method": "plain"},
        {"code_challenge": "short"},
        {"state": ""},
        {"nonce": ""},
    ],
)
def test_only_the_console_asks_and_only_in_its_one_way(
    scene: Scene, other: dict[str, str]
) -> None:
    with pytest.raises(NotOurs):
        scene.issuer.asked(scene.query(**other))


async def test_a_code_gives_tokens_that_services_take(scene: Scene) -> None:
    tokens = scene.by_code(scene.code())
    who = await scene.who(tokens["access_token"])
    assert (who.id, who.roles, who.acr) == (PERSON, frozenset({"approver"}), 1)
    for other in ("refresh_token", "id_token"):
        with pytest.raises(Problem, match="unauthenticated"):
            await scene.who(tokens[other])
    again = scene.exchange(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert (await scene.who(again["access_token"])).id == PERSON
    for no in (tokens["access_token"], tokens["id_token"], "x", "a.b.c", ""):
        said = refused(scene.exchange, grant_type="refresh_token", refresh_token=no)
        assert said == "refresh_token"


def test_a_code_needs_its_verifier_its_address_and_its_client(scene: Scene) -> None:
    assert refused(scene.by_code, scene.code(), code_verifier="x" * 64) == "code"
    assert refused(scene.by_code, scene.code(), redirect_uri="https://x.example") == "code"
    assert refused(scene.by_code, "unknown") == "code"
    with pytest.raises(NotOurs):
        scene.by_code(scene.code(), client_secret="guess")
    assert refused(scene.exchange, grant_type="password") == "grant_type"


def test_a_code_that_is_shown_twice_ends_what_came_of_it(scene: Scene) -> None:
    code = scene.code()
    tokens = scene.by_code(code)
    assert refused(scene.by_code, code) == "code_replayed"
    assert (
        refused(
            scene.exchange, grant_type="refresh_token", refresh_token=tokens["refresh_token"]
        )
        == "ended"
    )
    assert refused(linked, scene.accounts, scene.word) == "link_gone"


def test_a_code_is_good_for_a_minute(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    code = scene.code()
    later = monotonic() + CODE_LIFE + 1
    monkeypatch.setattr(issuer_own, "monotonic", lambda: later)
    assert refused(scene.by_code, code) == "code"


async def test_a_restart_ends_no_sign_in(scene: Scene) -> None:
    tokens = scene.by_code(scene.code())
    scene.issuer = OwnIssuer(URL, scene.ring, ["intake"], scene.accounts, ADDRESS)
    again = scene.exchange(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert (await scene.who(again["access_token"])).id == PERSON


async def test_a_service_signs_in_as_itself_and_as_nothing_else(scene: Scene) -> None:
    secret = scene.ring.secret_of("intake")
    who = await scene.who(scene.issuer.token_for_service("s:intake", secret))
    assert (who.id, who.roles) == ("s:intake", frozenset({"service"}))
    for client, guess in (
        ("s:intake", "guess"),
        ("s:console", scene.ring.secret_of("console")),
    ):
        with pytest.raises(Problem, match="unauthenticated"):
            scene.issuer.token_for_service(client, guess)
