"""How does a form of a place become a filled paper? A pure function of form, pack and what is known."""

from collections.abc import Iterator

from contracts.pack import Pack
from contracts.pack.papers import Form
from shared.paper import agreement, letters, tables
from shared.paper.known import Known
from shared.paper.making import Making
from shared.paper.sheet import Block, Filled, Language
from shared.paper.standard import is_ours

TITLES_EN = {
    "commission": "Power of attorney",
    "agreement": "Service agreement",
    "application": "Application for service",
    "register": "Register form",
    "one_time_notice": "One-time notice of everything required",
    "receipt": "Receipt",
    "checklist": "Checklist before approval",
    "ledger": "Ledger",
    "evaluation": "Evaluation of the service",
    "roster": "Roster",
    "slip": "Letter for co-operation, with reply slip",
}
LANDSCAPE = frozenset({"ledger", "roster"})


def fill(form: Form, pack: Pack, known: Known, *, language: Language = "zh") -> Filled:
    """The form with everything that is known written in."""
    making = Making(form, pack, known)
    return Filled(
        form=form.id,
        title=form.zh,
        title_en=TITLES_EN[form.kind],
        issuer=known.issuer,
        day=known.day,
        blocks=_blocks(making),
        number=_number(making),
        red_head=known.issuer if form.red_head else "",
        attachment=form.attachment or "",
        notes=tuple(_notes(making)),
        check=known.check,
        language=language,
        landscape=form.kind in LANDSCAPE,
    )


def _blocks(making: Making) -> tuple[Block, ...]:
    match making.form.kind:
        case "commission":
            return letters.commission(making)
        case "agreement":
            return agreement.agreement(making)
        case "slip":
            return letters.slip(making)
        case "one_time_notice":
            return letters.one_time_notice(making)
        case "receipt":
            return letters.receipt(making)
        case "checklist":
            return letters.checklist(making)
        case "evaluation":
            return tables.evaluation(making)
        case "ledger" | "roster":
            return tables.ledger(making)
        case "application" | "register":
            return tables.form_table(making)


def _number(making: Making) -> str:
    """编号; what is not yet numbered leaves room, an agreement by the place's template."""
    form, room = making.form, "　　　"
    if making.known.number:
        return making.known.number if form.red_head else f"编号：{making.known.number}"
    if form.red_head:
        return f"〔{room}〕{room}号"
    if form.kind == "agreement" and (rule := making.number_rule()):
        text = rule.template.format(adcode="", year=room, serial=room)
        return f"编号：{text.strip('-')}"
    return f"编号：{room * 3}" if "number" in form.fields or form.kind == "agreement" else ""


def _notes(making: Making) -> Iterator[str]:
    form, pack, known = making.form, making.pack, making.known
    if is_ours(form, pack):
        yield "默认值（本地方案未附此种文书）：按系统通用样式印制，主管部门公布样式后以其为准。"
    elif form.inferred:
        yield "本表为系统推定样式：来文未附此表或已缺失，以主管部门公布的样式为准。"
    if form.kind == "commission":
        yield letters.LAW
    leant = (*known.leant, f"forms.{form.id}")
    ours = {d.question: d for d in pack.defaults() if any(_same(p, d.path) for p in leant)}
    asked = {question.id: question.q for question in pack.open}
    for id, default in ours.items():
        yield f"默认值（{asked[id]}）：{default.text}。"
    if known.blank:
        yield "空白表：恢复联网后据此补录，填写实际办理时间；未使用的编号作废留存。"
    elif not known.signed and form.signatures:
        yield "本件为签署前打印，签字盖章后生效；签署后的核验码以归档记录为准。"


def _same(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
