"""What administrators did stays written: each act once, chained, and whoever changes it is seen."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.onebox.accounts import AccountRefused, Accounts, post_of
from services.onebox.accounts_cli import main
from services.onebox.accounts_entering import NotLetIn
from services.onebox.accounts_log import FILE, at_machine
from services.onebox.accounts_passkeys import MOST_ASKED, Passkeys

AREA, PERSON = "990100", "p:00000000-0000-7000-8000-00000000abcd"


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    made = Accounts(tmp_path / "box")
    made.invite("first", "甲", ["admin"], [AREA], [])
    made.move("first", ["office"], [AREA], [])
    made.block("first")
    made.reset("first")
    made.link(post_of("丙", ["approver"], [AREA], ["six"], PERSON), days=3)
    made.revoke(next(iter(made.read().links)))
    return made


def test_every_act_stands_there_with_who_when_and_what(accounts: Accounts) -> None:
    found, wrong = accounts.log()
    assert wrong == ""
    acts = [(line.did.act, line.did.by) for line in found]
    assert acts == [
        (act, at_machine()) for act in ("invite", "move", "block", "reset", "link", "revoke")
    ]
    assert found[0].did.more == {"roles": ["admin"], "areas": [AREA]}
    assert found[4].did.more["person"] == PERSON
    assert all(0 < a.at <= b.at for a, b in pairwise(found))
    assert (accounts.home / FILE).stat().st_mode & 0o777 == 0o600


def test_what_was_refused_or_is_secret_is_not_in_it(accounts: Accounts) -> None:
    with pytest.raises(AccountRefused):
        accounts.invite("first", "乙", ["admin"], [], [])
    with pytest.raises(AccountRefused):
        accounts.block("nobody")
    word = accounts.reset("first")
    text = (accounts.home / FILE).read_text()
    assert len(accounts.log()[0]) == 7
    assert word not in text and "digest" not in text


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda lines: [lines[0].replace("admin", "agent"), *lines[1:]], "changed"),
        (lambda lines: lines[1:], "changed"),
        (lambda lines: [*lines[:2], *lines[3:]], "changed"),
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], "changed"),
        (lambda lines: [*lines, "not a line"], "changed"),
        (lambda lines: lines[:-1], "cut"),
        (lambda lines: [], "cut"),
    ],
)
def test_a_line_that_is_changed_taken_out_or_cut_off_is_seen(
    accounts: Accounts, spoil: object, told: str
) -> None:
    file = accounts.home / FILE
    kept = spoil(file.read_text().splitlines())  # type: ignore[operator]
    file.write_text("".join(f"{line}\n" for line in kept))
    assert accounts.log()[1] == told
    shown = CliRunner().invoke(main, ["account", "log", "--home", str(accounts.home)])
    assert shown.exit_code == 1
    assert "compare with a" in shown.output.replace("\n", " ")


def test_an_act_whose_end_the_power_took_is_said_and_the_chain_goes_on(
    accounts: Accounts,
) -> None:
    book = json.loads((accounts.home / "accounts.json").read_text())
    accounts.block("first")
    (accounts.home / "accounts.json").write_text(json.dumps(book))
    assert accounts.log()[1] == "begun"
    accounts.block("first")
    found, wrong = accounts.log()
    assert ([line.did.act for line in found[-2:]], wrong) == (["block", "block"], "")


def test_the_log_is_shown_in_both_languages_and_says_that_it_is_whole(
    accounts: Accounts,
) -> None:
    shown = CliRunner().invoke(main, ["account", "log", "--home", str(accounts.home)])
    assert shown.exit_code == 0, shown.output
    for said in (
        "邀请 invited",
        "生成链接 made a link",
        "撤销链接",
        "6 acts, chained and whole",
    ):
        assert said in shown.output


def test_an_answer_to_no_challenge_of_ours_lets_nobody_in(accounts: Accounts) -> None:
    keys = Passkeys(accounts, "https://onefile.example")
    _, challenge = keys.ask()
    for asked, said in [("made up", "{}"), (challenge, "{}"), (challenge, "[")]:
        with pytest.raises(NotLetIn, match="wrong"):
            keys.let_in(asked, said)
    for _ in range(3):
        keys.ask()
    assert len(keys._asked) == 3 <= MOST_ASKED  # the answered one is waited for no more


def test_keys_are_offered_for_a_name_and_never_for_a_number(accounts: Accounts) -> None:
    known = ("https://onefile.example", "http://localhost:8600", "http://127.0.0.1:8600",
             "http://[::1]:8600")  # fmt: skip
    assert [Passkeys(accounts, one).offered for one in known] == [True, True, False, False]
