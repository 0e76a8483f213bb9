"""How is a service agreement (服务委托协议) laid out? Parties, the pack's clauses, two columns."""

from collections.abc import Iterator

from shared.paper.making import Making
from shared.paper.sheet import (
    Block,
    Heading,
    Labelled,
    Prose,
    Side,
    SignatureLine,
    Signatures,
)

_ORDINALS = "一二三四五六七八九十"
_STANDARD = frozenset(
    "number party_a party_b principal unit applicant content items stages application duties "
    "period term begins_on ends_on lead lead_name handler handler_name handler_phone phone "
    "lead_phone address address_a address_b phone_a phone_b agent agent_name helper specialist "
    "unit_lead unit_handler free_of_charge signed_on date day project".split()
)


def agreement(making: Making) -> tuple[Block, ...]:
    """编号、双方、内容见附件、双方职责、期限、签署: the order a county's agreement has."""
    service = making.value("party_b", "body") or making.known.issuer
    clauses = list(_clauses(making))
    numbered = [
        block
        for n, (heading, paragraphs) in enumerate(clauses)
        for block in (Heading(f"{_ORDINALS[n]}、{heading}"), *paragraphs)
    ]
    return (
        Labelled(
            "委托方：（以下简称甲方）", making.value("party_a", "principal", "unit"), "Party A"
        ),
        Labelled("受托方：（以下简称乙方）", service, "Party B"),
        Prose(f"甲乙双方根据法律法规签订本《{making.form.zh}》。"),
        *numbered,
        *_further(making),
        _signatures(making),
    )


def _clauses(making: Making) -> Iterator[tuple[str, list[Block]]]:
    yield f"{making.pack.terms.words.get('service', '服务')}内容", list(_content(making))
    applicant = [duty.zh for duty in making.pack.duties if duty.who == "applicant"]
    staff = [duty.zh for duty in making.pack.duties if duty.who == "staff"]
    if applicant:
        yield "甲方职责", [*_sentences(applicant), *_contacts(making)]
    if staff:
        yield "乙方职责", [*_sentences(staff), *_agent(making)]
    if making.pack.conduct.fees == "free":
        yield "费用", [Prose("乙方提供的服务不收取费用。")]
    else:
        yield (
            "费用",
            [Prose("除法律、法规明确规定必须由甲方缴纳的费用外，乙方提供的服务一律免费。")],
        )
    span = making.value("term", "period")
    default = bool({"term", "period"} & making.known.defaults)
    yield "协议期限", [Labelled("", span, "", default) if span else _open_term()]
    causes = making.known.lists.get("endings", ())
    if causes:
        yield "协议变更与终止", list(_sentences([row[0] for row in causes]))


def _open_term() -> Prose:
    return Prose("自　　　　年　　月　　日起至　　　　年　　月　　日止。")


def _content(making: Making) -> Iterator[Block]:
    """见附件: the agreement carries a fixed version of the application form (HS-53)."""
    project = making.value("project")
    if project:
        yield Labelled("项目名称：", project, "Project")
    attached = making.value("application")
    if attached:
        yield Prose(f"见附件：{attached}。")
    if making.value("items"):
        yield Labelled("委托事项：", making.value("items"), "Items")
    elif not attached:
        yield Prose("见附件。")


def _contacts(making: Making) -> Iterator[Block]:
    """甲方 names a project lead and a handler (HS-54)."""
    for id, phone in (("lead", "lead_phone"), ("handler", "handler_phone")):
        said = "　".join(filter(None, (making.value(id, f"{id}_name"), making.value(phone))))
        yield Labelled(f"{making.field(id).zh}：", said, making.field(id).en)


def _agent(making: Making) -> Iterator[Block]:
    """乙方 names the person who serves (HS-58)."""
    several = len(_staff(making)) > 1
    label = _servant(making) if several else making.role("agent")
    yield Labelled(f"{label}：", making.value("agent", "agent_name"), "Agent")


def _sentences(texts: list[str]) -> Iterator[Prose]:
    for n, text in enumerate(texts, 1):
        marked = f"（{_ORDINALS[n - 1]}）" if n <= len(_ORDINALS) else f"{n}."
        yield Prose(f"{marked}{text.rstrip('。；')}。")


def _further(making: Making) -> Iterator[Block]:
    for id in making.form.fields:
        if id not in _STANDARD and not making.field(id).rows:
            field = making.field(id)
            yield Labelled(f"{field.zh}：", making.value(id), field.en)


def _signatures(making: Making) -> Signatures:
    """甲方、乙方: seal, handler's and agent's signatures, addresses, phones, day (HS-60)."""
    sealed = making.form.seal
    ours = Side(
        (
            _party("甲方", "Party A", "applicant" in sealed),
            SignatureLine("经办人（签字）", "", "Handler", room=True),
            SignatureLine("地址", making.value("address_a", "address"), "Address"),
            SignatureLine("电话", making.value("phone_a", "phone", "lead_phone"), "Phone"),
        )
    )
    theirs = Side(
        (
            _party("乙方", "Party B", "service" in sealed),
            SignatureLine(f"{_servant(making)}（签字）", "", "Agent", room=True),
            SignatureLine("地址", making.value("address_b"), "Address"),
            SignatureLine("电话", making.value("phone_b"), "Phone"),
        )
    )
    day = making.value("signed_on")
    return Signatures((ours, theirs), f"签订时间：{day or '　　　　年　　月　　日'}")


def _party(zh: str, en: str, seal: bool) -> SignatureLine:
    return SignatureLine(f"{zh}（盖章）" if seal else zh, "", en, room=True)


def _servant(making: Making) -> str:
    """What the place calls those who serve and sign."""
    signing = _staff(making)
    if len(signing) == 1:
        return signing[0]
    return making.pack.terms.words.get("staff") or "、".join(signing) or making.role("agent")


def _staff(making: Making) -> list[str]:
    """The posts of the service, of those who sign."""
    posts = {role.id: role for role in making.pack.roles}
    signing = [posts[id] for id in making.form.signatures if id in posts]
    return [role.zh for role in signing if not role.canonical.startswith("applicant")]
