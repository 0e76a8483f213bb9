"""Answering questions with sources, and moving a matter to another edition (咨询与改版)."""

from dataclasses import replace

from contracts.intake import ConsultationAnswered, MatterMigrated
from services.intake.domain import CONSULTATION
from services.intake.domain.commands import AnswerConsultation, AnswerVisitor, MigrateMatter
from shared.testing.spec import Spec
from tests.unit.intake.examples import (
    ACCEPTED,
    AREA,
    FACTS,
    ID,
    PACK,
    given,
    words,
)

answer = AnswerConsultation(
    topic="tax_relief", sources=("duties.know_the_flow.zh",), learned_through="radio",
    question=words("配套费能否减免"), answer=words("符合条件的可以申请减免"),
)  # fmt: skip
answered = ConsultationAnswered(
    consultation=ID, topic="tax_relief", sources=("duties.know_the_flow.zh",),
    learned_through="radio", question=words("配套费能否减免"),
    answer=words("符合条件的可以申请减免"),
)  # fmt: skip


def test_a_question_is_answered_with_its_source() -> None:
    given(*ACCEPTED).when(answer).then(answered)


def test_an_answer_without_a_source_is_refused() -> None:
    bare = answer.model_copy(update={"sources": ()})
    given(*ACCEPTED).when(bare).then_refused("source_required")
    wrong = answer.model_copy(update={"sources": ("duties.nothing",)})
    given(*ACCEPTED).when(wrong).then_refused("source_unknown")


def test_the_same_answer_is_recorded_once() -> None:
    again = answer.model_copy(update={"consultation": ID})
    given(*ACCEPTED, answered).when(again).then_nothing()


def test_a_visitor_without_a_matter_is_answered_too() -> None:
    visitor = AnswerVisitor(
        area=AREA, topic="tax_relief", sources=("duties.know_the_flow.zh",),
        learned_through="radio", question=answer.question, answer=answer.answer,
    )  # fmt: skip
    spec = Spec(CONSULTATION, FACTS)
    spec.given().when(visitor).then(answered)
    spec.given(answered).when(visitor).then_nothing()


def test_an_open_matter_keeps_its_edition_until_someone_moves_it() -> None:
    move = MigrateMatter(taken="cn-sample@0123456789abcdef", reason=words("项目单位要求"))
    given(*ACCEPTED).when(move).then_refused("edition_not_usable")
    newer = PACK.model_copy()
    given(*ACCEPTED).when(move, replace(FACTS, taken=newer)).then(
        MatterMigrated(
            left=PACK.edition, taken="cn-sample@0123456789abcdef", reason=words("项目单位要求")
        )
    )
    stay = move.model_copy(update={"taken": PACK.edition})
    given(*ACCEPTED).when(stay).then_nothing()
