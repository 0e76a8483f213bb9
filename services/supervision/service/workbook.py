"""How does a quarter's ledger become a workbook: the same cut and edition, the same bytes (X-09)?"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.vocabulary import GLOSSARY
from services.supervision import queries
from services.supervision.domain.ledger import Line, rows_of
from services.supervision.domain.office import quarterly
from services.supervision.domain.quarters import span_of
from services.supervision.service.lookup import Lookup
from services.supervision.service.streams import office_of
from shared.decider import Refused
from shared.packs import Rules
from shared.paper.fonts import FontsMissing
from shared.paper.press import render
from shared.paper.sheet import Column, Filled, Language, Listing
from shared.problems import Problem
from shared.sheets.tables import Heading, Table, Value

type Rows = Mapping[tuple[str, str | None], Sequence[Mapping[str, Any]]]

MOST_ON_PAPER = 2_000
"""Rows that are still set as a paper; beyond them the workbook is what people can use."""
FILED_TYPE = "supervision.return_filed.v1"
LEDGER = (
    Heading("报送单位", width=20),
    Heading("办件编号", width=20),
    Heading("事项编码"),
    Heading("事项名称", width=28),
    Heading("审批单位", width=18),
    Heading("服务单位", width=18),
    Heading("申报日期", "day"),
    Heading("接件日期", "day"),
    Heading("受理日期", "day"),
    Heading("视为受理", width=10),
    Heading("补正次数", "count", 10),
    Heading("催办次数", "count", 10),
    Heading("办结日期", "day"),
    Heading("办理结果", width=14),
    Heading("送达日期", "day"),
    Heading("销号日期", "day"),
)
ISSUES = (
    Heading("报送单位", width=20),
    Heading("问题编号", width=38),
    Heading("办件编号", width=20),
    Heading("问题类别", width=14),
    Heading("登记日期", "day"),
    Heading("提级至", width=20),
)
FILED = (
    Heading("报表", width=20),
    Heading("报送单位", width=20),
    Heading("行数", "count", 8),
    Heading("零报告", width=10),
    Heading("应报日期", "day"),
    Heading("报送日期", "day"),
    Heading("迟报天数", "count", 10),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which ledger: of an area and quarter, of one body or of all, up to a position."""

    area: str
    quarter: str
    body: str | None
    cut: int


async def workbook(
    look: Lookup,
    wanted: Wanted,
    edition: str | None,
    told: Callable[[str, int], object] = lambda step, rows: None,
) -> bytes:
    """Ledger, issue list and what was filed; refused for an edition we do not carry.

    `told` hears how far it is: the step, and how many lines were read or rows written.
    """
    told("reading", 0)
    rules, lines, filed, numbers = await _known(look, wanted, edition, told)

    def written(rows: int) -> None:
        told("writing", rows)

    def made() -> bytes:
        # Loaded when the first workbook is asked for: 10 MB that most processes never need.
        from shared.sheets.returns import book_of

        return book_of(_tables(rules, wanted, lines, filed, numbers), written)

    told("writing", 0)
    return await asyncio.to_thread(made)


async def ledger_paper(
    look: Lookup, wanted: Wanted, edition: str | None, language: Language
) -> bytes:
    """The same on paper, lying; refused beyond what anybody prints. Raises `Problem`."""
    rules, lines, filed, numbers = await _known(look, wanted, edition)
    tables = _tables(rules, wanted, lines, filed, numbers)
    rows = sum(len(table.rows) for table in tables if isinstance(table.rows, list))
    if rows > MOST_ON_PAPER:
        raise Refused(
            "too_many_rows_for_paper",
            rows=rows,
            most=MOST_ON_PAPER,
            remedy="行数过多，请改用工作簿（ledger.xlsx）或按单位分别打印。"
            " / Too many rows to print: take the workbook, or one body at a time.",
        )
    paper = _paper(rules, wanted, tables, language)
    further = look.floor.settings.fonts
    try:
        return await asyncio.to_thread(render, paper, further=further)
    except FontsMissing as error:
        raise Problem("fonts_missing", remedy=str(error)) from error


def _paper(rules: Rules, wanted: Wanted, tables: Sequence[Table], language: Language) -> Filled:
    day = span_of(wanted.quarter)[1]
    return Filled(
        form="ledger",
        title=f"{rules.pack.jurisdiction.zh}帮办代办工作台账（{wanted.quarter}）",
        title_en=f"Ledger of {wanted.quarter}",
        issuer=rules.pack.instrument.issuer.split("（")[0],
        day=day,
        blocks=tuple(
            Listing(
                tuple(
                    Column(head.name, width=max(1, head.width // 6)) for head in table.columns
                ),
                tuple(tuple(_printed(value) for value in row) for row in table.rows),
                caption=table.title,
            )
            for table in tables
        ),
        notes=tuple(tables[0].above),
        language=language,
        landscape=True,
    )


def _printed(value: Value) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


async def _known(
    look: Lookup,
    wanted: Wanted,
    edition: str | None,
    told: Callable[[str, int], object] = lambda step, rows: None,
) -> tuple[Rules, list[Line], dict[tuple[str, str], dict[str, Any]], dict[str, str]]:
    rules = look.rules_for(wanted.area, edition)
    pool = look.floor.log.pool
    lines = await queries.lines_of(pool, wanted.area, wanted.cut)
    told("numbers", len(lines))
    numbers = await look.numbers_of(wanted.area) if lines else {}
    return rules, lines, await _filings(look, wanted), numbers


async def _filings(look: Lookup, wanted: Wanted) -> dict[tuple[str, str], dict[str, Any]]:
    """What was filed for the quarter up to the position, as the office's own stream says."""
    found = {}
    for entry in await look.floor.log.history(office_of(wanted.area)):
        if entry.type == FILED_TYPE and entry.position <= wanted.cut:
            fact = entry.members()
            if fact["quarter"] == wanted.quarter:
                day = entry.circumstances().effective[:10]
                found[fact["form"], fact["body"]] = {**fact, "filed_on": day}
    return found


def _tables(
    rules: Rules,
    wanted: Wanted,
    lines: Sequence[Line],
    filed: Mapping[tuple[str, str], Mapping[str, Any]],
    numbers: Mapping[str, str],
) -> list[Table]:
    names = _Names(rules, numbers)
    rows = {
        (form, body): rows_of(lines, form=form, quarter=wanted.quarter, body=body)
        for form, _, body in _forms(rules, wanted)
    }
    above = (
        f"地区：{rules.pack.jurisdiction.zh}　季度：{wanted.quarter}　截至日志位置：{wanted.cut}",
        f"方案版本：{rules.edition}　本表由办理记录自动生成，同一截点与版本重新生成得到同样的文件。",
        *_labels(rules),
    )
    return [
        Table("报送情况", above, FILED, list(_filed(rules, wanted, filed, rows, names))),
        Table("工作台账", above, LEDGER, list(_ledger(rows, names))),
        Table("问题清单", above, ISSUES, list(_issues(rows, names))),
    ]


class _Names:
    """What codes are called here; a code nobody knows stands as it is."""

    def __init__(self, rules: Rules, numbers: Mapping[str, str]) -> None:
        self._bodies = {body.id: body.zh for body in rules.pack.bodies}
        self._items = {item.id: item.zh for item in rules.catalogue.items}
        self._numbers = numbers

    def body(self, id: str | None) -> str:
        return self._bodies.get(id or "", id or "全部单位")

    def item(self, code: str) -> str:
        return self._items.get(code, code)

    def matter(self, id: str) -> str:
        return self._numbers.get(id, id)


def _labels(rules: Rules) -> Iterator[str]:
    """What rests on a default of ours is said in the file too (默认值, X-06)."""
    for default in rules.pack.defaults():
        if default.path.startswith("reporting."):
            yield f"默认值：{default.path}——{default.text}"


def _forms(rules: Rules, wanted: Wanted) -> list[tuple[str, str, str | None]]:
    """Form, its name, and each body that owes it; without such returns: the whole place."""
    owed = [(one.id, one.zh, body) for one in quarterly(rules.pack) for body in one.sender]
    whole: list[tuple[str, str, str | None]] = [
        ("ledger", "工作台账", None),
        ("issues", "问题清单", None),
    ]
    found = [*owed] or whole
    return [one for one in found if wanted.body in (None, one[2])] or [
        (form, zh, wanted.body) for form, zh, _ in whole
    ]


def _ledger(rows: Rows, names: _Names) -> Iterator[tuple[Value, ...]]:
    lines = ((body, row) for (form, body), of in rows.items() if form != "issues" for row in of)
    for body, row in lines:
        outcome = row["outcome"]
        yield (
            names.body(body),
            names.matter(row["matter"]),
            row["item"],
            names.item(row["item"]),
            names.body(row["body"]) if row["body"] else None,
            names.body(row["served_by"]) if row["served_by"] else None,
            _day(row.get("submitted_on")),
            _day(row.get("received_on")),
            _day(row.get("accepted_on")),
            bool(row["deemed"]),
            row["corrected"],
            row["urged"],
            _day(row.get("decided_on")),
            GLOSSARY.get(f"outcome.{outcome}", outcome),
            _day(row.get("delivered_on")),
            _day(row.get("closed_on")),
        )


def _issues(rows: Rows, names: _Names) -> Iterator[tuple[Value, ...]]:
    lines = ((body, row) for (form, body), of in rows.items() if form == "issues" for row in of)
    for body, row in lines:
        kind = row["kind"]
        yield (
            names.body(body),
            row["issue"],
            names.matter(row["matter"]),
            GLOSSARY.get(f"issue_kind.{kind}", kind),
            _day(row["opened_on"]),
            names.body(row["raised_to"]) if row["raised_to"] else None,
        )


def _filed(
    rules: Rules,
    wanted: Wanted,
    filed: Mapping[tuple[str, str], Mapping[str, Any]],
    rows: Rows,
    names: _Names,
) -> Iterator[tuple[Value, ...]]:
    """Each return of the quarter, as far as it was filed by the cut: nil is said, not inferred."""
    for form, zh, body in _forms(rules, wanted):
        known = filed.get((form, body or ""), {})
        yield (
            zh,
            names.body(body),
            len(rows[form, body]),
            known.get("nil"),
            span_of(wanted.quarter)[1] if body else None,
            _day(known.get("filed_on")),
            known.get("late_days"),
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
