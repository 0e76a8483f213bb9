"""Which secrets does a home hold, and what is lost when one of them is missing."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from services.onebox.errors import PlatformError
from services.onebox.private import kept_secret, private_directory

KEY_LENGTH = 32


class KeyMissing(PlatformError):
    """A key that cannot be made anew is not where it was."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The secrets of one home, each a 0600 file in a 0700 directory."""

    home: Path

    @property
    def deployment_key_file(self) -> Path:
        """32 bytes that wrap the keys of personal data; beside the database, never in it."""
        return self.home / "deployment.key"

    @property
    def log_key_file(self) -> Path:
        """32 bytes that sign the log; with it stand the last signatures, outside the database."""
        return self.home / "log.key"

    def log_origin(self) -> str:
        """The name of this box's log, for good: readers pin it."""
        return f"onefile.box/{kept_secret(self._folder() / 'log.name')[:16]}"

    @property
    def issuer_key_file(self) -> Path:
        return self._folder() / "issuer.jwk"

    @property
    def console_key_file(self) -> Path:
        """32 bytes that seal the sessions of people; made anew when lost: they sign in again."""
        file = self._folder() / "console.key"
        if not file.exists():
            write_key(file, secrets.token_bytes(KEY_LENGTH))
        return file

    def open(self, *, first_time: bool) -> None:
        """Make the deployment key in a new home; raise `KeyMissing` where it is gone."""
        private_directory(self.home)
        file = self.deployment_key_file
        if not file.exists():
            if not first_time:
                raise KeyMissing(
                    f"{file} is missing, so the personal data of {self.home} cannot be read: "
                    "put the file back from its own backup. Nothing was changed."
                )
            write_key(file, secrets.token_bytes(KEY_LENGTH))
        if file.stat().st_size != KEY_LENGTH:
            raise KeyMissing(
                f"{file} does not hold {KEY_LENGTH} bytes: put the right file back from its own "
                "backup. Nothing was changed."
            )
        file.chmod(0o600)
        if not self.log_key_file.exists():
            if any(self.home.glob("log.*.last")):
                raise KeyMissing(
                    f"{self.log_key_file} is missing, and readers know the log by it: put the "
                    "file back from its own backup. Nothing was changed."
                )
            write_key(self.log_key_file, secrets.token_bytes(KEY_LENGTH))

    def password_of(self, role: str) -> str:
        """The database password of a login role."""
        return kept_secret(self._folder() / f"{role}.password")

    def secret_of(self, service: str) -> str:
        """By which a service proves to the issuer that it is itself."""
        return kept_secret(self._folder() / f"{service}.secret")

    def _folder(self) -> Path:
        return private_directory(self.home / "secrets")


def write_key(file: Path, key: bytes) -> None:
    """The file appears whole or not at all, and nobody else can ever read it."""
    fresh = file.with_name(file.name + ".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(key)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
