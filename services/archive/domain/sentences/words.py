"""What is one event type called in both languages, and the open words that facts are told in?"""

from collections.abc import Mapping
from typing import NamedTuple

from contracts.procedures import ART_45, LISTED


class Sentence(NamedTuple):
    """One event type in both languages."""

    zh: str
    en: str


OPEN_WORDS: Mapping[str, tuple[str, str]] = {
    **{f"procedure.{word}": said for word, said in {**ART_45, **LISTED}.items()},
    "carrier.post": ("邮政", "the post"),
    "contents.approval_result": ("审批结果文件", "the result of the approval"),
    "fee.infrastructure_fee": ("城市基础设施配套费", "the infrastructure fee"),
    "ground.materials_wanting": ("材料欠缺", "materials wanting"),
    "meetings.coordination": ("协调会", "coordination"),
    "meetings.joint": ("联席会议", "joint meeting"),
    "notice.pack": ("政策包", "policy pack"),
    "notice.policy": ("政策", "policy"),
    "outcome.advised": ("已解答", "advised"),
    "outcome.answered": ("已答复", "answered"),
    "outcome.contact_handed_over": ("首问已交接", "the contact was handed over"),
    "outcome.delivered": ("已送达", "delivered"),
    "outcome.matter_opened": ("已转为办件", "a matter was opened"),
    "outcome.matter_closed": ("办件办结", "the matter was closed"),
    "proof.read_receipt": ("阅读回执", "a read receipt"),
    "proof.receipt": ("回执", "a receipt"),
    "proof.signature": ("签收", "a signature"),
    "purpose.policy": ("政策宣讲", "policy"),
    "reporting.comments": ("意见", "comments"),
    "reporting.issues": ("需协办事项问题清单", "issue list"),
    "reporting.ledger": ("工作台账", "ledger"),
    "source.approval_system": ("审批系统", "the approval system"),
    "source.feed": ("系统推送", "the feed"),
    "source.industry_catalogue": ("产业目录", "the industry catalogue"),
    "source.supervision": ("督办", "supervision"),
    "story.typical_case": ("典型案例", "typical case"),
    "team.whole": ("全体", "of the whole place"),
    "topic.drainage": ("排水", "drainage"),
    "topic.tax_relief": ("税费减免", "tax relief"),
    "what.pre_approval_checklist": ("批前服务清单", "the checklist before approval"),
    "wish.extension": ("扩建", "an extension"),
}
"""Words that facts use and no closed list holds, by the kind of word; others stand as they are."""
