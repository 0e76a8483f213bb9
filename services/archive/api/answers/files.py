"""What does archive answer about files: what is in them, their story, whether they are whole?"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from services.archive.domain.promised import Keeping
from shared.answering import Answer


class FileRow(Answer):
    """A file of the list (档案列表)."""

    matter: UUID
    number: str
    area: str
    project: UUID | None
    opened: str = Field(description="when the service was asked for: a day or an instant")
    entries: int | None = Field(description="null for whom the file rates (封存)")
    documents: int
    complete: bool | None = Field(description="null before the first check")
    closed: bool
    position: int | None = Field(description="null for whom the file rates (封存)")


class Files(Answer):
    """A part of the list; `next` is the cursor of the next page, null on the last."""

    files: list[FileRow]
    next: str | None


class Lack(Answer):
    """Something that keeps the file from being complete (欠缺)."""

    condition: str
    what: str


class Waiver(Answer):
    """A kind that the file may lack, and who allowed it (免归档)."""

    content: str
    approver: str


class Check(Answer):
    """The last check of the file (归档检查)."""

    complete: bool
    lacking: list[Lack]
    waived: list[Waiver]


class FiledItem(Answer):
    """An item as the file has it (事项)."""

    state: str
    outcome: str | None
    collected: bool
    delivered: bool
    closed: bool
    agent: str | None
    due_on: date | None
    promised: bool


class FiledRating(Answer):
    """A rating as the file has it (评价)."""

    instrument: str
    level: str


class FiledDocument(Answer):
    """A document of the file (文件)."""

    document: UUID
    content: str
    handed_over: bool


class State(Answer):
    """How a matter stood (状态)."""

    number: str | None
    state: str = Field(description="of the file (档案状态)")
    area: str | None
    project: UUID | None
    pack: str | None
    standing: str
    mode: str | None
    applicant: str | None
    body: str | None
    lead_agent: str | None
    agents: list[str]
    opened_on: date | None
    forecast_on: date | None
    scope: list[str] | None
    items: dict[str, FiledItem] = Field(description="item -> how it stood")
    originals_outstanding: list[UUID]
    invited: list[str] = Field(description="instruments that the unit was asked by (评价方式)")
    ratings: list[FiledRating]
    open_issues: list[UUID]
    fees_unpaid: list[UUID]
    entries: int
    documents: list[FiledDocument]
    check: Check | None
    defaults: list[str]


class Waiting(Answer):
    """What was heard and is not filed yet, because its cause is not (待入档)."""

    store: str
    position: int


class File(State):
    """The file of a matter (一事一档)."""

    id: UUID
    version: int
    position: int
    lacking: list[Lack] | None = Field(description="null where the rules are not carried")
    waiting: list[Waiting]


class WaitingRow(Waiting):
    """The same of any file."""

    file: UUID


class WaitingRows(Answer):
    """Everything that waits (待入档)."""

    waiting: list[WaitingRow]


class Leaf(Answer):
    """A fact as its store holds it, byte for byte (正文)."""

    store: str
    position: int
    leafhash: str
    body: str = Field(description="canonical JSON, the bytes that are hashed (正文)")


class Entry(Leaf):
    """An entry of archive, and the fact that it files."""

    copy_: Leaf | None = Field(alias="copy", description="null for archive's own facts")


class Entries(Answer):
    """The exact bodies of the file in archive's order (档案正文)."""

    number: str
    position: int
    at: int | None
    matter: UUID
    entries: list[Entry]
    project: list[Leaf]


class Line(Answer):
    """One line of the story (纪事)."""

    position: int
    store: str
    type: str
    day: date
    entered: date | None
    who: str
    channel: str
    text: str
    defaults: list[str]


class Story(Answer):
    """The file as a readable text (档案纪事)."""

    id: UUID
    number: str
    lines: list[Line]


class Frame(Line):
    """A line with its places, times, actor and items (电影)."""

    at: int
    actor: str
    effective: str = Field(description="when it happened: a day or an instant")
    recorded: datetime
    items: list[str]
    body: str | None
    due_on: date | None


class Film(Answer):
    """The file as a film, in archive's order (电影)."""

    matter: UUID
    number: str
    position: int
    frames: list[Frame]


class FileFault(Answer):
    """What is wrong, and where (差异)."""

    store: str
    position: int
    code: str
    zh: str
    en: str


class Missing(Answer):
    """A fact that a store should hold and does not."""

    store: str
    position: int


class Verification(Answer):
    """Every byte of the file recomputed and held against the stores (档案核验)."""

    id: UUID
    verdict: Literal["valid", "invalid", "undecided"]
    entries: int
    compared: bool
    faults: list[FileFault]
    missing: list[Missing]
    report: list[str]


class ProjectHistory(Answer):
    """One history of a project over all its matters (项目档案)."""

    id: UUID
    position: int
    matters: list[FileRow]
    lines: list[Line]


class Document(Answer):
    """A document of the file; its title and name only for who may see them (文件)."""

    document: UUID
    title: str | None
    name: str | None
    media_type: str | None
    size: int | None = Field(description="bytes (字节)")
    on: date
    position: int
    version: int
    replaced_by: UUID | None
    sheets: int | None
    paper: bool
    stored: bool = Field(description="whether its bytes are kept here")
    commitment: str | None = Field(
        description="SHA-256 over a salt and the digest of the bytes"
    )
    media_check: str | None
    handed_over: bool
    source: UUID | None = Field(description="the fact of another service that it comes from")


class Uploaded(Answer):
    """What came in, to be filed by its number (上传号)."""

    upload: UUID = Field(description="its number, to file it by (上传号)")
    sha256: str
    size: int = Field(description="bytes (字节)")
    media_type: str
    name: str | None
    look: Literal["clean", "pending"] = Field(
        description="pending: no scanner has looked yet (待查毒)"
    )


class Kind(Answer):
    """A kind of paper in the file: what it holds, lacks, may do without (目录)."""

    content: str
    zh: str
    asked: int
    held: int
    because: str | None
    waived_by: str | None
    missing: bool
    generated: bool
    documents: list[Document]


class Contents(Answer):
    """The table of contents (目录)."""

    id: UUID
    number: str | None
    position: int
    keep_years: int
    strength: Literal["in_principle", "compulsory"]
    hand_over_to: str
    kinds: list[Kind]


class WorkLine(Answer):
    """A line of the work log (工作日志)."""

    position: int
    day: date
    who: str
    text: str
    said: str | None = Field(description="his own words, for who may read them")
    entered: date | None


class Worklog(Answer):
    """Who did what for the matter, and when (工作日志)."""

    id: UUID
    number: str
    lines: list[WorkLine]
    silent: bool = Field(description="whether the service that keeps the words did not answer")


class PropertyCheck(Answer):
    """One check of the four properties."""

    property: str
    code: str
    zh: str
    en: str
    result: Literal["passed", "failed", "not_proved"]
    about: list[str]


class FourProperties(Answer):
    """The test of authenticity, integrity, usability and safety (四性检测)."""

    id: UUID
    position: int
    results: dict[str, Literal["passed", "failed", "not_proved"]] = Field(
        description="property -> result"
    )
    findings: list[str]
    checks: list[PropertyCheck]


class PromiseRun(Answer):
    """One run of a promise: of an item or a question, or of the whole matter."""

    of: str | None = Field(description="item or question; null: the matter")
    started_on: date
    started_at: int = Field(description="archive position of what began it")
    due_on: date
    estimated: bool = Field(description="a year on the way is not announced (预估)")
    ended_on: date | None
    ended_at: int | None
    state: Keeping = Field(description="how it stands on the day of the answer")


class Promised(Answer):
    """A promise of the place (服务时限), and each run of it."""

    promise: str
    zh: str
    rule: str = Field(description="path in the pack (依据)")
    starts: str = Field(description="the event that begins it")
    ends: str = Field(description="the event that ends it")
    days: int
    unit: Literal["wd", "cd"] = Field(description="working or calendar days")
    label: str | None = Field(description="默认值 where the days are a default of ours")
    runs: list[PromiseRun]


class Promises(Answer):
    """The clock of every promise of a matter's place (服务时限)."""

    id: UUID
    number: str | None = Field(description="null before the file was opened")
    position: int = Field(description="archive position up to which the file was read")
    on: date = Field(description="the legal day that counts as today")
    promises: list[Promised]
