"""Is a service told everything it needs: every mistake at once, each with its remedy?"""

import difflib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from shared.settings import Settings

PREFIX = "ONEFILE_"
SECRETS = Path("/run/secrets/onefile")
"""Where an orchestrator puts secrets as files: `onefile_database`, `onefile_nats_token`, …"""

ELSEWHERE = {
    "HOME", "PG_DSN", "PG_BIN", "NATS_BIN", "SYSTEM_SERVERS", "TOKEN", "SECRETS_DIR",
    "NATS_REPLICAS", "ROLE_PASSWORDS", "AGENCIES", "AGENCY_NATS_URL", "AGENCY_NATS_PASSWORD",
    *(f"{name}_URL" for name in ("INTAKE", "ASSIGNMENT", "SUPERVISION", "EVALUATION", "ARCHIVE")),
}  # fmt: skip
"""Variables of other verbs, which may be set beside those of a service."""


class SettingsRefused(Exception):
    """A service cannot start as it was told; `problems` has one sentence for each mistake."""

    def __init__(self, service: str, problems: list[str]) -> None:
        self.service, self.problems = service, problems
        super().__init__("; ".join(problems))


def told(service: str, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of `service` from `ONEFILE_*` variables and files of `ONEFILE_SECRETS_DIR`.

    Raises `SettingsRefused` with everything that is wrong, not only the first of it.
    """
    return checked(service, lambda **more: Settings(service=service, **more), environment)


def checked[S: BaseSettings](
    service: str, make: Callable[..., S], environment: Mapping[str, str] | None = None
) -> S:
    """The settings that `make` reads from the same places, for a process that is no service.

    Raises `SettingsRefused` with everything that is wrong.
    """
    given = os.environ if environment is None else environment
    folder = Path(given.get("ONEFILE_SECRETS_DIR", SECRETS))
    problems = list(_unknown(given))
    settings = None
    try:
        settings = make(_secrets_dir=folder if folder.is_dir() else None)
    except ValidationError as error:
        problems += _invalid(error, f"{PREFIX}CONSOLE_" if service == "console" else PREFIX)
    if isinstance(settings, Settings):
        problems += _unusable(settings)
    if problems or settings is None:
        raise SettingsRefused(service, problems)
    return settings


def _unknown(given: Mapping[str, str]) -> Iterator[str]:
    known = {name.upper() for name in Settings.model_fields} | ELSEWHERE
    for name in sorted(given):
        word = name.removeprefix(PREFIX)
        if word == name or word in known or word.startswith("CONSOLE_"):
            continue
        near = difflib.get_close_matches(word, known, n=1)
        meant = f"，是否应为 {PREFIX}{near[0]} (did you mean that?)" if near else ""
        yield f"{name}: 没有这个设置 no such setting{meant}"


def _invalid(error: ValidationError, prefix: str) -> Iterator[str]:
    for one in error.errors(include_input=False, include_url=False):
        name = "_".join(map(str, one["loc"][:1])).upper()
        field = Settings.model_fields.get(name.lower())
        what = field.description if field and field.description else ""
        if one["type"] == "missing":
            yield f"{prefix}{name}: 未设置 not set. {what}".rstrip()
        elif name:
            yield f"{prefix}{name}: 无法使用 cannot be used: {one['msg']}. {what}".rstrip()
        else:
            yield str(one["msg"])


def _unusable(settings: Settings) -> Iterator[str]:
    """What has the right form and still cannot work here."""
    for name, value in (
        ("DATABASE", settings.dsn()),
        ("KEYS_DATABASE", settings.keys_database.get_secret_value()),
    ):
        parts = urlsplit(value)
        if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
            yield (
                f"{PREFIX}{name}: 不是数据库地址 no address of a database: "
                "postgresql://user:password@host:port/name"
            )
    for name, address, schemes in (
        ("NATS_URL", settings.nats_url, ("nats", "tls")),
        ("ISSUER", settings.issuer, ("http", "https")),
        ("JWKS_URL", settings.jwks_url, ("http", "https")),
        ("TOKEN_URL", settings.token_url or "https://none", ("http", "https")),
        *((f"PEERS {who}", where, ("http", "https")) for who, where in settings.peers.items()),
    ):
        parts = urlsplit(address)
        if parts.scheme not in schemes or not parts.netloc:
            yield f"{PREFIX}{name}: 不是地址 no address: {schemes[0]}://host[:port]"
    for name, file, read in (
        ("DEPLOYMENT_KEY_FILE", settings.deployment_key_file, settings.deployment_key),
        ("LOG_KEY_FILE", settings.log_key_file, settings.log_key),
    ):
        try:
            read()
        except OSError as error:
            yield f"{PREFIX}{name}: {file} 读不到 cannot be read ({error.strerror}): mount it there"
        except ValueError as error:
            yield f"{PREFIX}{name}: {error}"
    if settings.packs is not None and not settings.packs.is_dir():
        yield f"{PREFIX}PACKS: {settings.packs} 不是目录 is no folder: mount the packs there"
