"""How does a walk-through act: over HTTP alone, as one of the people, with that person's token."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from hashlib import sha256
from itertools import count
from typing import Any, Self

import httpx
import orjson

from services.onebox.demo.quiet import AGENDAS, LONGEST_TURN, TURN, done_by, settled
from services.onebox.people import Person
from shared.clock import LEGAL_ZONE
from shared.effects import monotonic, new_id

type Body = Mapping[str, Any]

REACTION_LIMIT = 300.0
"""Seconds that services get to react to each other before the walk gives up; who waits polls."""
TOKEN_LIFE = 480.0
ATTEMPTS = 10
OFFICE_OPENS, OFFICE_CLOSES = time(9, 30), time(17)


class Unexpected(Exception):
    """An answer that the walk cannot go on with; the message says what was asked and answered."""


class Walk:
    """The people of a demonstration and the doors they use.

    Every command carries its own Idempotency-Key and the version that was seen last, be it in
    the receipt of the command before; one that came too late is asked again on the new version,
    as a person would. Nobody acts or looks before all have heard what was done: the same story
    is lived each time, on whatever machine. `commands` counts those that were not too late.
    """

    def __init__(self, addresses: Mapping[str, str], people: Mapping[str, Person]) -> None:
        self.addresses, self.people = addresses, people
        self.commands = 0
        self._run, self._keys = str(new_id()), count(1)
        self._tokens = dict[str, tuple[str, float]]()
        self._seen = dict[tuple[str, str], int]()
        self._stirred = True
        self._http = httpx.AsyncClient(timeout=REACTION_LIMIT, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    def id(self, person: str) -> str:
        """The pseudonym of one of the people."""
        return self.people[person].id

    def body(self, person: str) -> str:
        """The body that one of the people acts for."""
        return self.people[person].bodies[0]

    async def make(self, person: str, service: str, path: str, body: Body) -> str:
        """A command that makes something; returns its id."""
        made: str = (await self._command(person, service, path, body, None)).json()["id"]
        return made

    async def do(
        self, person: str, service: str, path: str, body: Body | None = None
    ) -> dict[str, Any]:
        """A command on `/matters/{id}/…`; returns its receipt."""
        root = "/".join(path.split("/")[:3])
        for _ in range(ATTEMPTS):
            version = await self._version(person, service, root)
            answer = await self._command(person, service, path, body or {}, version)
            if answer.status_code != 412:
                receipt: dict[str, Any] = answer.json()
                self._seen[service, root] = receipt["version"]
                return receipt
            self._seen.pop((service, root), None)
        raise Unexpected(f"{service} {path}: others kept changing it")

    async def refused(
        self, person: str, service: str, path: str, body: Body | None = None
    ) -> dict[str, Any]:
        """A command that the rules must refuse; returns the problem."""
        root = "/".join(path.split("/")[:3])
        for _ in range(ATTEMPTS):
            version = await self._version(person, service, root)
            answer = await self._post(person, service, path, body or {}, version)
            if answer.status_code in (403, 404, 409):
                problem: dict[str, Any] = answer.json()
                return problem
            if answer.status_code != 412:
                raise _unexpected(answer, person, "a refusal")
            self._seen.pop((service, root), None)
        raise Unexpected(f"{service} {path}: others kept changing it")

    async def send_table(
        self, person: str, service: str, path: str, table: bytes
    ) -> dict[str, Any]:
        """A table as a file; returns what was made of it."""
        answer = await self._post(person, service, path, table, None)
        if answer.status_code not in (200, 201):
            raise _unexpected(answer, person, "200 or 201")
        made: dict[str, Any] = answer.json()
        return made

    async def read(self, person: str, service: str, path: str, **parameters: Any) -> Any:
        """What `person` may see there, now."""
        await self.settled()
        return await self._read(person, service, path, **parameters)

    async def _read(self, person: str, service: str, path: str, **parameters: Any) -> Any:
        answer = await self._get(person, service, path, **parameters)
        if answer.status_code != 200:
            raise _unexpected(answer, person, "200")
        return answer.json()

    async def denied(self, person: str, service: str, path: str) -> int:
        """What `person` must not see; the status that says so."""
        await self.settled()
        answer = await self._get(person, service, path)
        if answer.status_code not in (403, 404):
            raise _unexpected(answer, person, "403 or 404")
        return answer.status_code

    async def until(
        self,
        person: str,
        service: str,
        path: str,
        true: Callable[[Any], object],
        what: str,
        **parameters: Any,
    ) -> Any:
        """Read until `true`: another service reacts in its own time."""
        await self.settled()
        deadline, pause = monotonic() + REACTION_LIMIT, TURN
        while True:
            answer = await self._get(person, service, path, **parameters)
            if answer.status_code == 200 and true(answer.json()):
                return answer.json()
            if answer.status_code not in (200, 404):
                raise _unexpected(answer, person, "200")
            if monotonic() >= deadline:
                raise Unexpected(
                    f"{service} {path}: {what} did not happen within {REACTION_LIMIT:.0f} s; "
                    f"last answer {answer.status_code} {answer.text[:400]}"
                )
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_TURN)

    async def settled(self) -> None:
        """Until nobody has anything left to hear; looked at only where somebody acted since."""
        if self._stirred:
            try:
                await settled(partial(self._read, "auditor"), REACTION_LIMIT)
            except TimeoutError as error:
                raise Unexpected(str(error)) from None
            self._stirred = False

    async def today(self) -> date:
        """The legal day on the clock of decisions."""
        return (await self._now()).astimezone(LEGAL_ZONE).date()

    async def until_day(self, day: date) -> None:
        """The administrator moves the clock on to the morning of `day`, if it is still to come."""
        morning = datetime.combine(day, OFFICE_OPENS, LEGAL_ZONE)
        if morning > await self._now():
            await self.settled()
            await self._punctual(await self._now())
            body = {"to": morning.isoformat()}
            await self._command("admin", "issuer", "/clock", body, None)
            await self._punctual(morning)

    async def _punctual(self, now: datetime) -> None:
        """Until what fell due by `now` is done in every service: nobody acts ahead of a reminder,
        and no day ends before what it brings.
        """
        deadline = monotonic() + REACTION_LIMIT
        for service in AGENDAS:
            while done_by(service, await self._figures(service)) < now.timestamp():
                if monotonic() >= deadline:
                    raise Unexpected(f"{service} did not do what fell due by {now}")
                await asyncio.sleep(TURN)
        self._stirred = True

    async def _figures(self, service: str) -> str:
        return (await self._get("auditor", service, "/metrics")).text

    async def days_pass(self, days: int) -> date:
        """The administrator moves the clock on by so many days; returns the new day."""
        await self.until_day(await self.today() + timedelta(days=days))
        return await self.today()

    async def now_is(self) -> datetime:
        """The instant on the clock of decisions."""
        return await self._now()

    async def _now(self) -> datetime:
        answer = await self._http.get(self.addresses["issuer"] + "/clock")
        if answer.status_code != 200:
            raise _unexpected(answer, "anybody", "200")
        return datetime.fromisoformat(answer.json()["now"])

    async def _command(
        self, person: str, service: str, path: str, body: Body, version: int | None
    ) -> httpx.Response:
        """The answer of a command that succeeds, or that came too late (412)."""
        answer = await self._post(person, service, path, body, version)
        if answer.status_code not in (200, 201, 412):
            raise _unexpected(answer, person, "200 or 201")
        return answer

    async def _post(
        self, person: str, service: str, path: str, body: Body | bytes, version: int | None
    ) -> httpx.Response:
        """Posts until the outcome is known: a repetition with the same key does nothing twice."""
        await self.settled()
        self._stirred = True
        headers = await self._headers(person, version)
        headers["Idempotency-Key"] = f"{self._run}-{next(self._keys)}"
        table = isinstance(body, bytes)
        headers["Content-Type"] = "text/csv" if table else "application/json"
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        answer = await self._asked("POST", service, path, content=content, headers=headers)
        self.commands += answer.status_code != 412
        return answer

    async def _asked(self, method: str, service: str, path: str, **more: Any) -> httpx.Response:
        """The answer, asked for again while somebody who is needed is away for a moment."""
        deadline, pause = monotonic() + REACTION_LIMIT, TURN
        while True:
            answer = await self._http.request(method, self.addresses[service] + path, **more)
            if answer.status_code != 503 or monotonic() >= deadline:
                return answer
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_TURN)

    async def _version(self, person: str, service: str, root: str) -> int | None:
        if (service, root) in self._seen and root.startswith("/matters/"):
            return self._seen[service, root]
        answer = await self._get(person, service, root)
        if answer.status_code == 404:
            return None
        if answer.status_code != 200:
            raise _unexpected(answer, person, "200")
        tag = answer.headers.get("etag")
        return int(tag.strip('W/"')) if tag else None

    async def _get(
        self,
        person: str,
        service: str,
        path: str,
        accept: str = "application/json",
        **more: Any,
    ) -> httpx.Response:
        headers = await self._headers(person, None) | {"Accept": accept}
        return await self._asked("GET", service, path, params=more, headers=headers)

    async def _headers(self, person: str, version: int | None) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {await self._token(person)}"}
        return headers if version is None else headers | {"If-Match": f'"{version}"'}

    async def _token(self, person: str) -> str:
        token, until = self._tokens.get(person, ("", 0.0))
        if monotonic() >= until:
            answer = await self._http.post(
                self.addresses["issuer"] + "/token", json={"person": self.id(person)}
            )
            if answer.status_code != 200:
                raise _unexpected(answer, person, "a token")
            token = answer.json()["access_token"]
            self._tokens[person] = token, monotonic() + TOKEN_LIFE
        return token


def paper(name: str) -> dict[str, Any]:
    """What is known of an invented file."""
    return {
        "sha256": sha256(name.encode()).hexdigest(),
        "size": 1024 + len(name),
        "media_type": "application/pdf",
        "name": f"{name}.pdf",
    }


def _unexpected(answer: httpx.Response, person: str, wished: str) -> Unexpected:
    request = answer.request
    try:
        said = orjson.dumps(answer.json(), option=orjson.OPT_INDENT_2).decode()
    except ValueError:
        said = answer.text
    asked = request.content.decode() if request.method == "POST" else ""
    return Unexpected(
        f"{person}: {request.method} {request.url.path} {asked}\n"
        f"answered {answer.status_code} instead of {wished}:\n{said}"
    )
