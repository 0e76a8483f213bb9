"""What teams does a place have (队伍), and does each stand as the pack asks?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from contracts.assignment import ChiefAppointed, PostFilled, PostVacated, SlotFilled, TeamFormed
from contracts.event import Event
from contracts.pack import Pack
from services.assignment.domain.commands import AppointChief, FormTeam
from services.assignment.domain.facts import RosterFacts, chain, ours
from services.assignment.domain.places import Filled, Place, filled, may_fill, places
from services.assignment.domain.roster import RESERVE, Member, Roster
from shared.decider import Refused

WHOLE = "whole"
"""The id of everybody together; every other team has that of its working group or body."""


@dataclass(frozen=True, slots=True)
class Team:
    """A team: the whole place's, a working group's, or that of a body."""

    id: str
    zh: str
    kind: Literal["whole", "group", "body"]
    body: str | None
    places: tuple[Filled, ...]
    members: tuple[str, ...]
    reserves: tuple[str, ...]

    @property
    def chief(self) -> Filled | None:
        """The place of the one who leads it, if the pack has one."""
        own = [f for f in self.places if f.place.leads and f.place.of == self.body]
        return min(own, key=lambda f: f.place.role != "chief_agent", default=None)

    @property
    def complete(self) -> bool:
        return not any(found.missing for found in self.places)


def teams(roster: Roster, facts: RosterFacts) -> tuple[Team, ...]:
    """Every team of the place, in the shape its pack gives it (1+N, groups, by site, by item).

    Besides all people together: each working group, each body whose people have a chief of
    their own, and by site each body that provides agents.
    """
    pack = facts.pack
    standing = [filled(p, roster, pack, facts.day) for p in places(pack, facts.catalogue)]
    groups = {group.body: group for group in pack.team.working_groups}
    led = [f.place.of for f in standing if f.place.leads and f.place.of]
    zh = pack.terms.words.get("staff", pack.jurisdiction.zh)
    known = [_team(WHOLE, zh, "whole", None, tuple(standing), roster, facts)]
    for body in dict.fromkeys((*groups, *led, *_by_site(pack))):
        own = tuple(f for f in standing if f.place.of == body)
        if group := groups.get(body):
            known.append(_team(group.id, group.zh, "group", body, own, roster, facts))
        else:
            known.append(_team(body, pack.body(body).zh, "body", body, own, roster, facts))
    return tuple(known)


def _by_site(pack: Pack) -> list[str]:
    """Where the site decides, each body that provides agents has its own team (YO-21, YO-78)."""
    if pack.team.model != "by_site":
        return []
    bodies = {body.id for body in pack.bodies}
    matter = (r for r in pack.routing if r.applies_to == "matter")
    return [to for rule in matter for to in rule.to if to in bodies]


def _team(
    id: str,
    zh: str,
    kind: Literal["whole", "group", "body"],
    body: str | None,
    places: tuple[Filled, ...],
    roster: Roster,
    facts: RosterFacts,
) -> Team:
    people = [m for m in roster.staff.values() if _belongs(m, body, facts.pack)]
    named = (p for found in places for p in found.persons)
    members = dict.fromkeys((*named, *(m.person for m in people if m.roles - {RESERVE})))
    reserves = tuple(m.person for m in people if RESERVE in m.roles)
    kept = tuple(p for p in members if p not in reserves or not roster.staff[p].only_reserve)
    return Team(id, zh, kind, body, places, kept, reserves)


def _belongs(member: Member, body: str | None, pack: Pack) -> bool:
    return body is None or body in set(chain(pack, member.body))


def find(id: str, roster: Roster, facts: RosterFacts) -> Team:
    """The team of that id; refused when the pack has none."""
    known = teams(roster, facts)
    for team in known:
        if team.id == id:
            return team
    raise Refused(
        "team_unknown", team=id, known=[team.id for team in known], rule="team",
        remedy="按政策包的队伍设置选择 / choose a team of the pack",
    )  # fmt: skip


def form(command: FormTeam, roster: Roster, facts: RosterFacts) -> Sequence[Event]:
    """Refused while a place that must be filled is vacant; the same team again says nothing."""
    team = find(command.team, roster, facts)
    wanting = [found for found in team.places if found.missing]
    if wanting or not team.members:
        raise Refused(
            "team_incomplete",
            team=team.id,
            vacant=[found.place.post for found in wanting],
            rule=wanting[0].place.rule if wanting else "team",
            remedy="先为空缺岗位任岗 / fill the vacant places first",
        )
    event = TeamFormed(
        team=team.id,
        model=facts.pack.team.model,
        formed_on=facts.day,
        slots=tuple(
            SlotFilled(slot=f.place.slot or f.place.post, post=f.place.post, persons=f.persons)
            for f in team.places
            if f.persons
        ),
        wanting=tuple(f.place.post for f in team.places if not f.persons),
        defaults=ours(facts.pack, "team.slots", "team.model"),
    )
    known = roster.teams.get(team.id)
    if known and (known.slots, known.wanting) == (event.slots, event.wanting):
        return []
    return [event]


def appoint(command: AppointChief, roster: Roster, facts: RosterFacts) -> Sequence[Event]:
    """The one before leaves the post the same day, so that never two lead a team (AS-10)."""
    team, chief = _led(command.team, roster, facts)
    place, begins = chief.place, command.begins_on or facts.day
    member = roster.staff[command.person]
    if place.role not in member.roles or not may_fill(place, member, facts.pack):
        raise Refused(
            "role_not_on_the_roster",
            person=command.person,
            role=place.role,
            bodies=list(place.bodies),
            rule=place.rule,
            remedy="先在花名册上为本单位此人登记该岗位角色 / enter the role on the roster first",
        )
    holders = [t for t in roster.posts.values() if t.post == place.post and t.held_on(begins)]
    if any(term.person == command.person for term in holders):
        return []
    earlier = any(t.overlaps(begins, None) for t in roster.past.get(place.post, ()))
    first = min(
        (t.begins_on for t in roster.posts.values() if t.post == place.post), default=None
    )
    if begins > facts.day or earlier or (first is not None and begins < first):
        raise Refused(
            "begins_out_of_turn",
            begins_on=begins,
            today=facts.day,
            remedy="到任日不晚于今日，也不早于原任到任日 / not after today nor before the other began",
        )
    before = next((term.person for term in holders), None)
    vacated = [
        PostVacated(
            post=place.post,
            body=term.body,
            person=term.person,
            cause="moved",
            successor=command.person,
            vacated_on=begins,
        )
        for term in holders
    ]
    filled_by = PostFilled(
        post=place.post,
        role=place.role,
        body=member.body,
        person=command.person,
        begins_on=begins,
        slot=place.slot,
        duty_phone=command.duty_phone,
    )
    return [*vacated, filled_by, *leading(team.id, filled_by, roster, before)]


def _led(id: str | None, roster: Roster, facts: RosterFacts) -> tuple[Team, Filled]:
    """The team that is meant and its chief's place; without a name, the one with a chief agent."""
    named = teams(roster, facts) if id is None else (find(id, roster, facts),)
    led = [(team, team.chief) for team in named if team.chief is not None]
    agents = [pair for pair in led if pair[1].place.role == "chief_agent"]
    meant = agents if id is None and agents else led
    if len(meant) != 1:
        raise Refused(
            "team_has_no_chief" if not meant else "team_not_named",
            team=id,
            known=[team.id for team, _ in led],
            rule="team.slots",
            remedy="写明有唯一负责人的队伍 / name a team that has a single chief",
        )
    return meant[0]


def leading(
    team: str, post: PostFilled, roster: Roster, before: str | None = None
) -> list[ChiefAppointed]:
    """Who leads a team already and renews his term is not appointed again."""
    if roster.chiefs.get(team) == (post.post, post.person):
        return []
    return [
        ChiefAppointed(
            team=team,
            person=post.person,
            body=post.body,
            post=post.post,
            begins_on=post.begins_on,
            predecessor=before,
        )
    ]


def led_by(place: Place, pack: Pack) -> str:
    """The id of the team whose chief's place this is."""
    groups = (g.id for g in pack.team.working_groups if g.body == place.of)
    return next(groups, place.of or WHOLE)
