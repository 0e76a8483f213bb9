"""What stands in a file of the approval system (审批系统导出): its rows, and which cannot be read?

Members go by our own names or those of the national data standard (XMDM, GCDM, BLZT, BLSJ …). A
row that cannot be read says which member is wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from contracts.vocabulary import ItemCode, ProjectCode, SystemRef, SystemState, Word, WorksCode
from shared.zone import LEGAL_ZONE

LATEST = timedelta(minutes=30)
"""How far apart two imports of one feed may lie (默认值)."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "matter": ("matter", "办件标识"),
    "item": ("item", "SPSXBM", "事项编码"),
    "system_ref": ("system_ref", "SPSXSLBM", "审批事项实例编码"),
    "project_code": ("project_code", "XMDM", "项目代码"),
    "works": ("works", "GCDM", "工程代码"),
    "state": ("state", "BLZT", "办理状态"),
    "at": ("at", "BLSJ", "办理时间"),
    "procedure": ("procedure", "TBCXLX", "特别程序种类"),
    "opinion": ("opinion", "BLYJ", "办理意见"),
}
"""Our name of each member, and the others it goes by."""

_OURS = {other: name for name, others in NAMES.items() for other in others}


def _moment(value: Any) -> Any:
    """A time without a zone is legal time: the standard's tables have none."""
    if not isinstance(value, str):
        return value
    try:
        read = datetime.fromisoformat(value.strip().replace("/", "-"))
    except ValueError:
        return value
    return read if read.tzinfo else read.replace(tzinfo=LEGAL_ZONE)


def _number(value: Any) -> Any:
    if not isinstance(value, str):
        return None if isinstance(value, bool) else value
    text = value.strip()
    return int(text) if text.isascii() and text.isdigit() else value


class StateRow(BaseModel):
    """One line: which item, in which raw state since when."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    matter: UUID | None = None
    item: ItemCode | None = None
    system_ref: SystemRef | None = None
    project_code: ProjectCode | None = None
    works: WorksCode | None = None
    state: Annotated[SystemState, BeforeValidator(_number)]
    at: Annotated[datetime, BeforeValidator(_moment)]
    procedure: Word | None = None
    opinion: Annotated[str, Field(min_length=1, max_length=2000)] | None = None

    @property
    def on(self) -> date:
        """The legal day of the state."""
        return self.at.astimezone(LEGAL_ZONE).date()


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that is no row: which member is wrong, and how."""

    member: str
    message: str


@dataclass(frozen=True, slots=True)
class FedRow:
    """A line by its number, as it stood in the file, and what was read of it."""

    number: int
    text: str
    read: StateRow | Unread


def by_time(rows: Sequence[FedRow]) -> list[FedRow]:
    """The rows as they happened: an export may stand with the newest first."""
    read = [row for row in rows if isinstance(row.read, StateRow)]
    return sorted(read, key=lambda row: (row.read.at, row.number))  # type: ignore[union-attr]


def read_row(members: Mapping[Any, Any]) -> StateRow | Unread:
    """The row that `members` make, under any of the names we know; what is empty is not said."""
    known = {
        _OURS[name]: value for name, value in members.items() if name in _OURS and value != ""
    }
    try:
        return StateRow.model_validate(known)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        return Unread(".".join(map(str, first["loc"])), first["type"])
