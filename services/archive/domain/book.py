"""How does a whole file read as one book (案卷): bilingual, from public facts alone?

Names, texts and titles are personal: they can be erased, and a book that held them would not stay
the same. So a book holds none, and the same position makes the same bytes.
"""

from dataclasses import dataclass

from contracts.catalogue import Catalogue
from contracts.pack import Pack
from services.archive.domain.file import Filed, Leaf, facts_in
from services.archive.domain.listing import Kind, kinds_of
from services.archive.domain.matter import Matter
from services.archive.domain.namebook import names_of
from services.archive.domain.phrasing import Tongue
from services.archive.domain.replay import STANDINGS, Replayed, replay
from services.archive.domain.story import Line, lines
from services.archive.domain.telling import LOG_LINES, fold
from shared.paper.long import Both, Chapter, Facts, LongDocument, Part, Table, Text, Width

_LOG = {kind.model_fields["type"].default for kind in LOG_LINES}
_NUMBER = Width(Both("位置", "Position"), 2)
_DAY = Width(Both("日期", "Day"), 3)


@dataclass(frozen=True, slots=True)
class Place:
    """The rules a matter follows, for the names of its items, bodies and content kinds."""

    pack: Pack
    catalogue: Catalogue


def book(filed: Filed, place: Place | None, at: int | None = None) -> LongDocument:
    """The file as it stood at archive's position `at` (None: now). Raises ValueError if empty."""
    known = filed.until(at)
    if not known.entries:
        raise ValueError("there was no file at that position")
    known = Filed(known.matter, known.entries, _heard_before(known))
    zh, en = _tongues(place)
    at_zh, told_en = replay(known, None, zh), lines(known, en)
    matter = fold(facts_in(known))
    last = at_zh.lines[-1]
    return LongDocument(
        title=Both("案卷", "Case book"),
        subtitle=Both(f"一事一档　{matter.number}", "one matter, one file"),
        issuer=place.pack.jurisdiction.zh if place else "—",
        day=last.entered or last.day,
        cover=_cover(at_zh, matter, last),
        running=f"{matter.number} @ {at_zh.position}",
        chapters=(
            Chapter(Both("基本情况", "The matter"), tuple(_matter(at_zh, matter, zh, en))),
            *_contents(known, at_zh, matter, place),
            Chapter(Both("纪事", "What happened"), (_course(at_zh.lines, told_en),)),
            Chapter(Both("工作日志", "Work log"), (_worklog(at_zh.lines, told_en),)),
            Chapter(Both("逐条摘要", "Hashes, to verify"), tuple(_hashes(known))),
        ),
    )


def _heard_before(filed: Filed) -> tuple[Leaf, ...]:
    """What the project had told by then: a store is heard in its order, so whatever stands before
    its last fact on file was heard, and what comes later changes no book.
    """
    last: dict[str, int] = {}
    for entry in filed.entries:
        if entry.copy is not None:
            copy = entry.copy
            last[copy.store] = max(copy.position, last.get(copy.store, 0))
    return tuple(leaf for leaf in filed.project if leaf.position <= last.get(leaf.store, 0))


def _tongues(place: Place | None) -> tuple[Tongue, Tongue]:
    if place is None:
        return Tongue(), Tongue(english=True)
    pack, catalogue = place.pack, place.catalogue
    return (
        Tongue(names=names_of(pack, catalogue)),
        Tongue(english=True, names=names_of(pack, catalogue, english=True)),
    )


def _cover(replayed: Replayed, matter: Matter, last: Line) -> tuple[tuple[Both, Both], ...]:
    return (
        (Both("办件编号", "Matter"), Both(matter.number or "—")),
        (Both("档案位置", "Archive position"), Both(str(replayed.position))),
        (Both("最后一条日期", "Last entry"), Both(str(last.entered or last.day))),
        (Both("档案状态", "File"), _standing(replayed.file.condition)),
        (Both("入档事实", "Facts"), Both(str(replayed.file.entries))),
        (Both("文件", "Documents"), Both(str(len(replayed.file.documents)))),
    )


def _standing(word: str) -> Both:
    return Both(STANDINGS.get(word, word), word)


def _matter(replayed: Replayed, matter: Matter, zh: Tongue, en: Tongue) -> list[Part]:
    def mode(tongue: Tongue) -> str:
        return tongue.word("mode_choice", matter.mode) if matter.mode else "—"

    facts = (
        (Both("事项状态", "Matter"), _standing(matter.standing)),
        (Both("服务方式", "Way of serving"), Both(mode(zh), mode(en))),
        (Both("行政区划", "Area"), Both(matter.area or "—")),
        (Both("政策包版本", "Rules"), Both(matter.pack or "—")),
        (Both("申请日期", "Opened"), Both(str(matter.opened_on or "—"))),
        (Both("预计办完", "Forecast"), Both(str(matter.forecast_on or "—"))),
        (
            Both("所依据的默认值", "Defaults of ours it leans on"),
            Both("、".join(matter.defaults) or "—"),
        ),
    )
    scope = matter.scope or ()
    codes = [*scope, *(code for code in sorted(matter.items) if code not in scope)]
    rows = []
    for code in codes:
        item = matter.item(code)
        rows.append(
            (
                Both(zh.code(code), en.code(code)),
                Both(zh.word("item_state", item.state), en.word("item_state", item.state)),
                Both(zh.word("outcome", item.outcome), en.word("outcome", item.outcome))
                if item.outcome
                else Both("—"),
                Both(str(item.due_on or "—")),
            )
        )
    columns = (
        Width(Both("事项", "Item"), 6),
        Width(Both("状态", "State"), 3),
        Width(Both("结果", "Outcome"), 3),
        Width(Both("到期", "Due"), 2),
    )
    note = Text(
        Both(
            "姓名、联系方式、文件名称和自由文字属个人信息，可依法删除，故不入本卷；"
            "人员以岗位和代号表示。同一档案位置印出的案卷逐字节相同。",
            "Names, contacts, titles and free text are personal and can be erased by law: they are "
            "not in this book, and people stand by post and pseudonym. The same position makes "
            "the same bytes.",
        )
    )
    return [Facts(facts), Table(columns, tuple(rows)), note]


def _contents(
    filed: Filed, replayed: Replayed, matter: Matter, place: Place | None
) -> tuple[Chapter, ...]:
    title = Both("目录", "Contents of the file")
    if place is None:
        missing = Both("本部署没有该办件所依政策包。", "the rules of this matter are not here.")
        return (Chapter(title, (Text(missing),)),)
    kinds = kinds_of(filed, replayed.file, matter, place.pack.archive)
    columns = (
        Width(Both("类别", "Kind"), 5),
        Width(Both("应有", "Asked"), 1),
        Width(Both("已有", "Held"), 1),
        Width(Both("说明", "Remark"), 5),
    )
    documents = tuple(_documents(kinds))
    return (
        Chapter(title, (Table(columns, tuple(_kind(kind) for kind in kinds)),)),
        Chapter(Both("文件", "Documents"), (Table(_DOCUMENT_COLUMNS, documents),)),
    )


def _kind(kind: Kind) -> tuple[Both, ...]:
    if kind.waived_by:
        remark = Both(
            f"免归档（{kind.waived_by[-6:]}批准）", f"waived by {kind.waived_by[-6:]}"
        )
    elif kind.missing:
        remark = Both("欠缺", "missing")
    elif kind.because:
        remark = Both(f"因{kind.because}而必备", f"compulsory since {kind.because}")
    else:
        remark = Both("")
    id = Both(kind.zh, kind.id.replace("_", " "))
    return id, Both(str(kind.asked)), Both(str(kind.held)), remark


_DOCUMENT_COLUMNS = (
    _NUMBER,
    _DAY,
    Width(Both("类别", "Kind"), 4),
    Width(Both("版本", "Version"), 2),
    Width(Both("载体", "Carrier"), 3),
    Width(Both("承诺值", "Commitment"), 6, mono=True),
)


def _documents(kinds: tuple[Kind, ...]) -> list[tuple[Both, ...]]:
    found = sorted(
        ((one, kind) for kind in kinds for one in kind.documents), key=lambda p: p[0].position
    )
    rows: list[tuple[Both, ...]] = []
    for one, kind in found:
        carrier = Both("电子", "stored") if one.commitment else Both("登记", "listed")
        if one.paper:
            carrier = Both(f"{carrier.zh}、纸质", f"{carrier.en}, on paper")
        replaced = "（已更换）" if one.replaced_by else ""
        rows.append(
            (
                Both(str(one.position)),
                Both(str(one.on)),
                Both(kind.zh, kind.id.replace("_", " ")),
                Both(f"{one.version}{replaced}"),
                carrier,
                Both(one.commitment or "—"),
            )
        )
    return rows


def _course(zh: tuple[Line, ...], en: tuple[Line, ...]) -> Table:
    return Table(_COURSE_COLUMNS, tuple(_row(a, b) for a, b in zip(zh, en, strict=True)))


def _worklog(zh: tuple[Line, ...], en: tuple[Line, ...]) -> Table:
    pairs = zip(zh, en, strict=True)
    return Table(_COURSE_COLUMNS, tuple(_row(a, b) for a, b in pairs if a.type in _LOG))


_COURSE_COLUMNS = (
    _NUMBER,
    _DAY,
    Width(Both("何人", "Who"), 4),
    Width(Both("何事", "What"), 11),
)


def _row(zh: Line, en: Line) -> tuple[Both, ...]:
    late = f"\n（{zh.entered}补录 entered late）" if zh.entered else ""
    ours = "〔默认值〕" if zh.defaults else ""
    who = f"{zh.who}（{zh.channel}）" if zh.channel else zh.who
    by = f"{en.who} by {en.channel}" if en.channel else en.who
    return (
        Both(str(zh.position)),
        Both(f"{zh.day}{late}"),
        Both(who, by),
        Both(zh.text + ours, en.text + (" [default]" if en.defaults else "")),
    )


def _hashes(filed: Filed) -> list[Part]:
    columns = (
        _NUMBER,
        Width(Both("库与位置", "Store, position"), 4),
        Width(Both("摘要", "Leaf hash"), 11, mono=True),
    )
    rows = tuple(
        (
            Both(str(entry.position)),
            Both(f"{entry.leaf.store} {entry.leaf.position}"),
            Both(entry.leaf.leafhash),
        )
        for entry in filed.entries
    )
    note = Both(
        "摘要为 SHA-256(0x00 ‖ 正文)，可用卷宗（onefile dossier）和 verify.py 脱离本系统核验。",
        "SHA-256(0x00 ‖ body); check with a dossier and verify.py, without our software.",
    )
    return [Text(note), Table(columns, rows)]
