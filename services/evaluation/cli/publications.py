"""How does the office that appraises give figures to an assessment at the command line, and take
them back?"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal
from uuid import UUID

import typer

from shared.doors import HOME, Doors, HomeOption, TokenOption, telling

main = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""
    考核报送 What was given to an assessment: look, try, give, take back.

    \b
    看已报送的 what was given    onefile publication list --area 990100
    先预览     what would be     onefile publication preview 2026-Q2 --area 990100
    报送       give it           onefile publication publish 2026-Q2 --area 990100 --as office
    查看一次   one of them       onefile publication show ID --explain
    撤回       take it back      onefile publication withdraw ID --area 990100 --reason 为何 --as office
    \b
    Figures are given when the quarter is over, to an assessment that the place's rules name; the
    same figures are given once. What is withdrawn stays on record and may be given anew.
    --as signs in at a box for trying (onefile up --demo); otherwise set ONEFILE_TOKEN.
    """,
)

ROOT = "/appraisals/publications"

AreaOption = Annotated[str, typer.Option("--area", help="行政区划代码: area code")]
QuarterArgument = Annotated[str, typer.Argument(help="季度: e.g. 2026-Q2")]
IdArgument = Annotated[UUID, typer.Argument(help="报送编号: id of the publication")]
WhichOption = Annotated[
    int, typer.Option("--assessment", min=1, help="纳入的第几项考核: its place in the rules")
]
FormOption = Annotated[
    Literal["performance", "reform"],
    typer.Option("--form", help="performance 绩效考核, reform 改革考核"),
]
AsOption = Annotated[
    str | None, typer.Option("--as", help="以谁的身份（演示）: person of a box for trying")
]
UrlOption = Annotated[
    str | None,
    typer.Option("--url", envvar="ONEFILE_EVALUATION_URL", help="评价服务地址: its address"),
]
ExplainOption = Annotated[bool, typer.Option("--explain", help="公式: with formulas")]

STATES = {
    "in_force": "现行 in force",
    "replaced": "已被取代 replaced",
    "withdrawn": "已撤回 withdrawn",
}


def _doors(home: Any, token: str | None, url: str | None, who: str | None) -> Doors:
    doors = Doors(home, token, {"evaluation": url}, patience=60)
    return doors.signed_in(who) if who else doors


def tables(found: dict[str, Any], *, explain: bool) -> Iterator[str]:
    """Both tables, one figure to a line with its rank."""
    for name, title in (
        ("centres", "帮代办机构 centres"),
        ("departments", "审批部门 departments"),
    ):
        if not found[name]:
            continue
        yield title
        for body in found[name]:
            yield f"  {body['zh']} {body['body']}"
            for one in body["measures"]:
                rank = f"#{one['rank']}" if one["rank"] else "—"
                yield f"    {one['measure']:<32}{one['shown']:>10}  {rank}"
                if explain:
                    yield f"        {one['formula']}"
                    yield f"        {one['formula_en']}; {one['value']} / {one['facts']}"


def headed(found: dict[str, Any]) -> str:
    named = found["assessment_zh"] or "?"
    return f"{found['quarter']}  {found['form']}  {found['assessment']} {named}"


@main.command("list")
def list_command(
    area: AreaOption,
    quarter: Annotated[str | None, typer.Option("--quarter", help="季度: one quarter")] = None,
    who: AsOption = None,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    """已报送 What was given, the newest first, and what became of it."""
    with telling():
        doors, after = _doors(home, token, url, who), ""
        while True:
            page = doors.get("evaluation", ROOT, area=area, quarter=quarter, after=after).json()
            for row in page["rows"]:
                state = STATES[row["state"]]
                typer.echo(
                    f"{row['publication']}  {row['published_on']}  {headed(row)}  {state}"
                )
            if not (after := page["after"]):
                return


@main.command("show")
def show_command(
    id: IdArgument,
    explain: ExplainOption = False,
    who: AsOption = None,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    """查看 One publication, and whether it is the same when it is counted again."""
    with telling():
        found = _doors(home, token, url, who).get("evaluation", f"{ROOT}/{id}").json()
    typer.echo(f"{headed(found)}  {STATES[found['state']]}")
    for line in tables(found, explain=explain):
        typer.echo(line)
    same = "一致 equal" if found["recomputed"] else "不一致 NOT EQUAL"
    typer.echo(f"重算 counted again: {same}")


@main.command("preview")
def preview_command(  # noqa: PLR0913 each is an option of the command
    quarter: QuarterArgument,
    area: AreaOption,
    assessment: WhichOption = 1,
    form: FormOption = "performance",
    explain: ExplainOption = False,
    who: AsOption = None,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    """预览 What would be given now, whether it may be, and what would change. Records nothing."""
    asked: dict[str, Any] = {
        "area": area, "quarter": quarter, "assessment": assessment, "form": form
    }  # fmt: skip
    with telling():
        doors = _doors(home, token, url, who)
        found = doors.get("evaluation", f"{ROOT}/preview", **asked).json()
    typer.echo(headed(found))
    for line in tables(found, explain=explain):
        typer.echo(line)
    for one in found["changed"]:
        typer.echo(f"  {one['body']} {one['measure']}: {one['was']} → {one['now']}")
    if refused := found["refusal"]:
        typer.echo(f"现不可报送 may not be given: {refused['reason']} {refused['details']}")
    elif found["same"]:
        typer.echo(f"与现行报送相同 in force already: {found['in_force']}")
    else:
        typer.echo("可以报送 may be given: onefile publication publish")


@main.command("publish")
def publish_command(
    quarter: QuarterArgument,
    area: AreaOption,
    assessment: WhichOption = 1,
    form: FormOption = "performance",
    who: AsOption = None,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    """报送 Give the figures of a quarter that is over; the same figures are given once."""
    body = {"area": area, "quarter": quarter, "assessment": assessment, "form": form}
    with telling():
        done = _doors(home, token, url, who).send("evaluation", ROOT, body).json()
    typer.echo("已报送 given" if done["recorded"] else "已是现行报送 in force already")


@main.command("withdraw")
def withdraw_command(
    id: IdArgument,
    area: AreaOption,
    reason: Annotated[str, typer.Option("--reason", help="撤回理由: why, in words; sealed")],
    who: AsOption = None,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    """撤回 Take back what is in force, for a reason; it stays on record."""
    body = {"area": area, "publication": str(id), "reason": reason}
    with telling():
        doors = _doors(home, token, url, who)
        done = doors.send("evaluation", f"{ROOT}/withdrawals", body).json()
    typer.echo("已撤回 withdrawn" if done["recorded"] else "此前已撤回 withdrawn before")
