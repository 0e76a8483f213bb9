"""What do all forms share while they are being filled: captions, cells, signatures?"""

from dataclasses import dataclass

from contracts.pack import Pack
from contracts.pack.papers import Form, NumberRule
from shared.paper.fields import Field, field_of
from shared.paper.known import Known
from shared.paper.sheet import Cell, Column, Listing, Side, SignatureLine, Signatures

COLUMNS: dict[str, tuple[Column, ...]] = {
    "received": (
        Column("序号", "No.", 3, centred=True),
        Column("材料名称", "Material", 11),
        Column("原件（份）", "Originals", 4, centred=True),
        Column("复印件（份）", "Copies", 4, centred=True),
        Column("页数", "Sheets", 3, centred=True),
        Column("接收日期", "Received", 10, centred=True),
        Column("备注", "Remarks", 6),
    ),
    "required": (
        Column("序号", "No.", 3, centred=True),
        Column("材料名称", "Material", 12),
        Column("用于事项", "For item", 10),
        Column("来源", "Made by", 6),
        Column("办理情况", "State", 4, centred=True),
    ),
    "checklist": (
        Column("序号", "No.", 3, centred=True),
        Column("审批事项", "Item", 9),
        Column("阶段", "Stage", 6),
        Column("办理部门", "Department", 6),
        Column("法定时限", "Limit", 5, centred=True),
        Column("所需材料", "Materials", 12),
    ),
    "results": (
        Column("序号", "No.", 3, centred=True),
        Column("结果文件", "Result", 10),
        Column("所属事项", "Item", 10),
        Column("份数", "Copies", 3, centred=True),
        Column("备注", "Remarks", 5),
    ),
}
BLANK_LINES = 5


@dataclass(frozen=True, slots=True)
class Making:
    """A form on its way to paper."""

    form: Form
    pack: Pack
    known: Known

    def field(self, id: str) -> Field:
        return field_of(id, self.form, self.pack)

    def value(self, *ids: str) -> str:
        """The first that is known of `ids`."""
        return next((v for id in ids if (v := self.known.values.get(id))), "")

    def cell(self, id: str) -> Cell:
        field = self.field(id)
        return Cell(
            caption=field.zh,
            caption_en=field.en,
            value=self.known.values.get(id, ""),
            wide=field.wide,
            tall=field.tall,
            default=id in self.known.defaults,
            choices=self.known.choices.get(id, ()),
        )

    def listing(self, name: str, caption: str = "", caption_en: str = "") -> Listing:
        """The list of that name, numbered; blank lines when nothing is known of it."""
        rows = self.known.lists.get(name, ())
        numbered = tuple((str(n), *row) for n, row in enumerate(rows, 1))
        blank = 0 if rows else BLANK_LINES
        return Listing(COLUMNS[name], numbered, blank, caption, caption_en)

    def role(self, id: str) -> str:
        """What the place calls the post."""
        return next((role.zh for role in self.pack.roles if role.id == id), self.field(id).zh)

    def signatures(self, day: str = "") -> Signatures:
        """A column for each who signs, as the form says; a seal where it asks for one."""
        seals = {
            "applicant": SignatureLine("项目单位（盖章）", "", "Unit (seal)", room=True),
            "service": SignatureLine("服务单位（盖章）", "", "Service (seal)", room=True),
        }
        sealed = [Side((seals[who],)) for who in self.form.seal]
        signed = [
            Side(
                (
                    SignatureLine(
                        f"{self.role(id)}（签字）",
                        "",
                        "Signature",
                        room=True,
                    ),
                )
            )
            for id in self.form.signatures
        ]
        blank = "　　　　年　　月　　日"
        return Signatures((*sealed, *signed), day or blank)

    def number_rule(self) -> NumberRule | None:
        """The rule by which an agreement on this form is numbered, if it is."""
        for agreement in self.pack.agreements:
            if agreement.form == self.form.id and agreement.number:
                return self.pack.numbering.rule(agreement.number)
        return self.pack.numbering.agreement
