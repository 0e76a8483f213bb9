"""Outreach (主动服务): to whom, with which list, by which ways, with what proof."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.event import Event, Personal
from contracts.intake import (
    ChecklistDelivered,
    ChecklistPublished,
    OutreachClosed,
    OutreachOpened,
    PolicyPushed,
    ServiceVisited,
    StoryPublished,
)
from contracts.pack.sections import Outreaching
from contracts.vocabulary import OutreachVia
from services.intake.domain.desk import Desk
from services.intake.domain.outreach import (
    OUTREACH,
    PUBLISHED,
    CloseOutreach,
    DeliverChecklist,
    LogVisit,
    OpenOutreach,
    OutreachCommand,
    PublishChecklist,
    PushPolicy,
    selected,
)
from services.intake.domain.story import STORY, PublishStory
from shared.testing.spec import Spec
from tests.unit.contracts.projects import FACTORY
from tests.unit.intake.door_examples import ASKED, DAY, DESK, ID, LISTS, MATTER, at, facts, only

NEW = facts(**{**dict(FACTORY), "flags": ["newly_settled"]})
FLOOR = at(LISTS, project=NEW)
spec: Spec[OutreachCommand, Any, Event, Desk] = Spec(OUTREACH, FLOOR)
RULE = "proactive.checklist"
OPENED, LISTED = OUTREACH.decide(OpenOutreach(rule=RULE), OUTREACH.initial, FLOOR)
DOC = Personal({"sha256": "a" * 64, "size": 1, "media_type": "image/png", "name": "签收"})


def deliver(via: OutreachVia, **more: Any) -> DeliverChecklist:
    return DeliverChecklist(via=via, proven_by="receipt", reference="R-1", **more)


def delivered(via: OutreachVia) -> ChecklistDelivered:
    assert isinstance(LISTED, ChecklistPublished)
    return ChecklistDelivered(
        edition=1, digest=LISTED.digest, via=via, delivered_on=DAY, proven_by="receipt",
        reference="R-1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("flags", "rules"),
    [
        (["newly_settled"], ["checklist"]),
        (["major_gov_investment"], ["checklist"]),
        (["attracted_investment"], ["checklist"]),
        ([], []),
        (["something_else"], []),
    ],
)
def test_the_places_flags_select_whom_to_go_to(flags: list[str], rules: list[str]) -> None:
    found = selected(LISTS, facts(**{**dict(FACTORY), "flags": flags}))
    assert [rule.id for rule in found] == rules


def test_a_policy_is_an_occasion_of_its_own() -> None:
    assert [rule.id for rule in selected(LISTS, NEW, PUBLISHED)] == ["policy"]


def test_it_is_opened_once_with_its_list() -> None:
    assert isinstance(OPENED, OutreachOpened) and isinstance(LISTED, ChecklistPublished)
    assert OPENED.via == ("online", "offline") and LISTED.edition == 1
    applying = {item.id for item in FLOOR.catalogue.items_for(NEW)}
    assert set(LISTED.items) <= applying and LISTED.materials
    spec.given(OPENED, LISTED).when(OpenOutreach(rule=RULE)).then_nothing()
    spec.given().when(OpenOutreach(rule="proactive.none")).then_refused("rule_unknown")


def test_the_list_follows_the_facts_and_is_named_by_its_content() -> None:
    spec.given(OPENED, LISTED).when(PublishChecklist()).then_nothing()
    changed = replace(FLOOR, project=facts(**{**dict(FACTORY), "relics": True}))
    state = spec.given(OPENED, LISTED, delivered("online")).state()
    event = only(OUTREACH.decide(PublishChecklist(), state, changed))
    assert isinstance(LISTED, ChecklistPublished)
    assert event.edition == 2 and event.digest != LISTED.digest
    assert OUTREACH.evolve(state, event).brought == frozenset()


def test_each_way_is_evidenced_once() -> None:
    spec.given(OPENED, LISTED).when(deliver("online")).then(delivered("online"))
    spec.given(OPENED, LISTED, delivered("online")).when(deliver("online")).then_nothing()
    bare = DeliverChecklist(via="offline", proven_by="word")
    spec.given(OPENED, LISTED).when(bare).then_refused("proof_required")


def test_a_way_the_rule_does_not_name_is_refused() -> None:
    online = OPENED.model_copy(update={"via": ("online",)})
    details = (
        spec.given(online, LISTED).when(deliver("offline")).then_refused("way_not_offered")
    )
    assert details["offered"] == ["online"]


def test_it_closes_when_both_ways_are_evidenced_and_not_before() -> None:
    close = CloseOutreach()
    half = spec.given(OPENED, LISTED, delivered("online"))
    assert half.when(close).then_refused("not_brought_by_every_way")["missing"] == ["offline"]
    whole = (OPENED, LISTED, delivered("online"), delivered("offline"))
    closed = OutreachClosed(outcome="delivered", closed_on=DAY)
    spec.given(*whole).when(close).then(closed)
    spec.given(*whole, closed).when(close).then_nothing()
    spec.given(*whole, closed).when(deliver("online")).then_refused("not_in_this_state")


def test_a_project_that_is_no_more_is_given_up_with_a_reason() -> None:
    gone = CloseOutreach(outcome="no_longer_applies")
    spec.given(OPENED, LISTED).when(gone).then_refused("reason_required")
    why = gone.model_copy(update={"reason": Personal("项目撤销")})
    spec.given(OPENED, LISTED).when(why).then(
        OutreachClosed(outcome="no_longer_applies", closed_on=DAY, reason=Personal("项目撤销"))
    )


def test_a_published_policy_is_brought_online_by_itself() -> None:
    opened, pushed, closed = OUTREACH.decide(
        OpenOutreach(rule="proactive.policy", notice=ASKED), OUTREACH.initial, FLOOR
    )
    assert isinstance(opened, OutreachOpened) and opened.notice == ASKED
    assert isinstance(pushed, PolicyPushed) and pushed.matched == ("newly_settled",)
    assert isinstance(closed, OutreachClosed)


def test_a_policy_is_pushed_once_by_each_way_and_a_visit_logged() -> None:
    push = PushPolicy(notice=ASKED, via="offline")
    pushed = PolicyPushed(
        notice=ASKED, rule=RULE, matched=("newly_settled",), via="offline", pushed_on=DAY
    )
    spec.given(OPENED, LISTED).when(push).then(pushed)
    spec.given(OPENED, LISTED, pushed).when(push).then_nothing()
    visited = ServiceVisited(visited_on=DAY, purpose="policy")
    spec.given(OPENED, LISTED).when(LogVisit(purpose="policy")).then(visited)
    spec.given().when(LogVisit(purpose="policy")).then_refused("not_in_this_state")


def test_a_visit_is_what_a_visit_asks_for() -> None:
    rule: Outreaching = next(r for r in LISTS.proactive if r.what == "service_visit")
    opened = only(
        OUTREACH.decide(
            OpenOutreach(rule=f"proactive.{rule.id}", notice=ASKED), OUTREACH.initial, FLOOR
        )
    )
    open_one = spec.given(opened)
    open_one.when(CloseOutreach()).then_refused("not_brought_by_every_way")
    open_one.when(deliver("offline")).then_refused("no_checklist")
    visited = ServiceVisited(visited_on=DAY, purpose="policy")
    spec.given(opened, visited).when(CloseOutreach()).then(
        OutreachClosed(outcome="delivered", closed_on=DAY)
    )


def test_good_practice_is_told_and_a_unit_only_with_its_leave() -> None:
    stories: Spec[PublishStory, int, Event, Desk] = Spec(STORY, DESK)
    story = PublishStory(
        area=DESK.pack.jurisdiction.code, kind="good_practice", body="zone", medium="web",
        title=Personal("好经验"),
    )  # fmt: skip
    told = StoryPublished(
        story=ID, kind="good_practice", body="zone", medium="web", title=Personal("好经验")
    )
    stories.given().when(story).then(told)
    stories.given(told).when(story).then_nothing()
    of_unit = story.model_copy(update={"of_matter": MATTER})
    stories.given().when(of_unit).then_refused("consent_required")
    agreed = of_unit.model_copy(update={"consented": True, "consent": DOC})
    stories.given().when(agreed).then(
        told.model_copy(update={"of_matter": MATTER, "consented": True, "consent": DOC})
    )
    stories.given().when(story.model_copy(update={"body": "nowhere"})).then_refused(
        "body_unknown"
    )
