"""Where do the secrets and the locks of one home directory live."""

import fcntl
import os
import secrets
from pathlib import Path

from services.onebox.errors import HomeInUse


def private_directory(path: Path) -> Path:
    """The directory, made if need be, closed to other users."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)
    return path


def write_private(path: Path, text: str) -> None:
    """Replaces the file at once; nobody else can ever read it, not even for a moment."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)


def kept_secret(path: Path) -> str:
    """The secret in the file; made on first use (32 URL-safe characters)."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(24) + "\n")
    path.chmod(0o600)
    return path.read_text().strip()


class HomeLock:
    """One running Onefile per home; the kernel frees the lock however the holder ends."""

    def __init__(self, home: Path) -> None:
        self._file = (home / "lock").open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self._file.close()
            raise HomeInUse(
                f"{home} 正由进程 {holder} 使用：请先停下它，或另选目录 (ONEFILE_HOME) · "
                f"{home} is in use by process {holder}: stop that Onefile first, "
                "or choose another home directory (ONEFILE_HOME)."
            ) from None
        self._file.truncate(0)
        self._file.write(f"{os.getpid()}\n")
        self._file.flush()

    def release(self) -> None:
        self._file.close()
