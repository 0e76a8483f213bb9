"""Forms and what is known, for the tests of papers; every person and firm is invented."""

import io
import re
from datetime import date
from functools import cache
from typing import Any

from pypdf import PdfReader

from contracts.pack import Pack, load_pack, shipped_packs
from contracts.pack.papers import Form
from contracts.pack.words import FormKind
from shared.paper.check import Code
from shared.paper.known import Known, span_text

DAY = date(2026, 11, 21)
CHECK = Code("intake", 1234, "9f3a1c7b2e5d60aa").at("http://127.0.0.1:8601")

VALUES = {
    "project": "测试公司新建标准厂房项目",
    "project_code": "2611-990100-04-01-000001",
    "unit": "测试公司",
    "applicant": "测试公司",
    "principal": "测试公司",
    "party_a": "测试公司",
    "party_b": "示例专区",
    "lead": "甲",
    "lead_phone": "000-0000001",
    "handler": "乙",
    "handler_phone": "000-0000002",
    "agent": "戊",
    "commissioned": "企业投资项目备案；建筑工程施工许可证核发",
    "authority": "准备材料、代为提交、代为取件",
    "period": span_text("2026-11-21", "2027-11-20"),
    "term": span_text("2026-11-21", "2027-11-20"),
    "items": "企业投资项目备案；建筑工程施工许可证核发",
    "needs": "希望全程代办前期手续",
    "matter": "990100-2026-00001",
    "number": "990100-2026-00001",
    "address": "园区一号地块（虚构）",
    "to": "某部门",
    "content": "请核对两张图纸的坐标。",
    "reply_by": "2026年11月28日",
}
LISTS = {
    "received": (("营业执照", "1", "2", "1", "2026年11月21日", "原件须退还"),),
    "required": (("项目申请报告", "企业投资项目备案", "中介机构", ""),),
    "checklist": (("企业投资项目备案", "立项用地规划许可", "发展改革", "即办", "营业执照"),),
    "results": (("备案证", "企业投资项目备案", "1", ""),),
}


@cache
def packs() -> tuple[Pack, ...]:
    return tuple(load_pack(path) for path in shipped_packs())


def form(kind: FormKind, fields: str = "project unit", **more: Any) -> Form:
    given = {"id": f"some_{kind}", "zh": "测试用表", "signatures": (), **more}
    return Form(kind=kind, fields=tuple(fields.split()), **given)


def known(**more: Any) -> Known:
    given: dict[str, Any] = {
        "day": DAY, "issuer": "示例县工改办", "values": VALUES, "lists": LISTS,
        "choices": {"mode": (("帮办", False), ("代办", True))}, "check": CHECK,
    }  # fmt: skip
    return Known(**{**given, **more})


def text_of(pdf: bytes) -> str:
    """The text of all pages without white space and break marks."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in pages))
