"""How are power of attorney, notice, receipt, checklist and letter laid out? As letters."""

from shared.paper.making import Making
from shared.paper.sheet import (
    Block,
    Cell,
    Closing,
    Cut,
    Grid,
    Labelled,
    Prose,
    Side,
    SignatureLine,
    Signatures,
)
from shared.paper.tables import form_table

FOUR = ("agent", "matter", "authority", "period")
"""What a power of attorney must state (民法典第165条)."""
_ORDINALS = "一二三四五六七八九十"
LAW = "以上四项依据《中华人民共和国民法典》第一百六十五条必须载明，缺一不可。"


def commission(making: Making) -> tuple[Block, ...]:
    """授权委托书: who entrusts, the four compulsory points, the seal."""
    unit = making.value("principal", "unit")
    project = making.value("project")
    points = []
    for n, id in enumerate(FOUR):
        field = making.field(id)
        points.append(
            Labelled(
                f"{_ORDINALS[n]}、{field.zh}：",
                making.value(*_ALSO.get(id, (id,))),
                field.en,
                id in making.known.defaults,
            )
        )
    others = [
        Labelled(f"{making.field(id).zh}：", making.value(id), making.field(id).en)
        for id in making.form.fields
        if id not in (*FOUR, "principal", "signed_on", "items", "powers")
    ]
    what = f"就“{project}”" if project else "就本单位建设项目"
    day = making.value("signed_on")
    return (
        Labelled("委托人：", unit, "Principal"),
        Labelled("统一社会信用代码：", making.value("unit_code"), "Unit code"),
        *others,
        Prose(
            f"我单位{what}委托下列代理人，在以下事项、权限和期限内以我单位名义办理：",
            "We entrust the agent named below to act in our name, within the matters, powers "
            "and period stated.",
        ),
        *points,
        Prose("代理人在上述范围内所办事项，其法律后果由我单位承担。特此委托。"),
        Signatures((Side(tuple(_signed_by(making))),), day or _BLANK_DAY),
    )


_ROOM = "＿" * 10
_BLANK_DAY = "　　　　年　　月　　日"
_ALSO = {"matter": ("commissioned", "items"), "agent": ("agent", "agent_name")}


def _signed_by(making: Making) -> list[SignatureLine]:
    lines = [SignatureLine("委托人（盖章）", "", "Principal (seal)", room=True)]
    signer = "法定代表人或授权签署人（签字）"
    lines.append(SignatureLine(signer, "", "Signature", room=True))
    return lines


def one_time_notice(making: Making) -> tuple[Block, ...]:
    """一次性告知书: everything at once; a later one says that it is a later one."""
    unit = making.value("unit", "applicant", "receiver")
    again = making.value("again")
    text = "你单位申请办理的事项，所需条件和材料一次性告知如下："
    if again:
        text = f"本次为第{making.value('ordinal')}次告知（{again}）。" + text
    cells = _cells(making, "materials", "conditions")
    extra = [Prose(f"办理条件：{v}") for v in [making.value("conditions")] if v]
    return (
        Prose(f"{unit or _ROOM}：", indent=False),
        Prose(text, "All that your items need, told at once:"),
        *([Grid(cells)] if cells else []),
        *extra,
        making.listing("required", "应提交材料", "Materials to hand in"),
        Prose(
            "除上列各项外，不再另行要求其他材料；法律、法规另有规定或者项目情况变化的，另行书面告知并说明理由。"
        ),
        making.signatures(making.value("issued_on", "told_on")),
    )


def receipt(making: Making) -> tuple[Block, ...]:
    """接收凭证、送达回执: what changed hands, originals counted because they come back."""
    results = bool({"results", "approvals", "certificates"} & set(making.form.fields))
    cells = _cells(making, "materials", "materials_received", "results")
    text = (
        "下列材料和文件已送达，请核对签收："
        if results
        else "今收到你单位下列材料，原件办结后凭本件退还："
    )
    unit = making.value("unit", "applicant")
    days = ("delivered_on", "handed_on") if results else ("received_on",)
    return (
        Prose(f"{unit or _ROOM}：", indent=False),
        Prose(text, "Delivered:" if results else "Received; originals are returned:"),
        *([Grid(cells)] if cells else []),
        making.listing("results" if results else "received"),
        making.signatures(making.value(*days)),
    )


def checklist(making: Making) -> tuple[Block, ...]:
    """批前服务清单: what the project will need, before it applies."""
    cells = _cells(making, "checklist", "items", "materials", "conditions")
    return (
        *([Grid(cells)] if cells else []),
        making.listing("checklist", "审批事项与所需材料", "Items and their materials"),
        Prose("本清单按现有项目情况生成；项目情况变化的，以更新后的清单为准。"),
        *([making.signatures(making.value("issued_on"))] if making.form.signatures else []),
    )


_REPLIES = frozenset({"reply", "reply_by"})


def slip(making: Making) -> tuple[Block, ...]:
    """协办单、联系函、会议通知、纪要: a letter; a slip that is neither is a plain form."""
    if _REPLIES & set(making.form.fields):
        return (*_letter(making), *_reply(making))
    return _letter(making) if making.form.red_head else form_table(making)


def _letter(making: Making) -> tuple[Block, ...]:
    besides = ("number", "to", "to_body", "content", "request", *_REPLIES, "sent_on")
    cells = _cells(making, *besides)
    addressed = [id for id in ("to", "to_body", "bodies") if id in making.form.fields]
    day = making.value("sent_on", "signed_on", "issued_on")
    by = making.value("reply_by")
    wish = f"请于{by}前" if by else "请于收到之日起　　个工作日内"
    asks = [Prose(f"{wish}办理，并填写回执反馈。")] if _asks(making) else []
    return (
        *([Prose(f"{making.value(*addressed) or _ROOM}：", indent=False)] if addressed else []),
        *_body_of(making),
        *([Grid(cells)] if cells else []),
        *_lists(making),
        *asks,
        *([making.signatures()] if making.form.signatures and not making.form.red_head else []),
        Closing((making.known.issuer, day or _BLANK_DAY)),
    )


def _asks(making: Making) -> bool:
    return bool(_REPLIES & set(making.form.fields))


def _reply(making: Making) -> tuple[Block, ...]:
    """What comes back and is entered (X-12): it names the letter it answers."""
    return (
        Cut("沿此线裁下 · 回执 Reply slip"),
        Grid(
            (
                Cell("来函编号", making.known.number, "Our number"),
                Cell("办件编号", making.value("matter"), "Matter number"),
                Cell("项目名称", making.value("project"), "Project", wide=True),
                Cell("回复意见", making.value("reply"), "Reply", wide=True, tall=True),
                Cell("承办人", "", "Handled by"),
                Cell("联系电话", "", "Phone"),
            )
        ),
        Signatures(
            (
                Side(
                    (SignatureLine("回复单位（盖章）", "", "Replying unit (seal)", room=True),)
                ),
            ),
            _BLANK_DAY,
        ),
    )


def _body_of(making: Making) -> tuple[Block, ...]:
    """The wording as it was sent; without one, lines for the pen where a letter has a body."""
    content = making.value("content", "request")
    if content:
        return tuple(Prose(line) for line in content.split("\n") if line.strip())
    if not _asks(making):
        return ()
    project = making.value("project")
    about = f"关于“{project}”，" if project else ""
    return (Prose(f"{about}现将有关事项函告如下："), Labelled(""), Labelled(""))


def _lists(making: Making) -> tuple[Block, ...]:
    fields = [making.field(id) for id in making.form.fields]
    return tuple(making.listing(f.rows, f.zh, f.en) for f in fields if f.rows)


def _cells(making: Making, *besides: str) -> tuple[Cell, ...]:
    return tuple(
        making.cell(id)
        for id in making.form.fields
        if id not in besides and not making.field(id).rows
    )
