"""Which data does a decision about personal data concern, and how is it carried out, for good?"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import structlog
from pydantic import TypeAdapter, ValidationError

from contracts.archive import (
    DisclosureCorrected,
    DisclosuresErased,
    DocumentFiled,
    ProcessingRestricted,
    RestrictionLifted,
)
from contracts.event import About, Event, Personal
from services.archive.domain.file import Filed, Leaf
from services.archive.domain.protecting import (
    Aim,
    ApproveProtection,
    AskingProtection,
    Decision,
    Looked,
    ProposeProtection,
)
from services.archive.domain.state import File
from services.archive.queries import Queries
from services.archive.service.documents import Documents
from shared.eventstore.disclosure import SD
from shared.eventstore.forgetting import Erasure, ListNotWritable
from shared.eventstore.identity import NAMESPACE, derived
from shared.eventstore.log import Entry
from shared.eventstore.reading import read_personal
from shared.eventstore.vocabulary import wire_type
from shared.problems import Problem
from shared.runtime import Floor

log = structlog.get_logger()

DECIDED = [
    wire_type(event)
    for event in (
        ProcessingRestricted, RestrictionLifted, DisclosuresErased, DisclosureCorrected
    )
]  # fmt: skip
PAGE = 200
SAYING = ("intake", "assignment", "supervision", "evaluation")
CORRECTING = "correction: carried out"

_ALONE = """
    SELECT stream FROM copies WHERE stream = ANY ($1)
    GROUP BY stream HAVING bool_and(matter IS NOT DISTINCT FROM $2)
"""
_WORDED = """
    SELECT id FROM events WHERE stream = $1 AND type = 'archive.correction_worded.v1'
      AND fact::json ->> 'decision' = $2
"""


REGISTERS = {store: derived(NAMESPACE, f"archive/{store}") for store in SAYING}
"""Where archive files what a store says of no matter: its rosters and its registers."""


def area_of(filed: Filed, person: str | None) -> str:
    """The one area in which a person stands in a register, '' when there is none."""
    areas = {
        about.area
        for about, event, _ in _told(filed)
        if person is not None and getattr(event, "person", None) == person
    }
    return areas.pop() if len(areas) == 1 else ""


class Protecting:
    """Restricts, erases and corrects what was decided, again at every start."""

    def __init__(self, floor: Floor, queries: Queries, documents: Documents) -> None:
        self._floor, self._queries, self._documents = floor, queries, documents
        self._reached = 0

    async def looked(
        self, command: AskingProtection, file: File, filed: Filed, actor: str, origin: UUID
    ) -> Looked:
        """What `decide` must know; raises `Problem("four_eyes")` for one's own proposal."""
        id, closed = derived(origin, "decision"), file.closed or file.number is None
        if isinstance(command, ProposeProtection):
            return Looked(actor, await self.aim(filed, command), closed, id)
        decision = file.protections.get(command.decision)
        if decision is None or not isinstance(command, ApproveProtection):
            return Looked(actor, Aim(), closed, id)
        if decision.proposed_by == actor:
            raise Problem(
                "four_eyes", remedy="请由另一位有权人员批准 / ask another person to approve it"
            )
        aim, worded = await self.aim(filed, decision), None
        if decision.protection == "correct":
            pool = self._floor.log.pool
            worded = await pool.fetchval(_WORDED, filed.matter, str(decision.id))
        return Looked(actor, aim, closed, id, worded)

    async def aim(self, filed: Filed, about: ProposeProtection | Decision) -> Aim:
        """The keys of streams that are the matter's alone; what else there is, datum by datum."""
        told = list(_told(filed, whole_project=about.whole_project))
        if about.protection == "correct":
            return Aim(correctable=any(_fits(about, a, e) for a, e, _ in told))
        mine = [(a, sd) for a, e, sd in told if _is_of(e, about.of, about.person)]
        streams = {a.stream for a, _ in mine}
        alone = await self._alone(streams, filed, whole_project=about.whole_project)
        keys = await self._floor.protection.keys_of(sorted(alone), about.of, about.person)
        if about.protection != "erase":
            return Aim(tuple(keys))
        digests = sorted({digest for _, sd in mine for digest in sd})
        alive = await self._floor.protection.not_erased(digests)
        return Aim(tuple(keys), tuple(alive))

    async def _alone(
        self, streams: set[UUID], filed: Filed, *, whole_project: bool
    ) -> set[UUID]:
        """The streams that nobody else's matter stands in."""
        register = filed.matter in REGISTERS.values()
        matter = None if register else filed.matter
        rows = await self._floor.log.pool.fetch(_ALONE, list(streams), matter)
        found = {row["stream"] for row in rows} | (streams & {filed.matter})
        if whole_project:
            found |= {leaf.parts()[0].stream for leaf in filed.project} & streams
        return found

    async def carry_out(self) -> None:
        """Do what was decided since; called often, and from the beginning at every start.

        Raises `Problem("unavailable")` while the erasure list cannot be written.
        """
        more = True
        try:
            while more:
                entries, upto = await self._floor.log.of_types(DECIDED, self._reached, PAGE)
                for entry in entries:
                    await self._carried_out(entry)
                    self._reached = entry.position
                self._reached, more = upto, len(entries) == PAGE
        except ListNotWritable as error:
            log.critical("erasure_list_not_writable", why=str(error))
            raise Problem("unavailable", remedy=str(error)) from error

    async def _carried_out(self, entry: Entry) -> None:
        protection, event = self._floor.protection, _event_of(entry)
        match event:
            case DisclosuresErased():
                erasure = Erasure(event.decision, event.keys, event.digests)
                if not await protection.is_listed(erasure):
                    await protection.erase(erasure)
                    await self._forget_documents(entry.stream, frozenset(event.digests))
                    log.info("erased", decision=str(event.decision), data=len(event.digests))
            case ProcessingRestricted():
                await protection.restrict(event.decision, event.keys)
            case RestrictionLifted():
                await protection.restrict(None, event.keys)
            case DisclosureCorrected():
                await self._correct(entry.stream, event)

    async def _correct(self, file: UUID, decided: DisclosureCorrected) -> None:
        keeper = self._floor.keeper
        if await keeper.is_corrected(decided.decision):
            return
        filed = await self._queries.filed(file)
        found = [a for a, _, _ in _told(filed, whole_project=True) if a.id == decided.event]
        said = await read_personal(
            self._floor.log, keeper, file, actor="s:archive", purpose=CORRECTING,
            only=frozenset({decided.worded}), despite=True,
        )  # fmt: skip
        value = said.get(decided.worded, {}).get("value")
        if not found or value is None:
            return  # its new wording was erased meanwhile
        whose = next(
            e.sealed_for()
            for a, e, _ in _told(filed, whole_project=True)
            if a.id == found[0].id
        )
        await keeper.correct(
            decided.decision, decided.event, found[0].stream, whose, decided.member, value
        )

    async def _forget_documents(self, file: UUID, digests: frozenset[str]) -> None:
        """The bytes of documents whose salt was erased: nobody could say any more what they are."""
        if not self._documents.there:
            return
        filed = await self._queries.filed(file)
        for _, event, sd in _told(filed):
            if isinstance(event, DocumentFiled) and event.commitment and digests & set(sd):
                await self._documents.objects.forget(event.commitment)


def _told(
    filed: Filed, *, whole_project: bool = False
) -> Iterator[tuple[About, Event, list[str]]]:
    """Every event that seals something, with its digests."""
    leaves: list[Leaf] = list(filed.project) if whole_project else []
    for entry in filed.entries:
        leaves += [leaf for leaf in (entry.own, entry.copy) if leaf is not None]
    for leaf in leaves:
        if b'"_sd"' not in leaf.body:
            continue
        about, event = leaf.told()
        if event is not None:
            yield about, event, list(leaf.parts()[1].get(SD, ()))


def _is_of(event: Event, of: str, person: str | None) -> bool:
    subject, _, named = event.sealed_for().partition("/")
    return subject == of and (person is None or person == named)


def _fits(about: ProposeProtection | Decision, told: About, event: Event) -> bool:
    """Whether the event is the one to correct, has the field, and the field takes the value."""
    if told.id != about.event or not _is_of(event, about.of, about.person):
        return False
    member = about.member or ""
    if member not in event.personal_fields:
        return False
    value: Any = about.value if isinstance(about, ProposeProtection) else Personal("")
    try:
        kind = type(event).model_fields[member].rebuild_annotation()
        TypeAdapter(kind).validate_python(value.reveal() if value else None)
    except ValidationError:
        return isinstance(about, Decision)
    return True


def _event_of(entry: Entry) -> Event:
    known: Sequence[type[Event]] = (
        ProcessingRestricted, RestrictionLifted, DisclosuresErased, DisclosureCorrected
    )  # fmt: skip
    kind = next(k for k in known if wire_type(k) == entry.type)
    return kind.model_validate_json(entry.fact)
