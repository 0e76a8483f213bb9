"""How does an agreement move from state to state (协议办理), by whose signatures?"""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast, get_args

from contracts.event import Event
from contracts.intake import (
    AgreementAmended,
    AgreementEnded,
    AgreementProposed,
    AgreementRenewed,
    AgreementResumed,
    AgreementSigned,
    AgreementSuspended,
)
from contracts.pack.papers import Agreement as Kind
from contracts.vocabulary import AgreementEndCause, EndedBy, Signing
from services.intake.domain import terms as said
from services.intake.domain.authority import agreed
from services.intake.domain.commands import MoveAgreement
from services.intake.domain.entrusted import Agreement
from services.intake.domain.facts import UNIT_POSTS, Facts
from services.intake.domain.signing import (
    Turn,
    already,
    kind_of,
    known_of,
    move_of,
    signatures,
    with_cause,
)
from services.intake.domain.state import Matter
from shared.decider import Refused

CAUSES: tuple[str, ...] = get_args(AgreementEndCause.__value__)


def move_agreement(command: MoveAgreement, state: Matter, facts: Facts) -> Sequence[Event]:
    """The pack's move, once every signature it asks for is there and its notice is over."""
    agreed(state, facts)
    kind = kind_of(command, state, facts)
    known = known_of(command, kind, state)
    if facts.number is None and already(command, kind, known):
        return []
    move = move_of(command, kind, known)
    with_cause(command, move, kind)
    turn = signatures(command, kind, move, known, facts)
    fields = _terms(turn, state, facts)
    if turn.known and turn.move.kind in ("amend", "renew") and _same(turn.known, fields):
        return []
    notice = turn.move.notice
    due = said.days_after(facts.day, notice, facts) if notice and not turn.awaits else None
    if turn.awaits or due is not None:
        return _proposed(turn, fields, due, facts)
    if turn.move.kind == "sign":
        fields["agent"] = _named_agent(turn, fields, facts)
    return [done(turn, fields, facts)]


def _named_agent(turn: Turn, fields: dict[str, Any], facts: Facts) -> str | None:
    """The person who serves stands in an agreement that he signs himself (HS-58)."""
    agents = {r.id for r in facts.pack.roles if r.canonical in AGENTS}
    form = next((form for form in facts.pack.forms if form.id == turn.kind.form), None)
    own = facts.parties() & agents & set(turn.signed_by)
    agent: str | None = fields["agent"] or (facts.actor if own else None)
    demanded = any(rule.id == "named_person" for rule in facts.pack.team.rules)
    if agent is None and demanded and form and agents & set(form.signatures):
        raise Refused(
            "agent_not_named",
            rule="team.rules.named_person",
            remedy="协议须写明提供服务的专员 / the agreement names the person who serves",
        )
    return agent


AGENTS = ("agent", "helper", "chief_agent", "reserve_agent")


def _terms(turn: Turn, state: Matter, facts: Facts) -> dict[str, Any]:
    """What the agreement will say; a countersignature takes what was proposed."""
    pending = turn.known.pending if turn.known else None
    command = turn.command
    if pending and pending.move == turn.move.id:
        command = _as_proposed(command, pending.terms)
    match turn.move.kind, turn.known:
        case "sign", _:
            terms = said.signed(command, turn.kind, state, facts, anew=pending is None)
            return said.as_fields(terms) | {
                "signed_on": _signed_on(command, facts),
                "signing": command.signing or _signing(turn.kind, facts),
            }
        case "amend", Agreement() as known:
            return said.as_fields(said.amended(command, known, turn.kind, state, facts))
        case "renew", Agreement() as known:
            return said.as_fields(said.renewed(command, known, turn.kind, facts))
    return {}


TERMS = ("application", "stages", "items", "begins_on", "ends_on", "signing", "agent")


def _as_proposed(command: MoveAgreement, terms: AgreementProposed) -> MoveAgreement:
    """The other side's terms; whoever countersigns may not change them on the way."""
    proposed = {name: getattr(terms, name) for name in TERMS if getattr(terms, name)}
    given = {name: v for name in TERMS if (v := getattr(command, name)) not in (None, ())}
    changed = [name for name, value in given.items() if proposed.get(name) != value]
    if changed:
        raise Refused(
            "not_what_was_proposed",
            changed=changed,
            remedy="会签内容须与待会签内容一致，否则请先撤回 / withdraw it first to change it",
        )
    return command.model_copy(update=proposed)


def _signed_on(command: MoveAgreement, facts: Facts) -> date:
    day = command.signed_on or facts.day
    if day > facts.day:
        raise Refused(
            "signed_in_the_future",
            signed_on=day.isoformat(),
            day=facts.day.isoformat(),
            remedy="请核对签署日期 / check the day of signing",
        )
    return day


def _signing(kind: Kind, facts: Facts) -> Signing:
    form = next((form for form in facts.pack.forms if form.id == kind.form), None)
    if form is None or not form.seal:
        return "signature"
    return "seal_and_signature" if form.signatures else "seal"


def _same(known: Agreement, fields: dict[str, Any]) -> bool:
    names = ("ends_on", "stages", "items", "application", "agent")
    return all(getattr(known, name) == fields[name] for name in names)


_PERSONAL = (
    "principal", "signatory", "handler_name", "agent_name", "address", "phone", "reason", "paper",
)  # fmt: skip


def _personal(command: MoveAgreement, event: type[Event]) -> dict[str, Any]:
    return {n: getattr(command, n) for n in _PERSONAL if n in event.personal_fields}


def _proposed(
    turn: Turn, fields: dict[str, Any], due: date | None, facts: Facts
) -> Sequence[Event]:
    pending = turn.known.pending if turn.known else None
    if pending and pending.move == turn.move.id and pending.awaits == turn.awaits:
        return []
    number = turn.known.number if turn.known else facts.number
    return [
        AgreementProposed(
            agreement=turn.id(facts),
            kind=turn.kind.id,
            move=turn.move.id,
            move_kind=turn.move.kind,
            to_state=turn.move.to,
            in_force=turn.kind.state(turn.move.to).in_force,
            number=number,
            label=_label(turn, number, facts),
            signed_by=turn.signed_by,
            awaits=turn.awaits,
            takes_effect_on=due,
            ground=_ground(turn),
            **fields,
            **_personal(turn.command, AgreementProposed),
        )
    ]


def _ground(turn: Turn) -> str | None:
    causes = turn.move.causes
    return turn.command.ground or (causes[0] if len(causes) == 1 else None)


def _label(turn: Turn, number: str | None, facts: Facts) -> str | None:
    """The number as the place prints it (编号：2026年第0006号; HS-51)."""
    if number is None or turn.kind.number is None:
        return None
    area, year, serial = number.split("-")
    template = facts.pack.numbering.rule(turn.kind.number).template
    return template.format(adcode=area, year=year, serial=serial)


def done(turn: Turn, fields: dict[str, Any], facts: Facts) -> Event:
    number = turn.known.number if turn.known else facts.number
    whole: dict[str, Any] = fields | {
        "agreement": turn.id(facts),
        "kind": turn.kind.id,
        "move": turn.move.id,
        "state": turn.move.to,
        "in_force": turn.kind.state(turn.move.to).in_force,
        "number": number,
        "label": _label(turn, number, facts),
        "signed_by": turn.signed_by,
        "ground": _ground(turn),
    }
    if turn.move.kind == "end":
        ended_by = _side(turn.signed_by, facts)
        whole |= {"cause": _cause(_ground(turn), ended_by), "ended_by": ended_by}
    event = _EVENTS[turn.move.kind]
    public = {name: value for name, value in whole.items() if name in event.model_fields}
    return event(**public, **_personal(turn.command, event))


_EVENTS: dict[str, type[Event]] = {
    "sign": AgreementSigned,
    "amend": AgreementAmended,
    "suspend": AgreementSuspended,
    "resume": AgreementResumed,
    "renew": AgreementRenewed,
    "end": AgreementEnded,
}


def _side(signed_by: Sequence[str], facts: Facts) -> EndedBy:
    """Which side ended it: the unit, its agent, or an office."""
    posts = {r.id: r.canonical for r in facts.pack.roles}
    canonical = {posts.get(party, party) for party in signed_by}
    if canonical & {*UNIT_POSTS, "applicant"}:
        return "applicant"
    return "office" if canonical & {"office", "head", "supervisor"} else "agent"


def _cause(ground: str | None, ended_by: EndedBy) -> AgreementEndCause:
    """The pack's word where it is one of the law's, else by whose will it ended."""
    if ground in CAUSES:
        return cast(AgreementEndCause, ground)
    return "revoked_by_applicant" if ended_by == "applicant" else "resigned_by_agent"
