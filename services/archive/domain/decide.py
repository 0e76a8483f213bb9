"""The decision table of the file. The first row that fits decides."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from contracts.archive import (
    DocumentFiled,
    EntryFiled,
    FileChecked,
    FileClosed,
    FileHandedOver,
    FileOpened,
    Lack,
)
from contracts.event import Event, Personal
from services.archive.domain.commands import (
    Asking,
    CheckFile,
    CloseFile,
    Facts,
    FileDocument,
    FileEntry,
    HandOverFile,
)
from services.archive.domain.completeness import lacking, waived_by
from services.archive.domain.state import File
from shared.decider import Refused

RULE = "archive.contents"
STRENGTH = "archive.strength"


def decide(command: Asking, file: File, facts: Facts) -> Sequence[Event]:
    match command, file.condition:
        case FileEntry(), _:
            return list(_filed(command, file))
        case FileDocument(), "open":
            return [_document(command, facts)]
        case CheckFile(), "open":
            return _checked(command, file, facts)
        case CloseFile(), "open":
            return [_closed(file, facts)]
        case CloseFile(), "closed":
            return []
        case HandOverFile(), "open" | "closed":
            return _handed_over(command, file)
    raise Refused(
        "not_in_this_state",
        command=type(command).__name__,
        state=file.condition,
        allowed=_allowed(file),
    )


def _allowed(file: File) -> list[str]:
    return {
        "unopened": ["FileEntry"],
        "open": ["FileDocument", "CheckFile", "CloseFile", "HandOverFile"],
        "closed": ["HandOverFile"],
    }[file.condition]


def _filed(command: FileEntry, file: File) -> Iterator[Event]:
    """A fact is filed once; the request opens the file, and papers come with their fact."""
    if file.holds(command.store, command.position):
        return
    if command.number is not None and file.number is None:
        yield FileOpened(number=command.number)
    yield EntryFiled(
        store=command.store,
        position=command.position,
        leafhash=command.leafhash,
        entry_type=command.entry_type,
    )
    for paper in command.brings:
        yield DocumentFiled(
            document=paper.document,
            content=paper.content,
            sheets=paper.sheets,
            source=paper.source,
            title=Personal(paper.title),
        )


def _document(command: FileDocument, facts: Facts) -> DocumentFiled:
    assert facts.document is not None
    return DocumentFiled(
        document=facts.document,
        content=command.content,
        sheets=command.sheets,
        paper=command.paper,
        source=command.source,
        title=command.title,
        scan=command.scan,
    )


def _checked(command: CheckFile, file: File, facts: Facts) -> list[Event]:
    assert facts.matter is not None
    assert facts.rules is not None
    if command.waive:
        _refuse_waiver(command, file, facts)
    waived = waived_by(file, facts.actor, command.waive)
    lacks = lacking(replace(file, waived=waived), facts.matter, facts.rules)
    last = file.checked
    if (
        last is not None
        and (last.lacking, last.waived) == (lacks, waived)
        and (last.entries, last.documents) == (file.entries, len(file.documents))
    ):
        return []
    return [
        FileChecked(
            complete=not lacks,
            lacking=lacks,
            waived=waived,
            relied_on=facts.relied_on,
            rule=RULE,
            defaults=facts.defaults,
            waiver_reasons=command.waiver_reasons,
        )
    ]


def _refuse_waiver(command: CheckFile, file: File, facts: Facts) -> None:
    """Who may waive what: content kinds of the list, in principle only, with reasons (AS-89)."""
    assert facts.matter is not None
    assert facts.rules is not None
    kinds = {content.id for content in facts.rules.contents}
    if facts.rules.strength != "in_principle":
        raise Refused("content_is_compulsory", rule=STRENGTH, waive=list(command.waive))
    if not facts.may_waive:
        raise Refused(
            "waiver_needs_an_approver",
            rule=STRENGTH,
            remedy="ask an approver to check the file",
        )
    if unknown := sorted(set(command.waive) - kinds):
        raise Refused("content_unknown", rule=RULE, unknown=unknown, known=sorted(kinds))
    if command.waiver_reasons is None:
        raise Refused("waiver_needs_reasons", remedy="say in waiver_reasons why it is lacking")


def _closed(file: File, facts: Facts) -> FileClosed:
    """X-10: items struck off, results delivered, originals returned, rating invited, checked."""
    assert facts.matter is not None
    assert facts.rules is not None
    lacks = list(lacking(file, facts.matter, facts.rules))
    if file.checked is None or not file.checked.complete or facts.check is None:
        lacks.append(Lack(condition="file_checked", what="CheckFile"))
    if lacks:
        raise Refused(
            "file_not_complete",
            rule=RULE,
            lacking=[lack.model_dump() for lack in lacks],
            remedy="supply what is lacking, check the file again, then close it",
        )
    assert facts.check is not None
    return FileClosed(
        checked_by=facts.check,
        entries=file.entries,
        documents=len(file.documents),
        relied_on=facts.relied_on,
    )


def _handed_over(command: HandOverFile, file: File) -> list[Event]:
    """Papers go out once, and to the archives only when the file is closed."""
    if unknown := [d for d in command.documents if d not in file.documents]:
        raise Refused("document_not_on_file", documents=[str(d) for d in unknown])
    if command.holder == "archive_body" and not file.closed:
        raise Refused("file_not_closed", remedy="close the file before the archives take it")
    going = [d for d in dict.fromkeys(command.documents) if d not in file.handed_over]
    if not going:
        return []
    return [
        FileHandedOver(
            holder=command.holder,
            documents=tuple(going),
            recipient=command.recipient,
            list_signed=command.list_signed,
        )
    ]
