"""How does the report of the four properties read on paper (四性检测报告)?"""

from collections.abc import Sequence
from datetime import date

from services.archive.domain.fourfold import PROPERTIES, Check, results
from services.archive.domain.verify import NOT_PROVED
from shared.paper.sheet import Cell, Column, Filled, Grid, Listing

RESULTS = {
    "passed": "通过 passed",
    "not_proved": "未能证明 not proved",
    "failed": "不通过 FAILED",
}
_COLUMNS = (
    Column("检测项", "Check", 9),
    Column("结果", "Result", 3, centred=True),
    Column("所涉", "Concerns", 6),
)
MOST_NAMED = 12


def report(
    checks: Sequence[Check], number: str, position: int, issuer: str, day: date
) -> Filled:
    """One page or two; the same findings make the same bytes."""
    said = results(checks)
    return Filled(
        form="four_property_report",
        title="四性检测报告",
        title_en="Test of the four properties of an electronic file",
        issuer=issuer,
        day=day,
        number=number,
        language="en",
        blocks=(
            Grid(
                (
                    Cell("办件编号", number, "Matter"),
                    Cell("档案位置", str(position), "Position"),
                    *(Cell(zh, RESULTS[said[p]], en) for p, (zh, en) in PROPERTIES.items()),
                )
            ),
            *(
                Listing(
                    _COLUMNS,
                    tuple(_row(check) for check in checks if check.property == property),
                    caption=zh,
                    caption_en=en,
                )
                for property, (zh, en) in PROPERTIES.items()
            ),
        ),
        notes=(
            "检测项目依 DA/T 70-2018 的四性设定，该标准全文未能取得，项目划分为默认值。"
            " The four properties are those of DA/T 70-2018, whose full text was not at hand: "
            "the checks under each are a default of ours.",
            *(f"{zh}。{en.capitalize()}." for zh, en in NOT_PROVED),
        ),
    )


def _row(check: Check) -> tuple[str, str, str]:
    named = "\n".join(check.about[:MOST_NAMED])
    if len(check.about) > MOST_NAMED:
        named += f"\n… {len(check.about)}"
    return f"{check.zh}\n{check.en}", RESULTS[check.result], named or "—"
