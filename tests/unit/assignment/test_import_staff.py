"""A table of people: every row as if it were added by itself, or none at all."""

from typing import Any
from uuid import UUID, uuid5

import pytest

from contracts.assignment import RosterViewed, StaffImported
from contracts.event import Personal
from services.assignment.domain.commands import (
    AddStaff,
    ExportRegister,
    ImportStaff,
    ViewRoster,
)
from services.assignment.domain.faults import FAULTS
from services.assignment.domain.importing import Words, columns_of, person_of
from tests.unit.assignment.examples import (
    ADA,
    AREA,
    BEN,
    CAI,
    CATALOGUE,
    NEW,
    PACK,
    ada,
    add,
    ben,
    given_roster,
    staff,
)

WORDS = Words(PACK, CATALOGUE)
BATCH = UUID("01990000-0000-7000-8000-0000000000cc")


def pseudonym(told: str) -> str:
    return f"p:{uuid5(NEW, told)}"


def read(**cells: str) -> tuple[AddStaff | None, list[str]]:
    given = {"name": "测试员", "body": "工业园区管委会", "roles": "代办专员", **cells}
    person, faults = person_of(AREA, 7, given, WORDS, pseudonym)
    assert all(fault.row == 7 and fault.zh and fault.en for fault in faults)
    return person, [f"{fault.column}:{fault.code}" for fault in faults]


def table(*rows: AddStaff, batch: UUID = BATCH) -> ImportStaff:
    return ImportStaff(area=AREA, batch=batch, rows=rows)


def test_a_row_is_written_in_the_words_of_the_place() -> None:
    person, faults = read(
        roles="代办专员、帮办专员", items="S1-01；S2-02", staff_kind="公务员",
        home_body="县政务服务中心", languages="zh，tujia", phone="000-0000001",
    )  # fmt: skip
    assert person and not faults
    assert (person.body, person.roles, person.items) == (
        "park_i",
        ("agent", "helper"),
        ("S1-01", "S2-02"),
    )
    assert (person.staff_kind, person.home_body) == ("civil_servant", "centre")
    assert person.name.reveal() == "测试员" and person.languages == ("zh", "tujia")


def test_codes_serve_as_well_as_words() -> None:
    person, faults = read(body="park_i", roles="agent", sites="park-industrial")
    assert person and not faults and person.sites == ("park-industrial",)


def test_the_same_person_gets_the_same_pseudonym_and_a_given_one_is_kept() -> None:
    one, other, third = read(), read(), read(phone="000-0000002")
    assert one[0] and other[0] and third[0]
    assert one[0].person == other[0].person != third[0].person
    known, _ = read(person=ADA)
    assert known and known.person == ADA


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"name": ""}, "姓名:missing"),
        ({"body": "月球管委会"}, "单位:body_unknown"),
        ({"roles": "宇航员"}, "岗位角色:roles_unknown"),
        ({"items": "S9-99"}, "可办事项:items_unknown"),
        ({"sites": "月球"}, "可办选址:sites_unknown"),
        ({"staff_kind": "机器人"}, "人员类别:staff_kind_unknown"),
        ({"phone": "０００"}, "联系电话:phone_full_width"),  # B19
        ({"phone": "没有"}, "联系电话:phone_invalid"),
        ({"phone": "abc"}, "联系电话:phone_invalid"),
        ({"skills": "Whole Flow"}, "技能标签:skills_invalid"),
        ({"person": "测试"}, "人员代号:person_invalid"),
        ({"name": "甲" * 101}, "姓名:name_invalid"),
    ],
)
def test_what_is_wrong_is_named_by_its_column(cells: dict[str, str], fault: str) -> None:
    person, faults = read(**cells)
    assert person is None and faults == [fault]


def test_everything_that_is_wrong_in_a_row_is_said_at_once() -> None:
    _, faults = read(name="", body="月球管委会", phone="０")
    assert len(faults) == 3


def test_the_header_names_the_columns_in_any_order_and_language() -> None:
    found, faults = columns_of(("Body", "姓名*", "roles", "联系电话"))
    assert not faults and [c.key for c in found.values()] == ["body", "name", "roles", "phone"]


def test_a_header_that_lacks_or_repeats_a_column_is_refused() -> None:
    _, faults = columns_of(("姓名", "姓名", "天气"))
    assert {f.code for f in faults} == {"column_twice", "column_unknown", "column_missing"}


def test_a_table_adds_everybody_in_it() -> None:
    history = staff(ADA, "park_i", roles=("agent",)), staff(BEN, "park_i", roles=("agent",))
    imported = StaffImported(batch=BATCH, bodies=("park_i",), added=2)
    given_roster().when(table(add(), add(BEN))).then(*history, imported)


def test_who_stands_on_the_roster_already_is_left_as_he_is() -> None:
    imported = StaffImported(batch=BATCH, bodies=("park_i",), added=1, unchanged=1)
    given_roster(staff(ADA, "park_i", roles=("agent",))).when(table(add(), add(BEN))).then(
        staff(BEN, "park_i", roles=("agent",)), imported
    )


def test_the_same_table_again_adds_nobody() -> None:
    history = (
        staff(ADA, "park_i", roles=("agent",)),
        StaffImported(batch=BATCH, bodies=("park_i",), added=1),
    )
    given_roster(*history).when(table(add())).then_nothing()
    other = UUID(int=5)
    given_roster(*history).when(table(add(), batch=other)).then_nothing()


def test_one_bad_row_keeps_all_of_them_out() -> None:
    refusal = given_roster(ada).when(
        table(add(BEN), add(CAI, body="nobody"), add(BEN), add(CAI))
    )
    rows = refusal.then_refused("rows_refused")["rows"]
    assert [(r["row"], r["reason"]) for r in rows] == [
        (1, "body_unknown"),
        (2, "row_twice"),
        (3, "row_twice"),
    ]


def test_one_who_is_on_the_roster_with_other_details_is_to_be_amended() -> None:
    refusal = given_roster(ada).when(table(add(body="depts")))
    rows = refusal.then_refused("rows_refused")["rows"]
    assert [r["reason"] for r in rows] == ["already_on_the_roster"]


def test_opening_names_is_a_fact_each_time() -> None:
    command = ViewRoster(area=AREA, persons=(ADA, ADA), purpose="contact")
    viewed = RosterViewed(purpose="contact", persons=(ADA,), opened=1)
    given_roster(ada).when(command).then(viewed)
    given_roster(ada, viewed).when(command).then(viewed)
    given_roster(ben).when(command).then_refused("not_on_the_roster")


def test_a_register_tells_how_many_of_which_bodies_were_opened() -> None:
    command = ExportRegister(area=AREA, reason=Personal("上报登记表"))
    given_roster(ada, ben).when(command).then(
        RosterViewed(
            purpose="register", bodies=("park_i",), opened=2, reason=Personal("上报登记表")
        )
    )
    nobody = ExportRegister(area=AREA, roles=("liaison",))
    given_roster(ada).when(nobody).then(RosterViewed(purpose="register", opened=0))


def test_a_post_of_the_unit_is_nobody_of_the_roster() -> None:
    """X-04: who applies does not serve; neither the words nor a command let him in."""
    unit = next(role for role in PACK.roles if role.canonical == "applicant_lead")
    assert read(roles=unit.zh)[1] == ["岗位角色:roles_unknown"]
    assert read(roles="applicant_handler")[1] == ["岗位角色:roles_unknown"]
    for role in ("applicant_lead", "applicant_handler", "applicant_proxy"):
        row = add().model_copy(update={"roles": (role,)})
        given_roster().when(row).then_refused("role_of_the_unit")


def test_every_reason_a_person_can_be_refused_for_is_said_in_two_languages() -> None:
    reasons: dict[str, Any] = dict(FAULTS)
    for code in ("body_unknown", "item_unknown", "site_unknown", "role_not_for_this_body",
                 "role_not_for_this_kind", "role_of_the_unit", "home_body_may_not_send",
                 "already_on_the_roster", "row_twice"):  # fmt: skip
        assert all(reasons[code])
