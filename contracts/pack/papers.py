"""What do a pack's forms, agreements and numbers look like?"""

from typing import Literal, Self

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from contracts.edition import DataRefused, Problem
from contracts.pack.sections import Days, Sourced
from contracts.pack.words import FormKind, Id, ItemStage, ModeId, MoveKind, Text


class Form(Sourced):
    """A form or paper (表单) with its fields and signatures.

    `inferred` marks a form whose text is lost and whose fields are ours; `attachment` says
    which attachment of the instrument it is.
    """

    id: Id
    zh: Text
    kind: FormKind
    red_head: bool = False
    attachment: Text | None = None
    inferred: bool = False
    fields: tuple[Id, ...]
    signatures: tuple[Id, ...]
    seal: tuple[Literal["applicant", "service"], ...] = ()


class AgreementState(Sourced):
    """A state of an agreement; acts that need it are done only while it is `in_force`."""

    id: Id
    zh: Text
    in_force: bool


class Move(Sourced):
    """A step from state to state; with no `from` it makes the agreement."""

    id: Id
    zh: Text
    kind: MoveKind
    leaves: tuple[Id, ...] = Field((), alias="from")
    to: Id
    by: tuple[Id, ...] = Field(min_length=1)
    countersigned_by: tuple[Id, ...] = ()
    causes: tuple[Id, ...] = ()
    form: Id | None = None
    notice: Days | None = None


class Agreement(Sourced):
    """A service agreement (服务协议): what it covers, its papers, and its life as data."""

    id: Id
    zh: Text
    form: Id
    number: Id | None = None
    modes: tuple[ModeId, ...] = Field(min_length=1)
    covers: Literal["whole", "stages", "items"] = "whole"
    stages: tuple[ItemStage, ...] = ()
    carries: tuple[Id, ...] = ()
    states: tuple[AgreementState, ...] = Field(min_length=1)
    moves: tuple[Move, ...] = Field(min_length=1)
    term: Days | None = None

    def state(self, id: str) -> AgreementState:
        """The state of that id; raises LookupError."""
        for state in self.states:
            if state.id == id:
                return state
        raise LookupError(f"协议没有“{id}”这种状态 / the agreement has no state {id!r}")

    def moves_from(self, state: str | None) -> tuple[Move, ...]:
        """The moves open in `state`; None before the agreement is made."""
        return tuple(
            move
            for move in self.moves
            if (not move.leaves if state is None else state in move.leaves)
        )


class NumberRule(Sourced):
    """How a number is made: `{adcode}`, `{year}` and `{serial}`, gap-free, voided ones kept."""

    template: str = Field(pattern=r"^([A-Za-z0-9一-鿿〔〕.-]|\{adcode\}|\{year\}|\{serial\})+$")
    digits: int = Field(ge=1, le=9)
    restarts: Literal["year", "never"]

    def printed(self, adcode: str, year: int, serial: int) -> str:
        """The number as the place writes it (编号印样)."""
        known = {"{adcode}": adcode, "{year}": str(year)}
        written = self.template.replace("{serial}", f"{serial:0{self.digits}d}")
        for name, value in known.items():
            written = written.replace(name, value)
        return written


class Numbering(Sourced):
    """The numbers of the place (编号规则): one rule for `matter`, others by an id of the pack."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, NumberRule]

    matter: NumberRule
    agreement: NumberRule | None = None

    @model_validator(mode="after")
    def _are_named_by_ids(self) -> Self:
        for name in self.__pydantic_extra__:
            try:
                _ID.validate_python(name)
            except ValidationError as error:
                zh = "编号规则的名称应为小写英文词"
                raise DataRefused(Problem(name, zh, "not an id")) from error
        return self

    def ids(self) -> frozenset[str]:
        """The names of the rules there are."""
        agreement = {"agreement"} if self.agreement else set()
        return frozenset({"matter", *agreement, *self.__pydantic_extra__})

    def rule(self, id: str) -> NumberRule:
        """The rule of that id; raises LookupError."""
        named = {"matter": self.matter, "agreement": self.agreement, **self.__pydantic_extra__}
        if (rule := named.get(id)) is None:
            raise LookupError(f"本地方案没有“{id}”这种编号 / the pack has no numbering {id!r}")
        return rule


_ID: TypeAdapter[str] = TypeAdapter(Id)
