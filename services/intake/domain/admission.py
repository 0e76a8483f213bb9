"""Is the project served (准入), and is the request taken on or declined (受理)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.intake import (
    EligibilityAssessed,
    ServiceAccepted,
    ServiceDeclined,
    ServiceRequested,
)
from services.intake.domain.commands import AcceptService, DeclineService, RequestService
from services.intake.domain.facts import Facts, defaults_of, item_of
from services.intake.domain.state import Matter
from shared.decider import Refused


def assess(facts: Facts) -> EligibilityAssessed:
    """The project held against the admission rule of the place (服务条件审核; YO-05, YO-06)."""
    admission = facts.pack.admits(facts.project)
    paths = [reason.path for reason in admission.reasons]
    pointers = [path for path in paths if path.startswith("scope.refer.")]
    rules = [path for path in paths if path not in pointers]
    first = f"scope.include.{facts.pack.scope.include[0].id}"
    undecided = bool(admission.missing)
    return EligibilityAssessed(
        result="eligible" if admission.ok else "undetermined" if undecided else "ineligible",
        rule=next(iter(rules), first),
        failed=() if admission.ok or undecided else tuple(rules),
        unknown=tuple(sorted(admission.missing)),
        pointer=next(iter(pointers), None),
        defaults=defaults_of(facts.pack, *paths),
    )


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
    assert facts.number is not None
    requested = ServiceRequested(
        number=facts.number,
        applicant=facts.applicant,
        handler=facts.handler,
        wanted=command.wanted,
        items=command.items,
        system_ref=command.system_ref,
        learned_through=command.learned_through,
        lead_name=command.lead_name,
        lead_phone=command.lead_phone,
        handler_name=command.handler_name,
        handler_phone=command.handler_phone,
        needs=command.needs,
        papers=command.papers,
    )
    return [requested, assess(facts)]


def accept(command: AcceptService, state: Matter, facts: Facts) -> Sequence[Event]:
    """Taken on, when the project qualifies; what was learned since is assessed first."""
    own_body(command.body, facts)
    assessed = assess(facts)
    if assessed.result == "ineligible":
        raise Refused(
            "not_eligible",
            rule=assessed.rule,
            failed=list(assessed.failed),
            pointer=assessed.pointer,
            reasons=[reason.zh for reason in facts.pack.admits(facts.project).reasons],
            remedy="请办理不予受理并告知去向 / decline with the pointer",
        )
    if assessed.result == "undetermined":
        raise Refused(
            "eligibility_undetermined",
            rule=assessed.rule,
            unknown=list(assessed.unknown),
            remedy="请先补充项目情况 / amend the project with these facts first",
        )
    accepted = ServiceAccepted(
        body=command.body, rule=assessed.rule, defaults=assessed.defaults
    )
    changed = assessed.result != state.eligibility
    return [assessed, accepted] if changed else [accepted]


def decline(command: DeclineService, facts: Facts) -> Sequence[Event]:
    """Not taken on: with a reason always, and past a supervisor when it qualifies (YO-14)."""
    assessed = assess(facts)
    eligible = assessed.result == "eligible"
    if eligible and command.cause == "ineligible":
        raise Refused(
            "project_is_eligible",
            rule=assessed.rule,
            remedy="该项目符合条件，请另写事由 / it qualifies: give another cause",
        )
    if eligible and "approver" in facts.pack.scope.decline.needs:
        _supervised(command, facts)
    used = ("scope.decline.needs", *assessed.defaults) if eligible else assessed.defaults
    return [
        ServiceDeclined(
            cause=command.cause,
            eligible=eligible,
            rule=assessed.rule,
            pointer=assessed.pointer,
            supervisor=command.supervisor,
            defaults=defaults_of(facts.pack, *used),
            reason=command.reason,
        )
    ]


def _supervised(command: DeclineService, facts: Facts) -> None:
    if command.supervisor is None:
        raise Refused(
            "supervisor_required",
            rule="scope.decline.needs",
            remedy="符合条件而不受理，须写明负责人 / name the supervisor who sees it",
        )
    if command.supervisor == facts.actor:
        raise Refused(
            "supervisor_is_oneself",
            rule="scope.decline.needs",
            remedy="负责人须为他人 / the supervisor must be somebody else",
        )


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
