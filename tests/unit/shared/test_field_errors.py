"""What a caller is told of a member that is not valid: both languages, no internals (B33)."""

from datetime import date
from typing import Annotated
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.event import Personal
from contracts.telephone import Phone
from services.assignment.domain import commands as assignment
from services.intake.domain import commands as intake
from shared.field_errors import plainly


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Personal[Annotated[str, Field(min_length=1, max_length=3)]]
    phone: Personal[Phone] | None = None
    day: date | None = None
    id: UUID | None = None
    many: Annotated[tuple[int, ...], Field(max_length=1)] = ()


def told(text: str, model: type[BaseModel] = Body) -> list[dict[str, object]]:
    with pytest.raises(ValidationError) as wrong:
        model.model_validate_json(text, strict=True)
    return plainly(list(wrong.value.errors()))


@pytest.mark.parametrize(
    ("text", "at", "code"),
    [
        ("{}", ["name"], "missing"),
        ('{"name":"abcd"}', ["name"], "string_too_long"),
        ('{"name":7}', ["name"], "string_type"),
        ('{"name":null}', ["name"], "string_type"),
        ('{"name":"a","phone":"x"}', ["phone"], "phone_shape"),
        ('{"name":"a","day":"2026-02-29"}', ["day"], "date_parsing"),
        ('{"name":"a","id":"x"}', ["id"], "uuid_parsing"),
        ('{"name":"a","many":[1,2]}', ["many"], "too_long"),
        ('{"name":"a","state":"granted"}', ["state"], "extra_forbidden"),
    ],
)
def test_one_fault_is_told_once_where_it_is(text: str, at: list[str], code: str) -> None:
    (error,) = told(text)
    assert (error["at"], error["code"]) == (at, code)
    zh, _, en = str(error["message"]).partition(" / ")
    assert any("一" <= c <= "鿿" for c in zh) and en.isascii()


COMMANDS = [
    model
    for package in (intake, assignment)
    for name in package.__all__
    if isinstance(model := getattr(package, name), type) and issubclass(model, BaseModel)
]


@pytest.mark.parametrize("model", COMMANDS, ids=lambda m: m.__name__)
def test_no_command_tells_how_it_was_read(model: type[BaseModel]) -> None:
    wrong = ",".join(f'"{name}":{{"__proto__":1}}' for name in model.model_fields)
    if not model.model_fields:
        return
    for error in told(f"{{{wrong}}}", model):
        text = f"{error['at']}{error['message']}{error['code']}"
        assert (
            "[Personal" not in text
            and "is-instance" not in text
            and "proto__" not in str(error["message"])
        )
