"""One of each, to vary: shared by every test of supervision."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from contracts.calendar import load_calendar
from contracts.catalogue import load_catalogue
from contracts.event import Event, Personal
from contracts.pack import POLICIES, load_pack
from contracts.supervision import (
    ItemAccepted,
    ItemDecided,
    ItemReady,
    ItemReceived,
    ItemSubmitted,
    PlanMade,
    ResultCollected,
)
from contracts.vocabulary import Document
from services.supervision.domain import DECIDER, OFFICE_DECIDER
from services.supervision.domain.commands import ArrangePlan
from services.supervision.domain.due import Rulebook
from services.supervision.domain.facts import (
    Commission,
    Dispatched,
    Engagement,
    Facts,
    OfficeFacts,
    Piece,
    Team,
)
from services.supervision.domain.state import INITIAL
from shared.testing.spec import Spec

PACK = load_pack(POLICIES / "cn-500242-bangdaiban" / "pack.yaml")
CATALOGUE = load_catalogue()
CALENDAR = load_calendar()
RULES = Rulebook(PACK, CATALOGUE, CALENDAR)
AREA = PACK.jurisdiction.code

MATTER = UUID("018f4e1c-0000-7000-8000-000000000001")
NEW = UUID("018f4e1c-0000-7000-8000-0000000000aa")
COMMISSION = UUID("018f4e1c-0000-7000-8000-0000000000c0")
DEED = UUID("018f4e1c-0000-7000-8000-0000000000d1")
SURVEY = UUID("018f4e1c-0000-7000-8000-0000000000d2")

UNIT = "p:00000000-0000-7000-8000-000000000001"
AGENT = "p:00000000-0000-7000-8000-000000000005"
APPROVER = "p:00000000-0000-7000-8000-000000000008"
OFFICER = "p:00000000-0000-7000-8000-000000000009"
HELPER = "p:00000000-0000-7000-8000-000000000007"

MONDAY = date(2026, 3, 2)
SCOPE = ("S1-01", "S1-04", "S1-05")
FILING, GRANT, LAND_PERMIT = SCOPE
"""An at-once filing, a contract that waits for land, a licence that waits for both."""

commission = Commission(
    id=COMMISSION,
    agent=AGENT,
    items=SCOPE,
    powers=("prepare", "submit", "supplement", "collect", "deliver"),
    begins_on=MONDAY,
    ends_on=date(2026, 12, 31),
)
agency = Engagement(
    id=MATTER,
    position=412,
    area=AREA,
    site="park-industrial",
    pack=PACK.edition,
    mode="agent",
    items=SCOPE,
    applicant=UNIT,
    opened_on=MONDAY,
    commission=commission,
    complete_items=frozenset(SCOPE),
    confirmed_forms={FILING: 1, LAND_PERMIT: 1},
    papers={"online_application": True, "commission_written": True},
    pieces=(
        Piece(piece=DEED, material="M05", originals=1),
        Piece(piece=SURVEY, material="M08"),
    ),
)
assistance = agency.model_copy(update={"mode": "assist", "commission": None})
team = Team(
    position=98,
    to=("park_i",),
    lead_body="park_i",
    assisted_by=("depts",),
    lead_agent=AGENT,
    agents=(AGENT,),
    items={item: Dispatched(agent=AGENT, body="park_i") for item in SCOPE},
)

agents_facts = Facts(
    today=MONDAY,
    on=MONDAY,
    pack=PACK,
    catalogue=CATALOGUE,
    calendar=CALENDAR,
    actor=AGENT,
    roles=frozenset({"agent"}),
    new=NEW,
    engagement=agency,
    team=team,
)
units_facts = replace(
    agents_facts, actor=UNIT, roles=frozenset({"applicant_lead"}), engagement=assistance
)
approvers_facts = replace(agents_facts, actor=APPROVER, roles=frozenset({"approver"}))
officers_facts = replace(agents_facts, actor=OFFICER, roles=frozenset({"office"}))
by_itself = replace(agents_facts, actor="s:supervision", roles=frozenset())


def on(day: date, facts: Facts = agents_facts) -> Facts:
    """The same facts on another day."""
    return replace(facts, today=day, on=day)


def _planned() -> Event:
    (made,) = DECIDER.decide(ArrangePlan(items=SCOPE), INITIAL, by_itself)
    return made


planned = _planned()
assert isinstance(planned, PlanMade)

ready = ItemReady(item=FILING, ready_on=MONDAY)
submitted = ItemSubmitted(
    item=FILING, body="depts", filed_by="agent", submitted_on=MONDAY, served_by="park_i"
)
received = ItemReceived(item=FILING, body="depts", received_on=MONDAY)


def licence_received(day: date = MONDAY) -> tuple[Event, ...]:
    """The land permit, a licence, is with the department since `day`."""
    return (
        ItemSubmitted(
            item=LAND_PERMIT,
            body="depts",
            filed_by="agent",
            submitted_on=day,
            served_by="park_i",
        ),
        ItemReceived(item=LAND_PERMIT, body="depts", received_on=day),
    )


def licence_accepted(day: date = MONDAY) -> tuple[Event, ...]:
    """The land permit was accepted on `day`: three working days promised, twenty by law."""
    due = CALENDAR.add_working_days
    return (
        *licence_received(day),
        ItemAccepted(
            item=LAND_PERMIT,
            accepted_on=day,
            calendar=CALENDAR.edition,
            statutory_due_on=due(day, 20).date,
            commitment_due_on=due(day, 3).date,
        ),
    )


def licence_decided(day: date = MONDAY, *, e_certificate: bool = False) -> tuple[Event, ...]:
    """The land permit was granted on `day`."""
    return (
        *licence_accepted(day),
        ItemDecided(
            item=LAND_PERMIT,
            outcome="approved",
            decided_on=day,
            body="depts",
            decider=APPROVER,
            e_certificate=e_certificate,
        ),
    )


def licence_collected(day: date = MONDAY) -> tuple[Event, ...]:
    """The agent fetched the land permit."""
    collected = ResultCollected(
        item=LAND_PERMIT, body="depts", kind="licence", collected_on=day, originals=1
    )
    return (*licence_decided(day), collected)


NOTICE: Personal[Document] = Personal(
    {"sha256": "ab" * 32, "size": 9, "media_type": "application/pdf", "name": "notice.pdf"}
)


def text(words: str) -> Personal[str]:
    return Personal(words)


given = Spec(DECIDER, agents_facts).given
office_facts = OfficeFacts(today=MONDAY, on=MONDAY, pack=PACK, calendar=CALENDAR, new=NEW)
given_office = Spec(OFFICE_DECIDER, office_facts).given
