"""What does assignment answer about matters: where they went, who has them, who was told?"""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from shared.answering import Answer, Rows, sometimes
from shared.answers import Reliance


class Known(Answer):
    """A fact that a rule turned on, and what was known of it."""

    zh: str
    value: str


class Rule(Answer):
    """A routing rule of the pack (派单规则)."""

    path: str
    zh: str
    src: str | None
    applies_to: str
    to: list[str] = Field(description="bodies or posts (去向)")
    decided_by: dict[str, Known] = Field(description="fact -> what was known of it")


class RuleNot(Rule):
    """A rule that did not apply."""

    because: str


type RoutingFact = bool | int | str | list[str]
"""What a rule may ask about: yes or no, a number, a word, a decimal as text, several words."""


class Changed(Answer):
    """A fact that is another today than when the matter was routed; null: not known."""

    was: RoutingFact | None
    is_: RoutingFact | None = Field(alias="is")


class Routing(Answer):
    """Which rule decided on which facts, and why not the others (派单理由)."""

    rules: list[Rule]
    not_: list[RuleNot] = Field(alias="not", description="rules that did not apply (未适用)")
    file_at: str | None = Field(description="where to file (申报地点)")
    known: dict[str, RoutingFact] = Field(
        description="fact -> its value when the matter was routed"
    )
    defaults: list[str]
    changed_since: dict[str, Changed] | None = Field(
        description="facts that are other today; null where that was not looked up"
    )


class Hand(Answer):
    """An item in somebody's hands (承办)."""

    agent: str
    body: str
    assisted_by: list[str]
    shadow: bool


class Conflicting(Answer):
    """An interest that was declared (利益冲突)."""

    person: str
    items: list[str]
    kind: str
    remedy: str


class HandOver(Answer):
    """A hand-over (移交), and whether the unit was told and agreed."""

    left: str
    agent: str
    told_applicant: bool
    consented: bool


class CentreTold(Answer):
    """Which bodies were told at first receipt (第一时间告知)."""

    to: list[str]
    delay_minutes: int | None
    confirmed_by: str | None
    confirmed_after: int | None


class Group(Answer):
    """The items that one item rule sends to its own bodies (工作组)."""

    rule: str
    to: list[str] = Field(description="bodies (机构)")
    items: list[str]


class Sent(Answer):
    """An item that another level serves (转办)."""

    to: str
    confirm_by_on: date | None
    confirmed_by: str | None
    late: bool
    follow_until: str | None


class MatterTold(Answer):
    """Where a matter went and who answers for what (派单情况)."""

    id: UUID
    version: int
    position: int
    area: str
    site: str | None
    to: list[str] = Field(description="the bodies it went to (承办机构)")
    lead_body: str | None
    jointly: bool
    assisted_by: list[str]
    lead_agent: str | None
    agents: list[str]
    items: dict[str, Hand] = Field(description="item -> who has it")
    co_leads: list[str]
    co_leading: list[str]
    groups: list[Group]
    promised: dict[str, datetime] = Field(description="agent -> by when he promised to begin")
    notice: CentreTold | None
    steward: str | None
    pair: list[str] | None = Field(description="lead agent and steward (结对)")
    transfers: dict[str, Sent] = Field(description="item -> where it went (转办)")
    owners: dict[str, str] = Field(description="item -> who in the department decides it")
    without_owner: list[str]
    handover_sheets: list[str] = Field(description="SHA-256 of each hand-over sheet (交接单)")
    acknowledged: list[str]
    conflicts: list[Conflicting]
    hand_overs: list[HandOver]


class Matter(MatterTold):
    """The same, with the reason and the head of the team."""

    routing: Routing | None
    chief: str | None


class InQueue(Answer):
    """A matter as the lists have it (派单列表)."""

    matter: UUID
    position: int
    area: str
    pack: str | None
    site: str | None
    bodies: list[str]
    lead_body: str
    routed_on: date
    dispatched_on: date | None
    lead_agent: str | None
    jumped: int = Field(description="earlier requests that it was taken before (插队)")
    passed_over: list[str]


class Waiting(InQueue):
    """A matter without an agent, and by when it is to have one."""

    due_on: date = sometimes("where the place promises a day (派单时限)")
    estimated: bool = sometimes("that the calendar of that year is not announced yet (预估)")


class Queue(Answer):
    """Who waits for an agent, in order, and who was taken first (派单次序)."""

    waiting: list[Waiting]
    after: str | None
    jumped: list[InQueue] = Field(description="taken before earlier ones: the latest 200")
    defaults: list[str]


class Ranked(Answer):
    """Somebody who could have it, and what the score is made of (评分)."""

    person: str
    body: str
    score: int
    parts: dict[str, int]
    zh: dict[str, int] = Field(description="the same parts by their Chinese names")


class PassedOver(Answer):
    """Somebody who could not have it, and why."""

    person: str
    body: str
    because: list[str]
    zh: str
    score: int | None


class Candidates(Answer):
    """Who could have it, ranked (派单建议)."""

    item: str | None
    rule: str | None
    offered: str | None = Field(description="whom the ranking offers (建议人选)")
    because: str
    ranked: list[Ranked]
    excluded: list[PassedOver]
    defaults: list[str]


class OpenItem(Answer):
    """An item that goes on (未办结事项)."""

    item: str
    zh: str | None
    state: str | None
    due_on: date | None
    missing: list[str]
    shadow: bool


class FeeUnpaid(Answer):
    """A fee (费用) that is not paid."""

    item: str
    due_on: date | None


class IssueOpen(Answer):
    """A problem (问题) that is not solved."""

    kind: str
    items: list[str]
    due_on: date | None


class LetterUnanswered(Answer):
    """A letter (函件) without an answer."""

    to: str
    reply_by_on: date | None


class Sheet(Answer):
    """What is open, due, owed and held (交接单)."""

    number: str | None
    mode: str | None
    left: str
    leads: bool
    open: list[OpenItem]
    papers_lacking: list[str] = Field(description="items whose papers are not complete")
    commission_until: date | None
    originals_held: list[str]
    pieces_held: int
    fees_unpaid: list[FeeUnpaid]
    issues_open: list[IssueOpen]
    letters_unanswered: list[LetterUnanswered]
    visits_to_come: list[datetime]
    last_contact: datetime | None
    transfers_unconfirmed: list[str]
    promised_at: datetime | None


class SheetTold(Answer):
    """The hand-over sheet as data, as text, and how far the others were read for it."""

    id: UUID
    sheet: Sheet
    text: str
    digest: str
    relied_on: list[Reliance]


class Serving(Answer):
    """Who serves the matter; what he never gave, or what was erased, is absent (服务人员)."""

    person: str
    lead: bool
    steward: bool
    name: str = sometimes()
    phone: str = sometimes()
    title: str = sometimes()


class People(Answer):
    """Whom the unit may call (一对一)."""

    id: UUID
    people: list[Serving]


class UnitTold(Answer):
    """What the unit was told of who serves it (更换告知)."""

    position: int
    matter: UUID
    area: str
    kind: str
    zh: str
    replaced: str | None
    person: str | None
    body: str | None
    items: list[str]
    cause: str | None
    told: bool
    consented: bool | None
    told_on: date


class Unacknowledged(Answer):
    """Who was named and has not taken over (未确认接办)."""

    matter: UUID
    agent: str
    body: str
    lead: bool
    since: date | None
    due_on: date | None
    estimated: bool = sometimes("absent where no day is known")
    overdue: bool


class UnacknowledgedRows(Rows[Unacknowledged]):
    """The list, and the rule its days come from."""

    rule: str
    defaults: list[str]


class Transferred(Answer):
    """An item that went to another level (转办)."""

    matter: UUID
    item: str
    area: str
    to_body: str
    sent_on: date
    confirm_by_on: date | None
    confirmed_on: date | None
    person: str | None
    follow_until: str | None
    followed_by: str | None
    closed: bool
    overdue: bool


class Unowned(Answer):
    """An item for which the department named nobody (未落实到人)."""

    matter: UUID
    item: str
    agent: str
    since: date
    key: str = Field(description="what the cursor goes on after")


class CentreNotice(Answer):
    """Which centre was told at first receipt, how late (第一时间告知)."""

    matter: UUID
    area: str
    bodies: list[str]
    told_on: date
    delay_minutes: int | None
    confirmed_by: str | None
    confirmed_after: int | None
