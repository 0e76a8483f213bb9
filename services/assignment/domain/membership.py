"""Who may stand on the roster, from which body, in which role?"""

from collections.abc import Iterable

from contracts.glossary import GLOSSARY
from contracts.pack.sections import Role as PackRole
from services.assignment.domain.facts import RosterFacts, chain
from services.assignment.domain.roster import Member, Roster
from shared.decider import Refused


def member_of(person: str, roster: Roster) -> Member:
    member = roster.staff.get(person)
    if member is None:
        raise Refused(
            "not_on_the_roster",
            person=person,
            remedy="先将此人列入花名册 / put this person on the roster first",
        )
    return member


def takes_over(successor: str | None, person: str, roster: Roster) -> None:
    if successor == person:
        raise Refused(
            "same_person",
            person=person,
            remedy="接任人应为他人 / the successor must be somebody else",
        )
    if successor is not None:
        member_of(successor, roster)


APPLICANT_POSTS = frozenset({"applicant_lead", "applicant_handler", "applicant_proxy"})
"""Posts on the other side of the desk: nobody of the service holds them (X-04)."""


def fits_the_pack(body: str, roles: Iterable[str], facts: RosterFacts) -> None:
    """A body may send people only into the posts the pack gives it (YO-07)."""
    known = {b.id for b in facts.pack.bodies}
    if body not in known:
        raise Refused(
            "body_unknown",
            bodies=[body],
            known=sorted(known),
            remedy="请选择本方案列明的单位 / name a body of the pack",
        )
    above = set(chain(facts.pack, body))
    for role in roles:
        if role in APPLICANT_POSTS:
            raise Refused(
                "role_of_the_unit",
                role=role,
                rule="roles",
                remedy="项目单位的人员不入花名册 / the unit's people are not on the roster",
            )
        posts = [r for r in facts.pack.roles if r.canonical == role]
        allowed = {b for post in posts for b in post.bodies}
        if not posts or (allowed and above.isdisjoint(allowed)):
            raise Refused(
                "role_not_for_this_body",
                body=body,
                role=role,
                rule=f"roles.{posts[0].id}.bodies" if posts else "roles",
                allowed=sorted(allowed),
                remedy="请改选岗位或单位 / choose another role or body",
            )


def known_codes(items: Iterable[str], sites: Iterable[str], facts: RosterFacts) -> None:
    known = {item.id for item in facts.catalogue.items}
    if strange := [item for item in items if item not in known]:
        raise Refused(
            "item_unknown",
            items=strange,
            catalogue=facts.catalogue.edition,
            remedy="请从本地事项目录中选取 / choose an item of the catalogue",
        )
    if strange := [site for site in sites if facts.pack.site_kind(site) is None]:
        raise Refused(
            "site_unknown",
            sites=strange,
            rule="sites",
            remedy="请选用方案所列选址 / name a site of the pack",
        )


def home_fits(body: str, home: str | None, facts: RosterFacts) -> None:
    """People are sent by the bodies the pack names, where it names any (YY-30)."""
    if home is None or home == body:
        return
    known = {b.id for b in facts.pack.bodies}
    if home not in known:
        raise Refused(
            "body_unknown",
            bodies=[home],
            known=sorted(known),
            remedy="请选择本方案列明的单位 / name a body of the pack",
        )
    served = set(chain(facts.pack, body))
    senders = {s for b in facts.pack.bodies if b.id in served for s in b.staffed_from}
    allowed = senders or set(facts.pack.team.home_bodies)
    if allowed and allowed.isdisjoint(chain(facts.pack, home)):
        raise Refused(
            "home_body_may_not_send",
            home_body=home,
            body=body,
            rule="team.home_bodies" if not senders else f"bodies.{body}.staffed_from",
            allowed=sorted(allowed),
            remedy="由方案所列单位派员 / people come from the bodies the pack names",
        )


def kind_fits(roles: Iterable[str], kind: str | None, facts: RosterFacts) -> None:
    """A role that asks for civil servants, or another kind, is open to no other (YY-30)."""
    for role in (r for r in facts.pack.roles if r.canonical in set(roles)):
        wanted = _kinds(role)
        if wanted and kind not in wanted:
            raise Refused(
                "role_not_for_this_kind",
                role=role.canonical,
                staff_kind=kind,
                allowed=sorted(wanted),
                rule=f"roles.{role.id}.requires",
                remedy="此岗位限所列人员类别担任 / the role is open to these kinds of staff only",
            )


def _kinds(role: PackRole) -> frozenset[str]:
    """The kinds of staff among what a role requires, by code or by Chinese name."""
    if not role.requires:
        return frozenset()
    return frozenset(code for code, zh in _KINDS.items() if {code, zh} & set(role.requires))


_KINDS = {
    code.partition(".")[2]: zh
    for code, zh in GLOSSARY.items()
    if code.startswith("staff_kind.")
}
