"""How does help begin by itself, and what is the matter told at its door (自动纳入与告知)?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from contracts.event import Event, Personal
from contracts.intake import (
    HelpPrompted,
    OneTimeNoticeIssued,
    ProjectAutoEnrolled,
    ServiceAccepted,
)
from contracts.pack import Pack
from contracts.pack.sections import Mode
from contracts.vocabulary import Document, Word
from contracts.vocabulary import Mode as ModeWord
from services.intake.domain.commands.words import Items, Name, Sentence
from services.intake.domain.facts import Facts, defaults_of, item_of
from services.intake.domain.notice import Telling, notice_of
from shared.command import Command
from shared.decider import Refused


class EnrolProject(Command):
    """自动纳入 The first sight of a project begins its help, once (YY-18)."""

    mode: ModeWord
    origin: Word


class PromptHelp(Command):
    """主动帮办提示 The unit files by itself: offer it advice, no new application (YY-11)."""

    items: Items
    seen_by: Word


class IssueNotice(Command):
    """一次性告知 Tell the unit all that these items need; none named: the whole scope (AS-42, AS-52).

    A second notice of the same items needs a reason, and the supervisor sees it.
    """

    items: Items | None = None
    receiver: Name | None = None
    reason: Sentence | None = None
    signed: Personal[Document] | None = None


@dataclass(frozen=True, slots=True)
class Helped:
    """How help came about by itself: enrolled or not, notices by item, prompts given."""

    enrolled: bool = False
    told: Mapping[str, int] = MappingProxyType({})
    prompted: frozenset[str] = frozenset()


UNHELPED = Helped()


def evolve(state: Helped, event: Event) -> Helped:
    match event:
        case ProjectAutoEnrolled():
            return replace(state, enrolled=True)
        case OneTimeNoticeIssued(items=items, ordinal=ordinal):
            told = {**state.told, **dict.fromkeys(items, ordinal)}
            return replace(state, told=MappingProxyType(told))
        case HelpPrompted(items=items):
            return replace(state, prompted=state.prompted | set(items))
    return state


def enrols(pack: Pack) -> Mode | None:
    """The mode in which the place takes every project in by itself, where it has one."""
    return next((mode for mode in pack.modes if mode.enrol == "automatic"), None)


def accepting_body(pack: Pack, mode: str) -> str | None:
    """The body that owns the acceptance of this mode, as the place's process says."""
    for stage in pack.process:
        if stage.canonical in ("accept", "register") and mode in stage.modes:
            for owner in stage.owner:
                if any(body.id == owner for body in pack.bodies):
                    return owner
                bodies = next((r.bodies for r in pack.roles if r.id == owner and r.bodies), ())
                if bodies:
                    return bodies[0]
    return None


def enrol(command: EnrolProject, facts: Facts) -> list[Event]:
    """Numbered, and accepted at once where the process says by whom: nobody has to ask."""
    assert facts.number is not None
    rule = f"modes.{command.mode}.enrol"
    body = accepting_body(facts.pack, command.mode)
    enrolled = ProjectAutoEnrolled(
        number=facts.number,
        mode=command.mode,
        applicant=facts.applicant,
        origin=command.origin,
        rule=rule,
        defaults=defaults_of(facts.pack, rule),
    )
    if body is None:
        return [enrolled]
    accepted = ServiceAccepted(body=body, rule=rule, defaults=defaults_of(facts.pack, rule))
    return [enrolled, accepted]


def prompt(
    command: PromptHelp, state: Helped, facts: Facts, *, muted: bool = False
) -> list[Event]:
    """Once for each item, and not where the unit wants to hear less (YY-50)."""
    if muted:
        return []
    new = tuple(item for item in command.items if item not in state.prompted)
    if not new:
        return []
    return [HelpPrompted(items=new, seen_by=command.seen_by, prompted_on=facts.day)]


def issue(
    command: IssueNotice, state: Helped, scope: Sequence[str], mode: str | None, facts: Facts
) -> list[Event]:
    """Conditions and materials of all the items, generated from the catalogue."""
    items = scope if command.items is None else command.items
    if not items:
        raise Refused(
            "items_required",
            remedy="事项范围未定，请写明事项 / the scope is not fixed: name the items",
        )
    for code in items:
        item_of(facts, code)
    told = dict(facts.told)
    for item, times in state.told.items():
        told[item] = max(times, told.get(item, 0))
    telling = Telling(
        facts.id, facts.day, mode, told, command.receiver, command.reason, command.signed
    )
    return [notice_of(items, facts.pack, facts.catalogue, telling)]
