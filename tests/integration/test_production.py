"""A box in production as its people meet it: invited, signed in by the code flow, let in by a link."""

import base64
import json
import re
import tempfile
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from services.onebox.accounts_totp import code_at, step_of
from services.onebox.keyring import Keyring
from shared.auth import AUDIENCE
from shared.effects import system_clock
from tests.integration.production import Production, onefile
from tests.patience import PATIENCE

get, post = partial(httpx.get, timeout=PATIENCE), partial(httpx.post, timeout=PATIENCE)
PASSWORD = "正确的马电池订书钉 correct"
AREA = "341525"


@pytest.fixture(scope="module")
def box() -> Iterator[Production]:
    with tempfile.TemporaryDirectory(prefix="onefile-", ignore_cleanup_errors=True) as place:
        running = Production(Path(place) / "box")
        try:
            yield running
        finally:
            running.end()


def field(page: httpx.Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


class Somebody:
    """A person with a browser and a phone."""

    def __init__(self, box: Production, name: str) -> None:
        self.box, self.name, self.web = box, name, box.browser()
        self.secret, self.step = b"", 0

    def code(self) -> str:
        """Of the half minute after that of the last code, or of the one that runs by now."""
        self.step = max(self.step + 1, step_of(system_clock().timestamp()))
        return code_at(self.secret, self.step)

    def take_up(self, link: str) -> httpx.Response:
        """With the code of the half minute before; anew when a new one began meanwhile."""
        while True:
            page = self.web.get(link)
            assert page.status_code == 200, page.text
            typed = re.search(r"<code>([A-Z2-7]{32})</code>", page.text)
            assert typed
            self.secret = base64.b32decode(typed[1])
            now = step_of(system_clock().timestamp())
            self.step = now - 1
            said = {"_csrf": field(page, "_csrf"), "password": PASSWORD, "again": PASSWORD}
            said["code"] = code_at(self.secret, self.step)
            taken = self.web.post(link, data=said)
            if taken.status_code == 200 or now == step_of(system_clock().timestamp()):
                return taken

    def sign_in(self, *, password: str = PASSWORD, code: str = "") -> httpx.Response:
        page = self.web.get("/sign-in/oidc")
        assert page.status_code == 200, page.text
        assert urlsplit(str(page.url)).path == "/account/authorize"
        said = {"_csrf": field(page, "_csrf"), "name": self.name, "password": password}
        return self.web.post(str(page.url), data={**said, "code": code or self.code()})


def invited(box: Production, name: str, *more: str) -> Somebody:
    link = onefile(
        box.home, "account", "invite", name, "--role", "admin", "--area", AREA, *more
    )
    one = Somebody(box, name)
    assert link.startswith(box.console)
    assert one.take_up(link.strip()).status_code == 200
    return one


def test_the_box_says_how_to_invite_the_first_administrator(box: Production) -> None:
    assert "onefile account invite NAME --role admin" in box.said()
    assert "/people" not in box.said()
    assert "征求意见稿" not in box.said()
    assert not box.tokens
    assert not (box.home / "clock.json").exists()


def test_what_development_offers_is_not_there(box: Production) -> None:
    for path in ("/people", "/clock"):
        assert get(f"{box.issuer}{path}").status_code == 404
    assert post(f"{box.issuer}/clock", json={"days": 1}).status_code == 404
    answer = post(f"{box.issuer}/token", json={"person": "clerk"})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:onefile:problem:invalid")
    page = get(f"{box.console}/sign-in")
    assert "开发模式" not in page.text
    assert post(f"{box.console}/sign-in/development").status_code == 404


def test_an_invited_person_signs_in_by_the_code_flow_and_works(box: Production) -> None:
    link = onefile(
        box.home, "account", "invite", "管理员", "--role", "admin", "--area", AREA,
        "--called", "甲",
    ).strip()  # fmt: skip
    one = Somebody(box, "管理员")
    assert one.web.get(link).status_code == 200  # a preview uses nothing up
    assert one.take_up(link).status_code == 200
    again = one.web.get(link)
    assert (again.status_code, "已失效" in again.text) == (410, True)

    desk = one.sign_in()
    assert desk.status_code == 200, desk.text
    assert (urlsplit(str(desk.url)).path, "甲" in desk.text) == ("/desk/admin", True)
    used = Somebody(box, "管理员")
    used.secret, used.step = one.secret, one.step
    taken = code_at(one.secret, one.step)
    assert used.sign_in(code=taken).status_code == 403
    assert used.sign_in().status_code == 200
    english = one.web.get("/desk/admin", headers={"accept-language": "en"})
    assert english.status_code == 200


def test_an_administrator_of_a_place_without_rules_is_told_how_to_bring_them(
    box: Production,
) -> None:
    link = onefile(
        box.home, "account", "invite", "nopack", "--role", "admin", "--area", "990100"
    )
    one = Somebody(box, "nopack")
    one.take_up(link.strip())
    desk = one.sign_in()
    assert (desk.status_code, urlsplit(str(desk.url)).path) == (200, "/desk/admin")
    for step in ("onefile pack new", "--code 990100", "onefile pack check", "--packs packs"):
        assert step in desk.text
    assert one.web.get("/desk/packs").status_code == 200
    refused = one.web.get("/desk/chief", headers={"accept-language": "en"})
    assert refused.status_code < 500
    assert "no_pack_for_area" not in refused.text or "onefile pack new" in refused.text


def test_what_was_done_to_accounts_is_shown_and_whole(box: Production) -> None:
    onefile(box.home, "account", "invite", "logged", "--role", "admin", "--area", AREA)
    onefile(box.home, "account", "move", "logged", "--role", "office", "--area", AREA)
    said = onefile(box.home, "account", "log")
    assert "邀请 invited" in said
    assert "换岗 moved" in said
    assert "chained and whole" in said


def test_wrong_password_and_unknown_name_are_answered_alike(box: Production) -> None:
    one = invited(box, "wrongly")
    nobody = Somebody(box, "nobody-at-all")
    nobody.secret, nobody.step = one.secret, one.step
    pages = [one.sign_in(password="wrong password"), nobody.sign_in()]
    assert {page.status_code for page in pages} == {403}
    told = [re.search(r'role="alert">(.*?)</div>', page.text, re.S) for page in pages]
    assert told[0]
    assert told[1]
    assert told[0][1] == told[1][1]


def departed(one: Somebody) -> tuple[dict[str, str], str]:
    """Signed in up to the code, which the browser does not carry on; with the verifier's hash."""
    one.web.follow_redirects = False
    away = one.web.get("/sign-in/oidc").headers["location"]
    page = one.web.get(away)
    said = {"_csrf": field(page, "_csrf"), "name": one.name, "password": PASSWORD}
    back = one.web.post(away, data={**said, "code": one.code()}).headers["location"]
    one.web.follow_redirects = True
    return {k: v[0] for k, v in parse_qs(urlsplit(back).query).items()}, back


def exchange(box: Production, **form: str) -> httpx.Response:
    secret = Keyring(box.home).secret_of("console")
    known = {"client_id": "onefile-console", "client_secret": secret}
    return post(f"{box.issuer}/oidc/token", data={**known, **form})


def test_a_code_without_its_verifier_or_its_client_is_worth_nothing(box: Production) -> None:
    query, back = departed(one := invited(box, "codes"))
    form = {
        "grant_type": "authorization_code", "code": query["code"],
        "redirect_uri": f"{box.console}/sign-in/callback", "code_verifier": "x" * 43,
    }  # fmt: skip
    stranger = post(f"{box.issuer}/oidc/token", data={"client_id": "x", **form})
    assert (stranger.status_code, stranger.json()) == (401, {"error": "invalid_client"})
    assert exchange(box, **form).json() == {"error": "invalid_grant"}
    assert one.web.get(back).status_code == 403  # it was shown: nobody uses it any more


def test_a_code_that_is_shown_twice_ends_the_sign_in(box: Production) -> None:
    one = invited(box, "replayed")
    _, back = departed(one)
    assert one.web.get(back).status_code == 200
    code = parse_qs(urlsplit(back).query)["code"][0]
    again = exchange(box, grant_type="authorization_code", code=code, redirect_uri="", x="y")
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})
    generation = json.loads((box.home / "accounts.json").read_text())["accounts"]["replayed"]
    assert generation["generation"] == 2


def test_a_blocked_account_signs_nobody_in_and_a_reset_invites_again(box: Production) -> None:
    one = invited(box, "blocked")
    onefile(box.home, "account", "block", "blocked")
    assert one.sign_in().status_code == 403
    assert "blocked" in onefile(box.home, "account", "list")
    link = onefile(box.home, "account", "reset", "blocked").strip()
    assert one.take_up(link).status_code == 200
    assert one.sign_in().status_code == 200


def test_a_service_takes_the_token_and_a_refresh_gives_the_posts_of_today(
    box: Production,
) -> None:
    """The whole flow by hand, as the console does it."""
    one, verifier = invited(box, "byhand"), "v" * 64
    challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).decode()
    back = f"{box.console}/sign-in/callback"
    known = get(f"{box.issuer}/.well-known/openid-configuration").json()
    query = {
        "response_type": "code", "client_id": "onefile-console", "redirect_uri": back,
        "state": "s", "nonce": "n", "code_challenge": challenge.rstrip("="),
        "code_challenge_method": "S256",
    }  # fmt: skip
    one.web.follow_redirects = False
    for spoilt in ({"redirect_uri": "https://x.example/"}, {"code_challenge_method": "plain"}):
        refused = one.web.get(known["authorization_endpoint"], params={**query, **spoilt})
        assert refused.status_code == 400
    page = one.web.get(known["authorization_endpoint"], params=query)
    said = {"_csrf": field(page, "_csrf"), "name": one.name, "password": PASSWORD}
    gone = one.web.post(str(page.url), data={**said, "code": one.code()})
    code = parse_qs(urlsplit(gone.headers["location"]).query)["code"][0]
    tokens = exchange(
        box, grant_type="authorization_code", code=code, redirect_uri=back,
        code_verifier=verifier,
    ).json()  # fmt: skip
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    roster = get(f"{box.addresses['assignment']}/staff?area={AREA}", headers=bearer)
    assert roster.status_code == 200, roster.text
    no = get(
        f"{box.addresses['assignment']}/staff?area={AREA}",
        headers={"Authorization": f"Bearer {tokens['refresh_token']}"},
    )
    assert no.status_code == 401

    claims = json.loads(base64.urlsafe_b64decode(tokens["access_token"].split(".")[1] + "=="))
    assert (claims["aud"], claims["acr"], claims["roles"]) == (AUDIENCE, 2, ["admin"])
    renewing = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert exchange(box, **renewing).status_code == 200
    onefile(box.home, "account", "block", "byhand")
    assert exchange(box, **renewing).json() == {"error": "invalid_grant"}


def test_a_personal_link_signs_in_one_person_once_and_looking_uses_nothing(
    box: Production,
) -> None:
    person = "p:00000000-0000-7000-8000-00000000abcd"
    arguments = ("--role", "approver", "--called", "丙", "--area", AREA, "--as", person)
    link = onefile(box.home, "link", "make", *arguments).strip()
    with box.browser() as preview, box.browser() as web, box.browser() as late:
        for _ in range(2):
            assert "丙" in preview.get(link).text
        page = web.get(link)
        assert web.post(link).status_code in (403, 413)  # no form of ours
        desk = web.post(link, data={"_csrf": field(page, "_csrf")})
        assert (desk.status_code, urlsplit(str(desk.url)).path) == (200, "/desk/department")
        gone = late.get(link)
        assert (gone.status_code, "已失效" in gone.text) == (410, True)
    assert person in onefile(box.home, "link", "list")


def test_a_revoked_link_lets_nobody_in(box: Production) -> None:
    person = "p:00000000-0000-7000-8000-00000000abce"
    link = onefile(
        box.home, "link", "make", "--role", "applicant_lead", "--called", "丁", "--as", person
    ).strip()
    known = json.loads((box.home / "accounts.json").read_text())["links"]
    onefile(
        box.home, "link", "revoke", next(k for k, v in known.items() if v["person"] == person)
    )
    assert get(link).status_code == 410


def test_the_token_endpoint_refuses_what_is_no_form(box: Production) -> None:
    door = f"{box.issuer}/oidc/token"
    assert get(door).status_code == 405
    assert post(door, json={"grant_type": "x"}).json() == {"error": "invalid_request"}
    assert exchange(box, grant_type="password").json() == {"error": "invalid_grant"}
    for body in ("a=1&a=2", "%ff=%ff", "x", "&".join(f"a{n}=1" for n in range(99))):
        media = {"content-type": "application/x-www-form-urlencoded"}
        assert post(door, content=body, headers=media).status_code in (400, 401)


def test_the_two_kinds_of_box_are_never_mixed(box: Production, tmp_path: Path) -> None:
    assert "anybody could be anyone" in onefile(box.home, "up", code=2)
    Keyring(tmp_path / "trial").open(first_time=True)
    said = onefile(tmp_path / "trial", "up", "--production-mode", code=2)
    assert "never becomes a production home" in said
    said = onefile(tmp_path / "x", "up", "--production-mode", "--demo", code=2)
    assert "--demo" in said
    said = onefile(tmp_path / "x", "up", "--public-address", "https://a.example", code=2)
    assert "--production-mode" in said
