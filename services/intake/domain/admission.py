"""Is the project served (准入), and is the request taken on or declined (受理)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.intake import ServiceAccepted, ServiceDeclined, ServiceRequested
from contracts.vocabulary import Role
from services.intake.domain.approval import ask
from services.intake.domain.commands import AcceptService, DeclineService, RequestService
from services.intake.domain.eligibility import admitted, assess, not_eligible
from services.intake.domain.facts import Facts, defaults_of, item_of
from services.intake.domain.state import Matter
from shared.decider import Refused

DISCRETION = "scope.discretionary"


def request(command: RequestService, facts: Facts) -> Sequence[Event]:
    """A request by a door of the place, numbered, and its project assessed at once."""
    doors = {channel.kind for channel in facts.pack.channels}
    if command.channel not in doors:
        raise Refused(
            "channel_not_offered",
            channel=command.channel,
            offered=sorted(doors),
            rule="channels",
            remedy="请在 channel 中写明本地开通的渠道 / name one of the offered channels",
        )
    if command.wanted is not None:
        offered_mode(command.wanted, facts)
    for item in command.items:
        item_of(facts, item)
    _from_somewhere(command, facts)
    assert facts.number is not None
    requested = ServiceRequested(
        number=facts.number,
        applicant=facts.applicant,
        handler=facts.handler,
        wanted=command.wanted,
        items=command.items,
        system_ref=command.system_ref,
        learned_through=command.learned_through,
        origin=command.origin,
        ordered_by=command.ordered_by,
        contacts=_contacts(command, facts),
        lead_name=command.lead_name,
        lead_phone=command.lead_phone,
        handler_name=command.handler_name,
        handler_phone=command.handler_phone,
        needs=command.needs,
        papers=command.papers,
    )
    return [requested, assess(facts, mode=command.wanted)]


def _contacts(command: RequestService, facts: Facts) -> tuple[Role, ...]:
    """Which people of the unit were named: its lead, and its handler if there is one (HS-54)."""
    handler = facts.handler is not None or command.handler_name is not None
    return ("applicant_lead", "applicant_handler") if handler else ("applicant_lead",)


def _from_somewhere(command: RequestService, facts: Facts) -> None:
    """A way to begin that the pack knows; ordered or asked by others, by whom (来源)."""
    if command.origin is None and command.ordered_by is None:
        return
    origin = next((o for o in facts.pack.origins if o.id == command.origin), None)
    if origin is None:
        raise Refused(
            "origin_unknown",
            origin=command.origin,
            known=[o.id for o in facts.pack.origins],
            rule="origins",
            remedy="请选择本方案列明的来源 / choose an origin of the pack",
        )
    by_others = origin.kind in ("superior", "third_body")
    fitting = not origin.sender or command.ordered_by in origin.sender
    if by_others and (command.ordered_by is None or not fitting):
        raise Refused(
            "ordered_by_required",
            origin=origin.id,
            senders=list(origin.sender),
            rule=f"origins.{origin.id}.from",
            remedy="请写明由哪个单位交办或转办 / say who ordered or asked",
        )


def accept(command: AcceptService, state: Matter, facts: Facts) -> Sequence[Event]:
    """Taken on, when the project qualifies; what was learned since is assessed first."""
    own_body(command.body, facts)
    setting, mode = state.setting, state.mode or state.wanted
    if not admitted(facts, setting, mode):
        raise not_eligible(facts, setting, mode, "not_eligible")
    if scope_comes_first(facts) and not (state.items or state.wanted_items):
        raise Refused(
            "scope_not_chosen",
            rule=f"process.{_scope_stage(facts)}.steps",
            remedy="受理前请先明确需要帮办代办的事项范围 / settle which items need help first",
        )
    assessed = assess(facts, setting, mode)
    by_rule = assessed.result == "eligible"
    accepted = ServiceAccepted(
        body=command.body,
        rule=assessed.rule if by_rule else DISCRETION,
        defaults=assessed.defaults if by_rule else defaults_of(facts.pack, DISCRETION),
    )
    changed = by_rule and assessed.result != state.eligibility
    return [assessed, accepted] if changed else [accepted]


def _scope_stage(facts: Facts) -> str | None:
    """The stage of reception in which the pack has the scope settled, if any (HS-25)."""
    stages = [s for s in facts.pack.process if s.canonical == "accept"]
    return next((s.id for s in stages if "fix_item_scope" in s.steps), None)


def scope_comes_first(facts: Facts) -> bool:
    """Whether reception settles the scope before it accepts."""
    return _scope_stage(facts) is not None


def decline(command: DeclineService, state: Matter, facts: Facts) -> Sequence[Event]:
    """Not taken on: with a reason always; asked of another person when it qualifies (YO-14)."""
    assessed = assess(facts, state.setting, state.mode or state.wanted)
    eligible = assessed.result == "eligible"
    if eligible and command.cause == "ineligible":
        raise Refused(
            "project_is_eligible",
            rule=assessed.rule,
            remedy="该项目符合条件，请另写事由 / it qualifies: give another cause",
        )
    needs = "scope.decline.needs"
    if eligible and "approver" in facts.pack.scope.decline.needs:
        return ask("decline", command.reason, state, facts, rule=needs, cause=command.cause)
    used = (needs, *assessed.defaults) if eligible else assessed.defaults
    return [
        ServiceDeclined(
            cause=command.cause,
            eligible=eligible,
            rule=assessed.rule,
            pointer=assessed.pointer,
            defaults=defaults_of(facts.pack, *used),
            reason=command.reason,
        )
    ]


def own_body(body: str, facts: Facts) -> None:
    """A body of the pack, and one that the actor serves, if he serves any."""
    try:
        facts.pack.body(body)
    except LookupError:
        raise Refused(
            "body_unknown",
            body=body,
            known=[b.id for b in facts.pack.bodies],
            rule="bodies",
            remedy="请选择本方案列明的单位 / name a body of the pack",
        ) from None
    if facts.bodies and body not in facts.bodies:
        raise Refused(
            "not_your_body",
            body=body,
            yours=sorted(facts.bodies),
            remedy="只能以本单位名义受理 / accept for your own body",
        )


def offered_mode(mode: str, facts: Facts) -> None:
    """A mode that the place offers; refused otherwise."""
    offered = [m.id for m in facts.pack.modes]
    if mode not in offered:
        raise Refused(
            "mode_not_offered",
            mode=mode,
            offered=offered,
            rule="modes",
            remedy="请选择本地提供的服务方式 / choose an offered mode",
        )
