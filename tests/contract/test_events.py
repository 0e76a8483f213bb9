"""Whether every event class keeps the promises that its name, type and fields make."""

import re
from collections.abc import Iterator
from types import UnionType
from typing import Any, Literal, TypeAliasType, Union, get_args, get_origin, is_typeddict

import pytest
from pydantic import BaseModel, ValidationError

from contracts import archive, assignment, evaluation, intake, supervision
from contracts.documents import describe, type_of
from contracts.event import MASK, About, Event, Personal, SafeText
from contracts.registry import BY_SERVICE, BY_TYPE, service_of
from contracts.subjects import SERVICES
from contracts.vocabulary import CLOSED_LISTS, GLOSSARY, SATISFACTION, Subject

EVENTS = list(BY_TYPE.values())
NAMES = [event.__name__ for event in EVENTS]

PROPOSED = {
    "intake": """
        PackRegistered PackActivated PackAmended PackRetired PackQuestionDecided
        VisitorReceived ContactHandedOver ConsultationAnswered ConsultationReferred
        OneTimeNoticeIssued ProjectRegistered ProjectAutoEnrolled EligibilityAssessed
        ServiceRequested ServiceAccepted ServiceDeclined ModeChosen ItemScopeFixed
        ItemScopeAmended ApplicationFormFiled CommissionFiled AgreementSigned
        AgreementAmended AgreementEnded RegistrationCompleted MaterialRequested
        MaterialReceived MaterialSuperseded MaterialReused MaterialSetCompleted
        PrecheckPassed PrecheckFailed ChecklistPublished ChecklistDelivered
        NoticePublished PolicyPushed PublicityLogged StoryPublished""",
    "assignment": """
        StaffAdded StaffAmended StaffRemoved RosterViewed TeamFormed PostFilled
        ChiefAppointed ReserveActivated CentreNotified MatterRouted ItemDispatched
        AgentAssigned AgentReassigned AssignmentAcknowledged MatterTransferred
        TransferConfirmed StewardPaired ConflictDeclared TrainingHeld TrainingAttended""",
    "supervision": """
        PlanMade PlanRevised DependencySet ItemReady ItemSubmitted ItemReceived
        CorrectionRequested CorrectionSupplied ItemAccepted ItemRefused
        SpecialProcedureStarted SpecialProcedureEnded ItemExtended ItemDecided
        ItemWithdrawn ItemClosed WorkLogged ProgressReported VisitMade PresenceRequired
        FeeDue FeePaid ReminderSent UrgeSent ReportedUp InterviewHeld SanctionRecorded
        IssueOpened IssueClassed WhistleBlown DepartmentReported MeetingCalled
        AttendanceSigned MinutesIssued ActionAssigned ActionDone IssueRaised
        IssueResolved JointReviewHeld JointSurveyHeld JointAcceptanceHeld
        EarlyReviewGiven ReturnDue ReturnFiled IssueListDispatched InspectionMade
        ResultCollected ResultSent ResultDelivered OriginalsReturned FollowUpOpened
        FollowUpContacted FollowUpClosed""",
    "evaluation": """
        EvaluationInvited EvaluationRecorded ReturnVisitMade HearingHeld
        ComplaintReceived ComplaintAnswered BadRatingOpened BadRatingRectified
        AppraisalComputed AppraisalPublished""",
    "archive": """
        FileOpened DocumentFiled FileChecked FileClosed FileHandedOver ArchiveTested""",
}
"""The event vocabulary of the four places."""

LATER = {
    name: "no row of this place"
    for name in """
        DependencySet""".split()
}

MODULES = {
    "intake": intake,
    "assignment": assignment,
    "supervision": supervision,
    "evaluation": evaluation,
    "archive": archive,
}


def parts(annotation: Any) -> Iterator[Any]:
    """Every annotation inside `annotation`, through aliases, unions and collections."""
    yield annotation
    if isinstance(annotation, TypeAliasType):
        yield from parts(annotation.__value__)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for field in annotation.model_fields.values():
            yield from parts(field.rebuild_annotation())
    elif get_origin(annotation) is not Literal:
        for part in get_args(annotation):
            yield from parts(part)


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def public_fields(event: type[Event]) -> dict[str, Any]:
    fields = event.model_fields.items()
    return {n: f.rebuild_annotation() for n, f in fields if n not in event.personal_fields}


@pytest.mark.parametrize("event", EVENTS, ids=NAMES)
def test_the_type_says_module_class_and_version(event: type[Event]) -> None:
    module = event.__module__.split(".")[1]
    name, version = re.fullmatch(r"(\w+?)(?:V(\d+))?", event.__name__).groups("1")  # type: ignore[union-attr]
    assert type_of(event) == f"{module}.{snake(name)}.v{version}"
    assert service_of(type_of(event)) == module
    assert getattr(MODULES[module], event.__name__) is event


@pytest.mark.parametrize("event", EVENTS, ids=NAMES)
def test_a_fact_holds_no_float(event: type[Event]) -> None:
    for field in event.model_fields.values():
        assert float not in list(parts(field.rebuild_annotation()))


@pytest.mark.parametrize("event", EVENTS, ids=NAMES)
def test_personal_data_stands_on_the_top_level_only(event: type[Event]) -> None:
    for name, field in event.model_fields.items():
        whole = field.annotation
        alternatives = get_args(whole) if get_origin(whole) in (Union, UnionType) else (whole,)
        top = [part for part in alternatives if get_origin(part) is Personal]
        inner = [part for part in parts(whole) if get_origin(part) is Personal]
        assert inner == top, f"{event.__name__}.{name}"
        assert bool(top) == (name in event.personal_fields)


@pytest.mark.parametrize("event", EVENTS, ids=NAMES)
def test_no_free_text_and_no_file_stands_in_the_clear(event: type[Event]) -> None:
    for name, annotation in public_fields(event).items():
        found = list(parts(annotation))
        assert not any(is_typeddict(part) for part in found), f"{event.__name__}.{name}"
        bound = [get_args(part)[0] for part in found if hasattr(part, "__metadata__")]
        assert found.count(str) == bound.count(str), f"{event.__name__}.{name}: give it a type"


@pytest.mark.parametrize("event", EVENTS, ids=NAMES)
def test_a_collection_is_a_tuple_and_a_time_has_an_offset(event: type[Event]) -> None:
    for name, annotation in public_fields(event).items():
        origins = {get_origin(part) for part in parts(annotation)}
        assert not origins & {list, set, frozenset}, f"{event.__name__}.{name}"
        aliases = {getattr(part, "__name__", "") for part in parts(annotation)}
        assert name.endswith("_at") == ("Instant" in aliases), f"{event.__name__}.{name}"
        assert name.endswith("_on") >= ("Day" in aliases) or name in {"lines", "proxy_chain"}


@pytest.mark.parametrize("event", EVENTS, ids=NAMES)
def test_what_about_says_is_not_said_again(event: type[Event]) -> None:
    another_meaning = {"type", "store", "cause"}  # a legal cause, not the id of what caused it
    assert not (set(event.model_fields) & set(About.model_fields)) - another_meaning


@pytest.mark.parametrize("event", EVENTS, ids=NAMES)
def test_the_docstring_speaks_to_agencies_and_names_a_requirement(event: type[Event]) -> None:
    sentence, chinese, requirements = describe(event)
    assert sentence[0].isupper()
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert requirements
    assert all(re.fullmatch(r"(HS|YY|YO|AS|X)-\d{2,3}", one) for one in requirements)


@pytest.mark.parametrize("event", EVENTS, ids=NAMES)
def test_the_subject_of_personal_data_is_in_the_list(event: type[Event]) -> None:
    assert event.subject in get_args(Subject.__value__)


def test_the_registry_is_closed_and_complete() -> None:
    assert tuple(BY_SERVICE) == SERVICES
    assert len(BY_TYPE) == sum(map(len, BY_SERVICE.values()))
    defined = {name for module in MODULES.values() for name in vars(module)}
    assert set(NAMES) <= defined
    subclasses = {c for c in Event.__subclasses__() if c.__module__.startswith("contracts.")}
    assert subclasses == set(EVENTS)
    with pytest.raises(KeyError, match="no service speaks"):
        service_of("portal.page_shown.v1")


@pytest.mark.parametrize("service", SERVICES)
def test_every_proposed_event_is_there_or_has_a_reason(service: str) -> None:
    here = {event.__name__ for event in BY_SERVICE[service]}
    proposed = set(PROPOSED[service].split())
    assert proposed - here == proposed & set(LATER)


def test_nothing_is_both_there_and_later() -> None:
    assert not set(NAMES) & set(LATER)
    assert set(LATER) <= set(" ".join(PROPOSED.values()).split())


def test_every_code_has_one_chinese_name_of_its_own() -> None:
    codes = {
        f"{name}.{member}"
        for name, alias in CLOSED_LISTS.items()
        for member in get_args(alias.__value__)
    }
    assert codes == {key for key in GLOSSARY if "." in key}
    assert len(set(GLOSSARY.values())) == len(GLOSSARY)
    assert set(SATISFACTION) == set(get_args(CLOSED_LISTS["satisfaction"].__value__))


def test_every_closed_list_used_by_an_event_is_in_the_glossary() -> None:
    known = set(CLOSED_LISTS.values())
    for event in EVENTS:
        for name, annotation in public_fields(event).items():
            for part in parts(annotation):
                if isinstance(part, TypeAliasType) and get_origin(part.__value__) is Literal:
                    assert part in known, f"{event.__name__}.{name}"


def test_an_unknown_member_of_a_closed_list_is_refused() -> None:
    with pytest.raises(ValidationError):
        intake.ModeChosen.model_validate({"mode": "escort"})


def test_members_from_a_newer_speaker_are_passed_over() -> None:
    read = intake.ModeChosen.model_validate({"mode": "assist", "weather": "fair"})
    assert read == intake.ModeChosen(mode="assist")


def test_facts_of_a_project_hold_words_and_no_sentences() -> None:
    facts = {"investment": "social", "civil": True, "flags": ["attracted_investment"]}
    read = intake.ProjectAmended.model_validate({"facts": facts})
    assert read.public()["facts"] == facts
    with pytest.raises(ValidationError):
        intake.ProjectAmended.model_validate({"facts": {"remark": "请联系 甲 00000000001"}})


def test_what_is_personal_prints_as_a_mask() -> None:
    declined = intake.ServiceDeclined(cause="discretion", eligible=True, reason=Personal("甲"))
    assert "甲" not in repr(declined)
    assert MASK in repr(declined)
    assert "reason" not in declined.public()
    assert declined.personal() == {"reason": "甲"}


def test_an_entry_of_the_file_names_a_type_that_is_safe_in_any_text() -> None:
    pattern = re.search(r"pattern='([^']+)'", repr(SafeText.__value__))
    assert pattern
    assert all(re.fullmatch(pattern[1], type) for type in BY_TYPE)
