"""Who subscribes, to what, for which purpose and until when: `agencies.yaml`, read strictly."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from contracts.canonical import canonical
from contracts.registry import BY_TYPE, OF_NO_PLACE
from contracts.subjects import NOWHERE
from services.feeds.domain.hints import members_of, unknown_member, unknown_type
from services.feeds.domain.nkeys import KeyMalformed, public_bytes
from shared.zone import LEGAL_ZONE

FORM = "onefile.agencies/v1"
MOST_KEYS = 4

type Text = Annotated[str, Field(min_length=1, max_length=500)]
type AgencyId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{1,19}$")]
type Contact = Annotated[
    str,
    Field(pattern=r"^p:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", description="行为人代号"),
]
type Area = Annotated[str, Field(pattern=r"^\d{2}(\d{2}(\d{2})?)?$")]


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Given(_Read):
    """Event types, and which members of their facts are given; `all`: whatever they say."""

    types: Annotated[tuple[str, ...], Field(min_length=1)]
    fields: Literal["all"] | tuple[str, ...]


class Key(_Read):
    """A public key, from when until when it is good, and when it was revoked."""

    nkey: str
    since: AwareDatetime
    until: AwareDatetime
    revoked: AwareDatetime | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        try:
            public_bytes(self.nkey)
        except KeyMalformed as error:
            raise PydanticCustomError("nkey", f"公钥不合法 · not a key: {error}") from None
        if self.until <= self.since:
            raise PydanticCustomError("until", "until 应晚于 since · until must be after since")
        return self

    def good(self, now: datetime) -> bool:
        return self.revoked is None and self.since <= now < self.until


class Quota(_Read):
    """What one agency may use at once. All of them are defaults of ours (默认值)."""

    connections: Annotated[int, Field(ge=1, le=100)] = 4
    streams: Annotated[int, Field(ge=1, le=100)] = 4
    requests_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 6_000
    stream_messages: Annotated[int, Field(ge=1_000, le=100_000_000)] = 1_000_000
    stream_bytes: Annotated[int, Field(ge=1_048_576, le=2**40)] = 2**30


class Webhook(_Read):
    """Where events are posted. `reach` is the kind of network the address may lie in."""

    url: Annotated[str, Field(max_length=500)]
    reach: Literal["internet", "private", "loopback"] = "internet"
    secret_file: Annotated[str, Field(max_length=500)] | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        parts = urlsplit(self.url)
        wanted = ("https", "http") if self.reach != "internet" else ("https",)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in wanted or not parts.hostname or port == -1 or parts.username:
            raise PydanticCustomError(
                "url", "应为 https://主机[:端口]/路径，不含账号 · wanted: https://host[:port]/path "
                "without credentials (http only with reach: private or loopback)",
            )  # fmt: skip
        return self


class Agency(_Read):
    """One subscriber. What it is given never widens by itself: types are named one by one."""

    id: AgencyId
    zh: Text
    en: Text
    purpose: Text
    legal_basis: Text
    until: date
    generation: Annotated[int, Field(ge=1, le=9_999)] = 1
    areas: Annotated[tuple[Area, ...], Field(min_length=1)]
    events: Annotated[tuple[Given, ...], Field(min_length=1)]
    about_without: tuple[Literal["actor", "authority", "behalf"], ...] = ()
    keys: Annotated[tuple[Key, ...], Field(max_length=20)] = ()
    contacts: Annotated[tuple[Contact, ...], Field(max_length=20)] = ()
    """Its own people who may see how its feed stands, and replay, at our console."""
    quota: Quota = Quota()
    webhook: Webhook | None = None

    @property
    def feed(self) -> str:
        """The name of its feed: what is given is part of it, so a change is a new feed from zero."""
        return f"{self.id}-{self.edition}"

    @property
    def stream(self) -> str:
        return f"FEED_{self.id.upper()}_{self.edition.upper()}"

    @property
    def account(self) -> str:
        return f"AG_{self.id.upper()}"

    @property
    def actor(self) -> str:
        return f"a:{self.id}"

    @cached_property
    def views(self) -> Mapping[str, frozenset[str] | None]:
        """What is given of each type: the members, or None for all."""
        return {
            type: None if given.fields == "all" else frozenset(given.fields)
            for given in self.events
            for type in given.types
        }

    @property
    def unheard(self) -> frozenset[str]:
        """Types it names that are said of no place, though its areas take in none such."""
        if any(NOWHERE.startswith(area) for area in self.areas):
            return frozenset()
        return OF_NO_PLACE & self.views.keys()

    @cached_property
    def edition(self) -> str:
        """Names what is given: areas, types, members. `generation` begins the same anew."""
        views = {t: None if v is None else sorted(v) for t, v in self.views.items()}
        told = {
            "about_without": sorted(self.about_without),
            "areas": sorted(self.areas),
            "events": views,
            "generation": self.generation,
        }
        return sha256(canonical(told).encode()).hexdigest()[:12]

    def in_force(self, now: datetime) -> bool:
        """Whether the agreement still runs; its last legal day belongs to it."""
        return now.astimezone(LEGAL_ZONE).date() <= self.until

    def good_keys(self, now: datetime) -> tuple[Key, ...]:
        return tuple(key for key in self.keys if key.good(now))

    @model_validator(mode="after")
    def _known(self) -> Self:
        seen: set[str] = set()
        for number, given in enumerate(self.events):
            for type in given.types:
                if type not in BY_TYPE:
                    raise unknown_type(number, type)
                if type in seen:
                    raise PydanticCustomError(
                        "twice", f"{type} 写了两次 · {type} stands twice: one view per type"
                    )
                seen.add(type)
                for member in () if given.fields == "all" else given.fields:
                    if member not in members_of(type):
                        raise unknown_member(number, type, member)
        if len(self.good_or_coming()) > MOST_KEYS:
            raise PydanticCustomError(
                "keys",
                f"有效公钥最多 {MOST_KEYS} 把 · at most {MOST_KEYS} keys that are not revoked",
            )
        return self

    def good_or_coming(self) -> tuple[Key, ...]:
        return tuple(key for key in self.keys if key.revoked is None)


class Register(_Read):
    """All subscribers of this deployment."""

    form: Annotated[Literal["onefile.agencies/v1"], Field(alias="schema")]
    agencies: Annotated[tuple[Agency, ...], Field(max_length=500)]

    @model_validator(mode="after")
    def _apart(self) -> Self:
        ids = [agency.id for agency in self.agencies]
        keys = [key.nkey for agency in self.agencies for key in agency.keys]
        for what, found in (("id", ids), ("nkey", keys)):
            if again := next((one for one in found if found.count(one) > 1), None):
                raise PydanticCustomError(
                    "twice", f"{what} {again} 重复 · the {what} {again} stands twice"
                )
        return self

    def agency(self, id: str) -> Agency | None:
        return next((agency for agency in self.agencies if agency.id == id), None)

    def holders(self) -> Iterator[tuple[Agency, Key]]:
        return ((agency, key) for agency in self.agencies for key in agency.keys)


NOBODY = Register.model_validate({"schema": FORM, "agencies": ()})
