"""What an operator writes wrong for a verb is told by its name, before anything of his is touched."""

import os
import subprocess
from pathlib import Path

import pytest

from shared.starting import ELSEWHERE
from tests.conftest import REPOSITORY
from tests.faults.replicas import ONEFILE
from tests.patience import START

WRONG = "?? /nowhere/at all"
UP, TAIL = ("up",), ("tail",)
SAID = {
    "PG_DSN": (UP, "ONEFILE_PG_DSN"),
    "PG_BIN": (UP, "ONEFILE_PG_BIN"),
    "NATS_BIN": (UP, "ONEFILE_NATS_BIN"),
    "NATS_REPLICAS": (("provision",), "ONEFILE_NATS_REPLICAS"),
    "ROLE_PASSWORDS": (("provision", "--database", "postgresql://x"), "ONEFILE_ROLE_PASSWORDS"),
    "HOME": (("check",), WRONG),
    "AGENCIES": (("agency", "show"), WRONG),
    "SECRETS_DIR": (("serve", "intake"), "ONEFILE_SECRETS_DIR"),
    "ARCHIVE_URL": (TAIL, WRONG),
}
"""A variable of a verb, the verb that reads it, and what it must say of the wrong value."""
MORE = {
    "NATS_URL": (UP, "ONEFILE_NATS_URL"),
    "PACKS": (UP, "ONEFILE_PACKS"),
    "PUBLIC_ADDRESS": (("up", "--production-mode"), "--public-address"),
}
"""Settings of services that verbs read as well."""
NOT_JUDGED = {
    "TOKEN": "the service that is asked refuses it",
    "AGENCY_NATS_URL": "a setting of feeds, judged with its others",
    "AGENCY_NATS_PASSWORD": "any text; the server refuses it",
    "SYSTEM_SERVERS": "read by deploy/bootstrap.sh alone, where anything said means yes",
    "SCREENSHOTS": "read by tests",
    **dict.fromkeys(("INTAKE_URL", "ASSIGNMENT_URL", "SUPERVISION_URL", "EVALUATION_URL"),
                    "read as ARCHIVE_URL is"),
}  # fmt: skip


def test_no_variable_of_a_verb_is_left_out() -> None:
    assert set(SAID) | set(NOT_JUDGED) == ELSEWHERE and not set(SAID) & set(NOT_JUDGED)


@pytest.mark.parametrize("name", [*SAID, *MORE])
def test_a_wrong_value_is_told_by_the_verb_that_reads_it(name: str, tmp_path: Path) -> None:
    words, said = (SAID | MORE)[name]
    ours = {k: v for k, v in os.environ.items() if not k.startswith("ONEFILE_")}
    home = {"ONEFILE_HOME": str(tmp_path / "box")} if words[0] == "up" else {}
    done = subprocess.run(
        [*ONEFILE, *words],
        cwd=REPOSITORY,
        env={**ours, **home, "ONEFILE_TOKEN": "x", f"ONEFILE_{name}": WRONG},
        capture_output=True,
        text=True,
        timeout=START,
        check=False,
    )
    assert done.returncode in (1, 2), done.stdout + done.stderr
    assert said in done.stderr, done.stderr
    assert "Traceback" not in done.stderr and "Start it again" not in done.stderr
