"""By whom and how far may a legal limit be extended (延长期限, 行政许可法第四十二条, X-07)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.supervision import ItemExtended
from contracts.vocabulary import HeadOf
from services.supervision.domain.clocks import dues
from services.supervision.domain.commands.course import ExtendItem
from services.supervision.domain.course import expect, in_order
from services.supervision.domain.facts import Facts
from services.supervision.domain.filing import course_of
from services.supervision.domain.grounds import longest_extension
from services.supervision.domain.powers import evidence
from services.supervision.domain.progress import told
from services.supervision.domain.state import Matter
from shared.decider import Refused

ART_42 = "行政许可法第四十二条"
STEPS = 2
"""An extension may be used up in two steps, never in more."""


def extend(command: ExtendItem, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Approved by the head whom the law names while the limit still runs, and told with reasons."""
    course = course_of(matter, command.item)
    expect(course, "ExtendItem", "accepted")
    last = course.extensions[-1] if course.extensions else None
    if last and (last.extended_on, last.days) == (facts.on, command.days):
        return []
    item = facts.item(command.item)
    most = longest_extension(item)
    if not most:
        raise Refused(
            "cannot_be_extended",
            item=command.item,
            kind=item.kind,
            law=ART_42,
            remedy=(
                "仅行政许可（以工作日计的法定时限）可依法延长 / "
                "only a licence whose legal limit is in working days can be extended"
            ),
        )
    head: HeadOf = "government" if item.kind == "composite" else "organ"
    if command.approved_by != head:
        raise Refused("approved_by_another", item=command.item, must_be=head, law=ART_42)
    left = most - course.extended_days
    if not 0 < command.days <= left or len(course.extensions) == STEPS:
        raise Refused(
            "extended_too_far",
            item=command.item,
            asked=command.days,
            left=left if len(course.extensions) < STEPS else 0,
            at_most=most,
            steps=STEPS,
            law=ART_42,
        )
    if course.statutory_due_on is not None and facts.on > course.statutory_due_on:
        raise Refused(
            "limit_is_over",
            item=command.item,
            statutory_due_on=course.statutory_due_on.isoformat(),
            law=ART_42,
            remedy=(
                "延长须在法定时限届满前批准 / "
                "an extension is approved before the legal limit ends"
            ),
        )
    evidence(facts, command.system_state, command.notice)
    in_order(course, facts.on)
    assert course.accepted_on is not None
    days = course.extended_days + command.days
    due = dues(
        item, course.accepted_on, course.spans(), facts.pack, facts.calendar, extended=days
    )
    extended = ItemExtended(
        item=command.item,
        step=len(course.extensions) + 1,
        days=command.days,
        approved_by=command.approved_by,
        extended_on=facts.on,
        statutory_due_on=due.statutory,
        commitment_due_on=due.commitment if item.limit.commit_wd is None else None,
        estimated=due.estimated,
        system_state=command.system_state,
        reason=command.reason,
        notice=command.notice,
    )
    why = f"（{ART_42}，经批准延长{command.days}个工作日，理由：{command.reason.reveal()}）"
    return [
        extended,
        told(
            facts, [command.item], "accepted", due.statutory, estimated=due.estimated, why=why
        ),
    ]
