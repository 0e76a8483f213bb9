"""Whether personal data are handled on a legal ground, by two names, and once."""

from uuid import UUID

import pytest

from contracts.archive import (
    CorrectionWorded,
    DisclosureCorrected,
    DisclosuresErased,
    FileClosed,
    FileOpened,
    ProcessingRestricted,
    ProtectionProposed,
    ProtectionRejected,
    RestrictionLifted,
)
from contracts.event import Event, Personal
from contracts.vocabulary import LegalGround, Protection
from services.archive.domain import DECIDER
from services.archive.domain.commands import Facts
from services.archive.domain.protecting import (
    Aim,
    ApproveProtection,
    ExtendRestriction,
    Looked,
    ProposeProtection,
    RejectProtection,
)
from shared.testing.spec import Spec

A, B = "p:00000000-0000-7000-8000-00000000000a", "p:00000000-0000-7000-8000-00000000000b"
ID, FIELD, WORDED, KEY = (UUID(int=n) for n in range(1, 5))
AIM = Aim((KEY,), ("a" * 43,), correctable=True)
WHY = Personal("录错了人")
opened: Event = FileOpened(number="990100-2026-000001")
closed: Event = FileClosed(checked_by=ID, entries=1, documents=0, relied_on=())
erase = ProposeProtection(
    protection="erase", of="applicant", ground="wrong_subject", reason=WHY
)
approve, reject = ApproveProtection(decision=ID), RejectProtection(decision=ID)


def facts(actor: str, aim: Aim = AIM, *, over: bool = False) -> Facts:
    return Facts(actor=actor, protection=Looked(actor, aim, over, ID, WORDED))


def proposal(protection: Protection, ground: LegalGround) -> ProtectionProposed:
    return ProtectionProposed(
        decision=ID, protection=protection, of="applicant", ground=ground, proposed_by=A,
        reason=WHY,
    )  # fmt: skip


def given(*events: Event, by: str = A) -> Spec:  # type: ignore[type-arg]
    return Spec(DECIDER, facts(by)).given(opened, *events)


proposed = proposal("erase", "wrong_subject")
erased = DisclosuresErased(
    decision=ID, of="applicant", ground="wrong_subject", approved_by=(A, B), keys=AIM.keys,
    digests=AIM.digests,
)  # fmt: skip


def test_one_proposes_and_another_erases() -> None:
    given().when(erase).then(proposed)
    given(proposed, by=B).when(approve).then(erased)


def test_said_twice_it_is_once() -> None:
    given(proposed).when(erase).then_nothing()
    given(proposed, erased, by=B).when(approve).then_nothing()


def test_nobody_approves_his_own_proposal() -> None:
    given(proposed, by=A).when(approve).then_refused("four_eyes")


def test_what_was_rejected_is_not_approved_and_the_other_way_round() -> None:
    rejected = ProtectionRejected(decision=ID, rejected_by=B)
    given(proposed, by=B).when(reject).then(rejected)
    given(proposed, rejected, by=B).when(reject).then_nothing()
    given(proposed, rejected, by=B).when(approve).then_refused("decision_settled")
    given(proposed, erased, by=B).when(reject).then_refused("decision_settled")
    given(by=B).when(approve).then_refused("decision_unknown")


@pytest.mark.parametrize(
    ("protection", "ground"),
    [("erase", "disputed"), ("restrict", "inaccurate"), ("lift", "disputed"),
     ("correct", "consent_withdrawn")],
)  # fmt: skip
def test_a_ground_must_fit_what_is_done(protection: Protection, ground: LegalGround) -> None:
    asked = erase.model_copy(update={"protection": protection, "ground": ground})
    assert given().when(asked).then_refused("ground_does_not_fit")["allowed"]


def test_an_open_matter_is_restricted_where_a_closed_one_is_erased() -> None:
    asked = erase.model_copy(update={"ground": "retention_expired"})
    given().when(asked).then_refused("matter_still_open")
    Spec(DECIDER, facts(A, over=True)).given(opened, closed).when(asked).then(
        proposal("erase", "retention_expired")
    )
    restrict = asked.model_copy(update={"protection": "restrict"})
    given().when(restrict).then(proposal("restrict", "retention_expired"))


def test_what_is_not_there_is_not_erased_and_not_restricted() -> None:
    Spec(DECIDER, facts(A, Aim())).given(opened).when(erase).then_refused("nothing_kept")
    only_digests = Aim((), ("a" * 43,))
    restrict = erase.model_copy(update={"protection": "restrict", "ground": "disputed"})
    Spec(DECIDER, facts(A, only_digests)).given(opened).when(restrict).then_refused(
        "nothing_kept"
    )


def test_restricting_and_lifting_name_the_keys() -> None:
    for protection, ground, said in (
        ("restrict", "disputed", ProcessingRestricted),
        ("lift", "ground_ended", RestrictionLifted),
    ):
        before = proposal(protection, ground)  # type: ignore[arg-type]
        event = said(
            decision=ID,
            of="applicant",
            ground=before.ground,
            approved_by=(A, B),
            keys=(KEY,),
        )
        given(before, by=B).when(approve).then(event)


def test_a_long_list_is_told_in_parts_and_the_keys_once() -> None:
    many = Aim((KEY,), tuple(f"{n:043}" for n in range(1_001)))
    decided = DECIDER.decide(approve, DECIDER.fold([opened, proposed]), facts(B, many))
    parts = [event for event in decided if isinstance(event, DisclosuresErased)]
    assert [(p.part, p.parts, len(p.keys), len(p.digests)) for p in parts] == [
        (1, 3, 1, 500), (2, 3, 0, 500), (3, 3, 0, 1)
    ]  # fmt: skip


def test_a_correction_is_worded_and_then_in_force() -> None:
    correct = ProposeProtection(
        protection="correct", of="applicant", ground="inaccurate", reason=WHY, event=FIELD,
        member="lead_name", value=Personal("乙"),
    )  # fmt: skip
    worded = CorrectionWorded(
        decision=ID, event=FIELD, member="lead_name", of="applicant", value=Personal("乙")
    )
    before = proposal("correct", "inaccurate")
    given().when(correct).then(before, worded)
    given(before, worded, by=B).when(approve).then(
        DisclosureCorrected(
            decision=ID, event=FIELD, member="lead_name", worded=WORDED, ground="inaccurate",
            approved_by=(A, B),
        )
    )  # fmt: skip
    unfit = Aim((KEY,), ())
    Spec(DECIDER, facts(A, unfit)).given(opened).when(correct).then_refused("field_unknown")
    given().when(erase.model_copy(update={"member": "lead_name"})).then_refused(
        "only_a_correction_names_a_field"
    )


def test_a_restriction_is_extended_to_later_keys_by_the_same_decision() -> None:
    before = proposal("restrict", "disputed")
    later = ExtendRestriction(ID, (FIELD,))
    restricted = ProcessingRestricted(
        decision=ID, of="applicant", ground="disputed", approved_by=(A, B), keys=(KEY,)
    )
    given(before, restricted).when(later).then(restricted.model_copy(update={"keys": (FIELD,)}))
    given(before).when(later).then_nothing()
    given(proposed, erased).when(later).then_nothing()
    given().when(later).then_refused("decision_unknown")
