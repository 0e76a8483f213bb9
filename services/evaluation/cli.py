"""What can a person at this machine ask of evaluation: the figures of an appraisal, and why?"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

main = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

HOME = Path(".onefile/box")


class CannotAsk(Exception):
    """What was asked for cannot be read; the message says what to do."""


def ask(home: Path, url: str | None, token: str | None, path: str, **parameters: Any) -> Any:
    """The answer of the running box, or of the address that was given; raises `CannotAsk`."""
    box = _box(home)
    address = url or box.get("addresses", {}).get("evaluation")
    pass_ = token or box.get("tokens", {}).get("auditor")
    if address is None or pass_ is None:
        raise CannotAsk(
            "the address of evaluation or a token is not known: run `onefile up`, or set "
            "ONEFILE_EVALUATION_URL and ONEFILE_TOKEN "
            "(不知道地址或令牌：请先启动一体机，或设置这两个变量)"
        )
    try:
        answer = httpx.get(
            address.rstrip("/") + path,
            params={name: value for name, value in parameters.items() if value is not None},
            headers={"Authorization": f"Bearer {pass_}"},
            timeout=30,
            trust_env=False,
        )
    except httpx.HTTPError as error:
        raise CannotAsk(f"evaluation does not answer at {address}: {error!r}") from error
    if answer.status_code != 200:
        raise CannotAsk(f"{path}: {answer.status_code} {answer.text[:300]}")
    return answer.json()


def _box(home: Path) -> dict[str, Any]:
    for file in (home / "box.json", home.parent / "box.json"):
        try:
            found: dict[str, Any] = json.loads(file.read_text())
        except (OSError, ValueError):
            continue
        return found
    return {}


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
    home: Annotated[Path, typer.Option("--home", envvar="ONEFILE_HOME")] = HOME,
    token: Annotated[str | None, typer.Option("--token", envvar="ONEFILE_TOKEN")] = None,
    url: Annotated[str | None, typer.Option("--url", envvar="ONEFILE_EVALUATION_URL")] = None,
) -> None:
    """考核 The figures of a person, a body or an area, now or at any past position."""
    kind = "agent" if whom and whom.startswith("p:") else "body"
    whose = {"area": area, "quarter": quarter, kind: whom}
    try:
        found = ask(home, url, token, "/appraisals/count", **whose, position=position)
    except CannotAsk as error:
        typer.echo(f"onefile: {error}", err=True)
        raise typer.Exit(2) from None
    for line in printed(found, explain=explain):
        typer.echo(line)
