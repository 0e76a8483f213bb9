"""What is wrong with a table, and where: a code that never changes, in two languages."""

from dataclasses import dataclass

FAULTS: dict[str, tuple[str, str]] = {
    # the file
    "empty_file": ("文件是空的", "the file is empty"),
    "not_a_table": ("不是 .xlsx 或 .csv 表格", "this is neither .xlsx nor .csv"),
    "encrypted": ("表格加了密码，请去掉密码后再传", "the table has a password: take it off"),
    "macros": ("表格含宏，请另存为 .xlsx", "the table holds macros: save it as .xlsx"),
    "external_links": ("表格含外部链接，请删除", "the table links elsewhere: remove the links"),
    "embedded": ("表格内嵌其他文件，请删除", "the table embeds other files: remove them"),
    "unsafe_archive": ("文件结构异常，拒绝打开", "the file is put together unsafely"),
    "unpacks_too_large": ("解压后过大，拒绝打开", "the file unpacks to too much"),
    "no_header": ("第一行应是列名", "the first row must name the columns"),
    "no_rows": ("没有数据行", "there are no rows"),
    "too_many_rows": (
        "行数超过上限，请分批导入",
        "there are too many rows: send them in parts",
    ),
    "too_many_columns": ("列数过多", "there are too many columns"),
    # a cell
    "formula": ("单元格是公式，请粘贴为数值", "the cell is a formula: paste its value"),
    "error_value": ("单元格是错误值", "the cell holds an error"),
    "too_long": ("文字过长", "the text is too long"),
    "bidirectional_control": ("含双向控制符，请删除", "holds a bidirectional control"),
    "invisible_character": ("含不可见字符，请删除", "holds an invisible character"),
    "control_or_unassigned_character": ("含控制字符或未定义字符", "holds a control character"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: in the file, or in the cell of a row (from 1) and column."""

    code: str
    row: int | None = None
    column: str | None = None

    @property
    def zh(self) -> str:
        return FAULTS[self.code][0]

    @property
    def en(self) -> str:
        return FAULTS[self.code][1]


class BadTable(ValueError):
    """The file as a whole is refused."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.fault = Fault(code)
