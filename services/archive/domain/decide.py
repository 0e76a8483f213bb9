"""The decision table of the file. The first row that fits decides."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from contracts.archive import (
    ArchiveTested,
    DocumentFiled,
    EntryFiled,
    FileChecked,
    FileClosed,
    FileHandedOver,
    FileOpened,
    Lack,
)
from contracts.event import Event, Personal
from contracts.vocabulary import Document
from services.archive.domain import protecting
from services.archive.domain.commands import (
    Asking,
    AttachPaper,
    CheckFile,
    CloseFile,
    Facts,
    FileDocument,
    FileEntry,
    HandOverFile,
    Kept,
)
from services.archive.domain.completeness import lacking, waived_by
from services.archive.domain.protecting import (
    ApproveProtection,
    ExtendRestriction,
    ProposeProtection,
    RejectProtection,
)
from services.archive.domain.state import File
from shared.decider import Refused

RULE = "archive.contents"
STRENGTH = "archive.strength"
REPORT = "four_property_report"
SIGNED_LIST = "hand_over_list"
ATTACHMENT = "attachment"
"""The content kind of the report of the four properties."""


def decide(command: Asking, file: File, facts: Facts) -> Sequence[Event]:
    match command, file.condition:
        case FileEntry(), _:
            return list(_filed(command, file))
        case FileDocument(), "open":
            return _document(command, file, facts)
        case AttachPaper(title=title), "open":
            return _document(FileDocument(content=ATTACHMENT, title=title), file, facts)
        case CheckFile(), "open":
            return _checked(command, file, facts)
        case CloseFile(), "open":
            return _closed(file, facts)
        case CloseFile(), "closed":
            return []
        case HandOverFile(), "open" | "closed":
            return _handed_over(command, file, facts)
        case ProposeProtection() | ApproveProtection() | RejectProtection(), _:
            assert facts.protection is not None
            return protecting.decide(command, file.protections, facts.protection)
        case ExtendRestriction(), _:
            return protecting.extended(command, file.protections)
    raise Refused(
        "not_in_this_state",
        command=type(command).__name__,
        state=file.condition,
        allowed=_allowed(file),
    )


def _allowed(file: File) -> list[str]:
    return {
        "unopened": ["FileEntry"],
        "open": ["FileDocument", "AttachPaper", "CheckFile", "CloseFile", "HandOverFile"],
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


def _document(command: FileDocument, file: File, facts: Facts) -> list[Event]:
    """One upload is one document; a later version takes the place of one that is in force."""
    assert facts.document is not None
    if facts.document in file.documents:
        return []
    if command.replaces is not None:
        _refuse_version(command.replaces, command, file)
    kept = facts.kept
    return [
        DocumentFiled(
            document=facts.document,
            content=command.content,
            sheets=command.sheets,
            paper=command.paper,
            source=command.source,
            replaces=command.replaces,
            title=command.title,
            **_bytes(kept, command.scan),
        )
    ]


def _bytes(kept: Kept | None, told: Personal[Document] | None = None) -> dict[str, Any]:
    if kept is None:
        return {"scan": told}
    return {
        "commitment": kept.commitment,
        "media_check": kept.media_check,
        "scan": Personal(kept.document),
        "salt": Personal(kept.salt),
    }


def _refuse_version(replaces: UUID, command: FileDocument, file: File) -> None:
    if replaces not in file.documents:
        raise Refused("document_not_on_file", documents=[str(replaces)])
    if not file.is_current(replaces):
        raise Refused(
            "document_already_replaced",
            by=str(file.replaced[replaces]),
            remedy="请更换其最新版本 / replace its latest version",
        )
    if file.documents[replaces] != command.content:
        raise Refused(
            "document_of_another_kind",
            content=file.documents[replaces],
            remedy="新版须与旧版同属一类 / a version is of the same kind as the one before",
        )


def _checked(command: CheckFile, file: File, facts: Facts) -> list[Event]:
    assert facts.matter is not None
    assert facts.rules is not None
    if command.waive:
        _refuse_waiver(command, file, facts)
    waived = waived_by(file, facts.actor, command.waive)
    lacks = _lacks(replace(file, waived=waived), facts)
    last = file.checked
    if (
        last is not None
        and (last.lacking, last.waived) == (lacks, waived)
        and (last.entries, last.documents) == (file.unsealed, len(file.documents))
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
            remedy="请由审核人检查该档案 / ask an approver to check the file",
        )
    if unknown := sorted(set(command.waive) - kinds):
        raise Refused("content_unknown", rule=RULE, unknown=unknown, known=sorted(kinds))
    if command.waiver_reasons is None:
        raise Refused(
            "waiver_needs_reasons",
            remedy="请在 waiver_reasons 中写明缺少的原因 / say in waiver_reasons why it is lacking",
        )


def _lacks(file: File, facts: Facts) -> tuple[Lack, ...]:
    """What the file lacks, and the documents whose bytes are not what was filed."""
    assert facts.matter is not None
    assert facts.rules is not None
    unsound = (Lack(condition="document_bytes", what=str(d)) for d in facts.unsound)
    return (*lacking(file, facts.matter, facts.rules), *unsound)


def _closed(file: File, facts: Facts) -> list[Event]:
    """X-10: items struck off, results delivered, originals returned, rating invited, checked,
    and the four properties tested where documents are kept.
    """
    lacks = list(_lacks(file, facts))
    if file.checked is None or not file.checked.complete or facts.check is None:
        lacks.append(Lack(condition="file_checked", what="CheckFile"))
    if lacks:
        raise Refused(
            "file_not_complete",
            rule=RULE,
            lacking=[lack.model_dump() for lack in lacks],
            remedy=(
                "请补齐所缺内容，重新检查后再归档 / "
                "supply what is lacking, check the file again, then close it"
            ),
        )
    assert facts.check is not None
    tested = list(_tested(facts))
    return [
        *tested,
        FileClosed(
            checked_by=facts.check,
            entries=file.entries,
            documents=len(file.documents) + bool(tested),
            relied_on=facts.relied_on,
        ),
    ]


def _tested(facts: Facts) -> Iterator[Event]:
    """The test and its report, which is a document of the file; refused when a property fails."""
    report = facts.report
    if report is None:
        return
    failed = sorted(name for name, result in report.results.items() if result == "failed")
    if failed:
        raise Refused(
            "four_properties_not_passed",
            failed=failed,
            findings=list(report.findings),
            remedy="消除 findings 所列问题后再结档 / mend what `findings` names, then close",
        )
    results = report.results
    yield ArchiveTested(
        authentic=results["authentic"],
        complete=results["complete"],
        usable=results["usable"],
        safe=results["safe"],
        findings=report.findings,
        report=report.document,
    )
    yield DocumentFiled(
        document=report.document,
        content=REPORT,
        title=Personal("四性检测报告"),
        **_bytes(report.kept),
    )


def _handed_over(command: HandOverFile, file: File, facts: Facts) -> list[Event]:
    """Papers go out once, and to the archives only when the file is closed."""
    if unknown := [d for d in command.documents if d not in file.documents]:
        raise Refused("document_not_on_file", documents=[str(d) for d in unknown])
    if command.holder == "archive_body" and not file.closed:
        raise Refused(
            "file_not_closed",
            remedy="请先归档，再移交档案馆 / close the file before the archives take it",
        )
    signed = command.upload or command.list_signed or command.on_paper
    if command.holder == "applicant" and not signed:
        raise Refused(
            "list_not_signed",
            remedy="请附经签收的移交清单（upload），或注明纸质留存（on_paper） / "
            "give the signed list as an upload, or say that it is kept on paper",
        )
    going = [d for d in dict.fromkeys(command.documents) if d not in file.handed_over]
    if not going:
        return []
    return [
        FileHandedOver(
            holder=command.holder,
            documents=tuple(going),
            on_paper=command.on_paper,
            recipient=command.recipient,
            list_signed=command.list_signed,
        ),
        *_signed_list(facts),
    ]


def _signed_list(facts: Facts) -> Iterator[Event]:
    """The uploaded list is a document of the file, though the file be closed."""
    if facts.kept is not None and facts.document is not None:
        yield DocumentFiled(
            document=facts.document,
            content=SIGNED_LIST,
            title=Personal("移交清单（已签收）"),
            **_bytes(facts.kept),
        )
