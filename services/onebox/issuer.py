"""Who signs people in during development: an issuer with invented people and a movable clock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Self

import structlog
from fastapi import APIRouter, FastAPI, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from services.onebox.errors import PlatformError
from services.onebox.issuer_answers import AccessToken, Invented, KeySet, Time
from services.onebox.issuer_signing import LIFETIME as LIFETIME
from services.onebox.issuer_signing import Signing
from services.onebox.keyring import Keyring
from services.onebox.people import Person, demos
from shared.answering import answers
from shared.auth import Tokens
from shared.clock import DevelopmentClock
from shared.effects import system_clock
from shared.field_errors import wrong
from shared.http import body_of, create_app, principal_of
from shared.problems import Problem

log = structlog.get_logger()


class Issuer(Signing):
    """Signs `at+jwt` access tokens for demonstration people and for the services of one box.

    `secrets_of` holds the secret of each service that may sign in. Whoever reaches this issuer may
    be any of the people: it listens on loopback, and never outside development.
    """

    def __init__(
        self,
        url: str,
        *,
        mode: str,
        key_file: Path,
        people: Sequence[Person],
        secrets_of: Mapping[str, str],
        clock: DevelopmentClock,
    ) -> None:
        if mode != "development":
            raise PlatformError(
                "演示人员只能在开发时登录。正式服务请用 `onefile up --production-mode`，"
                "或把 ONEFILE_ISSUER 和 ONEFILE_JWKS_URL 设为您的身份提供方 · "
                "The demonstration people may sign in only in development. For a real service "
                "use `onefile up --production-mode`, or set ONEFILE_ISSUER and ONEFILE_JWKS_URL "
                "to the identity provider you use."
            )
        super().__init__(url, key_file, secrets_of)
        self.people, self.clock = tuple(people), clock

    def person(self, key: str) -> Person:
        """By id, `<area>/<key>`, or key (the first place's); raises `Problem("not_found")`."""
        for person in self.people:
            if person.called(key):
                return person
        raise Problem("not_found")

    def token_of(self, person: Person) -> str:
        """An access token for one of the people."""
        return self._access(person.id, person.roles, person.areas, person.bodies)


def development_issuer(
    url: str,
    keyring: Keyring,
    services: Iterable[str],
    *,
    mode: str,
    clock_file: Path,
    packs: Path | None,
) -> Issuer:
    """The issuer of one home, with the people of every pack that has demonstration data."""
    return Issuer(
        url,
        mode=mode,
        key_file=keyring.issuer_key_file,
        people=[person for demo in demos(packs) for person in demo.people],
        secrets_of={service: keyring.secret_of(service) for service in services},
        clock=DevelopmentClock(clock_file),
    )


class SignIn(BaseModel):
    """One of the people by id, key or `<area>/<key>`, or a service with its secret (登录)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person: Annotated[str, Field(max_length=80)] | None = None
    client: Annotated[str, Field(max_length=80)] | None = None
    secret: Annotated[str, Field(max_length=200)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.person is None) == (self.client is None and self.secret is None):
            raise ValueError(
                "给出 `person`，或同时给出 `client` 和 `secret` / "
                "give `person`, or `client` and `secret`"
            )
        return self


class MoveClock(BaseModel):
    """Move the development clock on, by days or to an instant (拨快时钟)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: Annotated[int, Field(ge=0, le=3_660)] | None = None
    to: AwareDatetime | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.days is None) == (self.to is None):
            raise ValueError("`days` 和 `to` 给出其一 / give `days` or `to`")
        return self


def issuer_app(issuer: Issuer) -> FastAPI:
    """The issuer's HTTP application, with the same manners as the services."""

    async def keys() -> dict[str, Any]:
        return issuer.jwks()

    async def ready() -> dict[str, bool]:
        return {"key": True}

    app = create_app(
        "issuer",
        _for_administrators(issuer),
        public=[_for_everybody(issuer)],  # one signs in here: before any token
        tokens=Tokens(issuer.url, keys, system_clock),
        ready=ready,
    )
    app.title = "onefile issuer of development"
    app.state.started = True
    return app


def _for_everybody(issuer: Issuer) -> APIRouter:
    router = APIRouter(tags=["development issuer"])

    @router.get("/jwks.json", summary="验证公钥 The public keys of tokens", **answers(KeySet))
    async def jwks() -> dict[str, Any]:
        """The public keys of access tokens."""
        return issuer.jwks()

    @router.get("/people", summary="演示人员 The invented people", **answers(list[Invented]))
    async def people() -> list[dict[str, Any]]:
        """The invented people anybody here may be."""
        return [person.model_dump(mode="json") for person in issuer.people]

    @router.post(
        "/token",
        summary="访问令牌 A token for one of the people or a service",
        openapi_extra=_takes(SignIn),
        **answers(AccessToken),
    )
    async def token(request: Request) -> dict[str, Any]:
        """An access token for ten minutes."""
        asked = await body_of(request, SignIn)
        if asked.person is not None:
            text = issuer.token_of(issuer.person(asked.person))
        else:
            text = issuer.token_for_service(asked.client or "", asked.secret or "")
        return {"access_token": text, "token_type": "Bearer", "expires_in": LIFETIME}

    @router.get("/clock", summary="现在时间 What time it is here", **answers(Time))
    async def clock() -> dict[str, Any]:
        """What time it is for decisions."""
        return _told(issuer.clock())

    return router


def _for_administrators(issuer: Issuer) -> APIRouter:
    router = APIRouter(tags=["development issuer"])

    @router.post(
        "/clock",
        summary="拨快时钟 Move the clock on",
        openapi_extra=_takes(MoveClock),
        **answers(Time),
    )
    async def move(request: Request) -> dict[str, Any]:
        """Move the development clock on; administrators only."""
        principal = await principal_of(request)
        if "admin" not in principal.roles:
            raise Problem("forbidden")
        asked = await body_of(request, MoveClock)
        by = timedelta(days=asked.days or 0)
        if asked.to is not None:
            by = asked.to - issuer.clock()
        if by < timedelta():
            raise Problem("invalid", errors=[wrong("in_the_past", "to")])
        now = issuer.clock.advance(by)
        log.warning("clock_moved", by=str(by), actor=principal.id)
        return _told(now)

    return router


def _told(now: datetime) -> dict[str, Any]:
    ahead = now - system_clock()
    return {"now": now.isoformat(), "ahead_days": round(ahead.total_seconds() / 86_400, 3)}


def _takes(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema()
    return {
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}
    }
