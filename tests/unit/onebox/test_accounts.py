"""Accounts and personal links let in whom they should, as often as they should, and nobody else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.onebox import accounts_entering
from services.onebox.accounts import INVITATION_HOURS, AccountRefused, Accounts, post_of
from services.onebox.accounts_entering import (
    TRIES,
    NotLetIn,
    end_sign_ins,
    fit,
    hashed,
    invited,
    linked,
    same_password,
    sign_in,
    still,
    take_up,
    use_link,
)
from services.onebox.accounts_totp import code_at, matching_step, step_of
from services.onebox.backup import _beside
from services.onebox.issuer_choice import admitted
from services.onebox.issuer_own import OwnIssuer
from services.onebox.keyring import Keyring

PASSWORD, SECRET = "正确的马电池订书钉 correct", b"12345678901234567890"
PERSON = "p:00000000-0000-7000-8000-00000000abcd"


class Moving:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def on(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Moving:
    return Moving()


@pytest.fixture
def accounts(tmp_path: Path, clock: Moving, monkeypatch: pytest.MonkeyPatch) -> Accounts:
    """Of a home that holds real cases; passwords cost little here."""
    monkeypatch.setattr(accounts_entering, "COST", (2**4, 8, 1))
    made = Accounts(tmp_path / "box", clock)
    made.open()
    Keyring(made.home).open(first_time=True)
    return made


def invite(accounts: Accounts, name: str = "jia") -> str:
    return accounts.invite(name, "甲", ["office"], ["990100"], ["lgo"], PERSON)


def code(clock: Moving, steps: int = 0) -> str:
    return code_at(SECRET, step_of(clock().timestamp()) + steps)


def active(accounts: Accounts, clock: Moving) -> None:
    take_up(accounts, invite(accounts), PASSWORD, SECRET, code(clock))
    clock.on(30)


def refused(work: object, *given: object) -> str:
    with pytest.raises(NotLetIn) as caught:
        work(*given)  # type: ignore[operator]
    return caught.value.code


def test_who_was_invited_signs_in_with_password_and_code(
    accounts: Accounts, clock: Moving
) -> None:
    active(accounts, clock)
    holder = sign_in(accounts, "ＪＩＡ ", PASSWORD, code(clock))
    assert (holder.post.person, holder.post.roles) == (PERSON, ("office",))
    assert (holder.post.areas, holder.post.bodies) == (("990100",), ("lgo",))
    assert still(accounts, holder.key, holder.generation).post.person == PERSON


def test_a_code_lets_in_once_and_not_the_one_of_the_enrolment(
    accounts: Accounts, clock: Moving
) -> None:
    take_up(accounts, invite(accounts), PASSWORD, SECRET, code(clock))
    assert refused(sign_in, accounts, "jia", PASSWORD, code(clock)) == "wrong"
    clock.on(30)
    sign_in(accounts, "jia", PASSWORD, code(clock))
    assert refused(sign_in, accounts, "jia", PASSWORD, code(clock)) == "wrong"


def test_every_mistake_is_told_alike_and_a_stranger_learns_no_name(
    accounts: Accounts, clock: Moving
) -> None:
    active(accounts, clock)
    accounts.invite("yi", "乙", ["agent"], [], [])
    for name, password, given in (
        ("nobody", PASSWORD, code(clock)),
        ("yi", PASSWORD, code(clock)),
        ("jia", "wrong", code(clock)),
        ("jia", PASSWORD, "000000"),
        ("", "", ""),
        ("jia", "\ud800", "１２３４５６"),
        ("jia", PASSWORD, "\ud800\x00"),
    ):
        assert refused(sign_in, accounts, name, password, given) == "wrong"
    sign_in(accounts, "jia", PASSWORD, code(clock))


def test_an_unknown_name_costs_the_same_work(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[bytes] = []
    real = accounts_entering._scrypt

    def counted(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
        done.append(salt)
        return real(password, salt, 2**4, r, p)

    monkeypatch.setattr(accounts_entering, "_scrypt", counted)
    refused(sign_in, accounts, "nobody", PASSWORD, "000000")
    assert len(done) == 1


def test_after_five_wrong_tries_even_the_right_one_waits_and_ever_longer(
    accounts: Accounts, clock: Moving
) -> None:
    active(accounts, clock)
    for _ in range(TRIES):
        refused(sign_in, accounts, "jia", "wrong", "000000")
    assert refused(sign_in, accounts, "jia", PASSWORD, code(clock)) == "wrong"
    clock.on(61)
    refused(sign_in, accounts, "jia", "wrong", "000000")
    clock.on(61)
    assert refused(sign_in, accounts, "jia", PASSWORD, code(clock)) == "wrong"
    clock.on(60)
    sign_in(accounts, "jia", PASSWORD, code(clock))
    refused(sign_in, accounts, "jia", "wrong", "000000")
    clock.on(30)
    sign_in(accounts, "jia", PASSWORD, code(clock))


def test_many_guesses_at_once_are_no_way_around_the_pause(
    accounts: Accounts, clock: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    active(accounts, clock)
    looked: list[str | None] = []

    def counted(secret: bytes, code: str, now: float, after: int) -> int | None:
        looked.append(code)
        return matching_step(secret, code, now, after)

    monkeypatch.setattr(accounts_entering, "matching_step", counted)
    guesses = [f"{n:06d}" for n in range(24)]
    with ThreadPoolExecutor(8) as pool:
        said = list(
            pool.map(lambda guess: refused(sign_in, accounts, "jia", PASSWORD, guess), guesses)
        )
    assert set(said) == {"wrong"}
    assert len(looked) == TRIES


def test_the_pause_ends_at_an_hour(accounts: Accounts, clock: Moving) -> None:
    active(accounts, clock)
    for _ in range(40):
        refused(sign_in, accounts, "jia", "wrong", "000000")
        clock.on(3_601)
    sign_in(accounts, "jia", PASSWORD, code(clock))


def test_an_invitation_is_good_once_and_for_a_while_and_looking_uses_nothing(
    accounts: Accounts, clock: Moving
) -> None:
    word = invite(accounts)
    for _ in range(3):
        assert invited(accounts, word).name == "jia"
    assert refused(take_up, accounts, word, PASSWORD, SECRET, "000000") == "wrong_code"
    take_up(accounts, word, PASSWORD, SECRET, code(clock))
    assert refused(take_up, accounts, word, PASSWORD, SECRET, code(clock)) == "invitation_gone"
    late = invite(accounts, "yi")
    clock.on(INVITATION_HOURS * 3_600)
    assert refused(invited, accounts, late) == "invitation_gone"


def test_a_password_that_is_easy_to_guess_is_refused(accounts: Accounts) -> None:
    account = invited(accounts, invite(accounts))
    for weak in ("short", "x" * 20, "jia jia and more", "甲 and some others", "y1Z" * 50):
        assert not fit(weak, account), weak
    assert fit(PASSWORD, account)


def test_a_blocked_account_lets_nobody_in_and_ends_what_was_open(
    accounts: Accounts, clock: Moving
) -> None:
    active(accounts, clock)
    holder = sign_in(accounts, "jia", PASSWORD, code(clock))
    accounts.block("jia")
    clock.on(30)
    assert refused(sign_in, accounts, "jia", PASSWORD, code(clock)) == "wrong"
    assert refused(still, accounts, holder.key, holder.generation) == "ended"


def test_a_reset_voids_password_and_sign_ins_and_keeps_who_it_is(
    accounts: Accounts, clock: Moving
) -> None:
    active(accounts, clock)
    holder = sign_in(accounts, "jia", PASSWORD, code(clock))
    clock.on(30)
    word = accounts.reset("JIA")
    assert refused(sign_in, accounts, "jia", PASSWORD, code(clock)) == "wrong"
    again = take_up(accounts, word, PASSWORD, SECRET, code(clock))
    assert (again.person, again.roles) == (PERSON, ("office",))
    assert refused(still, accounts, holder.key, holder.generation) == "ended"


def test_other_posts_are_those_of_the_next_token_and_end_no_sign_in(
    accounts: Accounts, clock: Moving
) -> None:
    active(accounts, clock)
    holder = sign_in(accounts, "jia", PASSWORD, code(clock))
    accounts.move("jia", ["agent"], ["990200"], [])
    post = still(accounts, holder.key, holder.generation).post
    assert (post.person, post.roles, post.areas) == (PERSON, ("agent",), ("990200",))
    with pytest.raises(AccountRefused, match="no such role"):
        accounts.move("jia", ["service"], [], [])


def test_a_personal_link_lets_in_once_and_looking_uses_nothing(accounts: Accounts) -> None:
    word = accounts.link(post_of("乙", ["approver"], ["990100"], ["depts"], PERSON))
    for _ in range(3):
        assert linked(accounts, word).called == "乙"
    holder = use_link(accounts, word)
    assert holder.post.person == PERSON
    assert refused(use_link, accounts, word) == "link_gone"
    assert still(accounts, holder.key, holder.generation).post.person == PERSON


def test_a_link_ends_with_its_days_and_when_it_is_revoked(
    accounts: Accounts, clock: Moving
) -> None:
    post = post_of("乙", ["approver"], ["990100"], [], PERSON)
    one, other = accounts.link(post, days=1, times=5), accounts.link(post, times=5)
    holders = [use_link(accounts, one), use_link(accounts, other)]
    clock.on(86_400)
    assert refused(use_link, accounts, one) == "link_gone"
    assert refused(still, accounts, holders[0].key, 1) == "ended"
    accounts.revoke(linked(accounts, other).id)
    assert refused(use_link, accounts, other) == "link_gone"
    assert refused(still, accounts, holders[1].key, 1) == "ended"
    with pytest.raises(AccountRefused, match="link list"):
        accounts.revoke("none")


def test_what_was_shown_twice_ends_the_sign_ins(accounts: Accounts, clock: Moving) -> None:
    active(accounts, clock)
    holder = sign_in(accounts, "jia", PASSWORD, code(clock))
    end_sign_ins(accounts, holder)
    assert refused(still, accounts, holder.key, holder.generation) == "ended"


def test_what_makes_no_account_is_refused_with_a_remedy(accounts: Accounts) -> None:
    invite(accounts)
    for given, told in (
        (("Jia", "x", ["office"], [], []), "account reset"),
        (("yi", "x", ["service"], [], []), "no such role"),
        (("yi", "x", ["office"], ["12"], []), "six digits"),
        (("y i", "x", ["office"], [], []), "2 to 40"),
        (("yi", "x", [], [], []), "roles"),
        (("yi", "x", ["office"], [], [], "somebody"), "person"),
    ):
        with pytest.raises(AccountRefused, match=told):
            accounts.invite(*given)
    with pytest.raises(AccountRefused, match="account list"):
        accounts.block("nobody")


def test_nobody_else_reads_the_file_and_it_holds_no_secret_as_it_is(
    accounts: Accounts, clock: Moving
) -> None:
    word = invite(accounts)
    take_up(accounts, word, PASSWORD, SECRET, code(clock))
    link = accounts.link(post_of("乙", ["approver"], [], [], PERSON))
    file = accounts.home / "accounts.json"
    assert file.stat().st_mode & 0o777 == 0o600
    for secret in (word, link, PASSWORD, SECRET.hex(), SECRET.decode()):
        assert secret not in file.read_text()
    file.write_text("{}x")
    with pytest.raises(AccountRefused, match="backup"):
        accounts.read()


def test_another_cost_later_locks_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts_entering, "COST", (2**4, 8, 1))
    kept = hashed(PASSWORD)
    monkeypatch.setattr(accounts_entering, "COST", (2**5, 8, 1))
    assert same_password(PASSWORD, kept)
    assert not same_password(PASSWORD + "x", kept)
    assert not same_password(PASSWORD, None)


def test_a_copy_of_the_home_holds_the_accounts_and_nothing_to_sign_in_with(
    accounts: Accounts, tmp_path: Path
) -> None:
    invite(accounts)
    ring = Keyring(accounts.home)
    assert ring.console_key_file.exists()
    OwnIssuer("http://127.0.0.1:1", ring, ["intake"], accounts, "http://127.0.0.1:2")
    copied = _beside(accounts.home, tmp_path / "copy")
    assert {"accounts.json", "secrets/intake.secret"} <= set(copied)
    left = {"deployment.key", "log.key", "secrets/issuer.jwk", "secrets/console.key"}
    assert all((accounts.home / one).exists() for one in left)
    assert left.isdisjoint(copied)


def test_a_home_is_for_trials_or_for_production_and_never_both(tmp_path: Path) -> None:
    trial, real = tmp_path / "trial", tmp_path / "real"
    admitted(trial, production=False)
    Keyring(trial).open(first_time=True)
    for work in (
        lambda: admitted(trial, production=True),
        lambda: Accounts(trial).invite("jia", "甲", ["admin"], [], []),
    ):
        with pytest.raises(AccountRefused, match="never becomes a production home"):
            work()
    admitted(real, production=True)
    Keyring(real).open(first_time=True)
    admitted(real, production=True)
    with pytest.raises(AccountRefused, match="anybody could be anyone"):
        admitted(real, production=False)
