"""Reminders, urging rung by rung, letters, and problems from opening to settlement."""

from dataclasses import replace
from datetime import date

from contracts.supervision import (
    IssueOpened,
    IssueRaised,
    IssueResolved,
    LetterAnswered,
    LetterSent,
    ReminderSent,
    RungWaived,
    UrgeSent,
)
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import (
    AnswerLetter,
    OpenIssue,
    RaiseIssue,
    RemindNode,
    ResolveIssue,
    SendLetter,
    TakeListedIssue,
    UrgeByItself,
    UrgeItem,
)
from tests.unit.supervision.examples import (
    AGENT,
    COMMISSION,
    DEED,
    FILING,
    LAND_PERMIT,
    MONDAY,
    NEW,
    agents_facts,
    assistance,
    by_itself,
    given,
    licence_accepted,
    licence_decided,
    officers_facts,
    on,
    planned,
    text,
)

THURSDAY = date(2026, 3, 5)
near = RemindNode(item=LAND_PERMIT, to="depts", due_on=THURSDAY, percent=70)
push = UrgeItem(item=LAND_PERMIT, signal="stalled", wording=text("请办"))
accepted = (planned, *licence_accepted())
assists = replace(agents_facts, engagement=assistance, roles=frozenset({"helper"}))
opened = IssueOpened(
    issue=NEW,
    kind="coordination",
    severity="general",
    opened_on=MONDAY,
    items=(LAND_PERMIT,),
    owner="park_i",
    due_on=date(2026, 3, 9),
    defaults=("ladders.problem.rungs.issue_list.wait",),
    description=text("管线迁改"),
    ladder="ladders.problem",
    rung=1,
    rung_id="coordinate",
)
raised = IssueRaised(
    issue=NEW,
    severity="complex",
    to="ro",
    signal="beyond_power",
    ladder="ladders.problem",
    rung=2,
    raised_on=MONDAY,
    defaults=(
        "ladders.problem.rungs.issue_list.fires",
        "ladders.problem.rungs.issue_list.wait",
    ),
    rung_id="issue_list",
)


def test_a_near_node_reminds_and_names_its_default() -> None:
    (sent,) = DECIDER.decide(near, given(*accepted).state(), by_itself)

    assert isinstance(sent, ReminderSent)
    assert (sent.to, sent.percent, sent.rule) == ("depts", 70, "clocks.warn_at_percent")
    assert "clocks.warn_at_percent" in sent.defaults


def test_the_same_threshold_reminds_once() -> None:
    (sent,) = DECIDER.decide(near, given(*accepted).state(), by_itself)
    given(*accepted, sent).when(near, by_itself).then_nothing()


def test_the_agent_urges_the_department() -> None:
    wednesday = on(date(2026, 3, 4))
    given(*accepted).when(push, wednesday).then(
        UrgeSent(
            item=LAND_PERMIT,
            to="depts",
            signal="stalled",
            ladder="ladders.urge",
            rung=1,
            sent_on=date(2026, 3, 4),
            used_days=2,
            allowed_days=3,
            defaults=("clocks.silence", "ladders.urge.rungs.urge.fires"),
            wording=text("请办"),
            rung_id="urge",
            by_hand=True,
        )
    )


def test_urging_twice_on_a_day_is_quiet() -> None:
    (sent,) = DECIDER.decide(push, given(*accepted).state(), agents_facts)
    given(*accepted, sent).when(push).then_nothing()


def test_a_decided_item_is_not_urged() -> None:
    given(planned, *licence_decided()).when(push).then_refused("nothing_to_urge")


def test_a_signal_that_the_rung_does_not_name_is_refused() -> None:
    wrong = UrgeItem(item=LAND_PERMIT, signal="bad_rating")
    given(*accepted).when(wrong).then_refused("signal_not_on_this_rung")


def test_the_third_rung_is_the_offices() -> None:
    late = UrgeItem(item=LAND_PERMIT, signal="overdue", rung=3)
    given(*accepted).when(late).then_refused("not_your_rung")
    given(*accepted).when(late, officers_facts).then_refused("rungs_skipped")
    explained = late.model_copy(update={"waiver": text("已当面催过，清单本季已报")})
    *waived, sent = DECIDER.decide(explained, given(*accepted).state(), officers_facts)

    assert [one.rung_id for one in waived if isinstance(one, RungWaived)] == [
        "urge",
        "issue_list",
    ]
    assert isinstance(sent, UrgeSent)
    assert sent.rung == 3


def test_a_rung_that_raises_is_no_urging() -> None:
    wrong = UrgeItem(item=LAND_PERMIT, signal="no_effect_after", rung=2)
    given(*accepted).when(wrong).then_refused("not_an_urging_rung")


def test_a_rung_that_is_not_there_is_refused() -> None:
    given(*accepted).when(UrgeItem(item=LAND_PERMIT, signal="stalled", rung=9)).then_refused(
        "no_such_rung"
    )


def test_in_assistance_staff_does_not_urge() -> None:
    given(*accepted).when(push, assists).then_refused("mode_forbids")


def test_in_agency_the_first_rung_climbs_by_itself() -> None:
    asked = UrgeByItself(item=LAND_PERMIT, signal="at_risk")
    (sent,) = DECIDER.decide(asked, given(*accepted).state(), by_itself)

    assert isinstance(sent, UrgeSent)
    assert "clocks.urge_after_percent" in sent.defaults


def test_in_assistance_nothing_urges_by_itself() -> None:
    asked = UrgeByItself(item=LAND_PERMIT, signal="at_risk")
    facts = replace(by_itself, engagement=assistance)
    given(*accepted).when(asked, facts).then_nothing()


def test_a_slip_goes_to_a_department_that_never_logs_in() -> None:
    asked = SendLetter(
        kind="co_handling_slip", to="culture", items=(FILING,), wording=text("请协办")
    )
    given(planned).when(asked).then(
        LetterSent(
            letter=NEW,
            kind="co_handling_slip",
            to="culture",
            items=(FILING,),
            wording=text("请协办"),
        )
    )


sent_slip = LetterSent(
    letter=NEW, kind="co_handling_slip", to="culture", wording=text("请协办")
)


def test_the_slip_comes_back_and_is_entered() -> None:
    asked = AnswerLetter(letter=NEW, answer=text("同意"))
    given(planned, sent_slip).when(asked).then(
        LetterAnswered(letter=NEW, body="culture", answer=text("同意"))
    )


def test_a_slip_is_answered_once() -> None:
    answered = LetterAnswered(letter=NEW, body="culture", answer=text("同意"))
    again = AnswerLetter(letter=NEW, answer=text("同意"))
    given(planned, sent_slip, answered).when(again).then_nothing()


def test_a_slip_nobody_sent_has_no_answer() -> None:
    given(planned).when(AnswerLetter(letter=NEW, answer=text("同意"))).then_refused(
        "letter_unknown"
    )


def test_a_problem_has_an_owner_and_a_day() -> None:
    asked = OpenIssue(kind="coordination", items=(LAND_PERMIT,), description=text("管线迁改"))
    given(planned).when(asked).then(opened)


def test_what_no_rule_covers_goes_to_the_owner_of_the_rules() -> None:
    asked = OpenIssue(kind="no_rule", owner="park_i", description=text("无规定"))
    (event,) = DECIDER.decide(asked, given(planned).state(), agents_facts)

    assert isinstance(event, IssueOpened)
    assert event.owner == "ro"


def test_before_a_matter_is_routed_the_owner_must_be_named() -> None:
    asked = OpenIssue(kind="approval", description=text("卡住"))
    alone = replace(agents_facts, team=agents_facts.team.model_copy(update={"lead_body": None}))
    given(planned).when(asked, alone).then_refused("owner_missing")


def test_a_problem_beyond_ones_power_is_raised() -> None:
    asked = RaiseIssue(issue=NEW, signal="beyond_power")
    given(planned, opened).when(asked).then(raised)


def test_a_problem_without_effect_is_raised_only_after_the_wait() -> None:
    asked = RaiseIssue(issue=NEW, signal="no_effect_after")
    given(planned, opened).when(asked, on(date(2026, 3, 9))).then_refused("wait_not_over")
    (event,) = DECIDER.decide(asked, given(planned, opened).state(), on(date(2026, 3, 10)))

    assert isinstance(event, IssueRaised)


def test_a_signal_the_rung_does_not_know_raises_nothing() -> None:
    asked = RaiseIssue(issue=NEW, signal="complaint")
    given(planned, opened).when(asked).then_refused("signal_not_on_this_rung")


def test_above_the_last_rung_there_is_nothing() -> None:
    asked = RaiseIssue(issue=NEW, signal="beyond_power")
    given(planned, opened, raised).when(asked).then_nothing()


def test_a_listed_line_becomes_a_problem_with_a_person() -> None:
    asked = TakeListedIssue(
        issue=DEED,
        issue_list=COMMISSION,
        raised=NEW,
        severity="complex",
        owner="park_i",
        person=AGENT,
        due_on=date(2026, 4, 10),
    )
    (event,) = DECIDER.decide(asked, given(planned, opened, raised).state(), by_itself)

    assert isinstance(event, IssueOpened)
    assert (event.kind, event.person, event.follows) == ("listed", AGENT, NEW)
    given(planned, opened, raised, event).when(asked, by_itself).then_nothing()


def test_settling_the_listed_line_settles_what_was_raised() -> None:
    listed = IssueOpened(
        issue=DEED,
        kind="listed",
        severity="complex",
        owner="park_i",
        follows=NEW,
        description=text("转办"),
    )
    asked = ResolveIssue(issue=DEED, outcome="solved", resolution=text("已迁改"))
    given(planned, opened, raised, listed).when(asked).then(
        IssueResolved(
            issue=DEED, outcome="solved", resolution=text("已迁改"), resolved_on=MONDAY
        ),
        IssueResolved(
            issue=NEW, outcome="solved", resolution=text("已迁改"), resolved_on=MONDAY
        ),
    )


def test_a_problem_is_settled_once() -> None:
    asked = ResolveIssue(issue=NEW, outcome="solved", resolution=text("好"))
    done = IssueResolved(issue=NEW, outcome="solved", resolution=text("好"))
    given(planned, opened, done).when(asked).then_nothing()
    given(planned, opened, done).when(
        RaiseIssue(issue=NEW, signal="beyond_power")
    ).then_refused("issue_settled")


def test_a_problem_nobody_opened_is_refused() -> None:
    asked = ResolveIssue(issue=NEW, outcome="solved", resolution=text("好"))
    given(planned).when(asked).then_refused("issue_unknown")
