"""What the services tell makes the matter."""

from datetime import date
from uuid import UUID

from contracts.assignment import AgentReassigned, ItemDispatched, MatterRouted
from contracts.documents import examples_of
from contracts.event import Personal
from contracts.intake import (
    AgreementEnded,
    CommissionFiled,
    ItemScopeAmended,
    MatterMigrated,
    ModeChosen,
)
from contracts.supervision import (
    FeeDue,
    FeePaid,
    IssueOpened,
    IssueResolved,
    ItemAccepted,
    ItemSubmitted,
    PlanLine,
    PlanMade,
)
from services.archive.domain.matter import UNKNOWN
from tests.unit.archive.examples import (
    AGENT,
    APPROVER,
    CATALOGUE,
    CLERK,
    COURSE,
    ITEM,
    NUMBER,
    PACK,
    PIECE,
    PROJECT,
    UNIT,
    assigned,
    closed,
    matter,
    requested,
    scoped,
)

DOCUMENT = {"sha256": "0" * 64, "size": 1, "media_type": "application/pdf", "name": "x.pdf"}


def test_a_request_says_whose_matter_it_is_and_by_which_rules() -> None:
    told = matter(requested)
    assert (told.number, told.applicant, told.pack) == (NUMBER, UNIT, PACK.edition)
    assert (told.project, told.standing) == (PROJECT, "requested")
    assert told.project_known


def test_the_whole_course_leaves_nothing_owing() -> None:
    told = matter(*COURSE)
    item = told.item(ITEM)
    assert item.closed and item.delivered and not item.owes_a_result
    assert not told.outstanding
    assert told.invited == {"overall"} and told.agents == {AGENT}


def test_items_come_and_go_with_the_scope() -> None:
    amended = ItemScopeAmended(
        catalogue=CATALOGUE.edition, added=("S2-01", ITEM), removed=(ITEM,)
    )
    assert matter(requested, scoped, amended).scope == ("S2-01", ITEM)


def test_the_unit_may_choose_again() -> None:
    told = matter(requested, ModeChosen(mode="assist"), ModeChosen(mode="agent"))
    assert told.mode == "agent"


def test_a_commission_counts_until_it_ends() -> None:
    commission = CommissionFiled.model_validate(
        {
            "commission": PIECE,
            "agent": AGENT,
            "items": (ITEM,),
            "powers": ("submit",),
            "begins_on": "2026-04-14",
            "ends_on": "2026-12-31",
            "signed_on": "2026-04-14",
            "signing": "seal",
            "agent_name": "乙",
            "principal": "测试公司",
            "signatory": "甲",
            "paper": DOCUMENT,
        }
    )
    ended = AgreementEnded(commission=PIECE, cause="matter_done", ended_by="rule")
    other = ended.model_copy(update={"commission": UUID(int=1)})
    assert matter(requested, commission, other).commission is not None
    assert matter(requested, commission, ended).commission is None


def test_a_handed_over_item_changes_its_agent() -> None:
    dispatched = ItemDispatched(item=ITEM, body="depts", agent=AGENT, rule="routing.by_item")
    relay = AgentReassigned(left=AGENT, agent=APPROVER, body="park_i", lead=True, cause="relay")
    told = matter(requested, assigned, dispatched, relay)
    assert told.item(ITEM).agent == APPROVER and told.lead == APPROVER
    assert told.agents == {APPROVER}


def test_bodies_take_part_by_route_and_by_item() -> None:
    routed = MatterRouted(
        site="elsewhere", to=("depts", "town"), lead="depts", jointly=True, rule="routing"
    )
    assert matter(requested, routed).bodies == {"depts", "town"}


def test_a_closed_item_stays_closed() -> None:
    late = ItemSubmitted(item=ITEM, body="depts", filed_by="agent")
    assert matter(*COURSE, late).item(ITEM).state == "closed"
    assert matter(requested, scoped, late, closed).item(ITEM).state == "closed"


def test_a_new_plan_does_not_move_the_day_that_was_promised() -> None:
    line = {"item": ITEM, "owner": "depts", "due_on": date(2026, 12, 2), "working_days": 5}
    plan = PlanMade.model_validate(
        examples_of("supervision.plan_made.v1")["three_items"]
    ).model_copy(update={"lines": (PlanLine.model_validate(line),)})
    promised = ItemAccepted(
        item=ITEM, calendar=plan.calendar, commitment_due_on=date(2026, 11, 24)
    )
    assert matter(requested, scoped, plan).item(ITEM).due_on == date(2026, 12, 2)
    assert matter(requested, scoped, promised, plan).item(ITEM).due_on == date(2026, 11, 24)


def test_open_issues_and_unpaid_fees_are_told() -> None:
    issue = IssueOpened(
        issue=PIECE,
        kind="approval",
        severity="general",
        owner="depts",
        description=Personal("两部门意见不一"),
    )
    fee = FeeDue(
        fee=PIECE,
        item=ITEM,
        kind="fee",
        amount="10.00",  # type: ignore[arg-type]
        payee="depts",
        basis="《测试收费条例》第五条",
    )
    told = matter(requested, issue, fee)
    assert told.issues == {PIECE} and told.unpaid == {PIECE}
    solved = IssueResolved(issue=PIECE, outcome="solved", resolution=Personal("已协调"))
    paid = FeePaid(fee=PIECE, item=ITEM, amount="10.00")  # type: ignore[arg-type]
    told = matter(requested, issue, fee, solved, paid)
    assert not told.issues and not told.unpaid


def test_a_migrated_matter_follows_the_edition_it_took() -> None:
    taken = "other@0123456789abcdef"
    moved = MatterMigrated(left=PACK.edition, taken=taken, reason=Personal("按新版办理"))
    assert matter(requested, moved).pack == taken


def test_nothing_told_is_nothing_known() -> None:
    assert UNKNOWN.number is None and CLERK not in UNKNOWN.unit
