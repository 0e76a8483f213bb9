"""When are the figures of a quarter given to an assessment (考核结果报送), and when taken back?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from contracts.evaluation import AppraisalPublished, LeagueRow, PublicationWithdrawn
from contracts.event import Event
from services.evaluation.domain.commands import PublishAppraisal, WithdrawPublication
from services.evaluation.domain.facts import OfficeFacts, ours
from services.evaluation.domain.quarters import bounds
from shared.decider import Refused
from shared.eventstore.identity import derived

FORM_PATH = "appraisal.measures"
"""No source says which figures an assessment takes: those of `league.exported` are ours (默认值)."""

type Given = tuple[str, int, str]
"""Quarter, assessment and form: of these one publication is in force at a time."""


@dataclass(frozen=True, slots=True)
class Published:
    """What was given for which assessment; the last of its kind is in force, unless withdrawn."""

    given: Given
    rows: tuple[LeagueRow, ...]
    withdrawn: bool = False


type Publications = Mapping[UUID, Published]


def told(
    known: Publications, event: AppraisalPublished | PublicationWithdrawn
) -> dict[UUID, Published]:
    """What is known of publications after an event, in the order they were given."""
    match event:
        case AppraisalPublished() as e:
            made = Published((e.quarter, e.assessment, e.form), e.rows)
            return {**known, e.publication: made}
        case PublicationWithdrawn(publication=id):
            return {**known, id: replace(known[id], withdrawn=True)}


def in_force(known: Publications, given: Given) -> UUID | None:
    """The publication that counts: the last one given, None when that was taken back."""
    last = next((id for id in reversed(list(known)) if known[id].given == given), None)
    return None if last is None or known[last].withdrawn else last


def given(
    command: PublishAppraisal | WithdrawPublication, known: Publications, facts: OfficeFacts
) -> Sequence[Event]:
    """What is recorded when figures are given or taken back."""
    if isinstance(command, WithdrawPublication):
        return withdraw(command, known)
    return publish(command, known, facts)


def publish(
    command: PublishAppraisal, known: Publications, facts: OfficeFacts
) -> Sequence[Event]:
    """Given when the quarter is over, to an assessment that the rules name; the same once."""
    _, last = bounds(command.quarter)
    if facts.today <= last:
        raise Refused("quarter_not_over", quarter=command.quarter, ends_on=last)
    named, rule = facts.pack.appraisal.counts_in, "appraisal.counts_in"
    if command.assessment > len(named):
        remedy = "本地方案未写明纳入该项考核 / the rules name no such assessment"
        raise Refused("assessment_unknown", assessments=list(named), rule=rule, remedy=remedy)
    if not facts.rows:
        raise Refused("nothing_to_publish", quarter=command.quarter)
    before = in_force(known, (command.quarter, command.assessment, command.form))
    if before is not None and known[before].rows == facts.rows:
        return []
    return [
        AppraisalPublished(
            publication=derived(facts.made, "publication"),
            quarter=command.quarter,
            assessment=command.assessment,
            form=command.form,
            rows=facts.rows,
            cut=facts.cut,
            rule=rule,
            defaults=(FORM_PATH, *ours(facts.pack, rule)),
        )
    ]


def withdraw(command: WithdrawPublication, known: Publications) -> Sequence[Event]:
    """What is in force is taken back, for a reason; what was replaced needs no taking back."""
    found = known.get(command.publication)
    if found is None:
        raise Refused("no_such_publication", publication=str(command.publication))
    if found.withdrawn:
        return []
    now = in_force(known, found.given)
    if now != command.publication:
        remedy = "该次报送已被后来的报送取代，请撤回现行的 / withdraw the one that replaced it"
        raise Refused("publication_replaced", in_force=str(now) if now else None, remedy=remedy)
    quarter, assessment, form = found.given
    return [
        PublicationWithdrawn.model_validate(
            {
                "publication": command.publication,
                "quarter": quarter,
                "assessment": assessment,
                "form": form,
                "reason": command.reason,
            }
        )
    ]
