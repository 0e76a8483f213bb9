"""How does a person have the stores checked, and see which difference is where?"""

import time
from typing import Annotated, Any

import typer

from contracts.subjects import SERVICES
from services.archive.cli import UrlOption
from shared.doors import HOME, CannotAsk, Doors, HomeOption, TokenOption, telling

main = typer.Typer(
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
TURN = 0.5
NAMES = {"log": "日志 log", "views": "视图 views", "stream": "消息流 stream"}


@main.callback()
def verbs() -> None:
    """核对 What differs, and where."""


@main.command("check")
def check_command(
    service: Annotated[
        list[str] | None, typer.Option("--service", help="只核对此服务: this store alone")
    ] = None,
    last: Annotated[
        bool, typer.Option("--last", help="只看最近结果: show the last result, check nothing")
    ] = False,
    who: Annotated[
        str | None, typer.Option("--as", help="以谁的身份（演示）: person of a box for trying")
    ] = None,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    """核对 Check every store from its bytes alone, while it works. Ends with 0, 1 or 2.

    \b
    日志 log       every hash, chain, position, column, tile and signed root
    视图 views     every view made again from the events, and compared row by row
    消息流 stream  every message of the bus against the row of its position
    \b
    It is done every night as well. Each result is kept, signed by the log's key, and is then a
    fact of the log itself (history_checked 历史核对): the last line says at which position.
    0: nothing differs 无差异.  1: something does, and is named 有差异.  2: cannot tell 无法核对.
    """
    with telling():
        doors = Doors(home, token, {"archive": url})
        if who is not None:
            doors = doors.signed_in(who)
        wanted = service or [name for name in SERVICES if doors.address(name)] or ["archive"]
        found = sum(_checked(doors, name, begin=not last) for name in wanted)
    raise typer.Exit(1 if found else 0)


def _checked(doors: Doors, service: str, *, begin: bool) -> int:
    before = _newest(doors, service)
    if begin:
        doors.send(service, "/log/checks", {})
        answer = _followed(doors, service, before)
    else:
        answer = doors.get(service, "/log/checks", limit=1).json()
    if not answer["checks"] and not answer["unkept"]:
        raise CannotAsk(
            f"{service}: 尚无结果，见服务日志 / no result: see the service's journal"
        )
    check = (answer["unkept"] or answer["checks"])[-1 if answer["unkept"] else 0]
    for name, part in check["parts"].items():
        word = "无差异 ok" if not part["found"] else f"差异 {part['found']} differences"
        typer.echo(f"{service:<12} {NAMES[name]:<10} {part['compared']:>9}  {word}")
        for fault in part["faults"]:
            typer.echo(f"    {fault['code']}  {fault['where']}  {fault['zh']} / {fault['en']}")
        if part["found"] > len(part["faults"]):
            typer.echo(f"    … 另有 {part['found'] - len(part['faults'])} 项 more, not named")
    typer.echo(f"{service:<12} {_said(check)}")
    return int(check["found"])


def _said(check: dict[str, Any]) -> str:
    """Whether the result itself is on record, and where."""
    number, position = check["number"], check["position"]
    if number is None:
        return (
            "未能保存，可写时补存 not kept: the store refuses writes, it is kept when it can be"
        )
    if position is None:
        return (
            f"第{number}次核对已保存，尚未入日志 check {number} is kept, and not in the log yet"
        )
    return f"第{number}次核对，见日志第{position}条 check {number}, in the log at {position}"


def _newest(doors: Doors, service: str) -> int:
    checks = doors.get(service, "/log/checks", limit=1).json()["checks"]
    return int(checks[0]["number"]) if checks else 0


def _followed(doors: Doors, service: str, before: int) -> dict[str, Any]:
    """Until the new result is there, kept or not, or the check is over without one."""
    idle = 0
    while True:
        answer: dict[str, Any] = doors.get(service, "/log/checks", limit=1).json()
        fresh = answer["checks"] and answer["checks"][0]["number"] > before
        if not answer["running"] and (fresh or answer["unkept"]):
            return answer
        for part, (done, whole) in answer["progress"].items():
            typer.echo(f"{service:<12} {NAMES[part]} {done}/{whole}", err=True)
        idle = 0 if answer["running"] else idle + 1
        if idle > 3:
            raise CannotAsk(f"{service}: 核对中断 / the check ended without a result")
        time.sleep(TURN)
