"""What a caller is told of a member that is not valid: both languages, no internals (B33)."""

from datetime import date
from typing import Annotated, get_args
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import InitErrorDetails
from pydantic_core._pydantic_core import list_all_errors
from pydantic_core.core_schema import ErrorType

from contracts.event import Personal
from contracts.invalid import SAID, cut, said
from contracts.telephone import Phone
from services.assignment.domain import commands as assignment
from services.intake.domain import commands as intake
from shared.field_errors import OURS, plainly, wrong
from shared.problems import Problem, document


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Personal[Annotated[str, Field(min_length=1, max_length=3)]]
    phone: Personal[Phone] | None = None
    day: date | None = None
    id: UUID | None = None
    many: Annotated[tuple[int, ...], Field(max_length=1)] = ()


def in_both_languages(message: object) -> bool:
    assert isinstance(message, tuple)
    zh, en = message
    return any("一" <= c <= "鿿" for c in zh) and en.isascii() and bool(en)


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
    assert in_both_languages(error["message"])


ALL = {str(one["type"]): one for one in list_all_errors()}
KNOWN_BY_NAME = {
    "literal_error": "'a', 'b' or 'c'", "enum": "'a' or 'b'", "union_tag_invalid": "'a', 'b'",
}  # fmt: skip


def raised(type: str) -> list[dict[str, object]]:
    """What a caller is told of an error of that type, raised by pydantic itself."""
    context = dict(ALL[type].get("example_context") or {})
    for name in context.keys() & {"expected", "expected_tags"}:
        context[name] = KNOWN_BY_NAME[type]
    if type in ("value_error", "assertion_error"):
        context["error"] = ValueError("something")
    line = InitErrorDetails(type=type, input="the input", ctx=context)
    error = ValidationError.from_exception_data("x", [line])
    return [wrong("x", "x", message=said(one)) for one in error.errors()]


def test_pydantic_tells_of_every_type_that_it_lists() -> None:
    assert set(get_args(ErrorType)) == ALL.keys() and len(ALL) > 80


@pytest.mark.parametrize("type", sorted(ALL))
def test_every_error_that_pydantic_can_raise_is_said_in_both_languages(type: str) -> None:
    assert type in SAID, f"say in contracts/invalid.py what {type} means to whoever wrote it"
    (one,) = raised(type)
    assert in_both_languages(one["message"])
    message = one["message"]
    assert isinstance(message, tuple)
    zh, en = message
    assert "{" not in zh + en and "the input" not in zh + en, "every place is filled in"
    assert " or " not in zh


def test_nothing_is_said_of_an_error_that_pydantic_does_not_know() -> None:
    assert SAID.keys() - ALL.keys() == set()


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("请写明 / say it", ("请写明", "say it")),
        ("say it / 请写明", ("请写明", "say it")),
        ("重复 · stands twice", ("重复", "stands twice")),
        ("请写明", ("请写明", "not valid")),
        ("say it", ("内容不符合要求", "say it")),
    ],
)
def test_a_rule_of_ours_is_told_by_its_own_words(
    message: str, expected: tuple[str, str]
) -> None:
    assert said({"type": "of_ours", "msg": message}) == (
        expected if message != "say it" else ("内容不符合要求", "not valid")
    )
    assert cut(message) == expected


@pytest.mark.parametrize(("language", "told"), [("zh", "必填"), ("en", "must be given")])
def test_a_message_leaves_in_the_language_of_the_caller(language: str, told: str) -> None:
    errors = [
        wrong("missing", "name", message=SAID["missing"]),
        {"row": 2, "zh": "甲", "en": "a"},
    ]
    answer = document(Problem("invalid", errors=errors, largest=3), language, "urn:x")
    assert answer["errors"] == [{"at": ["name"], "code": "missing", "message": told}, errors[1]]
    assert answer["largest"] == 3


def test_what_is_wrong_with_a_request_beside_its_kind_is_said_in_both_languages() -> None:
    assert all(in_both_languages(message) for message in OURS.values())


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
