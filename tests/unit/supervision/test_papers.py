"""Every paper the mode asks for before an act is demanded here too, as intake tells it (X-03)."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from contracts.pack import POLICIES, load_pack
from contracts.supervision import ItemSubmitted
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import SubmitItem
from services.supervision.domain.facts import Agreement, Facts
from tests.unit.supervision.examples import (
    FILING,
    GRANT,
    HELPER,
    MONDAY,
    SCOPE,
    agency,
    agents_facts,
    given,
    on,
    planned,
    ready,
    team,
)

SIGNING = load_pack(POLICIES / "cn-341525-bangdaiban" / "pack.yaml")
file_it = SubmitItem(item=FILING)
agreement = Agreement(
    id=UUID(int=7), papers=("agreement",), state="in_force", in_force=True, items=SCOPE,
    begins_on=MONDAY,
)  # fmt: skip


def with_papers(*agreements: Agreement, **more: Any) -> Facts:
    papers = {"application": True, "commission_written": True}
    engaged = agency.model_copy(
        update={"pack": SIGNING.edition, "agreements": agreements, "papers": papers, **more}
    )
    return replace(agents_facts, pack=SIGNING, engagement=engaged)


def filed(facts: Facts) -> bool:
    decided = DECIDER.decide(file_it, DECIDER.fold([planned, ready]), facts)
    return any(isinstance(event, ItemSubmitted) for event in decided)


def test_with_its_papers_the_agent_files() -> None:
    assert filed(with_papers(agreement))


def test_without_the_agreement_nothing_is_filed() -> None:
    details = given(planned, ready).when(file_it, with_papers()).then_refused("paper_missing")
    assert details["rule"] == "modes.agent.papers.agreement"


def test_one_that_is_suspended_ended_or_over_bears_nothing() -> None:
    for changed in (
        {"in_force": False, "state": "suspended"},
        {"in_force": False, "state": "ended"},
        {"ends_on": date(2026, 3, 1)},
        {"begins_on": date(2026, 3, 3)},
    ):
        facts = with_papers(agreement.model_copy(update=changed))
        given(planned, ready).when(file_it, facts).then_refused("agreement_not_in_force")


def test_its_last_day_is_still_one_of_its_days() -> None:
    short = agreement.model_copy(update={"ends_on": MONDAY})
    assert short.holds(MONDAY) and not short.holds(date(2026, 3, 3))
    late = on(date(2026, 3, 3), with_papers(short))
    given(planned, ready).when(file_it, late).then_refused("agreement_not_in_force")


def test_an_item_it_leaves_out_is_not_filed_under_it() -> None:
    other = agreement.model_copy(update={"items": (GRANT,)})
    given(planned, ready).when(file_it, with_papers(other)).then_refused("item_not_agreed")


def test_the_application_is_demanded_and_may_be_excused() -> None:
    bare = with_papers(agreement, papers={})
    details = given(planned, ready).when(file_it, bare).then_refused("paper_missing")
    assert details["paper"] == "application"
    assert filed(with_papers(agreement, papers={}, excused=frozenset({"application"})))


def test_only_whom_the_unit_named_files_in_its_name() -> None:
    other = replace(with_papers(agreement), actor=HELPER)
    given(planned, ready).when(file_it, other).then_refused("not_the_commissioned_agent")
    relayed = replace(other, team=team.model_copy(update={
        "lead_agent": HELPER, "agents": (HELPER,), "items": {},
    }))  # fmt: skip
    assert filed(relayed)
