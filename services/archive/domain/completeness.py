"""What does a file lack before it may be closed (X-10), and which papers does a fact bring?"""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from contracts.archive import Lack, Waiver
from contracts.event import Event
from contracts.intake import (
    AgreementSigned,
    ApplicationFormFiled,
    CommissionFiled,
    FormConfirmed,
    MaterialReceived,
    RegistrationCompleted,
)
from contracts.pack.rules import Archive, Content
from contracts.supervision import (
    LetterSent,
    OriginalsReturned,
    ResultCollected,
    ResultDelivered,
)
from contracts.vocabulary import ItemCode, Word
from services.archive.domain.commands import Brought
from services.archive.domain.matter import Matter
from services.archive.domain.state import File

CONDITIONS = (
    "items_closed",
    "results_delivered",
    "originals_returned",
    "evaluation_invited",
    "content",
)


def lacking(file: File, matter: Matter, rules: Archive) -> tuple[Lack, ...]:
    """Everything that stands in the way of closing, in the order in which it is done.

    A declined matter was never served: it has no items to close and nobody to rate. Otherwise
    a matter without a fixed scope lacks `scope`.
    """
    return tuple(_lacks(file, matter, rules))


def _lacks(file: File, matter: Matter, rules: Archive) -> Iterator[Lack]:
    served = matter.standing != "declined"
    if served and matter.scope is None:
        yield Lack(condition="items_closed", what="scope")
    for code in (matter.scope or ()) if served else ():
        if not matter.item(code).closed:
            yield Lack(condition="items_closed", what=code)
    for code in _owing(matter):
        yield Lack(condition="results_delivered", what=code)
    for piece in matter.outstanding:
        yield Lack(condition="originals_returned", what=str(piece))
    if served and not matter.invited:
        yield Lack(condition="evaluation_invited", what="evaluation")
    for content in _missing_contents(file, matter, rules):
        yield Lack(condition="content", what=content)


def _owing(matter: Matter) -> list[ItemCode]:
    return [code for code, item in matter.items.items() if item.owes_a_result]


def _missing_contents(file: File, matter: Matter, rules: Archive) -> Iterator[Word]:
    """Content kinds the pack asks for and the file has too few of (归档内容; AS-88).

    A kind with `required_if` is asked for once that event has happened.
    """
    held = contents(file, matter)
    waived = {waiver.content for waiver in file.waived}
    for content in rules.contents:
        if held[content.id] < asked_of(content, matter) and content.id not in waived:
            yield content.id


def asked_of(content: Content, matter: Matter) -> int:
    """How many of a kind are asked for: a conditional kind, once its event happened, at least one."""
    happened = content.required_if is not None and content.required_if in matter.seen
    return max(content.min, int(happened))


def contents(file: File, matter: Matter) -> Counter[Word]:
    """How much the file holds of each content kind.

    Papers are counted as documents. The project's own facts are the basic papers (基本资料), and
    the events themselves write the work log (工作日志).
    """
    held = Counter(kind for id, kind in file.documents.items() if file.is_current(id))
    held["basic"] += matter.project_known
    held["log"] += matter.log_lines
    return held


def waived_by(file: File, approver: str, kinds: tuple[Word, ...]) -> tuple[Waiver, ...]:
    """The waivers in force when `approver` adds `kinds` to what was waived before."""
    known = {waiver.content for waiver in file.waived}
    added = (Waiver(content=kind, approver=approver) for kind in kinds if kind not in known)
    return (*file.waived, *added)


def brought_by(document: UUID, source: UUID, event: Event) -> tuple[Brought, ...]:
    """The document that the fact `source` brings to the file by itself (随事实入档的文件)."""
    found = _paper(event)
    if found is None:
        return ()
    content, title = found
    sheets = event.sheets if isinstance(event, MaterialReceived) else None
    return (Brought(document, content, title, source, sheets),)


def _paper(event: Event) -> tuple[Word, str] | None:
    match event:
        case MaterialReceived(material=material, originals=originals, copies=copies):
            return "application", f"{material}（原件{originals}份，复印件{copies}份）"
        case LetterSent(kind="co_handling_slip", to=to):
            return "slip", f"协办单（致{to}）"
        case LetterSent(to=to):
            return "letter", f"工作联系函（致{to}）"
        case ResultCollected(item=item):
            return "forms", f"{item}结果文件（取件）"
        case ResultDelivered(items=items):
            return "forms", f"{'、'.join(items)}送达回执"
        case OriginalsReturned(originals=originals):
            return "forms", f"原件退还清单（{originals}份）"
    return _agreed(event)


def _agreed(event: Event) -> tuple[Word, str] | None:
    """What the unit signed: commission, agreement, application, register, forms."""
    match event:
        case CommissionFiled(begins_on=begins_on, ends_on=ends_on):
            return "forms", f"授权委托书（{begins_on}至{ends_on}）"
        case FormConfirmed(item=item, form=form, draft=draft):
            return "forms", f"{item}申请表{form}（第{draft}稿，单位已确认）"
        case ApplicationFormFiled(form=form, revision=revision):
            return "forms", f"服务申请表{form}（第{revision}版）"
        case AgreementSigned(label=label, begins_on=begins_on):
            return "forms", f"服务协议{label or ''}（自{begins_on}起）"
        case RegistrationCompleted(form=form, limits=limits):
            return "forms", f"登记表{form}（{len(limits)}个事项）"
    return None
