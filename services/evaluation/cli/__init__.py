"""What can a person at this machine ask of evaluation: the figures of an appraisal, and why?"""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from services.evaluation.cli import publications
from shared.doors import HOME, Doors, HomeOption, TokenOption, telling

main = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
main.add_typer(publications.main, name="publication")


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


def listed(area: str, measure: str, found: dict[str, Any]) -> Iterator[str]:
    """One matter to a line, with its day and what it says of the figure."""
    yield f"{area}  {measure}  {len(found['rows'])} 件"
    for row in found["rows"]:
        yield f"  {row['day']}  {row['matter'] or '—'}  {row['said'] or ''}".rstrip()
    if not found["whole"]:
        yield "  （还有更多）(there are more)"


@main.callback()
def verbs() -> None:
    """评价 What evaluation answers at the command line."""


@main.command("appraisal")
def appraisal_command(  # noqa: PLR0913 each is an option of the command
    quarter: Annotated[
        str | None, typer.Argument(help="季度: e.g. 2026-Q2; else the one that runs")
    ] = None,
    area: Annotated[
        str | None, typer.Option("--area", help="行政区划代码: area code; else every place")
    ] = None,
    whom: Annotated[
        str | None, typer.Option("--whom", help="被考核人 p:… 或单位: a person or a body")
    ] = None,
    position: Annotated[
        int | None, typer.Option("--at", min=0, help="评价日志位置: position of the log")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="公式: with formulas")] = False,
    matters: Annotated[
        str | None,
        typer.Option("--matters", help="某一指标所涉办件: the matters behind a figure"),
    ] = None,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: Annotated[str | None, typer.Option("--url", envvar="ONEFILE_EVALUATION_URL")] = None,
) -> None:
    """考核 The figures of a person, a body or an area, now or at any past position."""
    kind = "agent" if whom and whom.startswith("p:") else "body"
    with telling():
        doors = Doors(home, token, {"evaluation": url}, patience=30)
        areas = [area] if area else []
        if quarter is None or area is None:
            known = doors.get("evaluation", "/public/places").json()
            quarter = quarter or known["quarter"]
            areas = areas or [place["area"] for place in known["places"]]
        for one in areas:
            whose: dict[str, Any] = {"area": one, "quarter": quarter, kind: whom}
            whose["position"] = position
            if matters:
                path = "/appraisals/count/matters"
                found = doors.get("evaluation", path, **whose, measure=matters).json()
                lines = listed(one, matters, found)
            else:
                found = doors.get("evaluation", "/appraisals/count", **whose).json()
                lines = printed(found, explain=explain)
            for line in lines:
                typer.echo(line)
