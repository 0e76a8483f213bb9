"""What supervision says of bodies that look at items together, and of opinions given early."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.vocabulary import BodyId, Day, Document, ItemCode, Subject


class JointReviewHeld(Event):
    """Drawings were reviewed by all concerned in one session (联合审图; AS-28).

    One sheet for all; `passed` is absent while something is left open.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.joint_review_held.v1"] = "supervision.joint_review_held.v1"

    session: UUID
    items: tuple[ItemCode, ...]
    lead: BodyId
    bodies: tuple[BodyId, ...]
    absent: tuple[BodyId, ...] = ()
    held_on: Day
    passed: bool | None = None
    conclusion: Personal[str]
    sheet: Personal[Document] | None = None


class JointSurveyHeld(Event):
    """The site was surveyed by all concerned at once (联合勘验; AS-29)."""

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.joint_survey_held.v1"] = "supervision.joint_survey_held.v1"

    session: UUID
    items: tuple[ItemCode, ...]
    lead: BodyId
    bodies: tuple[BodyId, ...]
    absent: tuple[BodyId, ...] = ()
    held_on: Day
    passed: bool | None = None
    conclusion: Personal[str]
    sheet: Personal[Document] | None = None


class JointAcceptanceHeld(Event):
    """The works were accepted by all concerned at once (联合验收; AS-30)."""

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.joint_acceptance_held.v1"] = (
        "supervision.joint_acceptance_held.v1"
    )

    session: UUID
    items: tuple[ItemCode, ...]
    lead: BodyId
    bodies: tuple[BodyId, ...]
    absent: tuple[BodyId, ...] = ()
    held_on: Day
    passed: bool | None = None
    conclusion: Personal[str]
    sheet: Personal[Document] | None = None


class EarlyReviewGiven(Event):
    """A department said early what it thinks; it is not a decision (提前介入意见，非审批决定; AS-28).

    `decision` is always false: nobody may take the opinion for one.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.early_review_given.v1"] = "supervision.early_review_given.v1"

    review: UUID
    items: tuple[ItemCode, ...]
    body: BodyId
    given_on: Day
    decision: Literal[False] = False
    opinion: Personal[str]
    paper: Personal[Document] | None = None
