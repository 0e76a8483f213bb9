"""Help that begins by itself, prompts to offer it, and notices in a matter (自动纳入)."""

from dataclasses import replace

import pytest

from contracts.event import Personal
from contracts.intake import (
    HelpMuted,
    HelpPrompted,
    OneTimeNoticeIssued,
    ProjectAutoEnrolled,
    ServiceAccepted,
)
from services.intake.domain import MATTER
from services.intake.domain.enrolment import (
    EnrolProject,
    IssueNotice,
    PromptHelp,
    accepting_body,
    enrols,
)
from services.intake.domain.feed import FEED, NoteFeed
from tests.unit.intake.door_examples import AT, ENROLS, LEADS, PLAIN, only
from tests.unit.intake.examples import (
    ACCEPTED,
    ASSISTED,
    AT_THE_DOOR,
    DAY,
    FACTS,
    NUMBER,
    UNIT,
    spec,
    words,
)

ENROLLING = replace(FACTS, pack=ENROLS, number=NUMBER)
enrol = EnrolProject(mode="assist", origin="feed")


def test_the_place_says_in_which_mode_projects_are_taken_in() -> None:
    mode = enrols(ENROLS)
    assert mode is not None and mode.id == "assist"
    assert enrols(PLAIN) is None and enrols(LEADS) is None


def test_a_project_is_enrolled_and_accepted_at_once_by_the_body_the_process_names() -> None:
    body = accepting_body(ENROLS, "assist")
    assert body is not None
    enrolled, accepted = MATTER.decide(enrol, MATTER.initial, ENROLLING)
    assert isinstance(enrolled, ProjectAutoEnrolled) and isinstance(accepted, ServiceAccepted)
    assert (enrolled.number, enrolled.mode, enrolled.applicant) == (NUMBER, "assist", UNIT)
    assert accepted.body == body
    state = MATTER.fold([enrolled, accepted])
    assert (state.phase, state.mode, state.helped.enrolled) == ("accepted", "assist", True)


def test_it_is_never_enrolled_twice() -> None:
    enrolled = MATTER.decide(enrol, MATTER.initial, ENROLLING)
    spec.given(*enrolled).when(enrol, ENROLLING).then_nothing()
    spec.given(*AT_THE_DOOR).when(enrol, ENROLLING).then_nothing()


def test_a_unit_that_files_by_itself_is_offered_help_once_for_each_item() -> None:
    prompt = PromptHelp(items=("S1-01",), seen_by="feed")
    prompted = HelpPrompted(items=("S1-01",), seen_by="feed", prompted_on=DAY)
    spec.given(*ACCEPTED).when(prompt).then(prompted)
    spec.given(*ACCEPTED, prompted).when(prompt).then_nothing()
    spec.given().when(prompt).then_refused("not_in_this_state")


def test_a_unit_that_wants_to_hear_less_is_not_prompted() -> None:
    prompt = PromptHelp(items=("S1-01",), seen_by="feed")
    spec.given(*ACCEPTED, HelpMuted(muted=True)).when(prompt).then_nothing()


def test_the_notice_of_a_matter_lists_its_whole_scope_with_every_material() -> None:
    event = only(MATTER.decide(IssueNotice(), spec.given(*ASSISTED).state(), FACTS))
    assert isinstance(event, OneTimeNoticeIssued)
    assert event.items == ("S1-01", "S1-05")
    wanted = {m for i in event.items for m in FACTS.catalogue.item(i).materials}
    assert set(event.materials) == wanted and event.complete
    assert [line.item for line in event.lines] == ["S1-01", "S1-05"]


def test_the_same_contents_have_the_same_digest() -> None:
    state = spec.given(*ASSISTED).state()
    one, two = (
        only(MATTER.decide(IssueNotice(items=items), state, FACTS))
        for items in (("S1-01",), ("S1-05",))
    )
    again = only(MATTER.decide(IssueNotice(items=("S1-01",)), state, FACTS))
    assert one.digest == again.digest != two.digest


def test_a_second_notice_needs_a_reason_and_is_flagged() -> None:
    state = spec.given(*ASSISTED).state()
    first = only(MATTER.decide(IssueNotice(items=("S1-01",)), state, FACTS))
    both = IssueNotice(items=("S1-01", "S1-05"))
    details = spec.given(*ASSISTED, first).when(both).then_refused("noticed_already")
    assert details["items"] == ["S1-01"]
    reasoned = both.model_copy(update={"reason": words("目录更新")})
    second = only(MATTER.decide(reasoned, spec.given(*ASSISTED, first).state(), FACTS))
    assert (second.ordinal, second.again) == (2, ("S1-01",))
    other = IssueNotice(items=("S1-05",))
    fresh = only(MATTER.decide(other, spec.given(*ASSISTED, first).state(), FACTS))
    assert (fresh.ordinal, fresh.again) == (1, ())


def test_a_notice_counts_what_was_told_before_elsewhere() -> None:
    told = replace(FACTS, told={"S1-01": 1})
    spec.given(*ASSISTED).when(IssueNotice(items=("S1-01",)), told).then_refused(
        "noticed_already"
    )


@pytest.mark.parametrize(
    ("items", "code"), [(None, "items_required"), (("S9-99",), "item_unknown")]
)
def test_a_notice_about_nothing_is_refused(items: tuple[str, ...] | None, code: str) -> None:
    spec.given(*ACCEPTED).when(IssueNotice(items=items)).then_refused(code)


def test_a_feed_is_noted_once_with_what_became_of_its_rows() -> None:
    note = NoteFeed(source="approval_system", observed_at=AT, rows=3)
    counts = {"registered": 1, "amended": 1, "known": 0, "refused": 1}
    taken = only(FEED.decide(note, FEED.initial, counts))
    assert (taken.rows, taken.registered, taken.refused) == (3, 1, 1)
    assert not FEED.decide(note, FEED.fold([taken]), counts)


def test_personal_words_stay_sealed() -> None:
    command = IssueNotice(items=("S1-01",), receiver=Personal("甲"))
    event = only(MATTER.decide(command, spec.given(*ASSISTED).state(), FACTS))
    assert "receiver" not in event.public()
