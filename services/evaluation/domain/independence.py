"""Which body may look into somebody's service: never his own (X-05, YO-48)."""

from collections.abc import Iterable

from contracts.pack import Pack
from shared.decider import Refused

REVISIT = "revisit"
"""The instrument (回访) whose questions are asked in a return visit, not over a link."""


def independent_of(pack: Pack, body: str | None, wanted: Iterable[str] = ()) -> str:
    """A body that is not `body`: one of `wanted`, who asks for ratings, or who appraises.

    Raises `Refused("no_independent_body")`.
    """
    asking = (i.asked_by for i in pack.evaluation.instruments)
    for candidate in (*wanted, *asking, pack.appraisal.by):
        if candidate != body:
            return candidate
    raise Refused("no_independent_body", body=body, rule="appraisal.by")


def acting_body(named: str | None, bodies: frozenset[str]) -> str:
    """The body the caller acts for; refused when it is not his, or not clear which."""
    if named is not None and named in bodies:
        return named
    if named is None and len(bodies) == 1:
        return next(iter(bodies))
    raise Refused(
        "not_your_body",
        named=named,
        bodies=sorted(bodies),
        remedy="请写明所代表的单位（body） / name the body you act for",
    )
