"""Whether a paper says everything that any event of the matter holds, and nothing else."""

from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from contracts.catalogue import Catalogue, load_catalogue
from contracts.pack import Pack, load_pack, shipped_packs
from contracts.pack.papers import Form
from contracts.pack.words import FormKind
from services.intake.domain.printing import known_of
from services.intake.domain.record import Record, Said
from shared.paper.known import Known

DAY = date(2026, 11, 21)
ADDRESS = "https://example.invalid"
AGREEMENT = "00000000-0000-7000-8000-0000000000a1"


@cache
def pack(id: str) -> Pack:
    return next(p for p in map(load_pack, shipped_packs()) if p.id == id)


@cache
def catalogue() -> Catalogue:
    return load_catalogue()


def said(
    n: int, event: str, /, day: date = DAY, channel: str | None = None, **fact: Any
) -> Said:
    return Said(UUID(int=n), event, n, bytes([n] * 32), day, channel, fact)


PROJECT = said(
    1, "ProjectRegistered", name="测试公司新建标准厂房项目", unit="测试公司",
    code="2611-990100-04-01-000001", investment_amount="80000000.00",
    facts={"investment": "social", "site": "elsewhere"},
)  # fmt: skip
OPENED = said(
    2, "ServiceRequested", channel="window", number="990100-2026-00001", wanted="assist",
    items=["S1-02"], lead_name="甲", lead_phone="000-0000001", needs="尽快开工",
)  # fmt: skip


def record(
    *events: Said, id: str = "cn-500242-bangdaiban", project: Any = (PROJECT,)
) -> Record:
    return Record(project, (OPENED, *events), pack(id), catalogue(), DAY)


def form(kind: FormKind, id: str = "some_form") -> Form:
    return Form(id=id, zh="测试用表", kind=kind, fields=(), signatures=())


def known(kind: FormKind, *events: Said, form_id: str = "some_form", **more: Any) -> Known:
    found = known_of(form(kind, form_id), record(*events, **more), ADDRESS)
    assert found is not None
    return found


def test_project_and_request_are_known_to_every_form() -> None:
    found = known("application")
    assert found.values["project"] == "测试公司新建标准厂房项目"
    assert found.values["unit"] == found.values["principal"] == "测试公司"
    assert found.values["investment"] == "社会投资"
    assert found.values["investment_amount"] == "8000万元"
    assert found.values["lead"] == found.values["contact"] == "甲"
    assert found.values["needs"] == "尽快开工" and found.values["channel"]
    assert found.number == "990100-2026-00001"
    assert ("帮办", True) in found.choices["mode"] and ("代办", False) in found.choices["mode"]


def test_what_was_amended_stands_in_the_place_of_what_was_said_first() -> None:
    amended = said(
        3, "ProjectAmended", name="测试公司扩建项目", unit=None, facts={"nature": "extension"}
    )
    found = known("application", project=(PROJECT, amended))
    assert found.values["project"] == "测试公司扩建项目" and found.values["unit"] == "测试公司"
    assert found.values["nature"] == "扩建" and found.values["investment"] == "社会投资"


def test_what_is_not_known_is_left_for_the_pen() -> None:
    found = known("application", project=())
    assert "project" not in found.values and "handler" not in found.values


def test_before_signing_the_four_points_are_proposed_and_labelled() -> None:
    accepted = said(3, "ServiceAccepted", body="zone")
    found = known("commission", accepted)
    for point in ("agent", "commissioned", "authority", "period"):
        assert found.values[point]
    assert found.defaults == {"agent", "period"} and not found.signed
    assert found.issuer == found.values["agent"] == found.values["party_b"]


def test_a_filed_commission_is_printed_with_its_own_words() -> None:
    filed = said(
        4, "CommissionFiled", day=date(2026, 11, 20), commission=AGREEMENT, agent_name="戊",
        principal="测试公司", items=["S1-02"], powers=["submit", "collect"],
        begins_on="2026-11-20", ends_on="2027-11-19", signed_on="2026-11-20",
        number="990100-2026-7",
    )  # fmt: skip
    found = known("commission", filed)
    assert found.values["agent"] == "戊" and found.values["authority"] == "代为提交、代为取件"
    assert found.signed and not found.defaults and found.day == date(2026, 11, 20)
    assert found.check is not None and found.check.code.startswith("intake.4.0404")
    assert found.check.url == f"{ADDRESS}/check/{found.check.code}"
    assert found.number == "2026年第0007号"


def test_an_agreement_is_printed_as_it_holds_now() -> None:
    signed = said(
        4, "AgreementSigned", agreement=AGREEMENT, kind="agreement", application=1,
        label="2026年第0003号", items=["S1-02"], begins_on="2026-11-01", signed_on="2026-11-01",
        handler_name="乙", agent_name="戊",
    )  # fmt: skip
    filed = said(3, "ApplicationFormFiled", form="application", revision=1)
    amended = said(5, "AgreementAmended", agreement=AGREEMENT, application=2, items=["S1-04"])
    other = said(6, "AgreementAmended", agreement=str(UUID(int=99)), application=9)
    found = known(
        "agreement", filed, signed, amended, other,
        form_id="agreement", id="cn-341525-bangdaiban",
    )  # fmt: skip
    assert found.number == "2026年第0003号" and found.values["handler"] == "乙"
    assert "第2版" in found.values["application"]
    assert found.values["items"] == catalogue().item("S1-04").zh


def test_what_a_side_told_when_it_signed_first_stands_in_the_agreement() -> None:
    """HS-58: the agent named himself, the unit countersigned without repeating his name."""
    proposed = said(
        3, "AgreementProposed", agreement=AGREEMENT, kind="agreement", agent_name="戊",
        principal="测试公司",
    )  # fmt: skip
    again = said(
        4, "AgreementProposed", agreement=AGREEMENT, kind="agreement", phone="000-0000001"
    )
    signed = said(
        5, "AgreementSigned", agreement=AGREEMENT, kind="agreement", agent_name=None,
        begins_on="2026-11-01", signed_on="2026-11-01", handler_name="乙",
    )  # fmt: skip
    waiting = said(
        6, "AgreementProposed", agreement=AGREEMENT, kind="agreement", agent_name="己"
    )
    withdrawn = said(7, "AgreementProposalWithdrawn", agreement=AGREEMENT, move="amend")
    amended = said(8, "AgreementAmended", agreement=AGREEMENT, items=["S1-04"])
    events = (proposed, again, signed, waiting, withdrawn, amended)
    for n in (3, 4, 6):
        found = known("agreement", *events[:n], form_id="agreement", id="cn-341525-bangdaiban")
        assert found.values["agent"] == "戊" and found.values["handler"] == "乙"
        assert found.values["phone_a"] == "000-0000001"


def test_a_class_of_project_is_printed_in_chinese_and_an_open_word_as_it_stands() -> None:
    for word, printed in (("building", "房屋建筑"), ("some_other", "some_other")):
        more = said(3, "ProjectAmended", facts={"project_class": word})
        found = known("application", project=(PROJECT, more))
        assert found.values["project_class"] == printed


def test_before_an_agreement_is_signed_what_was_proposed_is_printed() -> None:
    proposed = said(
        3, "AgreementProposed", agreement=AGREEMENT, kind="agreement", agent_name="戊",
        begins_on="2026-11-21", address="园区一号地块（虚构）",
    )  # fmt: skip
    found = known("agreement", proposed, form_id="agreement", id="cn-341525-bangdaiban")
    assert found.values["agent"] == "戊" and not found.signed
    assert found.values["address_a"] == "园区一号地块（虚构）"


def test_a_receipt_lists_what_is_on_hand_and_counts_originals() -> None:
    first = said(3, "MaterialReceived", piece="a", material="M01", originals=1, copies=1)
    newer = said(4, "MaterialReceived", piece="b", material="M01", originals=2, replaces="a")
    found = known("receipt", first, newer)
    assert [row[1] for row in found.lists["received"]] == ["2"]
    assert found.values["originals"] == "2份" and "copies" not in found.values


def test_a_notice_lists_each_material_once_with_all_items_that_need_it() -> None:
    lines = [
        {"item": "S1-02", "materials": ["M01", "M02"]},
        {"item": "S1-04", "materials": ["M01"]},
    ]
    notice = said(
        4, "OneTimeNoticeIssued", notice=AGREEMENT, items=["S1-02", "S1-04"], lines=lines,
        issued_on="2026-11-21", ordinal=2, again=["S1-02"],
    )  # fmt: skip
    here = said(3, "MaterialReceived", piece="a", material="M02")
    rows = known("one_time_notice", here, notice).lists["required"]
    assert len(rows) == 2 and "；" in rows[0][1] and rows[1][3] == "已收"
    values = known("one_time_notice", here, notice).values
    assert values["ordinal"] == "2" and values["again"] == catalogue().item("S1-02").zh


def test_before_a_notice_the_materials_of_the_items_are_listed() -> None:
    item = catalogue().item("S1-02")
    rows = known("one_time_notice").lists["required"]
    assert len(rows) == len(item.materials)
    checklist = known("checklist").lists["checklist"]
    assert checklist[0][0] == item.zh and checklist[0][2] == item.dept


def test_one_paper_of_several_is_asked_for_by_its_id() -> None:
    older = said(3, "MaterialReceived", piece=AGREEMENT, material="M01", originals=1)
    newer = said(4, "MaterialReceived", piece=str(UUID(int=9)), material="M02", originals=1)
    found = known_of(form("receipt"), record(older, newer), ADDRESS, UUID(AGREEMENT))
    assert found is not None and found.check is not None
    assert found.check.code.startswith("intake.3.")
    assert known_of(form("receipt"), record(older), ADDRESS, UUID(int=77)) is None


def test_the_register_prints_needs_and_limits_as_registered() -> None:
    registered = said(
        3, "RegistrationCompleted", form="register", needs="只办施工许可",
        limits=[{"item": "S1-02", "days": 3, "day_kind": "working"}],
    )  # fmt: skip
    found = known("register", registered)
    assert found.values["needs"] == "只办施工许可"
    assert found.values["limits"].endswith("：3个工作日") and found.signed


def test_the_points_of_the_undertaking_are_ticked_as_given() -> None:
    given = said(3, "UndertakingGiven", points=["true", "lawful"], pieces=[])
    choices = known("slip", given).choices
    assert choices["truthful"] == (("承诺", True),) and choices["valid"] == (("承诺", False),)
