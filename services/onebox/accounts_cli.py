"""What can an administrator at this machine do with accounts and personal links?"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.onebox.accounts import (
    INVITATION_HOURS,
    LINK_DAYS,
    LINK_TIMES,
    Accounts,
    Post,
    post_of,
)
from services.onebox.errors import PlatformError
from shared.clock import LEGAL_ZONE

main = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
account = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="账号 Accounts of a box in production."
)
link = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None,
    help="个人链接 Personal links: one person, a while, no account.",
)  # fmt: skip
main.add_typer(account, name="account")
main.add_typer(link, name="link")

Home = Annotated[
    Path, typer.Option("--home", envvar="ONEFILE_HOME", help="数据目录: home of the box")
]
Name = Annotated[str, typer.Argument(help="用户名: the name to sign in with")]
Called = Annotated[str, typer.Option("--called", help="称呼: shown on the screen")]
Roles = Annotated[list[str], typer.Option("--role", help="岗位: e.g. office; may be repeated")]
Areas = Annotated[
    list[str] | None, typer.Option("--area", help="行政区划代码: six digits; may be repeated")
]
Bodies = Annotated[
    list[str] | None,
    typer.Option("--body", help="机构代号: code of the pack; may be repeated"),
]
Person = Annotated[
    str | None,
    typer.Option("--as", help="行为人代号: p:…, who this person already is on the roster"),
]
HOME = Path(".onefile/box")
ACTS: Mapping[str, tuple[str, str]] = {
    "invite": ("邀请", "invited"),
    "move": ("换岗", "moved"),
    "block": ("停用", "blocked"),
    "reset": ("重置", "reset"),
    "link": ("生成链接", "made a link"),
    "revoke": ("撤销链接", "revoked a link"),
    "take_up": ("启用账号", "took up the invitation"),
    "code_replayed": ("登录码重放，已全部退出", "a code was shown twice: signed out"),
    "passkey": ("添加通行密钥", "added a passkey"),
    "passkey_removed": ("删除通行密钥", "removed a passkey"),
    "signed_out": ("全部退出", "signed out everywhere"),
}
WRONG: Mapping[str, str] = {
    "changed": "记录被改动过：从标明的一行起不可信。请对照备份并报告。 A line is not as it was "
    "written: compare with a backup, and report it.",
    "cut": "末尾的记录被删掉了。请对照备份并报告。 Lines are missing at the end: compare with a "
    "backup, and report it.",
    "begun": "最后一条已动手但没有做完（例如断电）：再做一次即可。 The last act was begun and not "
    "finished, as when the power goes: do it again.",
}
"""What is said of a log that is not whole."""


@account.command()
def invite(
    name: Name,
    role: Roles,
    area: Areas = None,
    body: Bodies = None,
    called: Called = "",
    person: Person = None,
    home: Home = HOME,
) -> None:
    """邀请 Make an account and print its invitation link: good once, for three days."""
    word = _told(
        lambda: Accounts(home).invite(
            name, called or name, role, area or (), body or (), person
        )
    )
    _print_invitation(home, word)


@account.command("list")
def accounts(home: Home = HOME) -> None:
    """列出 Who has an account, with which posts, and whether it works."""
    table = Table("用户名 name", "称呼 called", "岗位 roles", "区划 areas", "机构 bodies",
                  "状态 state", "代号 person")  # fmt: skip
    for one in sorted(_told(Accounts(home).read).accounts.values(), key=lambda a: a.name):
        until = f" → {_when(one.invitation.until)}" if one.invitation else ""
        table.add_row(one.name, one.called, *_posts(one), one.state + until, one.person)
    _show(table)


@account.command()
def move(
    name: Name, role: Roles, area: Areas = None, body: Bodies = None, home: Home = HOME
) -> None:
    """换岗 Give it these posts instead of those it has, within ten minutes."""
    _told(lambda: Accounts(home).move(name, role, area or (), body or ()))
    typer.echo(f"已换岗 {name}: {' '.join(role)}")


@account.command()
def block(name: Name, home: Home = HOME) -> None:
    """停用 Nobody signs in with it; who is signed in is out within ten minutes."""
    _told(lambda: Accounts(home).block(name))
    typer.echo(
        f"已停用 {name} is blocked. `onefile account reset {name}` lets the person in again."
    )


@account.command()
def reset(name: Name, home: Home = HOME) -> None:
    """重置 Lost phone, forgotten password, blocked: void both and print a new invitation."""
    _print_invitation(home, _told(lambda: Accounts(home).reset(name)))


@account.command()
def log(home: Home = HOME) -> None:
    """记录 Who did what to accounts and links, and when; says so if a line was changed or cut."""
    found, wrong = _told(Accounts(home).log)
    table = Table("序号 no.", "时间 when", "谁 by", "做了什么 what", "对象 of", "详情 details",
                  "校验 hash")  # fmt: skip
    for one in found:
        details = " ".join(
            f"{key}={','.join(map(str, v)) if isinstance(v, list) else v}"
            for key, v in one.did.more.items()
        )
        what = " ".join(ACTS.get(one.did.act, (one.did.act,)))
        seal = "改动 CHANGED" if one.wrong else one.hash[:12]
        table.add_row(
            str(one.number), _when(one.at), one.did.by, what, one.did.of, details, seal
        )
    _show(table)
    if wrong:
        typer.echo(WRONG[wrong], err=True)
        raise typer.Exit(0 if wrong == "begun" else 1)
    typer.echo(f"{len(found)} 条，前后相连，完整 · {len(found)} acts, chained and whole.")


@link.command("make")
def make(
    role: Roles,
    called: Called,
    person: Annotated[
        str, typer.Option("--as", help="行为人代号: p:… of the person it is for")
    ],
    area: Areas = None,
    body: Bodies = None,
    days: Annotated[
        int, typer.Option("--days", min=1, max=366, help="有效天数 (默认值)")
    ] = LINK_DAYS,
    times: Annotated[
        int, typer.Option("--times", min=1, max=100, help="可用次数 (默认值)")
    ] = LINK_TIMES,
    home: Home = HOME,
) -> None:
    """生成 Print a link that signs in one person: a department contact or a project unit.

    Looking at it uses nothing up; the button on its page does. Send it to that person alone.
    """
    kept = Accounts(home)
    word = _told(
        lambda: kept.link(
            post_of(called, role, area or (), body or (), person), days=days, times=times
        )
    )
    typer.echo(f"{kept.read().address}/account/link/{word}")


@link.command("list")
def links(home: Home = HOME) -> None:
    """列出 Which links there are, for whom, and whether they still work."""
    table = Table("链接 id", "称呼 called", "岗位 roles", "区划 areas", "机构 bodies",
                  "还可用 times left", "至 until", "代号 person")  # fmt: skip
    for one in sorted(_told(Accounts(home).read).links.values(), key=lambda a: a.until):
        left = "已撤销 revoked" if one.revoked else str(one.times)
        table.add_row(one.id, one.called, *_posts(one), left, _when(one.until), one.person)
    _show(table)


@link.command()
def revoke(
    id: Annotated[str, typer.Argument(help="链接编号: see `onefile link list`")],
    home: Home = HOME,
) -> None:
    """撤销 It lets nobody in any more; who came in by it is out within ten minutes."""
    _told(lambda: Accounts(home).revoke(id))
    typer.echo(f"已撤销 {id} is revoked.")


def _told[R](work: Callable[[], R]) -> R:
    """What `work` returns; a refusal is said and ends the command with 2."""
    try:
        return work()
    except (PlatformError, OSError) as error:
        typer.echo(f"onefile: {error}", err=True)
        raise typer.Exit(2) from None


def _print_invitation(home: Path, word: str) -> None:
    typer.echo(f"{Accounts(home).read().address}/account/invitation/{word}")
    typer.echo(
        f"只能用一次，{INVITATION_HOURS} 小时内有效，请当面或经可靠途径交给本人。"
        f"Good once, for {INVITATION_HOURS} hours: hand it to that person alone.",
        err=True,
    )


def _posts(one: Post) -> tuple[str, str, str]:
    return " ".join(one.roles), " ".join(one.areas), " ".join(one.bodies)


def _when(instant: float) -> str:
    return f"{datetime.fromtimestamp(instant, UTC).astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M}"


def _show(table: Table) -> None:
    Console(width=160, soft_wrap=True).print(table)
