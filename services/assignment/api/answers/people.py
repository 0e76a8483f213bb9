"""What does assignment answer about people: the roster, posts, teams, who is away?"""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.answering import Answer, sometimes


class Member(Answer):
    """Somebody on the roster, without his name (花名册)."""

    area: str
    person: str
    body: str
    body_kind: str
    roles: list[str]
    skills: list[str]
    items: list[str]
    sites: list[str]
    added_on: date
    removed_on: date | None
    cause: str | None
    home_body: str | None
    staff_kind: str | None
    languages: list[str]
    available: bool
    why_not: str | None
    away_from: date | None = Field(description="the first day of the next absence")


class MemberOpened(Answer):
    """Somebody with his name; what was never given, or was erased, is absent (查阅花名册)."""

    person: str
    name: str = sometimes()
    phone: str = sometimes()
    title: str = sometimes()


class Opened(Answer):
    """The people that were asked for; that they were opened is on record (查阅花名册)."""

    people: list[MemberOpened]
    position: int


class RowFault(Answer):
    """What is wrong, and in which row and column of the table (逐行差错)."""

    row: int | None = Field(description="from 1, the header is 1; null: the table itself")
    column: str | None = Field(description="by its name; null: the whole row")
    code: str
    zh: str
    en: str


class ImportPreview(Answer):
    """What an import would do; nothing while there are faults (试导入)."""

    rows: int = Field(description="lines of the table")
    added: int = Field(description="people who would be added")
    unchanged: int = Field(description="people who are on the roster just so")
    ready: bool = Field(description="whether it could be taken in")
    errors: list[RowFault]


class Imported(Answer):
    """The whole table was taken in (导入花名册)."""

    batch: UUID = Field(description="the same table again is the same batch")
    rows: int = Field(description="people in the table")
    added: int = Field(description="people who were added")
    unchanged: int = Field(description="people who were on the roster just so")
    version: int
    position: int


class Training(Answer):
    """A training, who came, and which invited bodies sent nobody (培训)."""

    training: UUID
    area: str
    body: str
    topics: list[str]
    invited: list[str]
    held_on: date
    attended: list[str]
    absent: list[str]


class Trainings(Answer):
    """The latest 200 trainings (培训台账)."""

    trainings: list[Training]


class Untrained(Answer):
    """Who came to no training on a topic (未参训人员)."""

    topics: dict[str, list[str]] = Field(description="topic -> people")
    people: int


class InHand(Answer):
    """What one person has in hand (在办量)."""

    agent: str
    body: str
    items: int
    points: int
    matters: int
    oldest_since: date


class Load(Answer):
    """Open items per person, and whose tasks nobody takes (在办量)."""

    load: list[InHand]
    orphaned: list[str]


class Stability(Answer):
    """How stable a body's team was (人员稳定)."""

    body: str
    at_beginning: int
    at_end: int
    joined: int
    left: int


class Turnover(Answer):
    """The stability of each body's team in a period (人员稳定)."""

    bodies: list[Stability]


class PostHeld(Answer):
    """A post as one person held it (任岗)."""

    position: int
    area: str
    post: str
    role: str
    body: str
    person: str
    begins_on: date
    ends_on: date | None
    acting: bool
    vacated_on: date | None
    cause: str | None
    successor: str | None
    slot: str | None
    stage: str | None
    item: str | None
    duty_phone: str | None


class Posts(Answer):
    """Who held which post from when to when, at most 500 (任岗沿革)."""

    posts: list[PostHeld]


class DutyPhone(Answer):
    """A post and its office telephone (值班电话)."""

    post: str
    role: str
    role_zh: str | None
    body: str
    body_zh: str | None
    stage: str | None
    item: str | None
    duty_phone: str


class Directory(Answer):
    """Posts without anybody's name (通讯录)."""

    posts: list[DutyPhone]


class Place(Answer):
    """A place of a team: who fills it, how many are missing (编制)."""

    post: str
    slot: str | None
    zh: str
    role: str
    body: str | None
    stage: str | None
    item: str | None
    bodies: list[str]
    min: int
    max: int | None
    persons: list[str]
    missing: int
    rule: str
    source: str | None = Field(description="the words of the pack that ask for it (出处)")
    default: bool = Field(description="that no source asks for it: ours (默认值)")


class Vacancies(Answer):
    """Which post of the pack nobody fills (空缺岗位)."""

    vacancies: list[Place]


class TeamMember(Answer):
    """Somebody of a team."""

    person: str
    body: str
    home_body: str | None
    roles: list[str]
    why_not: str | None


class Team(Answer):
    """A team: its places, holders, reserves and gaps (队伍)."""

    id: str
    zh: str
    kind: Literal["whole", "group", "body"]
    body: str | None
    complete: bool
    formed_on: date | None
    chief: str | None
    places: list[Place]
    members: list[TeamMember]
    reserves: list[TeamMember]


class Teams(Answer):
    """Every team of the place (队伍)."""

    model: str = Field(description="how the pack staffs the service (队伍模式)")
    pairs_with: str | None = Field(
        description="the role that is paired with a lead agent (结对)"
    )
    teams: list[Team]


class Reserve(Answer):
    """A reserve that acts, now or later (候补启用)."""

    activation: UUID
    person: str
    covers: str
    matters: list[UUID]
    begins_on: date
    ends_on: date
    acts: bool


class Reserves(Answer):
    """Which reserves act (候补启用)."""

    reserves: list[Reserve]


class Away(Answer):
    """Who is away, from when to when; never why (缺勤)."""

    absence: UUID
    person: str
    begins_on: date
    ends_on: date
    substitute: str | None
    away: bool
    tomorrow: bool


class Absences(Answer):
    """Who is away or will be (缺勤)."""

    absences: list[Away]
