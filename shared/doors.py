"""Where does a command at this machine ask a running service, and with whose token?"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import httpx
import typer

from shared.effects import new_id
from shared.peers import trusted

HOME = Path(".onefile/box")

HomeOption = Annotated[
    Path, typer.Option("--home", envvar="ONEFILE_HOME", help="数据目录: home of a running box")
]
TokenOption = Annotated[
    str | None, typer.Option("--token", envvar="ONEFILE_TOKEN", help="访问令牌: access token")
]
EnglishOption = Annotated[bool, typer.Option("--english", help="in English")]


class CannotAsk(Exception):
    """What was asked for cannot be had; the message says why and what to do."""


class NotKnown(CannotAsk):
    """Nobody told where the service is or which token to use: no box runs here."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Where to ask and with which token: options and environment first, then the running box.

    The box renews its tokens while it runs, so its file is read again for every request.
    `given` are the addresses that an option named, by service; `patience` is in seconds.
    """

    home: Path
    token: str | None = None
    given: Mapping[str, str | None] = field(default_factory=dict)
    patience: float = 30

    def address(self, service: str) -> str | None:
        """The base address of a service, None when nobody told it."""
        found: str | None = self.given.get(service) or self.box().get("addresses", {}).get(
            service
        )
        return found

    def get(
        self, service: str, path: str, *, patience: float | None = None, **parameters: Any
    ) -> httpx.Response:
        """The answer; a parameter that is None is left out. Raises `CannotAsk`."""
        asked = {name: value for name, value in parameters.items() if value is not None}
        return self._ask("GET", service, path, patience=patience, params=asked)

    def send(self, service: str, path: str, body: Any) -> httpx.Response:
        """The answer to a command, said once under a key of its own. Raises `CannotAsk`."""
        return self._ask("POST", service, path, patience=60, json=body)

    def signed_in(self, person: str) -> "Doors":
        """The same doors as somebody of a box for trying. Raises `CannotAsk`."""
        issuer = self.box().get("issuer")
        if issuer is None:
            raise NotKnown(
                "--as needs a running box (onefile up); else set ONEFILE_TOKEN "
                "(--as 须有正在运行的一体机，否则请设置 ONEFILE_TOKEN)"
            )
        answer = _asked("the issuer", "POST", f"{issuer.rstrip('/')}/token", {
            "json": {"person": person}, "timeout": self.patience,
        })  # fmt: skip
        return replace(self, token=str(answer.json()["access_token"]))

    def matter(self, text: str) -> UUID:
        """A matter by its number or its id. Raises `CannotAsk`."""
        try:
            return UUID(text)
        except ValueError:
            found = self.get("archive", "/matters", number=text).json()["files"]
        if not found:
            raise CannotAsk(f"there is no matter {text} (没有这一办件)")
        return UUID(found[0]["matter"])

    def box(self) -> dict[str, Any]:
        """What the running box says of itself; empty when none runs at `home`."""
        for file in (self.home / "box.json", self.home.parent / "box.json"):
            try:
                found: dict[str, Any] = json.loads(file.read_text())
            except (OSError, ValueError):
                continue
            return found
        return {}

    def _ask(
        self, method: str, service: str, path: str, *, patience: float | None, **more: Any
    ) -> httpx.Response:
        address = self.address(service)
        token = self.token or self.box().get("tokens", {}).get("auditor")
        if address is None or token is None:
            settings = [f"ONEFILE_{name.upper()}_URL" for name in self.given]
            raise NotKnown(
                f"the address of {service} or a token is not known: no box runs at {self.home} "
                "(--home, ONEFILE_HOME). Run `onefile up`, or set "
                f"{' and '.join((*settings, 'ONEFILE_TOKEN'))} "
                "(不知道地址或令牌：请先启动一体机，或设置这些变量)"
            )
        headers = {"Authorization": f"Bearer {token}"}
        if method == "POST":
            headers["Idempotency-Key"] = str(new_id())
        return _asked(service, method, address.rstrip("/") + path, {
            **more, "headers": headers, "timeout": patience or self.patience,
        })  # fmt: skip


def _asked(whom: str, method: str, url: str, more: Mapping[str, Any]) -> httpx.Response:
    try:
        answer = httpx.request(method, url, verify=trusted(), trust_env=False, **more)
    except httpx.HTTPError as error:
        raise CannotAsk(f"{whom} does not answer at {url}: {error!r} (没有应答)") from error
    if not answer.is_success:
        raise CannotAsk(f"{whom} {answer.request.url.path}: {_said(answer)}")
    return answer


def _said(answer: httpx.Response) -> str:
    """A refusal in its own words: why, and what to do about it."""
    try:
        told = answer.json()
        code = told.get("reason") or told["type"].rpartition(":")[2]
        remedy = told.get("details", {}).get("remedy") or told.get("remedy")
    except (ValueError, AttributeError, KeyError):
        return f"{answer.status_code} {answer.text[:300]}"
    parts = (str(answer.status_code), code, told.get("detail") or told.get("title"), remedy)
    return " ".join(part for part in parts if part)


@contextmanager
def telling() -> Iterator[None]:
    """Says in one sentence why something cannot be had, and ends with 2; Ctrl-C ends quietly."""
    try:
        yield
    except CannotAsk as error:
        typer.echo(f"onefile: {error}", err=True)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
