"""Which papers must be there before an act, here and in this mode, and which are (X-03)?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.pack.papers import Agreement as Kind
from contracts.pack.sections import Mode, Paper
from contracts.pack.words import Act
from contracts.predicate import holds
from services.intake.domain.entrusted import Agreement
from services.intake.domain.facts import Facts
from services.intake.domain.state import Matter
from shared.decider import Refused


@dataclass(frozen=True, slots=True)
class Standing:
    """How a paper stands: demanded before which acts, there or not, and why not."""

    paper: str
    zh: str
    sort: str
    before: tuple[Act, ...]
    rule: str
    needed: bool
    there: bool
    why: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


def papers(state: Matter, facts: Facts, item: str | None = None) -> tuple[Standing, ...]:
    """The papers of the mode the unit chose, each with how it stands; for `item`, if named."""
    if state.mode is None or state.mode == "none":
        return ()
    mode = facts.pack.mode(state.mode)
    return tuple(_standing(paper, mode, state, facts, item) for paper in mode.papers)


def papers_before(
    act: Act, state: Matter, facts: Facts, item: str | None = None
) -> tuple[Standing, ...]:
    """Those that are demanded before `act`."""
    return tuple(p for p in papers(state, facts, item) if act in p.before and p.needed)


def require_papers(act: Act, state: Matter, facts: Facts, item: str | None = None) -> None:
    """Refuse `act` while a paper it waits for is not there, naming every one (X-03)."""
    lacking = [paper for paper in papers_before(act, state, facts, item) if not paper.there]
    if not lacking:
        return
    first = lacking[0]
    assert first.why is not None
    raise Refused(
        first.why,
        act=act,
        mode=state.mode,
        paper=first.paper,
        missing=[paper.paper for paper in lacking],
        rule=first.rule,
        day=facts.day.isoformat(),
        **first.more,
        remedy=f"请先办妥{'、'.join(p.zh for p in lacking)} / these papers must be in force first",
    )


def agreement_of(paper: str, facts: Facts) -> Kind | None:
    """The agreement of the pack that `paper` means, by its own id or its form's."""
    return next((a for a in facts.pack.agreements if paper in (a.id, a.form)), None)


def _standing(
    paper: Paper, mode: Mode, state: Matter, facts: Facts, item: str | None
) -> Standing:
    known = {**dict(facts.project), "site_kind": facts.pack.site_kind(facts.project.site)}
    form = next((form for form in facts.pack.forms if form.id == paper.id), None)
    kind = agreement_of(paper.id, facts)
    sort = _sort(paper, form.kind if form else None, kind)
    why, more = _lacks(paper.id, sort, kind, state, facts, item)
    zh = kind.zh if kind else form.zh if form else paper.id
    return Standing(
        paper.id, zh, sort, paper.before, f"modes.{mode.id}.papers.{paper.id}",
        holds(paper.when, known) is not False, why is None, why, more,
    )  # fmt: skip


def _sort(paper: Paper, form: str | None, kind: Kind | None) -> str:
    if kind is not None:
        return "agreement"
    if paper.must_state or form == "commission":
        return "commission"
    if form == "register":
        return "register"
    return UNDERTAKING if paper.id == UNDERTAKING else "application"


def _lacks(
    paper: str, sort: str, kind: Kind | None, state: Matter, facts: Facts, item: str | None
) -> tuple[str | None, Mapping[str, Any]]:
    """Why the paper cannot be leant on, None when it can; and what explains it."""
    if kind is not None:
        return _lacks_agreement(kind, state, facts, item)
    match sort:
        case "commission":
            return _lacks_commission(state, facts, item)
        case "register":
            return (None if state.setting.registered else "registration_not_completed"), {}
        case "undertaking":
            lacking = unwarranted(state)
            return ("undertaking_not_given" if lacking or not state.pieces else None), {}
    there = paper in state.entrusted.applications or _the_request_is_it(paper, facts)
    return (None if there else "application_not_filed"), {"form": paper}


def warrants(facts: Facts) -> bool:
    """Whether the place has the five-point undertaking given with every submission (YY-46)."""
    return any(form.id == UNDERTAKING for form in facts.pack.forms)


UNDERTAKING = "undertaking"


def unwarranted(state: Matter) -> tuple[str, ...]:
    """The papers in force that no undertaking speaks for yet (YY-46)."""
    return tuple(
        str(id)
        for id in state.pieces
        if id not in state.replaced and id not in state.setting.warranted
    )


def _the_request_is_it(paper: str, facts: Facts) -> bool:
    """An application form that no agreement carries is the request itself (X-14)."""
    carried = {form for agreement in facts.pack.agreements for form in agreement.carries}
    form = next((form for form in facts.pack.forms if form.id == paper), None)
    return form is not None and form.kind == "application" and paper not in carried


def _lacks_commission(
    state: Matter, facts: Facts, item: str | None
) -> tuple[str | None, Mapping[str, Any]]:
    commission = state.commission
    if commission is None:
        return "commission_missing", {"ended": [str(id) for id in state.ended]}
    covered = item is None or item in commission.items
    if commission.runs(facts.day) and covered:
        return None, {}
    return "commission_does_not_cover", {
        "item": item,
        "begins_on": commission.begins_on.isoformat(),
        "ends_on": commission.ends_on.isoformat(),
        "items": sorted(commission.items),
    }


def _lacks_agreement(
    kind: Kind, state: Matter, facts: Facts, item: str | None
) -> tuple[str | None, Mapping[str, Any]]:
    names = {kind.id}
    known = next(
        (a for a in reversed(tuple(state.entrusted.agreements.values())) if a.kind in names),
        None,
    )
    if known is None:
        return "agreement_not_signed", {"agreement": None}
    why = _why_not(known, facts)
    if why is None and item is not None and not covers(known, item, facts):
        why = "agreement_does_not_cover"
    if why is None:
        return None, {}
    return why, {
        "agreement": str(known.id),
        "state": known.state,
        "awaits": list(known.pending.awaits) if known.pending else [],
        "ends_on": known.ends_on.isoformat() if known.ends_on else None,
    }


def _why_not(known: Agreement, facts: Facts) -> str | None:
    """Why acts may not lean on the agreement on the day of the act."""
    if known.holds(facts.day):
        return None
    if not known.open:
        return "agreement_ended"
    if known.state is None:
        return "agreement_awaits_signature"
    if known.begins_on is not None and facts.day < known.begins_on:
        return "agreement_not_begun"
    if not known.runs(facts.day):
        return "agreement_over"
    return "agreement_suspended" if known.pending is None else "agreement_ended"


def covers(known: Agreement, item: str, facts: Facts) -> bool:
    """Whether the agreement speaks of `item`: whole matter, by stage, or item by item."""
    if not known.items and not known.stages:
        return True
    return item in known.items or _stage(item, facts) in known.stages


def covered(known: Agreement, state: Matter, facts: Facts) -> tuple[str, ...]:
    """The items in scope that the agreement speaks of now."""
    return tuple(item for item in state.items if covers(known, item, facts))


def _stage(item: str, facts: Facts) -> str | None:
    found = next((one for one in facts.catalogue.items if one.id == item), None)
    return found.stage if found else None
