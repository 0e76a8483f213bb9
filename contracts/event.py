"""The shapes every fact has: the event, what it is about, and the envelope it travels in."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, get_args, get_origin
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic_core import CoreSchema, core_schema

MASK = "〔受保护〕"
SHARED = frozenset({"applicant", "office"})
"""Subjects of whom a stream has one alone: `person` in their events is somebody else."""


class Personal[T]:
    """A personal datum (个人信息) in an opaque wrapper, as `decide` and `evolve` see it.

    The store writes only its salted digest into the event and keeps the datum encrypted apart.
    Read back from a stream it is `withheld`; the datum itself is read through the audited
    function alone (X-13). Printing shows a mask.
    """

    __slots__ = ("_value",)

    _value: T | None

    def __init__(self, value: T | None) -> None:
        self._value = value

    @property
    def withheld(self) -> bool:
        return self._value is None

    def reveal(self) -> T:
        """The plaintext, for the store and the desk that prints it; raises LookupError."""
        if self._value is None:
            raise LookupError("this personal field is withheld: ask for its disclosure")
        return self._value

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Personal) and self._value == other._value

    def __hash__(self) -> int:
        return hash((Personal, repr(self._value)))

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        inner = handler(*get_args(source)[:1] or (Any,))
        wrapped = core_schema.no_info_after_validator_function(cls, inner)
        return core_schema.json_or_python_schema(
            json_schema=wrapped,
            python_schema=core_schema.union_schema(
                [core_schema.is_instance_schema(cls), wrapped], mode="left_to_right"
            ),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda _: MASK),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"x-personal": True, **handler(schema["json_schema"]["schema"])}


class Event(BaseModel):
    """A fact in the past tense. Never edited: these classes describe bytes kept for decades.

    `type` is `<service>.<snake_case_of_class>.v<n>`. `subject` names whose data the personal
    fields are, so that one person's key can be destroyed without another's.
    """

    model_config = ConfigDict(
        frozen=True, extra="ignore", json_schema_serialization_defaults_required=True
    )

    subject: ClassVar[str] = "applicant"
    personal_fields: ClassVar[frozenset[str]] = frozenset()
    _withheld: ClassVar[Mapping[str, Personal[Any]]] = {}

    type: str

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        found = {name for name, f in cls.model_fields.items() if _is_personal(f.annotation)}
        cls.personal_fields = frozenset(found)
        for name, field in cls.model_fields.items():
            if _mentions_float(field.annotation):
                raise TypeError(f"{cls.__name__}.{name}: facts hold no floats, use Decimal")
            if name in found:
                field.default = Personal(None)
        if found:
            cls.model_rebuild(force=True)

    def public(self) -> dict[str, Any]:
        """The members that go into `fact` in the clear: neither type, nulls nor personal data."""
        fields: dict[str, Any] = self.__pydantic_serializer__.to_python(
            self, mode="json", exclude={"type", *self.personal_fields}, exclude_none=True
        )
        return fields

    def sealed_for(self) -> str:
        """Whose key seals the personal fields: one per stream and subject, and per person where
        the event names the person, so that one can be erased without the others of a register.
        """
        person = None if self.subject in SHARED else getattr(self, "person", None)
        return f"{self.subject}/{person}" if isinstance(person, str) else self.subject

    def personal(self) -> dict[str, Any]:
        """The personal members that are present, in the clear: for the store only."""
        values = {name: getattr(self, name) for name in self.personal_fields}
        return {name: p.reveal() for name, p in values.items() if p and not p.withheld}


def _is_personal(annotation: Any) -> bool:
    if get_origin(annotation) is Personal or annotation is Personal:
        return True
    return any(_is_personal(part) for part in get_args(annotation))


def _mentions_float(annotation: Any) -> bool:
    return annotation is float or any(_mentions_float(a) for a in get_args(annotation))


type SafeText = Annotated[str, Field(pattern=r"^[A-Za-z0-9:._@/+\-]+$", max_length=200)]


class About(BaseModel):
    """Who did it, for whom, under which authority, by which channel, when, and where it stands.

    A closed list, every key present, null where it does not apply (X-01). `effective` is when
    it happened (a date, or an instant with offset); `recorded` is when the store wrote it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    actor: SafeText
    area: SafeText
    authority: UUID | None
    behalf: SafeText | None
    cause: UUID
    channel: SafeText | None
    effective: SafeText
    id: UUID
    matter: UUID | None
    pack: SafeText | None
    prev: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None
    project: UUID | None
    recorded: AwareDatetime
    store: SafeText
    stream: UUID
    type: SafeText
    version: int


class Envelope(BaseModel):
    """CloudEvents 1.0, structured JSON: what travels on NATS and what agencies receive.

    `data` is the event body verbatim; a hearer recomputes `leafhash` from those exact bytes.
    `position` is the place in the speaker's log: dense, from 1.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str
    type: str
    subject: str
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    position: int
    leafhash: str
    prevhash: str | None = None
    causationid: UUID
    originid: UUID | None = None
    originstore: str | None = None
