"""What happens when this is asked of a contact that stands so (首问负责)?"""

from collections.abc import Sequence
from dataclasses import replace

from contracts.event import Event
from contracts.intake import (
    ContactClosed,
    ContactHandedOver,
    ContactLeftOver,
    ContactLinked,
    HandoverDeclined,
    HandoverOffered,
    VisitorReceived,
)
from services.intake.domain.contact.commands import (
    AnswerContact,
    CloseContact,
    ContactCommand,
    DeclineHandover,
    LinkContact,
    OfferHandover,
    ReceiveVisitor,
    ReferQuestion,
    RemindOfContact,
    TakeContact,
    TellContact,
)
from services.intake.domain.contact.state import Contact, Offer
from services.intake.domain.contact.talk import answer, known_items, refer, tell
from services.intake.domain.desk import Desk, known_body, on_arrival
from services.intake.domain.facts import defaults_of
from shared.decider import Refused


def decide(command: ContactCommand, state: Contact, facts: Desk) -> Sequence[Event]:
    """By the phase; raises `Refused`."""
    found = _held(command, state, facts)
    if found is None and state.phase != "absent":
        found = _talked(command, state, facts)
    if found is None:
        raise Refused(
            "not_in_this_state",
            command=type(command).__name__,
            state=state.phase,
            owner=state.owner,
            allowed=_ALLOWED[state.phase],
            remedy="请先办理 allowed 所列事项；为空则已了结 / do one of `allowed`; empty: it is over",
        )
    return found


def _held(command: ContactCommand, state: Contact, facts: Desk) -> Sequence[Event] | None:
    match command, state.phase:
        case ReceiveVisitor(), "absent":
            return _receive(command, facts)
        case OfferHandover(), "open":
            return _offer(command, state, facts)
        case TakeContact(), "open":
            return _take(state, facts)
        case DeclineHandover(), "open":
            return _decline(command, state, facts)
        case CloseContact(), "open":
            return _close(command, state, facts)
        case CloseContact(outcome=outcome), "closed" if outcome == state.outcome:
            return []
        case RemindOfContact(), _:
            return _remind(state, facts)
    return None


def _talked(command: ContactCommand, state: Contact, facts: Desk) -> Sequence[Event] | None:
    match command, state.phase:
        case LinkContact(), _:
            return _link(command, state)
        case ReferQuestion(), "open":
            return refer(command, state, facts)
        case AnswerContact(), _:
            return answer(command, state, facts)
        case TellContact(), _:
            return [tell(command, state, facts)]
    return None


_ALWAYS = ["LinkContact", "AnswerContact", "TellContact"]
_ALLOWED = {
    "absent": ["ReceiveVisitor"],
    "open": [
        *_ALWAYS,
        "OfferHandover",
        "TakeContact",
        "DeclineHandover",
        "CloseContact",
        "ReferQuestion",
    ],
    "closed": _ALWAYS,
}


def _receive(command: ReceiveVisitor, facts: Desk) -> list[Event]:
    """Whatever is known is kept; where the place leads from the door, that begins now."""
    known_items(command.items, facts)
    arriving = on_arrival(facts.pack)
    rule = f"modes.{arriving.id}.enrol" if arriving else None
    events: list[Event] = [
        VisitorReceived(
            owner=facts.actor,
            received_on=facts.day,
            topic=command.topic,
            items=command.items,
            mode=arriving.id if arriving else None,
            rule=rule,
            defaults=defaults_of(facts.pack, rule) if rule else (),
            visitor=command.visitor,
            unit=command.unit,
            phone=command.phone,
            wish=command.wish,
        )
    ]
    if command.project or command.matter:
        events.append(ContactLinked(to_project=command.project, to_matter=command.matter))
    if command.outcome is not None:
        events.append(
            ContactClosed(outcome=command.outcome, closed_on=facts.day, note=command.note)
        )
    return events


def _link(command: LinkContact, state: Contact) -> list[Event]:
    project = command.project if command.project != state.project else None
    matter = command.matter if command.matter != state.matter else None
    if project is None and matter is None:
        return []
    return [ContactLinked(to_project=project, to_matter=matter)]


def _offer(command: OfferHandover, state: Contact, facts: Desk) -> list[Event]:
    """By its owner or a chief; an offer stands until it is taken or another is made."""
    _ones_own(state, facts)
    if command.to_body is not None:
        known_body(command.to_body, facts.pack)
    if command.to_person == state.owner:
        raise Refused(
            "handover_to_oneself",
            owner=state.owner,
            remedy="请交给他人 / offer it to somebody else",
        )
    asked = Offer(state.offers + 1, command.to_person, command.to_role, command.to_body)
    if state.offer is not None and replace(state.offer, number=asked.number) == asked:
        return []
    return [
        HandoverOffered(
            offer=asked.number,
            offered_by=facts.actor,
            to_person=command.to_person,
            to_role=command.to_role,
            to_body=command.to_body,
            note=command.note,
        )
    ]


def _take(state: Contact, facts: Desk) -> list[Event]:
    """One wins; whoever comes after is told who did (B67)."""
    if state.owner == facts.actor:
        return []
    if state.offer is None:
        declined = state.declined is not None and state.declined[0] == state.offers
        taken = state.offers > 0 and not declined
        raise Refused(
            "taken_by_another" if taken else "not_offered",
            owner=state.owner,
            remedy="已由他人接收 / somebody else has it"
            if taken
            else "请首问人先提出交接 / its owner must offer it first",
        )
    _was_asked(state.offer, state, facts)
    assert state.owner is not None
    return [ContactHandedOver(offer=state.offer.number, left=state.owner, owner=facts.actor)]


def _was_asked(offer: Offer, state: Contact, facts: Desk) -> None:
    if not offer.fits(facts.actor, facts.roles, facts.bodies):
        raise Refused(
            "offered_to_others",
            owner=state.owner,
            to={"person": offer.person, "role": offer.role, "body": offer.body},
            remedy="该来访交接给他人 / it was offered to somebody else",
        )


def _decline(command: DeclineHandover, state: Contact, facts: Desk) -> list[Event]:
    """By one of those asked; the owner sees it and may ask another."""
    if state.offer is None:
        if state.declined == (state.offers, facts.actor):
            return []
        raise Refused(
            "not_offered",
            owner=state.owner,
            remedy="没有待接收的交接 / nothing is offered that could be declined",
        )
    _was_asked(state.offer, state, facts)
    return [
        HandoverDeclined(
            offer=state.offer.number, declined_by=facts.actor, reason=command.reason
        )
    ]


def _close(command: CloseContact, state: Contact, facts: Desk) -> list[Event]:
    """By its owner; with a question open, or not understood, only with a note (AS-50)."""
    _ones_own(state, facts)
    if command.note is None and (state.waiting or state.unclear):
        raise Refused(
            "question_open",
            waiting=[str(id) for id in state.waiting],
            understood=not state.unclear,
            remedy="咨询尚未答复或来访人尚未明白；确需办结请写说明 / answer it, or add a note",
        )
    return [ContactClosed(outcome=command.outcome, closed_on=facts.day, note=command.note)]


def _remind(state: Contact, facts: Desk) -> list[Event]:
    """Once for every evening it was still open."""
    if state.phase != "open" or state.received_on is None or facts.day <= state.received_on:
        return []
    assert state.owner is not None
    return [
        ContactLeftOver(owner=state.owner, nights=state.nights + 1, since_on=state.received_on)
    ]


def _ones_own(state: Contact, facts: Desk) -> None:
    if facts.actor != state.owner and not facts.chief:
        raise Refused(
            "not_your_contact",
            owner=state.owner,
            remedy="首问人负责；请先接收交接 / its owner answers for it: take it over first",
        )
