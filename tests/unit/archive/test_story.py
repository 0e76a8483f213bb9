"""The file as a text that people can read (X-01, X-06)."""

from datetime import date

from contracts.archive import FileChecked
from services.archive.domain.namebook import names_of
from services.archive.domain.phrasing import CHINESE, ENGLISH, Tongue
from services.archive.domain.story import lines, story
from tests.unit.archive.examples import (
    AGENT,
    APPROVER,
    CATALOGUE,
    COURSE,
    NUMBER,
    PACK,
    UNIT,
    accepted,
    assigned,
    decided,
    logged,
    requested,
    told,
)

NAMED = Tongue(names=names_of(PACK, CATALOGUE))


def test_the_whole_course_is_one_line_for_each_event() -> None:
    filed = told(*COURSE).filed()
    text = [line.written(CHINESE) for line in story(filed)]
    assert len(text) == 1 + len(COURSE)  # archive opened the file
    assert f"2026-04-14  系统·归档：建档，办件编号{NUMBER}" in text


def test_people_are_told_by_role_and_pseudonym() -> None:
    filed = told(requested, actor=UNIT).say(assigned).say(logged, actor=AGENT).filed()
    who = {line.type.split(".")[1]: line.who for line in lines(filed)}
    assert who["service_requested"] == "项目单位"
    assert who["work_logged"] == f"代办专员·{AGENT[-6:]}"
    assert who["agent_assigned"].startswith("工作人员·")
    english = {line.type.split(".")[1]: line.who for line in lines(filed, ENGLISH)}
    assert english["service_requested"] == "the unit"


def test_who_decides_is_told_as_an_approver() -> None:
    decision = decided.model_copy(update={"decider": APPROVER})
    line = lines(told(requested).say(decision, actor=APPROVER).filed())[-1]
    assert line.who == f"审批人员·{APPROVER[-6:]}"


def test_an_act_for_the_unit_says_for_whom() -> None:
    filed = told(requested, behalf=UNIT, channel="window").filed()
    line = next(line for line in lines(filed) if line.store == "intake")
    assert line.who.endswith("代项目单位") and line.channel == "窗口"


def test_an_act_entered_late_shows_both_days_and_stands_on_the_first() -> None:
    filed = told(requested, accepted).say(logged, effective="2026-04-12").filed()
    late, *rest = story(filed)
    assert (late.day, late.entered) == (date(2026, 4, 12), date(2026, 4, 14))
    assert late.written().startswith("2026-04-12") and "（2026-04-14补录）" in late.written()
    assert "(entered 2026-04-14)" in story(filed, ENGLISH)[0].written(ENGLISH)
    assert all(line.entered is None for line in rest)
    assert lines(filed)[-1].position == late.position  # archive's order is untouched


def test_a_legal_day_begins_at_midnight_of_the_legal_zone() -> None:
    filed = told(requested, effective="2026-04-13T16:30:00.000+00:00").filed()
    line = next(line for line in lines(filed) if line.store == "intake")
    assert line.day == date(2026, 4, 14)


def test_a_rule_of_ours_is_labelled() -> None:
    checked = FileChecked(
        complete=True, relied_on=(), rule="archive.contents", defaults=("archive.contents",)
    )
    filed = told(requested).own(checked).filed()
    assert lines(filed)[-1].written().endswith("〔默认值〕")
    assert lines(filed, ENGLISH)[-1].written(ENGLISH).endswith("[default]")


def test_codes_are_named_from_the_place_s_own_data() -> None:
    text = "\n".join(line.written(NAMED) for line in story(told(*COURSE).filed(), NAMED))
    item = next(item for item in CATALOGUE.items if item.id == "S1-01")
    assert f"S1-01（{item.zh}）" in text and PACK.body("hall").zh in text
    english = names_of(PACK, CATALOGUE, english=True)
    assert english["S1-01"] == item.en


def test_news_from_a_later_version_is_named_by_its_type() -> None:
    filed = told(requested).say(logged, type="supervision.something_new.v1").filed()
    assert lines(filed)[-1].text == "supervision.something_new.v1"
