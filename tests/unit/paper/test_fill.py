"""Whether a form says what its place, the law and the record make it say."""

import pytest

from contracts.pack import Pack
from shared.paper.check import code_of, parse_code
from shared.paper.fields import FIELDS, field_of
from shared.paper.fill import fill
from shared.paper.known import area_text, day_text, money_text, span_text
from shared.paper.sheet import (
    Block,
    Filled,
    Grid,
    Heading,
    Labelled,
    Listing,
    Prose,
    Signatures,
)
from shared.paper.standard import form_of, forms_of, is_ours
from tests.unit.paper.examples import VALUES, form, known, packs

PACK = packs()[0]


def blocks[B: Block](filled: Filled, kind: type[B]) -> list[B]:
    return [block for block in filled.blocks if isinstance(block, kind)]


def captions(filled: Filled) -> list[str]:
    lines = [
        line for b in blocks(filled, Signatures) for side in b.sides for line in side.lines
    ]
    return [line.caption for line in lines]


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.id)
def test_every_field_of_a_place_has_a_chinese_caption(pack: Pack) -> None:
    for one in pack.forms:
        for id in one.fields:
            assert not field_of(id, one, pack).zh.isascii(), (one.id, id)


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.id)
def test_every_place_has_a_one_time_notice_and_a_register(pack: Pack) -> None:
    kinds = [one.kind for one in forms_of(pack)]
    assert {"one_time_notice", "register", "receipt"} <= set(kinds)
    assert kinds.count("one_time_notice") == 1
    for one in forms_of(pack):
        assert form_of(pack, one.id) == one
        filled = fill(one, pack, known())
        ours = any("默认值（本地方案未附此种文书）" in note for note in filled.notes)
        assert ours == is_ours(one, pack) == (one not in pack.forms)
    with pytest.raises(LookupError):
        form_of(pack, "nothing")


def test_the_four_compulsory_points_are_numbered_and_stated() -> None:
    filled = fill(form("commission", "principal agent matter authority period"), PACK, known())
    points = {b.label: b.value for b in blocks(filled, Labelled)}
    assert points["一、代理人："] == "戊"
    assert points["二、代理事项："] == VALUES["commissioned"]
    assert points["三、代理权限："] == VALUES["authority"]
    assert points["四、代理期限："] == VALUES["period"]
    assert any("第一百六十五条" in note for note in filled.notes)


def test_an_agreement_has_parties_clauses_and_two_columns_to_sign() -> None:
    one = form("agreement", seal=("applicant",), signatures=("unit_handler", "agent"))
    filled = fill(one, PACK, known(number="2026年第0001号"))
    assert filled.number == "编号：2026年第0001号"
    assert [b.text[:2] for b in blocks(filled, Heading)] == [
        "一、",
        "二、",
        "三、",
        "四、",
        "五、",
    ]
    said = captions(filled)
    assert said[0] == "甲方（盖章）" and said[4] == "乙方"
    assert said.count("地址") == said.count("电话") == 2
    named = {b.label: b.value for b in blocks(filled, Labelled)}
    assert named["项目负责人："].startswith("甲") and "乙" in named["经办人："]
    duties = "".join(b.text for b in blocks(filled, Prose))
    assert all(duty.zh in duties for duty in PACK.duties if duty.who in ("applicant", "staff"))


def test_an_agreement_not_yet_numbered_leaves_room_by_the_template() -> None:
    for pack in packs():
        number = fill(form("agreement"), pack, known()).number
        assert number.startswith("编号：") and not any(c.isdigit() for c in number)
        rule = pack.numbering.agreement
        assert ("年第" in number) == bool(rule and "年第" in rule.template)


def test_a_form_whose_text_is_lost_says_so() -> None:
    assert any(
        "系统推定样式" in n for n in fill(form("register", inferred=True), PACK, known()).notes
    )
    assert not any("推定" in n for n in fill(form("register"), PACK, known()).notes)


def test_what_is_ours_is_labelled_with_its_question() -> None:
    path = PACK.defaults()[0].path
    filled = fill(form("register"), PACK, known(leant=(path,)))
    assert any(note.startswith("默认值（") for note in filled.notes)
    ours = fill(form("register", "period"), PACK, known(defaults=frozenset({"period"})))
    assert [cell.default for cell in blocks(ours, Grid)[0].cells] == [True]


def test_before_signing_and_blank_are_told_apart() -> None:
    one = form("application", signatures=("unit_handler",))
    assert any("签署前打印" in n for n in fill(one, PACK, known()).notes)
    assert not any("签署前" in n for n in fill(one, PACK, known(signed=True)).notes)
    assert any("空白表" in n for n in fill(one, PACK, known(blank=True, values={})).notes)


def test_a_second_notice_says_that_it_is_one() -> None:
    values = {**VALUES, "again": "企业投资项目备案", "ordinal": "2"}
    filled = fill(form("one_time_notice"), PACK, known(values=values))
    assert any("第2次告知" in b.text for b in blocks(filled, Prose))
    assert blocks(filled, Listing)[0].rows[0][1] == "项目申请报告"


def test_an_evaluation_prints_a_box_for_each_level() -> None:
    for pack in packs():
        for one in pack.forms:
            if one.kind != "evaluation" or not pack.evaluation.instruments:
                continue
            listing = blocks(fill(one, pack, known()), Listing)[0]
            assert len(listing.rows) >= 1
            assert all(set(row[2:]) == {"□"} for row in listing.rows)


def test_a_ledger_has_a_column_for_each_field_and_lines_to_write_on() -> None:
    listing = blocks(fill(form("ledger", "serial project unit"), PACK, known()), Listing)[0]
    assert [c.caption for c in listing.columns] == ["序号", "项目名称", "项目单位"]
    assert listing.blank > 10


def test_a_slip_has_a_reply_slip_that_names_the_letter() -> None:
    filled = fill(form("slip", "to project reply_by"), PACK, known(number="示例函〔2026〕1号"))
    reply = blocks(filled, Grid)[-1].cells
    assert ("来函编号", "示例函〔2026〕1号") in [(c.caption, c.value) for c in reply]
    assert any(c.caption == "回复意见" and c.tall for c in reply)


def test_no_caption_names_a_place() -> None:
    zh = "".join(field.zh for field in FIELDS.values())
    assert not any(pack.jurisdiction.zh[-3:] in zh for pack in packs())


@pytest.mark.parametrize(
    "text", ["intake.0.0123456789abcdef", "intake.01.0123456789abcdef", "intake.1.0123456789ABCDEF",
             "intake.1.0123", "INTAKE.1.0123456789abcdef", "intake.1.0123456789abcdef ", ""],
)  # fmt: skip
def test_a_code_not_formed_like_one_is_none(text: str) -> None:
    assert parse_code(text) is None


def test_a_code_names_store_position_and_hash() -> None:
    code = code_of("intake", 7, bytes(range(32)))
    assert str(code) == "intake.7.0001020304050607" and parse_code(str(code)) == code
    assert code.at("https://example.invalid/").url == f"https://example.invalid/check/{code}"


def test_days_money_and_areas_are_written_as_a_county_writes_them() -> None:
    assert day_text("2026-11-21") == "2026年11月21日" and day_text(None) == ""
    assert money_text("80000000.00") == "8000万元" and money_text("600.50") == "600.5元"
    assert (
        money_text("12345678.90") == "1234.56789万元" and area_text("33335.00") == "33335平方米"
    )
    assert span_text("2026-11-21", None).endswith("终止之日止")
