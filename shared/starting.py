"""Is a process told everything it needs: every mistake at once, each with its remedy?"""

import difflib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings

from contracts.invalid import said
from shared.documents.scanning import scanner_of
from shared.documents.store import Bucket
from shared.messages.book import load_book
from shared.settings import PORTS, Settings
from shared.tlog.note import read_vkey

PREFIX, CONSOLE = "ONEFILE_", "CONSOLE_"
SECRETS = Path("/run/secrets/onefile")
"""Where an orchestrator puts secrets as files: `onefile_database`, `onefile_nats_token`, …"""

ELSEWHERE = {
    "HOME", "PG_DSN", "PG_BIN", "NATS_BIN", "SYSTEM_SERVERS", "TOKEN", "SECRETS_DIR",
    "NATS_REPLICAS", "ROLE_PASSWORDS", "AGENCIES", "AGENCY_NATS_URL", "AGENCY_NATS_PASSWORD",
    "SCREENSHOTS",
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
    kind: type[BaseSettings] = make if isinstance(make, type) else Settings
    prefix = kind.model_config.get("env_prefix") or PREFIX
    problems = list(unknown(given, _names(kind, prefix)))
    if folder.is_dir():
        # A file of another name would be passed over, and what it holds would be missing later.
        files = {one.name.upper(): "" for one in folder.iterdir()}
        problems += (f"{folder} {one}" for one in unknown(files, _names(kind, prefix)))
    elif "ONEFILE_SECRETS_DIR" in given:
        problems.append(f"ONEFILE_SECRETS_DIR: {folder} 不是目录 is no folder: mount it there")
    if "FORWARDED_ALLOW_IPS" in given:
        problems.append(
            f"FORWARDED_ALLOW_IPS: 不起作用 has no effect here: say {prefix}TRUSTED_PROXIES"
        )
    settings = None
    try:
        settings = make(_secrets_dir=folder if folder.is_dir() else None)
    except ValidationError as error:
        problems += _invalid(error, kind, prefix)
        problems += _others(error, make, kind, prefix, folder)
    if settings is not None:
        problems += (f"{prefix}{one}" for one in _unusable(settings))
    if problems or settings is None:
        raise SettingsRefused(service, problems)
    return settings


def _others(
    error: ValidationError,
    make: Callable[..., BaseSettings],
    kind: type[BaseSettings],
    prefix: str,
    folder: Path,
) -> Iterator[str]:
    """What is wrong besides the fields of `error`: those are stood in for, and not spoken of."""
    failed = {str(one["loc"][0]): one for one in error.errors() if one["loc"]}
    fields = {name: kind.model_fields[name] for name in failed if name in kind.model_fields}
    standing_in = {
        name: STAND_IN.get(field.annotation) if field.is_required() else field.get_default()
        for name, field in fields.items()
    }
    try:
        settings = make(_secrets_dir=folder if folder.is_dir() else None, **standing_in)
    except ValidationError as again:
        if failed:
            yield from _invalid(again, kind, prefix)
        return
    for problem in _unusable(settings):
        if problem.split(":")[0].split(" ")[0].lower() not in failed:
            yield f"{prefix}{problem}"


STAND_IN: Mapping[Any, Any] = {
    str: "https://stand-in",
    SecretStr: SecretStr("postgresql://stand/in"),
    Path: Path("stand-in"),
    dict[str, str]: {},
}


def _names(kind: type[BaseSettings], prefix: str) -> set[str]:
    own = prefix.removeprefix(PREFIX)
    return {f"{own}{name.upper()}" for name in kind.model_fields}


def unknown(given: Mapping[str, str], own: Iterable[str] = ()) -> Iterator[str]:
    """Variables of ours that mean nothing to anybody; `own` are those of the process itself.

    The console's may be set beside a service's; whether they are right, the console says.
    """
    known = {name.upper() for name in Settings.model_fields} | ELSEWHERE | {*own}
    judges = any(name.startswith(CONSOLE) for name in known)
    for name in sorted(given):
        word = name.removeprefix(PREFIX)
        if word == name or word in known or (word.startswith(CONSOLE) and not judges):
            continue
        near = difflib.get_close_matches(word, known, n=1)
        meant = f"，是否应为 {PREFIX}{near[0]} (did you mean that?)" if near else ""
        yield f"{name}: 没有这个设置 no such setting{meant}"


def _invalid(error: ValidationError, kind: type[BaseSettings], prefix: str) -> Iterator[str]:
    for one in error.errors(include_input=False, include_url=False):
        name = "_".join(map(str, one["loc"][:1])).upper()
        field = kind.model_fields.get(name.lower())
        what = field.description if field and field.description else ""
        ours = one["type"] == "value_error"  # these say it themselves
        both = str(one["msg"]) if ours else " · ".join(said(one))
        if one["type"] == "missing":
            yield f"{prefix}{name}: 未设置 not set. {what}".rstrip()
        elif name:
            yield f"{prefix}{name}: 无法使用 cannot be used: {both}. {what}".rstrip()
        else:
            yield both


def _unusable(settings: BaseSettings) -> Iterator[str]:
    """What has the right form and still cannot work here."""
    values = {name: getattr(settings, name) for name in type(settings).model_fields}
    for name in values.keys() & {"database", "keys_database"}:
        yield from _no_database(name, values[name])
    yield from _not_reached(values)
    for name, read in _READ:
        if values.get(name) is not None and (act := getattr(settings, read, None)):
            yield from _failing(name, act)
    for name, parse in _PARSED.items():
        if values.get(name) is not None:
            yield from _failing(name, parse, values[name])
    yield from _no_place(values)
    if bucket := values.get("documents_bucket"):
        yield from _no_bucket(values["documents"] or "", bucket)


def _not_reached(values: Mapping[str, Any]) -> Iterator[str]:
    """Addresses that are none, and names beside them that nobody has."""
    for name in ("nats_url", "agency_nats_url"):
        yield from _no_address(name, values.get(name), "nats", "tls")
    for name in ("issuer", "jwks_url", "token_url", "development_issuer"):
        yield from _no_address(name, values.get(name), "http", "https")
    for who, where in values.get("peers", {}).items():
        if who not in PORTS:
            near = difflib.get_close_matches(who, PORTS, n=1)
            meant = f"，是否应为 {near[0]} (did you mean that?)" if near else ""
            yield f"PEERS {who}: 没有这个服务 no such service{meant}"
        yield from _no_address(f"peers {who}", where, "http", "https")
    for who, where in values.get("witnesses", {}).items():
        yield from _no_address(f"witnesses {who}", where, "http", "https")
        yield from _failing(f"witnesses {who}", read_vkey, who)


_READ = (
    ("deployment_key_file", "deployment_key"),
    ("log_key_file", "log_key"),
    ("log_key_file", "log_seed"),
    ("second_tree", "second_key"),
    ("key_file", "key"),
)
"""A setting that names a file, and how the settings read it."""
_PARSED: Mapping[str, Callable[[Any], object]] = {
    "scanner": scanner_of,
    "messages": load_book,
    "agencies": Path.read_bytes,
}
_FOLDERS = ("packs", "fonts", "log_memory")
_MADE = ("documents", "documents_quarantine", "erasures")
"""Made at the first use, in a folder that must be there."""


def _no_database(name: str, value: SecretStr) -> Iterator[str]:
    parts = urlsplit(value.get_secret_value())
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        yield (
            f"{name.upper()}: 不是数据库地址 no address of a database: "
            "postgresql://user:password@host:port/name"
        )


def _no_bucket(address: str, settings: Mapping[str, SecretStr]) -> Iterator[str]:
    if not address.startswith("s3://"):
        yield "DOCUMENTS_BUCKET: 须配合 goes with DOCUMENTS=s3://bucket/prefix: set both, or neither"
        return
    given = {name: value.get_secret_value() for name, value in settings.items()}
    yield from _no_address("documents_bucket endpoint", given.get("endpoint"), "http", "https")
    try:
        Bucket(address, **given)
    except ImportError:
        yield "DOCUMENTS: s3:// 需要 needs the extra `s3` of this program (pip install 'onefile[s3]')"
    except Exception as error:  # what the library raises has no public parent but this
        yield f"DOCUMENTS_BUCKET: {str(error).partition(chr(10))[0]}"


def _no_address(name: str, address: str | None, *schemes: str) -> Iterator[str]:
    parts = urlsplit(address or f"{schemes[0]}://none")
    if parts.scheme not in schemes or not parts.netloc:
        word, _, whose = name.partition(" ")
        yield (
            f"{word.upper()} {whose}".rstrip()
            + f": 不是地址 no address: {schemes[0]}://host[:port]"
        )


def _failing(name: str, act: Callable[..., object], *given: Any) -> Iterator[str]:
    word, _, whose = name.partition(" ")
    named = f"{word.upper()} {whose}".rstrip()
    try:
        act(*given)
    except OSError as error:
        where = error.filename or (given[0] if given else "")
        yield f"{named}: {where} 读不到 cannot be read ({error.strerror}): mount it there"
    except ValueError as error:
        yield f"{named}: {error}"


def _no_place(values: Mapping[str, Any]) -> Iterator[str]:
    for name in _FOLDERS:
        place = values.get(name)
        if place is not None and not place.is_dir():
            yield f"{name.upper()}: {place} 不是目录 is no folder: mount it there"
    for name in _MADE:
        place = values.get(name)
        if place is None or str(place).startswith("s3://"):
            continue
        if not Path(place).parent.is_dir():
            yield f"{name.upper()}: {place} 的上级目录不存在 is in no folder: make or mount it"
