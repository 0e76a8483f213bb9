"""Who holds a post from when to when, and how many may (任岗)?"""

from collections.abc import Sequence
from datetime import date

from contracts.assignment import PostFilled, PostVacated
from contracts.event import Event
from contracts.vocabulary import Role
from services.assignment.domain.commands import FillPost, VacatePost
from services.assignment.domain.facts import RosterFacts
from services.assignment.domain.membership import member_of, takes_over
from services.assignment.domain.places import Place, may_fill, place_of
from services.assignment.domain.roster import Member, Post, Roster
from services.assignment.domain.teams import leading, led_by
from shared.decider import Refused


def decide(
    command: FillPost | VacatePost, roster: Roster, facts: RosterFacts
) -> Sequence[Event]:
    if isinstance(command, FillPost):
        return _fill(command, roster, facts)
    return _vacate(command, roster, facts)


def _fill(command: FillPost, roster: Roster, facts: RosterFacts) -> Sequence[Event]:
    member = member_of(command.person, roster)
    begins = command.begins_on or facts.day
    if command.ends_on is not None and command.ends_on < begins:
        raise Refused(
            "ends_before_it_begins",
            begins_on=begins,
            ends_on=command.ends_on,
            remedy="请核对起止日期 / check the two days",
        )
    place = _place(command, member, facts)
    post, role = _named(command, place)
    if role not in member.roles:
        raise Refused(
            "role_not_on_the_roster",
            person=command.person,
            role=role,
            remedy=(
                "先在花名册上为此人登记该岗位角色 / "
                "enter this role for the person on the roster first"
            ),
        )
    _public_phone(command)
    event = PostFilled(
        post=post,
        role=role,
        body=member.body,
        person=command.person,
        begins_on=begins,
        ends_on=command.ends_on,
        acting=command.acting,
        slot=place.slot if place else None,
        stage=command.stage,
        item=command.item,
        duty_phone=command.duty_phone,
    )
    if _said(roster.posts.get((post, command.person)), event):
        return []
    _room(event, place, roster)
    if place and place.leads and event.begins_on > facts.day:
        raise Refused(
            "begins_later",
            begins_on=begins,
            today=facts.day,
            remedy="到任当日再办理 / do this on the day the post is taken up",
        )
    if place is None or not place.leads:
        return [event]
    return [event, *leading(led_by(place, facts.pack), event, roster)]


def _place(command: FillPost, member: Member, facts: RosterFacts) -> Place | None:
    """The place of the pack that is meant, open to people of this body; None for a free post."""
    if command.slot is None:
        return None
    place = place_of(
        command.slot,
        member.body,
        facts.pack,
        facts.catalogue,
        stage=command.stage,
        item=command.item,
    )
    if not may_fill(place, member, facts.pack):
        raise Refused(
            "place_not_for_this_body",
            slot=command.slot,
            body=member.body,
            rule=place.rule,
            allowed=list(place.bodies),
            remedy="由方案所列单位的人员担任 / somebody of the bodies the pack names",
        )
    return place


def _named(command: FillPost, place: Place | None) -> tuple[str, Role]:
    """The post and its role: as the pack has them, or as they were given."""
    if place is not None:
        return place.post, place.role
    if command.post is None or command.role is None:
        raise Refused(
            "post_not_named",
            needs=["slot", "post+role"],
            remedy="写明 slot，或同时写明 post 和 role / name a slot, or a post and its role",
        )
    return command.post, command.role


def _public_phone(command: FillPost) -> None:
    """A mobile number is a person's own: it belongs among the personal columns (YY-41)."""
    phone = (command.duty_phone or "").replace("-", "")
    if len(phone) == 11 and phone.startswith("1"):
        raise Refused(
            "duty_phone_is_a_mobile",
            remedy="值班电话会公开，请填办公电话；本人手机登记在花名册 / give an office line",
        )


def _said(known: Post | None, event: PostFilled) -> bool:
    """The same again; a renewal or another telephone is news."""
    if known is None or event.begins_on > (known.ends_on or date.max):
        return False
    same = (known.role, known.ends_on, known.acting) == (
        event.role,
        event.ends_on,
        event.acting,
    )
    return same and event.duty_phone in (None, known.duty_phone)


def _room(event: PostFilled, place: Place | None, roster: Roster) -> None:
    """One holder at a time, or as many as the pack has; only a free post has a stand-in too."""
    terms = roster.terms(event.post)
    others = [
        term
        for term in terms
        if term.person != event.person and term.overlaps(event.begins_on, event.ends_on)
    ]
    most = 1 if place is None or place.sole else place.max
    substantive = [term for term in others if not term.acting or place is not None]
    beside = event.acting and place is None
    if most is None or beside or len({term.person for term in substantive}) < most:
        return
    raise Refused(
        "post_is_held",
        post=event.post,
        by=sorted({term.person for term in substantive}),
        max=most,
        rule=place.rule if place else None,
        remedy="先办理离岗，或登记为代理（acting） / vacate the post first, or enter him as acting",
    )


def _vacate(command: VacatePost, roster: Roster, facts: RosterFacts) -> Sequence[Event]:
    post = roster.posts.get((command.post, command.person))
    if post is None:
        if command.person in roster.vacant or command.person in roster.removed:
            return []
        raise Refused(
            "post_not_held",
            post=command.post,
            person=command.person,
            remedy="请核对岗位和人员 / check the post and the person",
        )
    if command.cause == "period_over" and not (post.ends_on and post.ends_on < facts.today):
        raise Refused(
            "period_not_over",
            post=command.post,
            ends_on=post.ends_on,
            remedy="任期未满，请写明其他原因 / it still runs: give another cause",
        )
    takes_over(command.successor, command.person, roster)
    return [
        PostVacated(
            post=command.post,
            body=post.body,
            person=command.person,
            cause=command.cause,
            successor=command.successor,
            vacated_on=facts.day,
        )
    ]
