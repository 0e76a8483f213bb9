"""Codes as the standards say: refused when malformed, warned of when odd (GB/T 40058, GB 32100)."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from contracts.event import Personal
from contracts.intake import ProjectAmended, ProjectRegistered
from contracts.project import ProjectFacts
from services.intake.domain.codes import (
    PlainProjectCode,
    UnitCode,
    check_digit_holds,
    is_old,
    is_resident_number,
    month_is_odd,
    warnings_of,
)
from services.intake.domain.commands import AmendProject, RegisterProject
from services.intake.domain.project import PROJECT, ProjectFloor
from shared.testing.spec import Spec
from tests.unit.intake.door_examples import ASKED, AT
from tests.unit.intake.examples import AREA, PACK, words

CODE: TypeAdapter[str] = TypeAdapter(PlainProjectCode)
UNIT: TypeAdapter[str] = TypeAdapter(UnitCode)
GOOD, BAD = "91110000600037341L", "91110000600037341X"


@pytest.mark.parametrize(
    "code", [GOOD, "91110108551385082Q", "91350100M000100220", BAD, "N2350100MF00100222"]
)
def test_a_unit_code_of_the_right_alphabet_passes_whatever_its_check_digit(code: str) -> None:
    assert UNIT.validate_python(code) == code


def test_the_check_digit_is_that_of_the_standard() -> None:
    assert check_digit_holds(GOOD) and check_digit_holds("91350100M000100220")
    assert not check_digit_holds(BAD)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("９1110000600037341L", GOOD),
        ("91110000600037341l", GOOD),
        ("9111 0000 6000 37341L", GOOD),
        ("Ａ1110000600037341L", "A1110000600037341L"),
        ("Α1110000600037341L", "A1110000600037341L"),  # Greek
        ("А1110000600037341L", "A1110000600037341L"),  # Cyrillic
    ],
)
def test_the_plain_form_is_offered_and_never_put_in_silently(typed: str, offered: str) -> None:
    with pytest.raises(ValidationError, match=offered):
        UNIT.validate_python(typed)


@pytest.mark.parametrize(
    "typed", ["", "123", GOOD + "0", "9111000060003734IL", "911A0000600037341L"]
)
def test_what_is_no_unit_code_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="unit_code_shape"):
        UNIT.validate_python(typed)


RESIDENT = "11010519491231002X"
"""The specimen of GB 11643 itself."""


@pytest.mark.parametrize(
    "typed", [RESIDENT, RESIDENT.lower(), " ".join(RESIDENT), "１１０１０５19491231002x"]
)
def test_somebodys_identity_number_is_not_taken_for_a_unit(typed: str) -> None:  # B26
    with pytest.raises(ValidationError, match="resident_number"):
        UNIT.validate_python(typed)


@pytest.mark.parametrize(
    "typed", ["110105194902290021", "110105194912310021", "11010529491231002X", GOOD]
)
def test_what_is_no_identity_number_is_judged_as_a_unit_code(typed: str) -> None:  # B26
    """A day that there is not, a wrong digit, a century to come: never anybody's number."""
    assert not is_resident_number(typed)
    assert UNIT.validate_python(typed) == typed


def test_a_code_whose_own_digit_holds_is_a_unit_even_if_it_looks_like_a_person() -> None:
    both = [
        code
        for number in range(10_000)
        for code in (f"1101051949123{number:04}{last}" for last in "0123456789X")
        if check_digit_holds(code)
    ]
    assert len(both) > 1000 and not any(map(is_resident_number, both))


def test_a_project_code_is_offered_in_plain_form_too() -> None:
    with pytest.raises(ValidationError, match="2611-500242-04-01-000001"):
        CODE.validate_python("２６１１－５００２４２－０４－０１－０００００１")
    with pytest.raises(ValidationError, match="project_code_shape"):
        CODE.validate_python("2611-500242")


@pytest.mark.parametrize(
    ("code", "old", "odd"),
    [
        ("2019-500242-47-03-000001", True, False),
        ("2011-500242-04-01-000001", False, False),  # November 2020
        ("2012-500242-04-01-000001", False, False),
        ("2611-500242-04-01-000001", False, False),
        ("2613-500242-04-01-000001", False, True),
        ("2600-500242-04-01-000001", False, True),
    ],
)
def test_old_codes_begin_with_a_year_and_new_ones_with_a_month(
    code: str, old: bool, odd: bool
) -> None:
    assert (is_old(code), month_is_odd(code)) == (old, odd)


@pytest.mark.parametrize(
    ("region", "warning"),
    [
        ("500242", ()),
        ("500200", ()),
        ("500000", ()),
        ("310052", ("code_region_elsewhere",)),
        ("990100", ("code_region_unknown",)),
    ],
)
def test_a_region_of_elsewhere_is_taken_with_a_warning(
    region: str, warning: tuple[str, ...]
) -> None:
    assert warnings_of(f"2611-{region}-04-01-000001", None, "500242") == warning


def test_the_last_digit_is_never_a_reason() -> None:
    for last in range(10):
        assert not warnings_of(f"2611-500242-04-01-00000{last}", None, "500242")


# -- the register ---------------------------------------------------------------------------------

FLOOR = ProjectFloor(PACK, None, False, AREA)
spec: Spec[Any, Any, Any, ProjectFloor] = Spec(PROJECT, FLOOR)


def register(**more: Any) -> RegisterProject:
    return RegisterProject(area=AREA, name=words("项目"), unit=words("测试公司"), **more)


def registered(**more: Any) -> ProjectRegistered:
    known = {"facts": {}, "name": words("项目"), "unit": words("测试公司")}
    return ProjectRegistered(**{**known, **more})


def test_a_wrong_check_digit_is_a_warning_and_the_right_code_takes_it_away() -> None:
    spec.given().when(register(unit_code=Personal(BAD))).then(
        registered(unit_code=Personal(BAD), warnings=("unit_code_check_digit",))
    )
    warned = registered(warnings=("unit_code_check_digit",))
    spec.given(warned).when(AmendProject(unit_code=Personal(GOOD))).then(
        ProjectAmended(unit_code=Personal(GOOD), warnings=())
    )
    other = AmendProject(works="W-1")
    spec.given(warned).when(other).then(ProjectAmended(works="W-1"))


def test_a_month_there_is_not_is_refused_with_the_reason() -> None:
    command = register(code="2613-500242-04-01-000001")
    assert spec.given().when(command).then_refused("project_code_month_odd")["month"] == "13"


def test_an_extension_names_a_project_that_is_there() -> None:
    command = register(parent=ASKED)
    spec.given().when(command).then_refused("parent_unknown")
    known = ProjectFloor(PACK, None, True, AREA)
    spec.given().when(command, known).then(registered(parent=ASKED))


def test_what_another_system_told_is_kept_as_its_word() -> None:
    command = register(
        source="approval_system", observed_at=AT, facts=ProjectFacts(eia="statement")
    )
    told = registered(source="approval_system", observed_at=AT, facts={"eia": "statement"})
    spec.given().when(command).then(told)
    state = spec.given(told).state()
    assert state.told["eia"].source == "approval_system"
    mended = ProjectAmended(facts={"eia": "report"})
    assert "eia" not in spec.given(told, mended).state().told
