"""What of a file is kept from those it rates (封存): who is kept out, and what is left to read?

A matter has one unit, so a rating read in its file names its rater. The rated therefore never
read it there; what they may know of their ratings, evaluation tells them in sums (X-05).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import orjson

from contracts.archive import DocumentFiled, EntryFiled, FileClosed
from contracts.assignment import AgentAssigned, AgentReassigned, ItemDispatched
from contracts.evaluation import ComplaintReceived, EvaluationInvited
from contracts.event import Event
from services.archive.domain.file import Entry, Filed, Leaf
from services.archive.domain.state import SEALED

OPEN_TO = frozenset(
    {
        "applicant_lead",
        "applicant_handler",
        "archivist",
        "office",
        "supervisor",
        "evaluation_office",
        "auditor",
        "admin",
        "service",
    }
)
"""Posts that read how a matter was rated, unless they served it; everybody else reads around it."""

SERVING = frozenset({"agent", "helper", "reserve_agent", "chief_agent"})
"""Posts that may have served some matter of a list."""


def kept_from(actor: str, roles: frozenset[str], filed: Filed) -> bool:
    """Whether somebody reads the file without how it was rated."""
    return not roles & OPEN_TO or actor in rated(filed)


def rated(filed: Filed) -> frozenset[str]:
    """Everybody who ever served the matter, and whom a complaint is about."""
    found: set[str] = set()
    for leaf in (*filed.project, *(entry.leaf for entry in filed.entries)):
        if leaf.glance("type") in _TELLING_WHO:
            found.update(_served(leaf.told()[1]))
    return frozenset(found)


_TELLING_WHO = frozenset(
    kind.model_fields["type"].default
    for kind in (
        AgentAssigned, AgentReassigned, ItemDispatched, EvaluationInvited, ComplaintReceived,
    )
)  # fmt: skip
"""The types that `_served` reads: of a long file, nothing else is opened for it."""


def _served(event: Event | None) -> Iterable[str]:
    match event:
        case AgentAssigned(agent=agent) | ItemDispatched(agent=str() as agent):
            return (agent,)
        case AgentReassigned(left=left, agent=agent):
            return (left, agent)
        case EvaluationInvited(agent=agent, served_by=served_by):
            return (agent, *(served_by or ()))
        case ComplaintReceived(against=str() as against):
            return (against,)
    return ()


def without_ratings(filed: Filed) -> Filed:
    """The file as the rated read it: that the unit was asked, never whether or what it answered.

    No count of entries tells it either: one that was written into the file is counted anew.
    """
    entries = tuple(_around(filed.entries))
    return Filed(filed.matter, entries, tuple(open_leaves(filed.project)))


def open_leaves(leaves: Iterable[Leaf]) -> Iterator[Leaf]:
    """Without what evaluation told, but for the first time that the unit was asked."""
    return (leaf for leaf in leaves if not hidden(leaf))


def hidden(leaf: Leaf) -> bool:
    """Whether the rated do not read this. A reminder is hidden: it says that nobody answered."""
    if leaf.store != SEALED:
        return False
    _, event = leaf.told()
    return not (isinstance(event, EvaluationInvited) and event.sending == 1)


def _around(entries: Iterable[Entry]) -> Iterator[Entry]:
    kept, sealed = 0, set()
    for entry in entries:
        _, own = entry.own.told()
        if entry.copy is not None and hidden(entry.copy):
            sealed.add(entry.copy.told()[0].id)
            continue
        match own:
            case EntryFiled(store="evaluation") if entry.copy is None:
                continue
            case DocumentFiled(source=source) if source is not None and source in sealed:
                continue
            case EntryFiled():
                kept += 1
            case FileClosed():
                entry = replace(entry, own=_recounted(entry.own, kept))
        yield entry


def _recounted(leaf: Leaf, entries: int) -> Leaf:
    """The closing with the entries that are left to read."""
    members = orjson.loads(leaf.body)
    members["fact"]["entries"] = entries
    return replace(leaf, body=orjson.dumps(members))
