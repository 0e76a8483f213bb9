"""How the console asks the services: over their HTTP APIs, with the person's own token."""

import asyncio
import builtins
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
import orjson

from services.console.session import Session
from services.console.settings import SERVICES
from shared.effects import new_id
from shared.peers import apart

PATIENCE = httpx.Timeout(10.0, connect=2.0)
UNANSWERED = (502, 503, 504)
"""A service that is away, or what stands before it."""
TURN, TURNS = 0.05, 20
"""Seconds between two looks whether a view holds what the person just recorded."""


class Refusal(Exception):
    """A service said no, or said nothing: its problem, as it was told."""

    def __init__(self, service: str, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem.get("type", status)))
        self.service, self.status, self.problem = service, status, dict(problem)

    @property
    def code(self) -> str:
        """`stale`, `forbidden`, `refused` … without the urn before it."""
        return str(self.problem.get("type", "")).rpartition(":")[2]

    @property
    def reason(self) -> str:
        """Which rule it was, where the rules refused."""
        return str(self.problem.get("reason", ""))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered: the body, the version of the thing, the position it stood at."""

    body: Any
    version: int | None = None
    position: int | None = None
    file: httpx.Response | None = None
    """What was answered is a file: a register as a table, say."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a service stood when a screen was made of it."""

    service: str
    position: int | None
    behind: int | None
    recorded: str | None = None


type Recorded = tuple[int | None, int | None, str | None]
"""The last position of a log, the one that is shown, and when that one was recorded."""


@dataclass(slots=True)
class Backend:
    """The services' addresses and the one client for all of them."""

    addresses: Mapping[str, str]
    client: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = apart(self.addresses.values(), timeout=PATIENCE, trust_env=False)

    def as_(self, session: Session, language: str) -> "Caller":
        """Everything from here on is asked as this person."""
        return Caller(self, session, language)


class Caller:
    """One person at one browser, for the time of one request. It remembers whom it asked.

    `silent`: who did not answer, though the page is shown without what was asked of them.
    """

    def __init__(self, backend: Backend, session: Session, language: str) -> None:
        self._backend, self.session, self.language = backend, session, language
        self.silent: set[str] = set()
        self.visitor = ""
        """The address of somebody without an account: a service counts visits by it, not by ours."""
        self._positions: dict[str, asyncio.Task[Recorded]] = {}
        self._seen: dict[str, int] = {}

    # -- who it is ----------------------------------------------------------------------------

    @property
    def id(self) -> str:
        """The person's pseudonym."""
        return self.session.person or ""

    @property
    def area(self) -> str:
        """The area the person serves first; '' for a project unit."""
        return next(iter(self.session.areas), "")

    @property
    def body(self) -> str:
        """The body the person acts for first; '' for nobody's."""
        return next(iter(self.session.bodies), "")

    def has(self, *roles: str) -> bool:
        """Whether the person holds one of these posts."""
        return not set(roles).isdisjoint(self.session.roles)

    # -- reading ------------------------------------------------------------------------------

    async def get(self, service: str, path: str, **parameters: Any) -> Any:
        """The JSON answer; raises `Refusal`."""
        return (await self.read(service, path, **parameters)).body

    async def maybe(self, service: str, path: str, **parameters: Any) -> Any:
        """The same, but None for what is not there, not this person's to see, or not answered."""
        try:
            return await self.get(service, path, **parameters)
        except Refusal as refusal:
            if refusal.status in UNANSWERED:
                self.silent.add(service)
            elif refusal.status not in (403, 404):
                raise
            return None

    async def read(self, service: str, path: str, **parameters: Any) -> Answer:
        """The JSON answer with its version and position; raises `Refusal`."""
        self._note(service)
        own = None if parameters.get("at") else self.session.seen.get(service)  # now alone
        response = await self._caught_up(service, path, _plain(parameters), own)
        answer = _answer(service, response)
        if answer.position is not None:
            self._seen[service] = answer.position
        return answer

    async def together(self, *asked: Any) -> list[Any]:
        """Several reads at once; the first refusal is raised."""
        return list(await asyncio.gather(*asked))

    async def bytes(self, service: str, path: str, **parameters: Any) -> httpx.Response:
        """A file, as it was sent (a PDF, a workbook, a picture); raises `Refusal`."""
        response = await self._send("GET", service, path, params=_plain(parameters))
        if response.status_code != 200:
            raise _refusal(service, response)
        return response

    # -- commands -----------------------------------------------------------------------------

    async def post(
        self,
        service: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        version: int | None = None,
        key: str | None = None,
    ) -> Answer:
        """One command; raises `Refusal`. `key` makes a repetition harmless."""
        headers = {"Idempotency-Key": key or str(new_id()), "Content-Type": "application/json"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        response = await self._send(
            "POST", service, path, content=orjson.dumps(body or {}), headers=headers
        )
        return _answer(service, response)

    async def send_file(
        self,
        service: str,
        path: str,
        content: builtins.bytes,
        media_type: str,
        key: str | None = None,
        **parameters: Any,
    ) -> Answer:
        """A file as the body of a request; raises `Refusal`. `key` as for `post`."""
        headers = {"Idempotency-Key": key or str(new_id()), "Content-Type": media_type}
        response = await self._send(
            "POST", service, path, content=content, headers=headers, params=_plain(parameters)
        )
        return _answer(service, response)

    # -- as of --------------------------------------------------------------------------------

    async def standings(self) -> list[Standing]:
        """Where every service stood that this screen was made of."""
        found = []
        for service, task in self._positions.items():
            (log, shown, recorded), seen = await task, self._seen.get(service)
            if log is not None and seen not in (None, shown):
                _, shown, recorded = await self._position(service, seen)
            behind = max(log - shown, 0) if log is not None and shown is not None else None
            found.append(Standing(service, shown, behind, recorded))
        return found

    async def _caught_up(
        self, service: str, path: str, parameters: dict[str, Any], own: int | None
    ) -> httpx.Response:
        """An answer that holds what this person recorded; an older one if that takes too long."""
        for _ in range(TURNS if own is not None else 0):
            asked = {**parameters, "min_position": own}
            response = await self._send("GET", service, path, params=asked)
            if response.status_code != 503:
                return response
            await asyncio.sleep(TURN)
        return await self._send("GET", service, path, params=parameters)

    def _note(self, service: str) -> None:
        if service in SERVICES and service not in self._positions and self.session.token:
            self._positions[service] = asyncio.create_task(self._position(service))

    async def _position(self, service: str, at: int | None = None) -> Recorded:
        try:
            sent = await self._send("GET", service, "/log/position", params=_plain({"at": at}))
        except Refusal:
            return None, None, None
        told = sent.json() if sent.status_code == 200 else {}
        return told.get("position"), told.get("shown"), told.get("recorded")

    async def _send(
        self,
        method: str,
        service: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        sent = {"Accept-Language": self.language, **(headers or {})}
        if self.session.token:
            sent["Authorization"] = f"Bearer {self.session.token}"
        if self.visitor:
            sent["X-Forwarded-For"] = self.visitor
        address = self._backend.addresses.get(service, "")
        try:
            return await self._backend.client.request(
                method, address + path, headers=sent, **more
            )
        except (httpx.HTTPError, httpx.InvalidURL):
            problem = {
                "type": "urn:onefile:problem:unavailable",
                "title": f"{service} 没有应答，请稍后再试。"
                if self.language == "zh"
                else f"{service} does not answer: try again in a moment.",
                "status": 503,
            }
            raise Refusal(service, 503, problem) from None


def seg(value: object) -> str:
    """A value as one segment of a path, whatever is in it."""
    return quote(str(value), safe="")


def _plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if value not in (None, "")}


def _answer(service: str, response: httpx.Response) -> Answer:
    if response.status_code not in (200, 201, 202):
        raise _refusal(service, response)
    tag = response.headers.get("etag", "").strip('W/"')
    position = response.headers.get("onefile-position", "")
    json = "json" in response.headers.get("content-type", "") or not response.content
    return Answer(
        orjson.loads(response.content) if json and response.content else None,
        int(tag) if tag.isdigit() else None,
        int(position) if position.isdigit() else None,
        None if json else response,
    )


def _refusal(service: str, response: httpx.Response) -> Refusal:
    try:
        problem = response.json()
    except ValueError:
        problem = None
    if not isinstance(problem, dict):
        problem = {"type": "urn:onefile:problem:internal", "status": response.status_code}
    return Refusal(service, response.status_code, problem)
