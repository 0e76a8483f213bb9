"""What is each step called that a legal limit does not count (特别程序)?"""

from collections.abc import Mapping

ART_45: Mapping[str, tuple[str, str]] = {
    "hearing": ("听证", "hearing"),
    "tender": ("招标", "tender"),
    "auction": ("拍卖", "auction"),
    "inspection": ("检验", "inspection"),
    "testing": ("检测", "testing"),
    "quarantine": ("检疫", "quarantine"),
    "appraisal": ("鉴定", "appraisal"),
    "expert_review": ("专家评审", "expert review"),
}
"""What the legal limit does not count, for every licence (行政许可法第四十五条)."""

LISTED: Mapping[str, tuple[str, str]] = {
    "public_notice": ("公示", "public notice"),
    "on_site_check": ("核查", "on-site check"),
    "technical_review": ("评审", "technical review"),
    "technical_assessment": ("评估", "technical assessment"),
    "energy_review": ("节能评审", "energy review"),
    "archaeology": ("考古", "archaeological survey"),
    "rectification": ("整改", "rectification"),
    "design_revision": ("修改", "revision of the design"),
    "spot_check": ("抽查", "spot check"),
    "external_works": ("施工", "works outside"),
    "fee_payment": ("缴纳", "payment of a fee"),
}
"""What is not counted only where the item's own list (`excl`) says so."""
