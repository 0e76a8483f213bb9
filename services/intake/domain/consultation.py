"""How is a question answered: with its sources, in which session, and after how long (咨询解答)?"""

from datetime import datetime
from uuid import UUID

from contracts.catalogue import Catalogue
from contracts.intake import ConsultationAnswered
from contracts.pack import Pack
from services.intake.domain.commands import AnswerConsultation
from shared.decider import Refused

REMOTE = frozenset({"video", "phone"})


def answered(
    command: AnswerConsultation,
    pack: Pack,
    catalogue: Catalogue,
    id: UUID,
    *,
    asked_at: datetime | None = None,
    answered_at: datetime | None = None,
    answered_by: str | None = None,
) -> ConsultationAnswered:
    """An answer that names what it rests on (YO-27); the time it took, if it was referred."""
    _sources(command, pack, catalogue, referred=answered_by is not None)
    _session(command)
    waited = None
    if asked_at is not None and answered_at is not None:
        waited = max(0, int((answered_at - asked_at).total_seconds() // 60))
    return ConsultationAnswered(
        consultation=command.consultation or id,
        topic=command.topic,
        items=command.items,
        sources=command.sources,
        understood=command.understood,
        learned_through=command.learned_through,
        answered_by=answered_by or command.answered_by,
        waited_minutes=waited,
        began_at=command.began_at,
        ended_at=command.ended_at,
        parties=command.parties or None,
        recorded_with_consent=command.recorded_with_consent,
        visitor=command.visitor,
        phone=command.phone,
        question=command.question,
        answer=command.answer,
        recording=command.recording,
    )


def _sources(
    command: AnswerConsultation, pack: Pack, catalogue: Catalogue, *, referred: bool
) -> None:
    """Entries of the pack; an answer of the deciding body rests on that body."""
    for item in command.items:
        try:
            catalogue.item(item)
        except LookupError:
            raise Refused(
                "item_unknown",
                item=item,
                catalogue=catalogue.edition,
                remedy="请从本地事项目录中选取 / choose an item of the catalogue",
            ) from None
    unknown = [path for path in command.sources if not _in_pack(path, pack)]
    if unknown or not (command.sources or referred):
        raise Refused(
            "source_unknown" if unknown else "source_required",
            sources=unknown,
            edition=pack.edition,
            remedy="请引用政策包中的条目作为依据 / cite entries of the pack",
        )


def _session(command: AnswerConsultation) -> None:
    """A session at a distance has a time and parties; it is recorded with consent or not at all."""
    if command.channel in REMOTE and (command.began_at is None or not command.parties):
        raise Refused(
            "session_incomplete",
            channel=command.channel,
            lacking=["began_at", "parties"],
            remedy="视频、电话咨询请写明时间和参加方 / say when it was and who took part",
        )
    ended, began = command.ended_at, command.began_at
    if ended is not None and (began is None or ended < began):
        raise Refused(
            "session_ends_before_it_begins",
            remedy="请核对起止时间 / check when it began and ended",
        )
    if command.recording is not None and command.recorded_with_consent is not True:
        raise Refused(
            "recording_needs_consent",
            remedy="未经同意不得录音录像，请删除录制文件 / no recording without consent",
        )


def _in_pack(path: str, pack: Pack) -> bool:
    """Whether `path` is a leaf of the pack, or a branch that has a source of its own."""
    for leaf in (path, f"{path}.zh"):
        try:
            pack.leaf_source(leaf)
        except LookupError:
            continue
        return True
    return any(path == p for question in pack.open for p in question.paths)
