"""The decision table for the roster: people, posts and trainings of the responsible bodies."""

from collections.abc import Iterable, Sequence

from contracts.assignment import (
    PostFilled,
    PostVacated,
    StaffAdded,
    StaffAmended,
    StaffRemoved,
    TrainingAttended,
    TrainingHeld,
)
from contracts.event import Event
from services.assignment.domain.commands import (
    AddStaff,
    AmendStaff,
    FillPost,
    HoldTraining,
    RecordAttendance,
    RemoveStaff,
    RosterCommand,
    VacatePost,
)
from services.assignment.domain.facts import RosterFacts, chain
from services.assignment.domain.roster import Member, Roster
from shared.decider import Refused


def decide(command: RosterCommand, roster: Roster, facts: RosterFacts) -> Sequence[Event]:
    match command:
        case AddStaff():
            return _add(command, roster, facts)
        case AmendStaff():
            return _amend(command, _member(command.person, roster), facts)
        case RemoveStaff() if command.person in roster.removed:
            return []
        case RemoveStaff():
            return _remove(command, roster)
        case FillPost():
            return _fill(command, roster, facts)
        case VacatePost():
            return _vacate(command, roster, facts)
        case HoldTraining():
            return _hold(command, roster, facts)
        case RecordAttendance():
            return _attend(command, roster)


def _member(person: str, roster: Roster) -> Member:
    member = roster.staff.get(person)
    if member is None:
        raise Refused("not_on_the_roster", person=person, remedy="先将此人列入花名册")
    return member


def _add(command: AddStaff, roster: Roster, facts: RosterFacts) -> Sequence[Event]:
    person = command.person or f"p:{facts.new}"
    if known := roster.staff.get(person):
        if known.body == command.body and known.roles == set(command.roles):
            return []
        raise Refused("already_on_the_roster", person=person, remedy="改用人员变更")
    _fits_the_pack(command.body, command.roles, facts)
    _known_codes(command.items, command.sites, facts)
    return [
        StaffAdded(
            person=person,
            body=command.body,
            body_kind=facts.pack.body(command.body).kind,
            roles=command.roles,
            skills=command.skills,
            items=command.items,
            sites=command.sites,
            name=command.name,
            phone=command.phone,
            title=command.title,
        )
    ]


def _amend(command: AmendStaff, member: Member, facts: RosterFacts) -> Sequence[Event]:
    if command.body or command.roles:
        roles = command.roles or sorted(member.roles)
        _fits_the_pack(command.body or member.body, roles, facts)
    _known_codes(command.items or (), command.sites or (), facts)
    given = {n: getattr(command, n) for n in ("roles", "skills", "items", "sites")}
    lists = {
        n: v for n, v in given.items() if v is not None and frozenset(v) != getattr(member, n)
    }
    moved = command.body if command.body != member.body else None
    personal = {n: getattr(command, n) for n in ("name", "phone", "title")}
    if not (moved or lists or any(personal.values())):
        return []
    return [StaffAmended(person=command.person, body=moved, **lists, **personal)]


def _remove(command: RemoveStaff, roster: Roster) -> Sequence[Event]:
    """Leaving the roster gives up every post; the successor takes over what is open (X-15)."""
    member = _member(command.person, roster)
    _takes_over(command.successor, command.person, roster)
    held = [post for post in roster.posts.values() if post.person == command.person]
    vacated = [
        PostVacated(
            post=post.post,
            body=post.body,
            person=command.person,
            cause=command.cause,
            successor=command.successor,
        )
        for post in held
    ]
    removed = StaffRemoved(
        person=command.person,
        body=member.body,
        cause=command.cause,
        successor=command.successor,
        reason=command.reason,
    )
    return [*vacated, removed]


def _takes_over(successor: str | None, person: str, roster: Roster) -> None:
    if successor == person:
        raise Refused("same_person", person=person, remedy="接任人应为他人")
    if successor is not None:
        _member(successor, roster)


def _fill(command: FillPost, roster: Roster, facts: RosterFacts) -> Sequence[Event]:
    member = _member(command.person, roster)
    begins = command.begins_on or facts.today
    if command.ends_on is not None and command.ends_on < begins:
        raise Refused("ends_before_it_begins", begins_on=begins, ends_on=command.ends_on)
    if command.role not in member.roles:
        raise Refused(
            "role_not_on_the_roster",
            person=command.person,
            role=command.role,
            remedy="先在花名册上为此人登记该岗位角色",
        )
    known = roster.posts.get((command.post, command.person))
    if known and (known.role, known.ends_on) == (command.role, command.ends_on):
        return []
    others = [p for p in roster.holders(command.post, begins) if p.person != command.person]
    if others and not command.acting:
        raise Refused(
            "post_is_held",
            post=command.post,
            by=[post.person for post in others],
            remedy="先办理离岗，或登记为代理（acting）",
        )
    return [
        PostFilled(
            post=command.post,
            role=command.role,
            body=member.body,
            person=command.person,
            begins_on=begins,
            ends_on=command.ends_on,
            acting=command.acting,
        )
    ]


def _vacate(command: VacatePost, roster: Roster, facts: RosterFacts) -> Sequence[Event]:
    post = roster.posts.get((command.post, command.person))
    if post is None:
        if command.person in roster.vacant or command.person in roster.removed:
            return []
        raise Refused("post_not_held", post=command.post, person=command.person)
    if command.cause == "period_over" and not (post.ends_on and post.ends_on < facts.today):
        raise Refused("period_not_over", post=command.post, ends_on=post.ends_on)
    _takes_over(command.successor, command.person, roster)
    return [
        PostVacated(
            post=command.post,
            body=post.body,
            person=command.person,
            cause=command.cause,
            successor=command.successor,
        )
    ]


def _hold(command: HoldTraining, roster: Roster, facts: RosterFacts) -> Sequence[Event]:
    if facts.new in roster.trainings:
        return []
    known = {body.id for body in facts.pack.bodies}
    if strange := [b for b in (command.body, *command.invited) if b not in known]:
        raise Refused("body_unknown", bodies=strange, known=sorted(known))
    everybody = sorted({member.body for member in roster.staff.values()})
    return [
        TrainingHeld(
            training=facts.new,
            body=command.body,
            topics=command.topics,
            invited=command.invited or tuple(everybody),
            title=command.title,
            place=command.place,
        )
    ]


def _attend(command: RecordAttendance, roster: Roster) -> Sequence[Event]:
    training = roster.trainings.get(command.training)
    if training is None:
        raise Refused("training_unknown", training=str(command.training))
    present = [p for p in dict.fromkeys(command.persons) if p not in training.attended]
    members = [_member(person, roster) for person in present]
    return [
        TrainingAttended(training=command.training, person=m.person, body=m.body)
        for m in members
    ]


def _fits_the_pack(body: str, roles: Iterable[str], facts: RosterFacts) -> None:
    """A body may send people only into the posts the pack gives it (YO-07)."""
    known = {b.id for b in facts.pack.bodies}
    if body not in known:
        raise Refused("body_unknown", bodies=[body], known=sorted(known))
    above = set(chain(facts.pack, body))
    for role in roles:
        posts = [r for r in facts.pack.roles if r.canonical == role]
        allowed = {b for post in posts for b in post.bodies}
        if not posts or (allowed and above.isdisjoint(allowed)):
            raise Refused(
                "role_not_for_this_body",
                body=body,
                role=role,
                rule=f"roles.{posts[0].id}.bodies" if posts else "roles",
                allowed=sorted(allowed),
            )


def _known_codes(items: Iterable[str], sites: Iterable[str], facts: RosterFacts) -> None:
    known = {item.id for item in facts.catalogue.items}
    if strange := [item for item in items if item not in known]:
        raise Refused("item_unknown", items=strange, catalogue=facts.catalogue.edition)
    if strange := [site for site in sites if facts.pack.site_kind(site) is None]:
        raise Refused("site_unknown", sites=strange, rule="sites")
