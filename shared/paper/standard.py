"""Which papers does every place have, though its rules attach none (默认值)?"""

from contracts.pack import Pack
from contracts.pack.papers import Form

STANDARD = (
    Form(
        id="one_time_notice", zh="一次性告知书", kind="one_time_notice", inferred=True,
        fields=(
            "matter", "project", "items", "conditions", "materials", "ordinal", "told_by",
            "told_on",
        ),
        signatures=(),
    ),
    Form(
        id="register", zh="帮办代办登记表", kind="register", inferred=True,
        fields=(
            "number", "project", "project_code", "unit", "lead_name", "lead_phone",
            "handler_name", "handler_phone", "needs", "items", "limits", "agent", "date",
        ),
        signatures=(), seal=("applicant",),
    ),
    Form(
        id="material_receipt", zh="申报材料接收单", kind="receipt", inferred=True,
        fields=("matter", "materials", "originals", "received_on"), signatures=(),
    ),
)  # fmt: skip
"""Papers that people need everywhere; a place's own form of the kind takes their place."""


def forms_of(pack: Pack) -> tuple[Form, ...]:
    """The place's own forms, and ours of the kinds that it does not attach."""
    own = {form.kind for form in pack.forms} | {form.id for form in pack.forms}
    ours = (form for form in STANDARD if form.kind not in own and form.id not in own)
    return (*pack.forms, *ours)


def form_of(pack: Pack, id: str) -> Form:
    """The form of that id; raises LookupError."""
    for form in forms_of(pack):
        if form.id == id:
            return form
    raise LookupError(f"没有“{id}”这种文书 / no such paper: {id!r}")


def is_ours(form: Form, pack: Pack) -> bool:
    """Whether the place's rules have no such form."""
    return form in STANDARD and form not in pack.forms
