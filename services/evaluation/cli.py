"""What can a person at this machine ask of evaluation: the figures of an appraisal, and why?"""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from shared.doors import HOME, Doors, HomeOption, TokenOption, telling

main = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


def printed(found: dict[str, Any], *, explain: bool) -> Iterator[str]:
    """One figure to a line; explained, with its formula and how many facts stand behind it."""
    who = found.get("agent") or found.get("body") or found["area"]
    yield f"{who}  {found['quarter']}  @{found['position']}"
    for one in found["measures"]:
        yield f"  {one['measure']:<32}{one['shown']:>10}"
        if explain:
            standard = f"  [{one['standard']}]" if one["standard"] else ""
            yield f"      {one['formula']}{standard}"
            yield f"      {one['formula_en']}; {one['value']} / {one['facts']}"
    yield f"  未评价 unrated {found['unrated']}，不计为好评 never counted as good"
    yield f"  申诉后不计入 left out on appeal {len(found['excluded'])}"


@main.callback()
def verbs() -> None:
    """评价 What evaluation answers at the command line."""


@main.command("appraisal")
def appraisal_command(
    quarter: Annotated[str, typer.Argument(help="季度: e.g. 2026-Q2")],
    area: Annotated[str, typer.Option("--area", help="行政区划代码: area code")],
    whom: Annotated[
        str | None, typer.Option("--whom", help="被考核人 p:… 或单位: a person or a body")
    ] = None,
    position: Annotated[
        int | None, typer.Option("--at", min=0, help="评价日志位置: position of the log")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="公式: with formulas")] = False,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: Annotated[str | None, typer.Option("--url", envvar="ONEFILE_EVALUATION_URL")] = None,
) -> None:
    """考核 The figures of a person, a body or an area, now or at any past position."""
    kind = "agent" if whom and whom.startswith("p:") else "body"
    whose: dict[str, Any] = {"area": area, "quarter": quarter, kind: whom}
    with telling():
        doors = Doors(home, token, {"evaluation": url}, patience=30)
        found = doors.get("evaluation", "/appraisals/count", **whose, position=position).json()
    for line in printed(found, explain=explain):
        typer.echo(line)
