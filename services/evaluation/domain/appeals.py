"""Who may say that an appraisal is wrong (申诉), by when is it looked into, and by whom?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.evaluation import AppealDecided, AppraisalAppealed
from contracts.event import Event
from contracts.pack.sections import Days
from services.evaluation.domain import terms
from services.evaluation.domain.commands import AppealAppraisal, DecideAppeal
from services.evaluation.domain.facts import OfficeFacts
from shared.decider import Refused
from shared.eventstore.identity import derived

WITHIN = Days(days=15, unit="wd")
"""By when an appeal is decided (默认值)."""
WITHIN_PATH = "appraisal.appeal"


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal (申诉) and whose it is."""

    appraisal: UUID
    agent: str | None
    body: str
    decided: bool = False


def appeal(
    command: AppealAppraisal, known: Mapping[UUID, Appeal], facts: OfficeFacts
) -> Sequence[Event]:
    """By the appraised alone, once for each result while it is open."""
    about = facts.appealed
    if about is None:
        raise Refused("no_such_appraisal", appraisal=str(command.appraisal))
    if about.agent is not None and facts.actor != about.agent:
        raise Refused(
            "not_yours", remedy="由被考核人本人申诉 / appealed by the appraised alone"
        )
    if about.agent is None and about.body not in facts.bodies:
        raise Refused("not_your_body", named=about.body, bodies=sorted(facts.bodies))
    if strange := sorted(set(command.disputed) - about.measures):
        raise Refused("measures_unknown", unknown=strange)
    if any(a.appraisal == command.appraisal and not a.decided for a in known.values()):
        return []
    return [
        AppraisalAppealed(
            appeal=derived(facts.made, "appeal"),
            appraisal=command.appraisal,
            agent=about.agent,
            body=about.body,
            disputed=tuple(dict.fromkeys(command.disputed)),
            due_on=terms.due(WITHIN, facts.today, facts.calendar),
            rule=WITHIN_PATH,
            defaults=(WITHIN_PATH,),
            grounds=command.grounds,
        )
    ]


def decided(
    command: DecideAppeal, known: Mapping[UUID, Appeal], facts: OfficeFacts
) -> Sequence[Event]:
    """By who appraises, never by the appraised; only an upheld appeal leaves matters out."""
    found = known.get(command.appeal)
    if found is None:
        raise Refused("no_such_appeal", appeal=str(command.appeal))
    if found.decided:
        return []
    if facts.actor == found.agent or found.body in facts.bodies:
        raise Refused("own_service", body=found.body, rule="appraisal.by")
    if command.excluded and command.verdict != "upheld":
        raise Refused(
            "nothing_to_exclude",
            verdict=command.verdict,
            remedy="申诉不成立时不排除办件 / matters are left out only where an appeal is upheld",
        )
    return [
        AppealDecided(
            appeal=command.appeal,
            appraisal=found.appraisal,
            verdict=command.verdict,
            excluded=tuple(dict.fromkeys(command.excluded)),
            reason=command.reason,
        )
    ]
