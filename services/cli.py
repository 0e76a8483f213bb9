"""The `onefile` command: which verbs does a person at this machine have."""

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from shared import pack_cli

main = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""一事一档 Onefile: one file per matter.

    \b
    第一次用 first time      onefile demo            各地各看一件事 watch a matter live in each place
    自己试 try it yourself   onefile up --demo       服务留着运行 the services stay up
    本地规则 your own rules  onefile pack            检查、演练、画图 check, rehearse, draw
    \b
    Every box keeps its data in one directory (--home, ONEFILE_HOME, default .onefile/box);
    without --demo it starts empty, and the next start goes on with what is there.
    """,
)

main.add_typer(pack_cli.main, name="pack")

HOME = Path(".onefile/box")

Home = Annotated[
    Path,
    typer.Option(
        "--home", envvar="ONEFILE_HOME", help="数据目录: where this box keeps its data"
    ),
]
Packs = Annotated[
    Path | None,
    typer.Option("--packs", envvar="ONEFILE_PACKS", help="政策包目录: packs other than ours"),
]
PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


@main.command()
def up(
    home: Home = HOME,
    packs: Packs = None,
    demo: Annotated[
        bool,
        typer.Option("--demo", help="带演示数据: the first place's walk fills the empty box"),
    ] = False,
    production: Annotated[
        bool,
        typer.Option(
            "--production-mode",
            help="正式运行: accounts of the box's own, no invented people, no drafts",
        ),
    ] = False,
    public_address: Annotated[
        str | None,
        typer.Option(
            "--public-address",
            envvar="ONEFILE_PUBLIC_ADDRESS",
            help="工作台的对外地址: what people type, e.g. https://onefile.example.gov.cn "
            "(with --production-mode, behind your TLS proxy)",
        ),
    ] = None,
) -> None:
    """启动 Start everything on this machine.

    PostgreSQL, NATS and five services, until Ctrl-C. Needs neither root nor Docker.
    """
    if wrong := _unfit(demo=demo, production=production, address=public_address, packs=packs):
        typer.echo(f"onefile: {wrong}", err=True)
        raise typer.Exit(2)
    from services.onebox.box import Wishes
    from services.onebox.own_servers import OwnServers
    from services.onebox.up import run

    beside = None
    if demo:
        from services.onebox.demo.show import walk_through

        beside = walk_through
    wishes = Wishes(
        home,
        packs,
        own=OwnServers.from_environment(),
        production=production,
        public_address=public_address,
    )
    raise typer.Exit(run(wishes, beside))


@main.command()
def demo(
    home: Annotated[
        Path | None,
        typer.Option(
            "--home", help="用正在运行的一体机: the running box to use; else a new one"
        ),
    ] = None,
) -> None:
    """演示 Take a project from its door to the archived file, in each place we carry.

    As the people who do it, each with their own rights. Starts a box of its own in a
    temporary directory and clears it away at the end.
    """
    from services.onebox.demo.show import show

    raise typer.Exit(show(home))


VERBS = {
    "archive.cli": {
        "replay": "重放 Tell a file as it was at any position.",
        "diff": "对比 Tell how a file at one time differs from another: what changed, why, and who.",
        "promises": "服务时限 Tell what the place promised for each step, and whether it was kept.",
        "looked": "谁看过 Tell who looked at what belongs to a matter, in every service.",
        "verify": "核验 Check that nothing in a file was changed.",
        "file": "案卷 Write the whole file of a matter as one book, PDF or HTML.",
        "dossier": "卷宗 Write a matter as one ZIP that a stranger can verify.",
        "viewer": "阅览与核验 Write verify.py and viewer.html for somebody who is to check a dossier.",
        "policy": "信任策略 Print the keys that a verifier pins.",
        "tail": "跟踪 Show events as they happen.",
    },
    "onebox.checking": {
        "check": "核对 Check every store against its own events, views and stream.",
    },
    "onebox.whatif": {
        "whatif": "如果 Replay closed matters under another edition of the rules.",
    },
    "onebox.protection": {
        "erase": "删除 Destroy personal data for good: two people decide, every proof still holds.",
        "restrict": "限制处理 Keep personal data and use them no more, or again (--lift).",
        "correct": "更正 Let a personal field say what it should; the old digest stays.",
    },
    "supervision.cli": {
        "plan": "预排工期 Show the plan of a project beside what really happened.",
        "why": "为什么 Explain day by day why an item is due when it is due.",
        "ledger": "台账 Write the ledger of a quarter as a workbook.",
    },
    "evaluation.cli": {
        "appraisal": "考核 Show the figures of an appraisal, and explain them (--explain).",
        "publication": "考核报送 Give a quarter's figures to an assessment, look, or take them back.",
    },
    "onebox.cli": {
        "serve": "单独运行 Run one service by itself, told by ONEFILE_* variables (README.md).",
        "console": "工作台 Run the console by itself, told by ONEFILE_CONSOLE_* variables.",
        "wait": "等待就绪 Wait until database and streams are those of this version.",
        "provision": "建库建流 Make databases, logins, tables, streams and consumers, or update them.",
        "backup": "备份 Copy a whole box while it works (--to FOLDER), and verify the copy.",
        "keys": "密钥备份 Write the box's two keys to a file of their own (--out FILE).",
        "restore": "恢复 Bring a box back from a copy, and prove that it is the same.",
        "upgrade-data": "升级数据目录 Move a stopped box to a newer PostgreSQL; prove it unchanged.",
        "drill": "恢复演练 Live a matter, copy, destroy, restore, compare every root.",
        "doctor": "体检 Look a box or this machine over: what is wrong, and what to do.",
    },
    "feeds.cli": {
        "agency": "订阅机构 Admit agencies to our events, rotate and revoke their keys, try a filter.",
    },
    "onebox.accounts_cli": {
        "account": "账号 Invite people to a production box; list, block and reset their accounts.",
        "link": "个人链接 Make, list and revoke links that sign in one person without an account.",
    },
}
"""Verbs that other rooms answer, each loaded only when it is asked for: room, verb, help."""


def _answered_in(room: str, verb: str) -> Callable[[typer.Context], None]:
    def pass_on(context: typer.Context) -> None:
        commands: typer.Typer = import_module(f"services.{room}").main
        commands([verb, *context.args], prog_name="onefile")

    return pass_on


for _room, _verbs in VERBS.items():
    for _verb, _help in _verbs.items():
        main.command(_verb, help=_help, context_settings=PASSED_ON, add_help_option=False)(
            _answered_in(_room, _verb)
        )


@main.command()
def witness(
    name: Annotated[
        str, typer.Option("--name", help="见证方名称: e.g. witness.example.gov.cn")
    ],
    log: Annotated[
        list[str],
        typer.Option("--log", help="所见证日志的公钥: verifier key of a log to follow"),
    ],
    folder: Annotated[
        Path, typer.Option("--folder", help="状态目录: keeps its key and what it has cosigned")
    ] = Path(".onefile/witness"),
    host: Annotated[
        str, typer.Option("--host", help="监听地址: where it listens")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8690,
) -> None:
    """见证 Watch logs of others and cosign what follows from what was seen before.

    Run it in another agency than the one whose log it watches: a witness of one's own is a backup.
    """
    from services.onebox.witness import run

    raise typer.Exit(run(name, log, folder, host, port))


@main.command()
def version() -> None:
    """版本 Print the version of this installation."""
    from importlib.metadata import version as installed_version

    typer.echo(installed_version("onefile"))


def _unfit(*, demo: bool, production: bool, address: str | None, packs: Path | None) -> str:
    """What is wrong with the options of `up`; empty when nothing is."""
    if production and demo:
        return (
            "--demo 与 --production-mode 不能同用 · --demo fills a box with invented people and "
            "matters, and --production-mode is for real ones: leave one of them out."
        )
    if address and not production:
        return "--public-address 须与 --production-mode 同用 · it goes with --production-mode only."
    if address and not re.fullmatch(r"https?://[^\s/?#]+", address):
        return (
            "--public-address 应形如 · must look like https://onefile.example.gov.cn, without "
            "a path or a slash at its end."
        )
    if packs is not None and not packs.is_dir():
        return (
            f"--packs (ONEFILE_PACKS): {packs} 不是目录 · is no folder: name the one that holds "
            "*/pack.yaml, or leave it out for ours."
        )
    return ""


if __name__ == "__main__":
    main()
