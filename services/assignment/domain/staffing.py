"""The decision table for the roster: people, posts, teams, absences and trainings."""

from collections.abc import Sequence

from contracts.assignment import (
    PostVacated,
    RosterViewed,
    StaffAdded,
    StaffAmended,
    StaffImported,
    StaffRemoved,
)
from contracts.event import Event
from services.assignment.domain import away, posts, teams, training
from services.assignment.domain.commands import (
    ActivateReserve,
    AddStaff,
    AmendStaff,
    AppointChief,
    EndAbsence,
    ExportRegister,
    FillPost,
    FormTeam,
    HoldTraining,
    ImportStaff,
    RecordAbsence,
    RecordAttendance,
    RemoveStaff,
    RosterCommand,
    StandDownReserve,
    VacatePost,
    ViewRoster,
)
from services.assignment.domain.facts import RosterFacts
from services.assignment.domain.membership import (
    fits_the_pack,
    home_fits,
    kind_fits,
    known_codes,
    member_of,
    takes_over,
)
from services.assignment.domain.roster import Member, Roster
from shared.decider import Refused


def decide(command: RosterCommand, roster: Roster, facts: RosterFacts) -> Sequence[Event]:
    match command:
        case AddStaff() | AmendStaff() | RemoveStaff() | ImportStaff():
            return _people(command, roster, facts)
        case ViewRoster() | ExportRegister():
            return _open(command, roster)
        case FillPost() | VacatePost():
            return posts.decide(command, roster, facts)
        case AppointChief():
            member_of(command.person, roster)
            return teams.appoint(command, roster, facts)
        case FormTeam():
            return teams.form(command, roster, facts)
        case ActivateReserve() | StandDownReserve() | RecordAbsence() | EndAbsence():
            return away.decide(command, roster, facts)
        case HoldTraining():
            return training.hold(command, roster, facts)
        case RecordAttendance():
            return training.attend(command, roster)


def _people(
    command: AddStaff | AmendStaff | RemoveStaff | ImportStaff,
    roster: Roster,
    facts: RosterFacts,
) -> Sequence[Event]:
    match command:
        case AddStaff():
            return _add(command, roster, facts)
        case AmendStaff():
            return _amend(command, member_of(command.person, roster), facts)
        case RemoveStaff() if command.person in roster.removed:
            return []
        case RemoveStaff():
            return _remove(command, roster, facts)
        case ImportStaff():
            return _import(command, roster, facts)


def _add(command: AddStaff, roster: Roster, facts: RosterFacts) -> Sequence[Event]:
    person = command.person or f"p:{facts.new}"
    if known := roster.staff.get(person):
        if _same(known, command):
            return []
        raise Refused(
            "already_on_the_roster",
            person=person,
            remedy="改用人员变更 / amend the entry instead",
        )
    fits_the_pack(command.body, command.roles, facts)
    home_fits(command.body, command.home_body, facts)
    kind_fits(command.roles, command.staff_kind, facts)
    known_codes(command.items, command.sites, facts)
    return [
        StaffAdded(
            person=person,
            body=command.body,
            body_kind=facts.pack.body(command.body).kind,
            roles=command.roles,
            skills=command.skills,
            items=command.items,
            sites=command.sites,
            home_body=command.home_body,
            staff_kind=command.staff_kind,
            languages=command.languages,
            name=command.name,
            phone=command.phone,
            title=command.title,
        )
    ]


def _same(known: Member, command: AddStaff) -> bool:
    """The same again: body and roles, and whatever else is said this time."""
    lists = {
        "skills": command.skills,
        "items": command.items,
        "sites": command.sites,
        "languages": command.languages or (),
    }
    told = all(not v or getattr(known, n) == frozenset(v) for n, v in lists.items())
    home = command.home_body in (None, known.home_body)
    kind = command.staff_kind in (None, known.kind)
    roles = known.roles == set(command.roles)
    return known.body == command.body and roles and told and home and kind


_LISTS = ("roles", "skills", "items", "sites", "languages")


def _amend(command: AmendStaff, member: Member, facts: RosterFacts) -> Sequence[Event]:
    body, roles = command.body or member.body, command.roles or sorted(member.roles)
    if command.body or command.roles:
        fits_the_pack(body, roles, facts)
    home_fits(body, command.home_body, facts)
    if command.roles or command.staff_kind:
        kind_fits(roles, command.staff_kind or member.kind, facts)
    known_codes(command.items or (), command.sites or (), facts)
    given = {n: getattr(command, n) for n in _LISTS}
    lists = {
        n: v for n, v in given.items() if v is not None and frozenset(v) != getattr(member, n)
    }
    moved = command.body if command.body != member.body else None
    home = command.home_body if command.home_body != member.home_body else None
    kind = command.staff_kind if command.staff_kind != member.kind else None
    personal = {n: getattr(command, n) for n in ("name", "phone", "title")}
    if not (moved or home or kind or lists or any(personal.values())):
        return []
    return [
        StaffAmended(
            person=command.person,
            body=moved,
            home_body=home,
            staff_kind=kind,
            **lists,
            **personal,
        )
    ]


def _remove(command: RemoveStaff, roster: Roster, facts: RosterFacts) -> Sequence[Event]:
    """Leaving the roster gives up every post; the successor takes over what is open (X-15)."""
    member = member_of(command.person, roster)
    takes_over(command.successor, command.person, roster)
    held = [post for post in roster.posts.values() if post.person == command.person]
    vacated = [
        PostVacated(
            post=post.post,
            body=post.body,
            person=command.person,
            cause=command.cause,
            successor=command.successor,
            vacated_on=facts.day,
        )
        for post in held
    ]
    removed = StaffRemoved(
        person=command.person,
        body=member.body,
        cause=command.cause,
        successor=command.successor,
        left_on=facts.day,
        reason=command.reason,
    )
    return [*vacated, removed]


def _import(command: ImportStaff, roster: Roster, facts: RosterFacts) -> Sequence[Event]:
    """Every row as if it were added by itself, or none; the same table again adds nobody."""
    if command.batch in roster.batches:
        return []
    added: list[Event] = []
    faults: list[dict[str, object]] = []
    seen: dict[str | None, int] = {}
    for number, row in enumerate(command.rows):
        try:
            if row.person in seen:
                raise Refused(
                    "row_twice",
                    first=seen[row.person],
                    remedy="请删去重复的行 / remove the repeated row",
                )
            seen[row.person] = number
            added.extend(_add(row, roster, facts))
        except Refused as refused:
            faults.append({"row": number, "reason": refused.code, "details": refused.details})
    if faults:
        raise Refused(
            "rows_refused",
            rows=faults,
            remedy="按行更正后整表重新导入 / put the rows right and import the whole table again",
        )
    if not added:
        return []
    bodies = sorted({row.body for row in command.rows})
    unchanged = len(command.rows) - len(added)
    imported = StaffImported(
        batch=command.batch, bodies=tuple(bodies), added=len(added), unchanged=unchanged
    )
    return [*added, imported]


def _open(command: ViewRoster | ExportRegister, roster: Roster) -> Sequence[Event]:
    """Each opening is a fact of its own, also of those who left: who looked stays known."""
    if isinstance(command, ViewRoster):
        for person in command.persons:
            if person not in roster.staff and person not in roster.removed:
                member_of(person, roster)
        persons = tuple(dict.fromkeys(command.persons))
        return [
            RosterViewed(
                purpose=command.purpose,
                persons=persons,
                opened=len(persons),
                reason=command.reason,
            )
        ]
    chosen = registered(command, roster)
    return [
        RosterViewed(
            purpose="register",
            bodies=tuple(sorted({member.body for member in chosen})),
            opened=len(chosen),
            reason=command.reason,
        )
    ]


def registered(command: ExportRegister, roster: Roster) -> list[Member]:
    """The people a register is about: of these bodies and roles, where any are named."""
    bodies, roles = set(command.bodies), set(command.roles)
    return [
        member
        for member in roster.staff.values()
        if (not bodies or member.body in bodies) and (not roles or member.roles & roles)
    ]
