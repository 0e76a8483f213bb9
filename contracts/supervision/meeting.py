"""What supervision says of departments called together over a problem (吹哨报到、联席会议)."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    BodyId,
    Day,
    Defaults,
    Document,
    Instant,
    ItemCode,
    Ordinal,
    PackPath,
    Signal,
    Subject,
    Word,
)


class WhistleBlown(Event):
    """The task force whistled, and the departments named must report (专班吹哨; AS-80)."""

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.whistle_blown.v1"] = "supervision.whistle_blown.v1"

    whistle: UUID
    issue: UUID
    to: tuple[BodyId, ...]
    report_by_on: Day
    signal: Signal | None = None
    ladder: PackPath
    rung: Ordinal
    rung_id: Word
    blown_on: Day
    defaults: Defaults = ()
    wording: Personal[str]
    notice: Personal[Document] | None = None


class DepartmentReported(Event):
    """A department answered the whistle (部门报到; AS-80).

    Who does not by the day is a no-show, and is shown as one.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.department_reported.v1"] = "supervision.department_reported.v1"

    whistle: UUID
    issue: UUID
    body: BodyId
    reported_on: Day
    late: bool = False
    answer: Personal[str]


class MeetingCalled(Event):
    """Departments were called together across levels (召开联席会议; AS-26, AS-81, YY-26).

    `kind` is a meeting of the pack; `binding` says that its minutes must be followed.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.meeting_called.v1"] = "supervision.meeting_called.v1"

    meeting: UUID
    kind: Word
    issue: UUID | None = None
    items: tuple[ItemCode, ...] = ()
    convened_by: BodyId
    bodies: tuple[BodyId, ...]
    starts_at: Instant
    binding: bool = False
    papers: tuple[Word, ...] = ()
    signal: Signal | None = None
    ladder: PackPath | None = None
    rung: Ordinal | None = None
    rung_id: Word | None = None
    called_on: Day
    defaults: Defaults = ()
    topic: Personal[str]
    place: Personal[str] | None = None
    notice: Personal[Document] | None = None


class AttendanceSigned(Event):
    """Somebody signed in for a body at a meeting (会议签到; AS-81)."""

    subject: ClassVar[Subject] = "staff"

    type: Literal["supervision.attendance_signed.v1"] = "supervision.attendance_signed.v1"

    meeting: UUID
    body: BodyId
    person: ActorId | None = None
    name: Personal[str] | None = None
    sheet: Personal[Document] | None = None


class MinutesIssued(Event):
    """A meeting's minutes went out (形成会议纪要; AS-82).

    `absent` were called and did not come; `agreed` says whether they came to terms.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.minutes_issued.v1"] = "supervision.minutes_issued.v1"

    meeting: UUID
    issue: UUID | None = None
    binding: bool
    absent: tuple[BodyId, ...] = ()
    issued_on: Day
    agreed: bool = True
    decisions: Personal[str]
    minutes: Personal[Document] | None = None
    photos: Personal[tuple[Document, ...]] | None = None


class ActionAssigned(Event):
    """What the minutes ask of one body by one day (会议议定事项; AS-82)."""

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.action_assigned.v1"] = "supervision.action_assigned.v1"

    action: UUID
    meeting: UUID
    issue: UUID | None = None
    owner: BodyId
    person: ActorId | None = None
    due_on: Day
    binding: bool = False
    wording: Personal[str]


class ActionDone(Event):
    """What the minutes asked for is done (议定事项落实; AS-82)."""

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.action_done.v1"] = "supervision.action_done.v1"

    action: UUID
    issue: UUID | None = None
    done_on: Day
    late: bool = False
    outcome: Personal[str]
    paper: Personal[Document] | None = None


class JointAttackBegun(Event):
    """A problem became the government's own, to be solved together (联合攻关; AS-84)."""

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.joint_attack_begun.v1"] = "supervision.joint_attack_begun.v1"

    issue: UUID
    owner: BodyId
    bodies: tuple[BodyId, ...]
    due_on: Day | None = None
    signal: Signal | None = None
    ladder: PackPath
    rung: Ordinal
    rung_id: Word
    begun_on: Day
    defaults: Defaults = ()
    solution: Personal[str]
    record: Personal[Document] | None = None
