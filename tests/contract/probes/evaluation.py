"""What does evaluation do under a pack: who is asked, what is bad, who looks into it, by when?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from contracts.event import Personal
from contracts.pack import Pack
from contracts.vocabulary import SatisfactionLevel
from services.evaluation.domain import MATTER
from services.evaluation.domain.commands import (
    InviteAgain,
    InviteRating,
    MakeReturnVisit,
    ReceiveComplaint,
    RecordRating,
    RectifyBadRating,
)
from services.evaluation.domain.facts import MatterFacts, Served
from services.evaluation.domain.sealing import Sealed, released
from services.evaluation.domain.state import BadRating, Judged
from tests.contract.probes.asking import (
    AGENT,
    CALENDAR,
    CLERK,
    MONDAY,
    OTHER,
    UNIT,
    Base,
    answer,
    id_of,
    words,
)

SAID = Personal("拖了很久")


class _Tokens(dict):  # type: ignore[type-arg]
    """An id for whatever instrument a pack has."""

    def __missing__(self, name: str) -> object:
        return id_of(sum(map(ord, name)))


def _facts(pack: Pack, base: Base, **more: object) -> MatterFacts:
    given = MatterFacts(pack, CALENDAR, MONDAY, "s:evaluation", id_of(70))
    served = Served(AGENT, base.bodies[0], (AGENT,))
    return replace(given, served=served, complete=True, tokens=_Tokens(), **more)  # type: ignore[arg-type]


def _course(pack: Pack, base: Base) -> Iterator[object]:
    start = _facts(pack, base)
    yield answer(MATTER.decide, InviteRating(), Judged(), start)
    invited = MATTER.fold(
        MATTER.decide(InviteRating(), Judged(), start) if _asks(pack, base) else ()
    )
    sent = MappingProxyType(dict.fromkeys(invited.invitations, MONDAY))
    for name, invitation in invited.invitations.items():
        for days in range(12):
            later = replace(start, today=MONDAY + timedelta(days=days), sent_on=sent)
            again = InviteAgain(instrument=name)
            yield answer(MATTER.decide, again, invited, later)
            before = {name: day - timedelta(days=3) for name, day in sent.items()}  # a Friday
            yield answer(MATTER.decide, again, invited, replace(later, sent_on=before))
        unit = replace(start, actor=UNIT, respondent="applicant_lead", invitation=invitation.id)
        for level in words(SatisfactionLevel):
            yield from _rated(pack, base, name, level, invited, unit)


def _asks(pack: Pack, base: Base) -> bool:
    found = answer(MATTER.decide, InviteRating(), Judged(), _facts(pack, base))
    return isinstance(found, list)


def _rated(
    pack: Pack, base: Base, name: str, level: str, invited: Judged, unit: MatterFacts
) -> Iterator[object]:
    indicators = [i.id for i in pack.instrument_of(name).indicators]
    scores = dict.fromkeys(indicators, "satisfied")
    rating = RecordRating.model_validate({"level": level, "scores": scores})
    yield answer(MATTER.decide, rating, invited, unit)
    visit = MakeReturnVisit.model_validate(
        {
            "means": "phone", "reached": True, "respondent": "applicant_lead",
            "level": level, "scores": scores,
        }
    )  # fmt: skip
    caller = replace(unit, actor=CLERK, bodies=frozenset({"caller"}))
    yield answer(MATTER.decide, visit, invited, caller)
    yield sorted(scores)


def _remedies(pack: Pack, base: Base) -> Iterator[object]:
    bad = Judged(bad_ratings=MappingProxyType({id_of(71): BadRating(AGENT, "a:own", MONDAY)}))
    for body in ("own", *base.bodies):
        for back in (True, False):
            command = RectifyBadRating(
                bad_rating=id_of(71), verdict="upheld", visited_back=back, measures=SAID
            )
            facts = _facts(pack, base, actor=OTHER, bodies=frozenset({body}))
            yield answer(MATTER.decide, command, bad, facts)
    for body in base.bodies:
        complaint = ReceiveComplaint(kind="delay", against=AGENT, body=body, words=SAID)
        facts = _facts(pack, base, actor=UNIT)
        yield answer(MATTER.decide, complaint, Judged(), facts)


def _probe(pack: Pack, base: Base) -> object:
    return [*_course(pack, base), *_remedies(pack, base)]


def _seals(pack: Pack, base: Base) -> object:
    return [
        released([Sealed("one", "satisfied", MONDAY)] * n, pack, MONDAY + wait, CALENDAR)
        for n in range(1, 12)
        for wait in map(timedelta, range(0, 200, 7))
    ]


PROBES = {
    "services.evaluation.domain.decide": _probe,
    "services.evaluation.domain.sealing": _seals,
}
