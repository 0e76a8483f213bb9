"""What is in the file, kind by kind of the pack's list, and what should be there and is not?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from contracts.archive import DocumentFiled
from contracts.pack.rules import Archive, Content
from contracts.vocabulary import MediaCheck, Word
from services.archive.domain.completeness import asked_of, brought_by, contents
from services.archive.domain.decide import REPORT, SIGNED_LIST
from services.archive.domain.file import Filed, legal_day
from services.archive.domain.fourfold import Unkept, Why
from services.archive.domain.matter import Matter
from services.archive.domain.state import File

GENERATED = ("basic", "log")
"""Kinds that the events themselves write: the project's facts, and the work log."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One document on file. `event` is the fact that put it there, `position` archive's place."""

    document: UUID
    content: Word
    event: UUID
    position: int
    on: date
    version: int
    replaced_by: UUID | None
    sheets: int | None
    paper: bool
    commitment: str | None
    media_check: MediaCheck | None
    handed_over: bool
    source: UUID | None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of the list: how many are asked for, how many there are, who waived it."""

    id: Word
    zh: str
    asked: int
    held: int
    because: str | None
    waived_by: str | None
    documents: tuple[Listed, ...]

    @property
    def missing(self) -> bool:
        return self.held < self.asked and self.waived_by is None


def documents_of(filed: Filed, file: File) -> tuple[Listed, ...]:
    """Every document of the file, in archive's order."""
    found = []
    for entry in filed.entries:
        about, event = entry.own.told()
        if isinstance(event, DocumentFiled):
            found.append(
                Listed(
                    document=event.document,
                    content=event.content,
                    event=about.id,
                    position=entry.position,
                    on=legal_day(about),
                    version=file.version_of(event.document),
                    replaced_by=file.replaced.get(event.document),
                    sheets=event.sheets,
                    paper=event.paper,
                    commitment=event.commitment,
                    media_check=event.media_check,
                    handed_over=event.document in file.handed_over,
                    source=event.source,
                )
            )
    return tuple(found)


def unkept_of(filed: Filed, file: File) -> tuple[Unkept, ...]:
    """The documents in force whose bytes are not kept, and what each of them rests on."""
    copies = {entry.copy.told()[0].id: entry.copy for entry in filed.entries if entry.copy}

    def why(one: Listed) -> Why:
        copy = copies.get(one.source) if one.source else None
        fact = copy.told()[1] if copy else None
        if one.source and fact is not None:
            brought = brought_by(one.document, one.source, fact)
            if any(each.content == one.content for each in brought):
                return "by_fact"
        return "on_paper" if one.paper else "unaccounted"

    return tuple(
        Unkept(str(one.document), why(one))
        for one in documents_of(filed, file)
        if one.commitment is None and one.replaced_by is None
    )


def kinds_of(filed: Filed, file: File, matter: Matter, rules: Archive) -> tuple[Kind, ...]:
    """The table of contents (目录): the pack's kinds in its order, then what it does not name."""
    documents = documents_of(filed, file)
    held = contents(file, matter)
    waived = {waiver.content: waiver.approver for waiver in file.waived}
    listed = {content.id for content in rules.contents}
    more = dict.fromkeys(d.content for d in documents if d.content not in listed)
    return (
        *(
            Kind(
                id=content.id,
                zh=content.zh,
                asked=asked_of(content, matter),
                held=held[content.id],
                because=_because(content, matter),
                waived_by=waived.get(content.id),
                documents=_of(documents, content.id),
            )
            for content in rules.contents
        ),
        *(
            Kind(id, OWN_KINDS.get(id, id), 0, held[id], None, None, _of(documents, id))
            for id in more
        ),
    )


OWN_KINDS = {REPORT: "四性检测报告", SIGNED_LIST: "移交清单（已签收）"}


def _because(content: Content, matter: Matter) -> str | None:
    """The event that makes a conditional kind compulsory, once it happened."""
    return content.required_if if content.required_if in matter.seen else None


def _of(documents: Sequence[Listed], content: Word) -> tuple[Listed, ...]:
    return tuple(d for d in documents if d.content == content)


def as_json(kind: Kind, titles: dict[UUID, dict[str, Any]]) -> dict[str, Any]:
    """A kind for the API; `titles` are the personal fields that the reader may see, by event."""
    return {
        "content": kind.id,
        "zh": kind.zh,
        "asked": kind.asked,
        "held": kind.held,
        "because": kind.because,
        "waived_by": kind.waived_by,
        "missing": kind.missing,
        "generated": kind.id in GENERATED,
        "documents": [_document(one, titles.get(one.event, {})) for one in kind.documents],
    }


def _document(one: Listed, told: dict[str, Any]) -> dict[str, Any]:
    scan = told.get("scan") or {}
    return {
        "document": str(one.document),
        "title": told.get("title"),
        "name": scan.get("name"),
        "media_type": scan.get("media_type"),
        "size": scan.get("size"),
        "on": one.on.isoformat(),
        "position": one.position,
        "version": one.version,
        "replaced_by": one.replaced_by and str(one.replaced_by),
        "sheets": one.sheets,
        "paper": one.paper,
        "stored": one.commitment is not None,
        "commitment": one.commitment,
        "media_check": one.media_check,
        "handed_over": one.handed_over,
        "source": one.source and str(one.source),
    }
