"""Which editions of its rules does a place know, and how were they made known (政策包与宣传)?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from uuid import UUID

from contracts.event import Event, Personal
from contracts.intake import (
    NoticePublished,
    PackActivated,
    PackActivationAsked,
    PackAmended,
    PackQuestionDecided,
    PackRegistered,
    PackRetired,
    PublicityLogged,
)
from contracts.pack import Pack
from contracts.vocabulary import (
    BodyId,
    Document,
    Medium,
    PackEdition,
    PackPath,
    WebAddress,
    Word,
)
from services.intake.domain.commands import Name, Sentence
from services.intake.domain.editions import (
    NO_EDITIONS,
    Activation,
    Editions,
    refuse_draft,
    refuse_out_of_date,
)
from shared.command import Command
from shared.decider import Decider, Refused


class RegisterPack(Command):
    """登记政策包 Enter a place's rules as an edition; done when it is loaded (YO-02)."""

    edition: PackEdition


class AskActivation(Command):
    """提请启用政策包 Ask that new matters follow this edition; another activates it (YO-01)."""

    edition: PackEdition
    begins_on: date
    override: Sentence | None = None


class ActivatePack(Command):
    """启用政策包 From this day new matters follow this edition (YO-01, YY-01, HS-49).

    Somebody else asked for this very edition and day. A draft is taken for live matters only
    with `override`: why all the same (HS-01, AS-01).
    """

    edition: PackEdition
    begins_on: date
    override: Sentence | None = None


class RetirePack(Command):
    """停用政策包 From this day no new matter follows this edition (YO-26)."""

    edition: PackEdition
    ends_on: date
    reason: Sentence


class AmendPack(Command):
    """修订政策包 Say out of which edition another was made, and why (YO-26)."""

    edition: PackEdition
    amends: PackEdition
    reason: Sentence


class DecidePackQuestion(Command):
    """决定待定事项 Settle a point that the source leaves open (YO-75, X-06)."""

    edition: PackEdition
    question: PackPath
    issue: UUID | None = None
    decision: Sentence
    document_number: Name | None = None


class PublishNotice(Command):
    """发布公告 Make a notice about the service public (YO-01)."""

    kind: Word
    edition: PackEdition | None = None
    medium: Medium
    title: Name
    document: Personal[Document] | None = None


class LogPublicity(Command):
    """宣传登记 The service was made known through some medium (YO-58, YO-76)."""

    body: BodyId
    medium: Medium
    address: WebAddress | None = None
    title: Name
    proof: Personal[Document] | None = None


type PlaceCommand = (
    RegisterPack
    | AskActivation
    | ActivatePack
    | RetirePack
    | AmendPack
    | DecidePackQuestion
    | PublishNotice
    | LogPublicity
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A pack this deployment carries, with the editions of what it names."""

    pack: Pack
    catalogue: str
    calendar: str


@dataclass(frozen=True, slots=True)
class PlaceFloor:
    """The packs of the place, the leaves in which two editions differ, and a new id.

    `drafts` says that whoever runs this deployment lets drafts be activated. `actor` is the
    person who acts; None for the service itself, with the edition it came with.
    """

    loaded: Mapping[str, Loaded]
    id: UUID
    changed: tuple[str, ...] = ()
    drafts: bool = False
    actor: str | None = None


type Wish = tuple[str, date, bool]
"""An edition, the day from which it is wanted, and whether although it is a draft."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its registered editions, the one in force, what was amended and decided.

    `asked` says who asked for which activation.
    """

    registered: tuple[str, ...] = ()
    active: str | None = None
    since: date | None = None
    editions: Editions = NO_EDITIONS
    amended: Mapping[str, str] = MappingProxyType({})
    decided: frozenset[tuple[str, str]] = frozenset()
    asked: Mapping[Wish, tuple[str, ...]] = MappingProxyType({})


def evolve(state: Place, event: Event) -> Place:
    match event:
        case PackRegistered(edition=edition):
            return replace(state, registered=(*state.registered, edition))
        case PackActivated(edition=edition, begins_on=begins_on, override=override):
            editions = state.editions.activated(Activation(edition, begins_on, bool(override)))
            left = {w: by for w, by in state.asked.items() if w[:2] != (edition, begins_on)}
            return replace(
                state, active=edition, since=begins_on, editions=editions,
                asked=MappingProxyType(left),
            )  # fmt: skip
        case PackActivationAsked(edition=edition, begins_on=begins_on, asked_by=by):
            wish = edition, begins_on, bool(event.override)
            known = (*state.asked.get(wish, ()), by)
            return replace(state, asked=MappingProxyType({**state.asked, wish: known}))
        case PackRetired(edition=edition, ends_on=ends_on):
            return replace(state, editions=state.editions.retire(edition, ends_on))
        case PackAmended(edition=edition, amends=amends):
            amended = MappingProxyType({**state.amended, edition: amends})
            return replace(state, amended=amended)
        case PackQuestionDecided(edition=edition, question=question):
            return replace(state, decided=state.decided | {(edition, question)})
    return state


def decide(command: PlaceCommand, state: Place, facts: PlaceFloor) -> Sequence[Event]:
    match command:
        case RegisterPack(edition=edition):
            loaded = _loaded(edition, facts)
            return [] if edition in state.registered else [_registered(loaded)]
        case AskActivation():
            return _ask_activation(command, state, facts)
        case ActivatePack():
            return _activate(command, state, facts)
        case RetirePack():
            return _retire(command, state)
        case AmendPack():
            return _amend(command, state, facts)
        case DecidePackQuestion():
            return _settle(command, state, facts)
        case PublishNotice():
            return [
                NoticePublished(
                    notice=facts.id,
                    kind=command.kind,
                    edition=_registered_edition(command.edition, state),
                    medium=command.medium,
                    title=command.title,
                    document=command.document,
                )
            ]
        case LogPublicity():
            return [_publicity(command, state, facts)]


def _loaded(edition: str, facts: PlaceFloor) -> Loaded:
    loaded = facts.loaded.get(edition)
    if loaded is None:
        raise Refused(
            "edition_not_loaded",
            edition=edition,
            loaded=sorted(facts.loaded),
            remedy="请先部署该版政策包 / deploy that pack first",
        )
    return loaded


def _registered_edition(edition: str | None, state: Place) -> str | None:
    if edition is not None and edition not in state.registered:
        raise Refused(
            "edition_not_registered",
            edition=edition,
            registered=list(state.registered),
            remedy="请先登记该版政策包 / register that edition first",
        )
    return edition


def _registered(loaded: Loaded) -> PackRegistered:
    pack = loaded.pack
    return PackRegistered(
        edition=pack.edition,
        status=pack.instrument.status,
        catalogue=loaded.catalogue,
        calendar=loaded.calendar,
        issued_on=pack.instrument.issued_on,
        defaults=tuple(sorted({path for question in pack.open for path in question.paths})),
        title=Personal(pack.instrument.title),
    )


def _ask_activation(
    command: AskActivation, state: Place, facts: PlaceFloor
) -> Sequence[PackActivationAsked]:
    """The same checks as of the act itself, so that nothing hopeless is put to somebody."""
    if _nothing_new(command, state, facts):
        return []
    _usable(command, state, facts)
    overruled = _overruled(command, state, facts)
    assert facts.actor is not None
    if facts.actor in state.asked.get((command.edition, command.begins_on, overruled), ()):
        return []
    return [
        PackActivationAsked(
            edition=command.edition, begins_on=command.begins_on,
            override=overruled or None, asked_by=facts.actor, reason=command.override,
        )
    ]  # fmt: skip


def _asked_by_another(
    command: ActivatePack, state: Place, facts: PlaceFloor, overruled: bool
) -> str | None:
    """Who asked for it; refused when nobody did, or only who would now approve it (B65)."""
    if facts.actor is None:
        return None
    asked = state.asked.get((command.edition, command.begins_on, overruled), ())
    if not asked:
        raise Refused(
            "approval_not_asked",
            edition=command.edition,
            waiting=[[e, day.isoformat(), draft] for e, day, draft in state.asked],
            remedy="请先由另一人提请启用 / another person must ask for the activation first",
        )
    others = [by for by in asked if by != facts.actor]
    if not others:
        raise Refused(
            "four_eyes",
            edition=command.edition,
            remedy="提请人不能批准，请由另一人启用 / another person must activate it",
        )
    return others[-1]


def _overruled(command: AskActivation | ActivatePack, state: Place, facts: PlaceFloor) -> bool:
    _registered_edition(command.edition, state)
    pack = _loaded(command.edition, facts).pack
    return pack.instrument.status != "in_force" and command.override is not None


def _nothing_new(
    command: AskActivation | ActivatePack, state: Place, facts: PlaceFloor
) -> bool:
    """Whether new matters of that day follow the edition already."""
    overruled = _overruled(command, state, facts)
    chosen = state.editions.chosen(command.begins_on)
    if chosen is None or chosen.edition != command.edition:
        return False
    taken_back = state.editions.is_retired(command.edition, command.begins_on)
    return not taken_back and (chosen.override or not overruled)


def _usable(command: AskActivation | ActivatePack, state: Place, facts: PlaceFloor) -> None:
    pack = _loaded(command.edition, facts).pack
    refuse_out_of_date(pack, command.begins_on)
    if not _overruled(command, state, facts) and not facts.drafts:
        refuse_draft(pack)


def _activate(
    command: ActivatePack, state: Place, facts: PlaceFloor
) -> Sequence[PackActivated]:
    edition, begins_on = command.edition, command.begins_on
    if _nothing_new(command, state, facts):
        return []
    _usable(command, state, facts)
    overruled = _overruled(command, state, facts)
    asked_by = _asked_by_another(command, state, facts, overruled)
    draft = _loaded(edition, facts).pack.instrument.status != "in_force"
    chosen = state.editions.chosen(begins_on)
    return [
        PackActivated(
            edition=edition,
            begins_on=begins_on,
            replaces=chosen.edition if chosen and chosen.edition != edition else None,
            draft=draft or None,
            override=overruled or None,
            asked_by=asked_by,
            approver=facts.actor,
            reason=command.override,
        )
    ]


def _retire(command: RetirePack, state: Place) -> Sequence[PackRetired]:
    """Nothing new follows it; what follows it already is left in peace (X-08)."""
    _registered_edition(command.edition, state)
    if state.editions.is_retired(command.edition, command.ends_on):
        return []
    return [
        PackRetired(edition=command.edition, ends_on=command.ends_on, reason=command.reason)
    ]


def _amend(command: AmendPack, state: Place, facts: PlaceFloor) -> Sequence[Event]:
    if state.amended.get(command.edition) == command.amends:
        return []
    for edition in (command.edition, command.amends):
        _registered_edition(edition, state)
    if not facts.changed:
        raise Refused("nothing_changed", remedy="两版内容相同 / the editions say the same")
    return [
        PackAmended(
            edition=command.edition,
            amends=command.amends,
            changed=facts.changed,
            reason=command.reason,
        )
    ]


def _settle(command: DecidePackQuestion, state: Place, facts: PlaceFloor) -> Sequence[Event]:
    if (command.edition, command.question) in state.decided:
        return []
    open_ones = [f"open.{q.id}" for q in _loaded(command.edition, facts).pack.open]
    if command.question not in open_ones:
        raise Refused(
            "question_not_open",
            question=command.question,
            open=open_ones,
            remedy="请选择政策包列明的待定事项 / choose an open question of the pack",
        )
    return [
        PackQuestionDecided(
            edition=command.edition,
            question=command.question,
            issue=command.issue,
            decision=command.decision,
            document_number=command.document_number,
        )
    ]


def _publicity(command: LogPublicity, state: Place, facts: PlaceFloor) -> PublicityLogged:
    loaded = facts.loaded.get(state.active or "")
    bodies = [body.id for body in loaded.pack.bodies] if loaded else []
    if command.body not in bodies:
        raise Refused(
            "body_unknown",
            body=command.body,
            known=bodies,
            rule="bodies",
            remedy="请选择本方案列明的单位 / name a body of the pack",
        )
    return PublicityLogged(
        body=command.body,
        medium=command.medium,
        address=command.address,
        title=command.title,
        proof=command.proof,
    )


PLACE = Decider(Place(), evolve, decide)
