"""As whom does PostgreSQL run when we are root: it refuses root."""

import os
import subprocess
from pathlib import Path

from services.onebox.child import dying_with_us
from services.onebox.errors import PlatformError

NOBODY = 65534  # in every passwd; initdb insists on finding itself there
PATIENCE = 60.0
"""Seconds for a program to say its version: a machine that is slow forbids nothing."""


def ordinary_user(home: Path, data: Path, program: Path) -> list[str]:
    """Command prefix under which `program` runs as an ordinary user and dies with us.

    As root: a user namespace in which we are called nobody, so no account is made and no file
    changes hands. Where namespaces are forbidden (some containers) we become nobody and hand
    over the data directory.
    """
    if os.geteuid() != 0:
        return dying_with_us("INT")
    namespace = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
    handed_over_before = data.exists() and data.stat().st_uid == NOBODY
    if not handed_over_before and _runs([*namespace, program, "--version"]):
        return [*namespace, *dying_with_us("INT")]
    dropped = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    _hand_over(home, data)
    checks: list[list[str | Path]] = [[program, "--version"], ["test", "-w", home / "tmp"]]
    if all(_runs([*dropped, *check]) for check in checks):
        return [*dropped, "--pdeathsig", "INT"]
    raise PlatformError(
        "PostgreSQL 不能以 root 运行：请用普通用户，把目录移出 root 的家目录，或设 ONEFILE_PG_DSN · "
        "PostgreSQL does not run as root, and here root can neither open a user namespace nor "
        f"become nobody with access to {home} and {program}. Run as an ordinary user, move "
        "both out of root's home, or set ONEFILE_PG_DSN to a server that runs already."
    )


def _hand_over(home: Path, data: Path) -> None:
    """Gives nobody what the server writes; the secrets beside it stay root's."""
    home.chmod(0o711)
    if not data.exists():
        (home / "pg.new").mkdir(mode=0o700, exist_ok=True)
    for place in (data, home / "pg.new", home / "tmp"):
        if place.exists():
            subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", place], check=True)


def _runs(argv: list[str | Path]) -> bool:
    try:
        return subprocess.run(argv, capture_output=True, timeout=PATIENCE).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False
