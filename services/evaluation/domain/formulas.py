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


_OF_LEAGUES: Mapping[str, Formula] = {
    "trips_mean": Formula(
        "平均跑动次数 = Σ 每件到窗口或服务台交件、签署、领取的天数 ÷ 办件数",
        "days on which the unit came to hand in, sign or collect ÷ matters",
    ),
    "papers_mean": Formula(
        "平均要件数 = Σ 每件要求提交的材料数 ÷ 办件数", "papers asked for ÷ matters"
    ),
    "days_mean": Formula(
        "平均用时（日历日） = Σ（服务结束日 − 申请日）÷ 办件数",
        "calendar days from request to end of service ÷ matters",
    ),
    "decided": Formula("审批办结的事项数", "items decided"),
    "decided_in_time": Formula(
        "按期办结率 = 承诺（无承诺则法定）期限内办结数 ÷ 有期限的办结数",
        "items decided by their promised (else statutory) day ÷ items decided that had one",
        True,
    ),
    "decision_days_mean": Formula(
        "平均审批用时（日历日） = Σ（办结日 − 受理日）÷ 办结数",
        "calendar days from acceptance to decision ÷ items decided",
    ),
    "corrections_mean": Formula(
        "平均补正次数 = 补正次数 ÷ 办结数", "corrections asked for ÷ items decided"
    ),
}
_NAMES: Mapping[str, tuple[str, str]] = {
    "matters": ("办件", "matters"),
    "load": ("加权工作量", "weighted load"),
    "participation": ("评价率", "participation"),
    "return_visits_reached": ("回访成功率", "return visits that reached somebody"),
    "bad_ratings": ("差评", "bad ratings"),
    "bad_ratings_rectified": ("差评整改率", "bad ratings put right"),
    "bad_ratings_late": ("差评逾期率", "bad ratings put right late"),
    "complaints_upheld": ("投诉属实率", "complaints upheld"),
    "missed_reminders": ("漏提醒", "reminders not given"),
    "trips_mean": ("平均跑动次数", "trips to the counter"),
    "papers_mean": ("平均要件数", "papers asked for"),
    "days_mean": ("平均用时", "days"),
    "overall": ("综合评价", "overall rating"),
    "visit": ("一次一评", "rating of a visit"),
    "revisit": ("回访评价", "rating in a return visit"),
    "national": ("好差评", "national rating"),
}


def name_of(measure: str) -> tuple[str, str]:
    """What a figure is called in both languages."""
    if measure in _NAMES:
        return _NAMES[measure]
    for end, (zh, en) in {
        "_satisfied": ("好评率", "satisfied"),
        "_mean": ("平均分", "mean"),
    }.items():
        if measure.endswith(end):
            whole = measure.removesuffix(end)
            names = _NAMES.get(whole, (whole, whole.replace("_", " ")))
            return f"{names[0]}·{zh}", f"{names[1]}, {en}"
    return measure, measure.replace("_", " ")


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
    "missed_reminders": Formula(
        "漏提醒数 = 承诺期限届满前无人提醒审批部门的事项数（事后查明未到期的不计）",
        "promised days that went by without anybody having reminded the department, those left "
        "out that turned out not to be due",
    ),
    "complaints_upheld": Formula(
        "投诉属实率 = 属实投诉数 ÷ 投诉数", "complaints upheld ÷ complaints", True
    ),
}


def formula_of(measure: str) -> Formula:
    """The formula of a figure; of a rating's, by how its name ends."""
    known = _PLAIN.get(measure) or _OF_LEAGUES.get(measure)
    if known is not None:
        return known
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
