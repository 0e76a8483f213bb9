"""Who is reminded and who is urged, by which rung of the ladder (催办, YO-33, YO-42, YO-63)?"""

from collections.abc import Sequence

from contracts.event import Event, Personal
from contracts.pack.rules import Ladder, Rung
from contracts.supervision import ReminderSent, UrgeSent
from services.supervision.domain.clocks import used
from services.supervision.domain.commands.problem import RemindNode, UrgeByItself, UrgeItem
from services.supervision.domain.course import Course
from services.supervision.domain.escalating import slow
from services.supervision.domain.facts import Facts
from services.supervision.domain.filing import course_of
from services.supervision.domain.ladders import (
    climbed,
    climbing,
    ladder_for,
    ladder_or_none,
    leaning,
    require_signal,
    rung_of,
    taken_up,
)
from services.supervision.domain.moves import reminded
from services.supervision.domain.powers import require
from services.supervision.domain.state import Matter
from services.supervision.domain.why import Rules, digest_of, reckon
from shared.decider import Refused

WITH_THE_BODY = ("submitted", "received", "accepted")
"""States in which the approving body is at work."""

WARN = "clocks.warn_at_percent"
URGE = "clocks.urge_after_percent"
SILENCE = "clocks.silence"


def remind(command: RemindNode, matter: Matter, facts: Facts) -> Sequence[Event]:
    """A node comes near; each side is reminded once per threshold."""
    course = matter.items.get(command.item)
    if course is None or not course.in_scope:
        return []
    told = (command.to, command.signal, command.due_on, command.percent, command.rule)
    seen = reminded(course, *told)
    if seen in course.reminded:
        return []
    name, day = facts.item(command.item).zh, command.due_on.isoformat()
    overdue = command.signal == "overdue"
    at = _rung_for(command, course, facts)
    said = (
        f"已超过{'服务' if seen.of_service else '计划'}时限 {day}"
        if overdue
        else f"计划 {day} 前办结，用时已达 {command.percent}%"
    )
    return [
        ReminderSent(
            items=(command.item,),
            to=command.to,
            person=_person_for(command, facts),
            signal=command.signal,
            due_on=command.due_on,
            percent=command.percent,
            rule=command.rule,
            reckoning=_reckoned(course, command, facts),
            defaults=facts.ours(command.rule, "catalogue"),
            wording=Personal(f"{name}：{said}。"),
            sent_on=facts.on,
            ladder=f"ladders.{at[0].id}" if at else None,
            rung=at[1].rung if at else None,
            rung_id=at[1].id if at else None,
        )
    ]


def urge(command: UrgeItem, matter: Matter, facts: Facts) -> Sequence[Event]:
    """By hand, on a rung whose signals fit; an agent only where the mode lets him."""
    course = course_of(matter, command.item)
    if course.state not in WITH_THE_BODY:
        raise Refused("nothing_to_urge", item=command.item, state=course.state)
    ladder = ladder_for(facts.pack, "slow_item")
    rung = rung_of(ladder, command.rung)
    require_signal(ladder, rung, command.signal)
    if rung.do not in ("urge", "remind"):
        raise Refused(
            "not_an_urging_rung",
            rule=f"ladders.{ladder.id}.rungs.{rung.id}",
            remedy=(
                "该层级应登记问题并提级上报 / "
                "at this level, raise an issue and report it upward"
            ),
        )
    subject = slow(course, matter)
    if any(climb.on == facts.on for climb in climbed(rung, ladder, subject.climbs)):
        return []
    waived = climbing(ladder, rung, subject, command, facts)
    require(facts, "remind" if rung.do == "remind" else "urge")
    if rung.do == "remind":
        return [*waived, _reminded(command, course, rung, ladder, facts)]
    return [*waived, _urged(command, course, rung, ladder, facts)]


def urge_by_itself(command: UrgeByItself, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The first rung alone climbs by itself, and only where an agent acts for the unit."""
    course = matter.items.get(command.item)
    if course is None or not course.in_scope or course.state not in WITH_THE_BODY:
        return []
    chosen = facts.engagement.mode if facts.engagement else None
    modes = {mode.id: mode for mode in facts.pack.modes}
    if chosen not in modes or not modes[chosen].allows("urge"):
        return []
    ladder = ladder_for(facts.pack, "slow_item")
    rung = rung_of(ladder, 1)
    if command.signal not in rung.fires or already_urged(course, command.signal):
        return []
    if taken_up(slow(course, matter).climbs):
        return []
    asked = UrgeItem(item=command.item, signal=command.signal)
    return [_urged(asked, course, rung, ladder, facts)]


def already_urged(course: Course, signal: str) -> bool:
    """Whether somebody urged for this reason: once when at risk, once for each standstill."""
    if signal == "at_risk":
        return any(one.signal == signal for one in course.urged)
    since = course.moved_on
    return any(
        since is None
        or one.sent_on is None
        or one.sent_on > since
        or (one.signal == signal and one.sent_on == since)
        for one in course.urged
    )


def _urged(
    command: UrgeItem, course: Course, rung: Rung, ladder: Ladder, facts: Facts
) -> UrgeSent:
    item = facts.item(command.item)
    start, due_on = course.accepted_on, course.commitment_due_on
    gone = used(facts.calendar, start, facts.on, course.spans()) if start else None
    path = f"ladders.{ladder.id}.rungs.{rung.id}"
    leans = {"at_risk": URGE, "stalled": SILENCE}.get(command.signal, path)
    by_day = f"，承诺 {due_on.isoformat()} 前办结" if due_on else ""
    return UrgeSent(
        item=command.item,
        to=course.body or "departments",
        person=command.person,
        signal=command.signal,
        ladder=f"ladders.{ladder.id}",
        rung=rung.rung,
        sent_on=facts.on,
        by_hand=not facts.actor.startswith("s:") or None,
        used_days=gone,
        allowed_days=item.limit.commit_wd if start else None,
        defaults=facts.ours(leans, f"{path}.fires"),
        wording=command.wording or Personal(f"{item.zh}：请抓紧办理{by_day}。"),
        rung_id=rung.id,
    )


def _reckoned(course: Course, command: RemindNode, facts: Facts) -> str | None:
    """The digest of the ledger of the promised day, when that is the day reminded of."""
    if course.commitment_due_on != command.due_on:
        return None
    item = facts.item(command.item)
    found = reckon(course, Rules(item, facts.pack, facts.calendar), facts.on, "commitment")
    return digest_of(found, facts.calendar.edition)


def _person_for(command: RemindNode, facts: Facts) -> str | None:
    return (
        facts.engagement.applicant if command.to == "applicant" and facts.engagement else None
    )


def _reminded(
    command: UrgeItem, course: Course, rung: Rung, ladder: Ladder, facts: Facts
) -> ReminderSent:
    """Where the lowest rung is a reminder: to the body that is slow (AS-75)."""
    zh = facts.item(command.item).zh
    return ReminderSent(
        items=(command.item,),
        to=course.body or "departments",
        person=command.person,
        signal=command.signal,
        by_hand=not facts.actor.startswith("s:") or None,
        due_on=course.commitment_due_on,
        defaults=leaning(ladder, rung, facts),
        wording=command.wording or Personal(f"{zh}：进展缓慢，请加快办理进度。"),
        sent_on=facts.on,
        ladder=f"ladders.{ladder.id}",
        rung=rung.rung,
        rung_id=rung.id,
    )


def _rung_for(command: RemindNode, course: Course, facts: Facts) -> tuple[Ladder, Rung] | None:
    """The lowest rung that a reminder to the body at work climbs by itself."""
    ladder = ladder_or_none(facts.pack, "slow_item")
    if ladder is None or command.to != course.body or course.state not in WITH_THE_BODY:
        return None
    lowest = min(ladder.rungs, key=lambda rung: rung.rung)
    fits = lowest.do == "remind" and lowest.rung and command.signal in lowest.fires
    return (ladder, lowest) if fits else None
