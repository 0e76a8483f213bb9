"""What can a person at this machine ask of supervision: the plan, and why is this due then?"""

import json
import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from typing import Annotated, Any
from uuid import UUID

import httpx
import typer
from rich.console import Console

from services.supervision.domain.gantt import explained
from services.supervision.domain.saying import printed
from shared.doors import HOME, CannotAsk, Doors, EnglishOption, HomeOption, TokenOption, telling
from shared.effects import new_id

main = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

MatterArgument = Annotated[str, typer.Argument(help="办件编号或标识: its number or its id")]
UrlOption = Annotated[
    str | None,
    typer.Option(
        "--url", envvar="ONEFILE_SUPERVISION_URL", help="督办服务地址: supervision's address"
    ),
]


@main.callback()
def verbs() -> None:
    """督办 What supervision answers at the command line."""


@main.command("why")
def why_command(
    matter: MatterArgument,
    item: Annotated[str, typer.Argument(help="事项编码: code of the item, e.g. S1-05")],
    at: Annotated[
        int | None, typer.Option("--at", min=1, help="督办日志位置: position of the log")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON, as the service answers")
    ] = False,
    english: EnglishOption = False,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    """为什么 Explain day by day why an item is due when it is due."""
    with telling():
        doors = Doors(home, token, {"supervision": url})
        id = doors.matter(matter)
        found = doors.get("supervision", f"/matters/{id}/items/{item}/why", at=at).json()
        if as_json:
            typer.echo(json.dumps(found, ensure_ascii=False))
            return
        for line in printed(found, english=english):
            typer.echo(line)


@main.command("plan")
def plan_command(
    project: Annotated[
        str,
        typer.Argument(
            help="项目标识、办件编号或标识: a project's id, a matter's number or id"
        ),
    ],
    svg: Annotated[
        Path | None, typer.Option("--svg", help="另存甘特图: also write the chart, as SVG")
    ] = None,
    pdf: Annotated[
        Path | None, typer.Option("--pdf", help="另存打印件: also write the chart, as PDF")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON, as the service answers")
    ] = False,
    english: EnglishOption = False,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    """预排工期 Show the plan of a project beside what really happened."""
    with telling():
        doors = Doors(home, token, {"supervision": url})
        plans = plans_of(doors, project)
        several = len(plans) > 1
        for id in plans:
            found = doors.get("supervision", f"/matters/{id}/plan").json()
            if as_json:
                typer.echo(json.dumps(found, ensure_ascii=False))
            else:
                for line in explained(found, english=english):
                    typer.echo(line)
            language = "en" if english else "zh"
            for file, kind in ((svg, "svg"), (pdf, "pdf")):
                if file is not None:
                    path = f"/matters/{id}/plan.{kind}"
                    drawn = doors.get("supervision", path, language=language)
                    _one_of(file, id, several).write_bytes(drawn.content)


def _one_of(file: Path, matter: UUID, several: bool) -> Path:
    """Where a project has several matters, each chart is a file of its own."""
    return file.with_stem(f"{file.stem}-{matter}") if several else file


def plans_of(doors: Doors, project: str) -> list[UUID]:
    """The matters whose plan is meant: those of a project, or the one that is named."""
    named = doors.matter(project)
    found = doors.get("supervision", f"/projects/{named}/matters").json()["matters"]
    return [UUID(one["matter"]) for one in found] or [named]


@main.command("ledger")
def ledger_command(  # noqa: PLR0913
    quarter: Annotated[str, typer.Option("--quarter", help="季度: 2026Q4 or 2026-Q4")],
    out: Annotated[Path, typer.Option("--out", help="文件: the .xlsx to write")],
    area: Annotated[
        str | None, typer.Option("--area", help="行政区划代码: area; default: the box's place")
    ] = None,
    body: Annotated[str | None, typer.Option("--body", help="报送单位: one body alone")] = None,
    cut: Annotated[
        int | None, typer.Option("--cut", min=0, help="日志位置: up to this position")
    ] = None,
    pack: Annotated[
        str | None, typer.Option("--pack", help="方案版本: edition of the rules, as printed")
    ] = None,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    """台账 Write the ledger and the issue list of a quarter as a workbook.

    The same cut and edition, which stand in the file, give the same bytes again.
    """
    with telling():
        doors = Doors(home, token, {"supervision": url}, patience=120)
        place = area or _area(doors)
        asked = {"area": place, "quarter": _quarter(quarter), "body": body, "cut": cut}
        answer = _with_progress(doors, f"{place} {asked['quarter']}", **asked, pack=pack)
        out.write_bytes(answer.content)
        digest = sha256(answer.content).hexdigest()
        at = answer.headers["onefile-cut"]
        typer.echo(f"{out}  {len(answer.content)} B  cut {at}  sha256 {digest}")


def _area(doors: Doors) -> str:
    """The only place that has matters; raises `CannotAsk` when there is none, or more."""
    found: list[str] = doors.get("supervision", "/areas").json()["areas"]
    if len(found) != 1:
        known = " ".join(found) or "none has matters yet"
        raise CannotAsk(f"say which area with --area: {known} (请用 --area 写明地区)")
    return found[0]


STEPS = {
    "reading": "读取 reading",
    "numbers": "编号 numbers of {rows} lines",
    "writing": "写入 writing, row {rows}",
    "done": "完成 done",
}


def _with_progress(doors: Doors, title: str, **asked: Any) -> httpx.Response:
    """The ledger, while the service says every moment how far it is."""
    run, over = new_id(), Event()
    with Console(stderr=True).status(f"{title} …") as shown:

        def follow() -> None:
            while not over.wait(0.5):
                with suppress(CannotAsk):
                    told = doors.get("supervision", f"/returns/runs/{run}").json()
                    step = STEPS.get(told["step"], told["step"]).format(rows=told["rows"])
                    shown.update(f"{title} · {step}")

        watcher = Thread(target=follow, daemon=True)
        watcher.start()
        try:
            return doors.get("supervision", "/returns/ledger.xlsx", **asked, run=run)
        finally:
            over.set()


def _quarter(text: str) -> str:
    found = re.fullmatch(r"([0-9]{4})-?[Qq]([1-4])", text)
    if found is None:
        raise CannotAsk(f"{text} is no quarter: write 2026Q4 (季度写作 2026Q4)")
    return f"{found[1]}-Q{found[2]}"


if __name__ == "__main__":
    main()
