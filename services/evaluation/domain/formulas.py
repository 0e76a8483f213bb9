"""What does each figure of an appraisal mean, as a formula (考核指标公式)?

The rates are the common reading of GB/T 39735-2020 政务服务评价工作指南; where an assessment needs
the wording of the standard itself, it must be compared with its text.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.evaluation import Measure
from services.evaluation.domain.sealing import shown

STANDARD = "GB/T 39735-2020"


@dataclass(frozen=True, slots=True)
class Formula:
    """A figure in both languages; `rate` when value over facts is a share."""

    zh: str
    en: str
    rate: bool = False
    standard: str | None = None


_PLAIN: Mapping[str, Formula] = {
    "matters": Formula("办结并已邀请评价的办件数", "matters ended and invited to be rated"),
    "load": Formula(
        "Σ 每件服务的事项数（加权工作量）",
        "sum over matters of the items served (weighted load)",
    ),
    "participation": Formula(
        "评价率 = 有评价的办件数 ÷ 办件数", "matters rated ÷ matters", True, STANDARD
    ),
    "return_visits_reached": Formula(
        "回访成功率 = 接通的回访数 ÷ 回访数", "visits that reached somebody ÷ visits", True
    ),
    "bad_ratings": Formula("差评数", "bad ratings", standard=STANDARD),
    "bad_ratings_rectified": Formula(
        "差评整改率 = 已整改差评数 ÷ 差评数",
        "bad ratings put right ÷ bad ratings",
        True,
        STANDARD,
    ),
    "bad_ratings_late": Formula(
        "差评逾期率 = 逾期整改差评数 ÷ 差评数", "bad ratings put right late ÷ bad ratings", True
    ),
    "complaints_upheld": Formula(
        "投诉属实率 = 属实投诉数 ÷ 投诉数", "complaints upheld ÷ complaints", True
    ),
}


def formula_of(measure: str) -> Formula:
    """The formula of a figure; of a rating's, by how its name ends."""
    if measure in _PLAIN:
        return _PLAIN[measure]
    if measure.endswith("_satisfied"):
        zh = "好评率 = 评为基本满意及以上的评价数 ÷ 评价数"
        en = "ratings of basically satisfied or better ÷ ratings"
        return Formula(zh, en, True, STANDARD)
    zh = "平均分 = Σ 分值（非常满意5 … 非常不满意1）÷ 评价数"
    return Formula(zh, "sum of scores (5 best, 1 worst) ÷ ratings")


def explained(measure: Measure) -> dict[str, object]:
    """One figure with its formula; a share of a few is shown as a count."""
    formula = formula_of(measure.measure)
    text = str(measure.value)
    if formula.rate:
        text = shown(int(measure.value), measure.facts) if measure.facts else "—"
    return {
        **measure.model_dump(mode="json"),
        "shown": text,
        "formula": formula.zh,
        "formula_en": formula.en,
        "standard": formula.standard,
    }
