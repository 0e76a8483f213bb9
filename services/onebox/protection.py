"""How does an officer restrict, erase or correct personal data at the command line?"""

from typing import Annotated, Any
from uuid import UUID

import typer

from services.archive.cli import UrlOption
from shared.doors import HOME, CannotAsk, Doors, HomeOption, TokenOption, telling

main = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

TWO = """
    \b
    两个人，各用各的账号 Two people, each signed in as himself:
      1. 提出 one proposes      onefile {verb} 990100-2026-000001 {options} --reason 为何 --as archivist
                                prints the decision's id 打印编号
      2. 批准 another approves  onefile {verb} 990100-2026-000001 --approve DECISION --as office
         or not 或不予批准      onefile {verb} 990100-2026-000001 --reject DECISION --as office
    See what was decided 查看  onefile {verb} 990100-2026-000001 --list
    \b
    Whose data (--of): applicant 项目单位, visitor 来访人, staff 工作人员, rater 评价人,
    complainant 投诉人; one person alone with --person p:…; one of a roster: REGISTER as the
    matter, e.g. `onefile {verb} assignment --of staff --person p:…`.
    --as signs in at a box for trying (onefile up --demo); otherwise set ONEFILE_TOKEN.
"""

MatterArgument = Annotated[
    str, typer.Argument(help="办件编号、标识或名册: its number, its id, or a store's register")
]
OfOption = Annotated[str, typer.Option("--of", help="谁的信息: whose data")]
PersonOption = Annotated[
    str | None, typer.Option("--person", help="只此一人: this person alone, p:…")
]
ReasonOption = Annotated[
    str | None, typer.Option("--reason", help="申请理由: why, in words; sealed")
]
ReferenceOption = Annotated[
    str | None, typer.Option("--reference", help="文号: number of the request or order")
]
ProjectOption = Annotated[
    bool,
    typer.Option("--whole-project", help="含项目层信息: what the project's stream holds too"),
]
ApproveOption = Annotated[str | None, typer.Option("--approve", help="批准: a decision's id")]
RejectOption = Annotated[str | None, typer.Option("--reject", help="不予批准: a decision's id")]
ListOption = Annotated[bool, typer.Option("--list", help="列出: what was proposed and decided")]
AsOption = Annotated[
    str | None, typer.Option("--as", help="以谁的身份（演示）: person of a box for trying")
]


@main.command(
    "erase",
    help="删除 Destroy personal data of a matter: key, rows and copies; every proof still holds.\n"
    + TWO.format(verb="erase", options="--ground wrong_subject")
    + "\n    Grounds 事由: consent_withdrawn, purpose_fulfilled, retention_expired (closed files only),"
    "\n    unlawful_or_excessive, wrong_subject, ordered. It cannot be undone 不可恢复.",
)
def erase_command(  # noqa: PLR0913 each is an option of the command
    matter: MatterArgument,
    of: OfOption = "applicant",
    person: PersonOption = None,
    ground: Annotated[str, typer.Option("--ground", help="法定事由")] = "wrong_subject",
    reason: ReasonOption = None,
    reference: ReferenceOption = None,
    whole_project: ProjectOption = False,
    approve: ApproveOption = None,
    reject: RejectOption = None,
    listed: ListOption = False,
    who: AsOption = None,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    asked = _about("erase", of, person, ground, reason, reference, whole_project)
    _act(Doors(home, token, {"archive": url}), who, matter, asked, approve, reject, listed)


@main.command(
    "restrict",
    help="限制处理 Keep personal data and use them no more, or use them again (--lift).\n"
    + TWO.format(verb="restrict", options="--ground disputed")
    + "\n    Grounds 事由: disputed, consent_withdrawn, purpose_fulfilled, retention_expired,"
    "\n    unlawful_or_excessive, ordered; to lift: ground_ended, ordered. Restricted data are read"
    "\n    at GET /log/restricted/{stream}?reason=… alone, on record 只可凭理由查阅并留痕.",
)
def restrict_command(  # noqa: PLR0913 each is an option of the command
    matter: MatterArgument,
    of: OfOption = "applicant",
    person: PersonOption = None,
    ground: Annotated[str | None, typer.Option("--ground", help="法定事由")] = None,
    lift: Annotated[bool, typer.Option("--lift", help="解除限制")] = False,
    reason: ReasonOption = None,
    reference: ReferenceOption = None,
    whole_project: ProjectOption = False,
    approve: ApproveOption = None,
    reject: RejectOption = None,
    listed: ListOption = False,
    who: AsOption = None,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    verb, usual = ("lift", "ground_ended") if lift else ("restrict", "disputed")
    asked = _about(verb, of, person, ground or usual, reason, reference, whole_project)
    _act(Doors(home, token, {"archive": url}), who, matter, asked, approve, reject, listed)


@main.command(
    "correct",
    help="更正 Let a personal field say something else; what it said stays proved by its digest.\n"
    + TWO.format(verb="correct", options="--event ID --member lead_name --value 乙"),
)
def correct_command(  # noqa: PLR0913 each is an option of the command
    matter: MatterArgument,
    of: OfOption = "applicant",
    person: PersonOption = None,
    ground: Annotated[str, typer.Option("--ground", help="法定事由")] = "inaccurate",
    event: Annotated[
        str | None, typer.Option("--event", help="哪条事实: the event's id")
    ] = None,
    member: Annotated[str | None, typer.Option("--member", help="哪个字段: its field")] = None,
    value: Annotated[
        str | None, typer.Option("--value", help="应为: what it should say")
    ] = None,
    reason: ReasonOption = None,
    reference: ReferenceOption = None,
    approve: ApproveOption = None,
    reject: RejectOption = None,
    listed: ListOption = False,
    who: AsOption = None,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    asked = _about("correct", of, person, ground, reason, reference, False)
    asked |= {k: v for k, v in (("event", event), ("member", member), ("value", value)) if v}
    _act(Doors(home, token, {"archive": url}), who, matter, asked, approve, reject, listed)


def _about(
    protection: str,
    of: str,
    person: str | None,
    ground: str,
    reason: str | None,
    reference: str | None,
    whole_project: bool,
) -> dict[str, Any]:
    told = {"person": person, "reason": reason, "reference": reference}
    asked = {"protection": protection, "of": of, "ground": ground}
    if whole_project:
        asked["whole_project"] = True  # type: ignore[assignment]
    return asked | {k: v for k, v in told.items() if v}


def _act(
    doors: Doors,
    who: str | None,
    matter: str,
    asked: dict[str, Any],
    approve: str | None,
    reject: str | None,
    listed: bool,
) -> None:
    with telling():
        if who is not None:
            doors = doors.signed_in(who)
        if not listed and doors.token is None:
            raise CannotAsk(
                "say who you are: --as PERSON at a box for trying, or ONEFILE_TOKEN "
                "(请用 --as 或 ONEFILE_TOKEN 说明您是谁)"
            )
        path = f"/matters/{_place_of(doors, matter)}/protections"
        if not listed:
            if approve or reject:
                decision, step = approve or reject, "approval" if approve else "rejection"
                doors.send("archive", f"{path}/{decision}/{step}", {})
            elif "reason" not in asked:
                raise CannotAsk(
                    "give --reason, --approve, --reject or --list (请写明 --reason)"
                )
            else:
                doors.send("archive", path, asked)
        if listed or not (approve or reject):
            decisions = doors.get("archive", path).json()["decisions"]
            for one in decisions if listed else decisions[-1:]:
                typer.echo("  ".join(str(one[k] or "-") for k in COLUMNS))
            return
        typer.echo("已办理 done" if approve else "已记录 recorded")


COLUMNS = (
    "decision", "protection", "of", "person", "ground", "ended", "proposed_by", "second"
)  # fmt: skip


def _place_of(doors: Doors, matter: str) -> UUID:
    registers = doors.get("archive", "/registers").json()["registers"]
    return UUID(registers[matter]) if matter in registers else doors.matter(matter)
