"""The operator's commands write the register, never nonsense, and never over a key."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from contracts.subjects import NOWHERE
from services.feeds.cli import main
from services.feeds.domain.faults import read_register
from services.feeds.domain.filtering import admits

ADD = [
    "agency", "add", "tax", "--zh", "某县税务局", "--en", "Tax bureau", "--purpose", "核定",
    "--legal-basis", "《样例条例》第十条", "--until", "2099-12-31", "--area", "990102",
    "--event", "supervision.fee_due.v1=item,amount", "--event", "intake.service_requested.v1=all",
]  # fmt: skip


def run(home: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, [*words, "--home", str(home)])
    assert not done.exception or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_admit_rotate_revoke_show(tmp_path: Path) -> None:
    seed, second = tmp_path / "tax.seed", tmp_path / "second.seed"
    assert run(tmp_path, *ADD, "--seed", str(seed))[0] == 0
    assert seed.stat().st_mode & 0o777 == 0o600 and seed.read_text().startswith("SU")
    register = tmp_path / "agencies.yaml"
    assert run(tmp_path, "agency", "check")[0] == 0
    assert run(tmp_path, "agency", "rotate", "tax", "--seed", str(second))[0] == 0
    (tax,) = read_register(register.read_text()).agencies
    assert len(tax.keys) == 2 and tax.keys[0].until < tax.keys[1].until
    code, said = run(tmp_path, "agency", "show")
    assert code == 0 and "某县税务局" in said and said.count("有效 good") == 2
    assert run(tmp_path, "agency", "revoke", "tax", "--key", tax.keys[0].nkey)[0] == 0
    (tax,) = read_register(register.read_text()).agencies
    assert [bool(key.revoked) for key in tax.keys] == [True, False]
    assert run(tmp_path, "agency", "revoke", "tax")[0] == 0
    (tax,) = read_register(register.read_text()).agencies
    assert all(key.revoked for key in tax.keys)
    assert '"AG_TAX"' not in run(tmp_path, "agency", "accounts", "--password", "x")[1]


def test_what_is_said_of_no_place_is_given_to_who_names_that_area_too(tmp_path: Path) -> None:
    checks = ["--event", "intake.history_checked.v1=found,upto"]
    assert run(tmp_path, *ADD, *checks, "--seed", str(tmp_path / "seed"))[0] == 0
    code, said = run(tmp_path, "agency", "check")
    assert code == 0 and "intake.history_checked.v1 不属任何地区" in said
    (tax,) = read_register((tmp_path / "agencies.yaml").read_text()).agencies
    for area, type, given in (
        (NOWHERE, "intake.history_checked.v1", False),  # named, but not its area
        (NOWHERE, "supervision.fee_due.v1", False),
        ("990102", "supervision.fee_due.v1", True),
    ):
        assert admits(tax, type, area) is given
    whole = tax.model_copy(update={"areas": ("990102", NOWHERE)})
    assert not whole.unheard and admits(whole, "intake.history_checked.v1", NOWHERE)
    assert not admits(whole, "archive.history_checked.v1", NOWHERE)  # nobody named it


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([*ADD, "--key", "nonsense"], "公钥不合法"),
        ([*ADD, "--until", "soon"], "不是日期"),
        ([*ADD, "--event", "supervision.fee_de.v1=all"], "did you mean"),
        ([*ADD, "--area", "somewhere"], "must match"),
        (["agency", "rotate", "nobody", "--key", "U"], "没有 nobody"),
        (["agency", "rotate", "tax"], "--seed FILE"),
        (["agency", "revoke", "nobody"], "没有 nobody"),
        (["agency", "test"], "name an agency"),
    ],
)
def test_a_mistake_changes_nothing_and_says_what_to_do(
    tmp_path: Path, words: list[str], said: str
) -> None:
    code, told = run(tmp_path, *words)
    assert code == 2 and said in told
    assert not (tmp_path / "agencies.yaml").exists()


def test_a_seed_is_never_written_over(tmp_path: Path) -> None:
    seed = tmp_path / "tax.seed"
    seed.write_text("mine")
    code, told = run(tmp_path, *ADD, "--seed", str(seed))
    assert code == 2 and "never overwritten" in told and seed.read_text() == "mine"


def test_every_event_and_member_that_can_be_agreed_on_is_listed(tmp_path: Path) -> None:
    code, told = run(tmp_path, "agency", "show", "--types")
    assert code == 0 and "supervision.fee_due.v1: _sd, amount" in told
