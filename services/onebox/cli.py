"""What can an operator ask of a box: copy it, bring it back, rehearse that, look it over?"""

from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import uvloop
from pydantic_settings import BaseSettings
from rich.console import Console
from rich.table import Table

from contracts.subjects import SERVICES
from services.onebox.journal import log_nowhere
from services.onebox.restore import BEFORE, Restored
from services.onebox.roots import Head
from services.onebox.sentences import ending
from shared.settings import Settings
from shared.starting import SettingsRefused, checked

if TYPE_CHECKING:
    from services.feeds.settings import Settings as FeedsSettings

FEEDS = "feeds"
main = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

HOME = Path(".onefile/box")
HomeOption = Annotated[
    Path, typer.Option("--home", envvar="ONEFILE_HOME", help="数据目录: home of the box")
]
KeysOption = Annotated[
    Path, typer.Option("--keys", help="密钥文件: what `onefile keys` wrote, kept apart")
]


@main.command()
def backup(
    into: Annotated[Path, typer.Option("--to", help="备份存放目录: the copy is made below it")],
    home: HomeOption = HOME,
) -> None:
    """备份 Copy a whole box, running or not, and verify the copy.

    All databases at one instant, documents, accounts; every event is hashed again. The two
    keys are left out on purpose: `onefile keys` writes them, and they are kept elsewhere.

    \b
    onefile keys   --out  /safe/onefile.keys      once, and after every change of keys
    onefile backup --to   /backups                every night
    onefile restore /backups/onefile-… --rehearse --keys /safe/onefile.keys    every week
    """
    from services.onebox.backup import back_up

    done = _run(lambda: back_up(home, into, typer.echo), home)
    typer.echo(f"已备份 Copied and verified: {done}")
    typer.echo(
        "密钥不在其中 The keys are not in it: keep the file of `onefile keys` elsewhere."
    )


@main.command()
def keys(
    out: Annotated[Path, typer.Option("--out", help="写入的文件: a new file, mode 0600")],
    home: HomeOption = HOME,
) -> None:
    """密钥备份 Write the box's two keys to a file of their own.

    One opens personal data, one signs the log. Who has the copy and this file has everything:
    keep it apart from the copies. Erased personal data stays erased all the same.
    """
    from services.onebox.backup import keep_keys

    async def kept() -> None:
        keep_keys(home, out)

    _run(kept, home)
    typer.echo(f"已写入 Written, for its owner alone: {out}")


@main.command()
def restore(
    copy: Annotated[Path, typer.Argument(help="备份目录: a folder that `onefile backup` made")],
    keys: KeysOption,
    home: HomeOption = HOME,
    rehearse: Annotated[
        bool,
        typer.Option(
            "--rehearse", help="只演练: into a temporary place, which is cleared away"
        ),
    ] = False,
    same_origin: Annotated[
        bool,
        typer.Option(
            "--same-origin",
            help="日志沿用原名: only when nothing was signed after the copy was taken, "
            "as in a move with the box stopped",
        ),
    ] = False,
    erased: Annotated[
        Path | None,
        typer.Option(
            "--erased",
            help="最新的删除清单: the newest erased.list kept elsewhere (of the lost home, or of "
            "the newest copy); what it names is erased again",
        ),
    ] = None,
) -> None:
    """恢复 Bring a box back from a copy into an empty home, and prove that it is the same.

    Checks the copy, recovers the database, hashes every event and compares the roots. The log
    then signs under a new name: tell its readers the new verifier keys (`onefile policy`).
    Personal data erased after the copy was taken must not come back: give the newest erased.list.
    """
    from services.onebox import restore as restoring

    if rehearse:
        found = _run(lambda: restoring.rehearse(copy, keys, typer.echo, erased=erased), home)
        _print(found)
        typer.echo("演练成功，未留下任何东西 This copy comes back whole. Nothing was kept.")
        return
    found = _run(
        lambda: restoring.restore(
            copy, home, keys, typer.echo, same_origin=same_origin, erased=erased
        ),
        home,
    )
    _print(found)
    if found.renamed:
        typer.echo(
            f"日志改名 The log goes on as {found.origin} (it was {found.origin_before}; what was "
            f"signed last is in {home / BEFORE}). Tell its readers: `onefile policy` prints the "
            "keys to pin once the box is up."
        )
    typer.echo(f"启动 Start it: onefile up --home {home}")


@main.command("upgrade-data")
def upgrade_data(
    home: HomeOption = HOME,
    old: Annotated[
        Path | None,
        typer.Option(
            "--old", help="旧版程序目录: programs of the PostgreSQL that made the files"
        ),
    ] = None,
) -> None:
    """升级数据目录 Move a stopped box to the PostgreSQL found now, and prove that nothing changed.

    Everything is written into new files beside the old ones, every event is hashed in both, and
    only equal roots let the new files take their place. The old ones are kept as pg.<version>.
    """
    from services.onebox.upgrading import upgrade

    done = _run(lambda: upgrade(home, typer.echo, old=old), home)
    if done is None:
        typer.echo("无需升级 The files are of the PostgreSQL found already; nothing to do.")
        return
    _table(done.heads)
    typer.echo(
        f"已升级 PostgreSQL {done.before} → {done.after}. Start it: onefile up --home {home}\n"
        f"旧文件 The old files are in {done.kept}: remove them when you are content."
    )


@main.command()
def provision(
    database: Annotated[
        str | None,
        typer.Option(
            envvar="ONEFILE_PG_DSN", help="超级用户连接串: a superuser's connection string"
        ),
    ] = None,
    passwords: Annotated[
        Path | None,
        typer.Option(
            envvar="ONEFILE_ROLE_PASSWORDS",
            help="口令目录: a folder with one file for each login role, named onefile_<service> "
            "and onefile_keys, as a mounted Secret is",
        ),
    ] = None,
    nats: Annotated[
        str | None, typer.Option(envvar="ONEFILE_NATS_URL", help="消息总线: address of NATS")
    ] = None,
    token: Annotated[str | None, typer.Option(envvar="ONEFILE_NATS_TOKEN")] = None,
    replicas: Annotated[
        int,
        typer.Option(
            min=1,
            max=5,
            envvar="ONEFILE_NATS_REPLICAS",
            help="流的副本数: copies of each stream",
        ),
    ] = 1,
) -> None:
    """建库建流 Make what services need before they start; for a cluster, before every version.

    Databases, login roles and tables with --database, streams and consumers with --nats. Can be
    repeated at any time: what is there stays, what is new is added, nothing is ever dropped.
    """
    from services.onebox.cluster import Told, provisioned

    done = _run(
        lambda: provisioned(Told(database, passwords, nats, token, replicas), typer.echo), HOME
    )
    typer.echo(done)


@main.command()
def serve(
    service: Annotated[str, typer.Argument(help="intake, assignment, supervision, …")],
) -> None:
    """单独运行 Run one service by itself, told by ONEFILE_* variables (README.md).

    `feeds` is the agencies' door: it is told the same, and ONEFILE_AGENCIES. Secrets may be files,
    named onefile_database and so on, in the folder ONEFILE_SECRETS_DIR (/run/secrets/onefile).
    """
    import asyncio
    from importlib import import_module

    from shared.runtime import serve as served
    from shared.telemetry import configure_logs

    if service == FEEDS:
        from services.feeds.app import serve as feeds_served

        feeds = _feeds_settings()
        configure_logs(json=True)
        with _traced():
            asyncio.run(feeds_served(feeds))
        return
    settings = _settings(service)
    configure_logs(json=True)
    with _traced():
        asyncio.run(served(import_module(f"services.{service}.app").SPEC, settings))


@main.command()
def console() -> None:
    """工作台 Run the console by itself, told by ONEFILE_CONSOLE_* variables (deploy/README.md)."""
    import asyncio

    from services.console.app import console as made
    from services.console.settings import ConsoleSettings
    from shared.leaving import answered_until_told
    from shared.telemetry import configure_logs

    settings = _made("console", ConsoleSettings)
    with _traced():
        try:
            app = made(settings)
        except (OSError, ValueError) as error:
            typer.echo(f"onefile: ONEFILE_CONSOLE_KEY_FILE: {error}", err=True)
            raise typer.Exit(2) from None
        configure_logs(json=True)
        asyncio.run(
            answered_until_told(
                app,
                settings.host,
                settings.port,
                drain=settings.drain,
                proxies=settings.trusted_proxies,
            )
        )


@main.command()
def wait(
    service: Annotated[str, typer.Argument(help="intake, assignment, supervision, …")],
    limit: Annotated[int, typer.Option("--limit", min=1, help="至多等几秒: seconds")] = 900,
) -> None:
    """等待就绪 Wait until the database and streams of a service are those of this version.

    Told by the same ONEFILE_* variables as `onefile serve`. For init containers: the order in
    which a cluster starts things does not matter then.
    """
    from services.onebox.cluster import awaited

    settings = _feeds_settings() if service == FEEDS else _settings(service)
    typer.echo(_run(lambda: awaited(service, settings, typer.echo, limit), HOME))


@main.command()
def drill() -> None:
    """恢复演练 Live a matter, copy the box, destroy it, restore it, compare every root.

    On a box of its own in a temporary directory; about a minute.
    """
    from services.onebox.drill import drill as drilled

    found = _run(lambda: drilled(typer.echo), HOME)
    _print(found)
    typer.echo("演练成功 Everything that was acknowledged came back, byte for byte.")


@main.command()
def doctor(home: HomeOption = HOME) -> None:
    """体检 Look a box over, or this machine before the first start: what is wrong, what to do.

    Changes nothing. Ends with 0 when all is well, 1 when something needs a person.
    """
    from services.onebox.doctor import Finding, examined

    findings: list[Finding] = _run(lambda: examined(home), home)
    for one in findings:
        typer.echo(f"{one.sign} {one.zh} · {one.en}")
        if one.remedy:
            typer.echo(f"    → {one.remedy}")
    wrong = sum(one.sign == "✗" for one in findings)
    typer.echo(f"{wrong} 项有问题 need a person" if wrong else "一切正常 All is well.")
    raise typer.Exit(1 if wrong else 0)


def _settings(service: str) -> Settings:
    """What the service was told; every mistake is printed, and the verb ends with 2."""
    if service not in SERVICES:
        names = ", ".join((*SERVICES, FEEDS))
        typer.echo(f"onefile: no service is called {service}: {names}", err=True)
        raise typer.Exit(2)
    return _made(service, lambda **more: Settings(service=service, **more))


def _feeds_settings() -> "FeedsSettings":
    from services.feeds.settings import Settings as Feeds

    return _made(FEEDS, Feeds)


@contextmanager
def _traced() -> Iterator[None]:
    from shared.tracing import TracingMissing, begin, end

    try:
        begin()
    except TracingMissing as error:
        typer.echo(f"onefile: {error}", err=True)
        raise typer.Exit(2) from None
    try:
        yield
    finally:
        end()


def _made[S: BaseSettings](service: str, make: Callable[..., S]) -> S:
    try:
        return checked(service, make)
    except SettingsRefused as refused:
        typer.echo(f"onefile: {service} 无法启动 cannot start (README.md):", err=True)
        for problem in refused.problems:
            typer.echo(f"  {problem}", err=True)
        raise typer.Exit(2) from None


def _print(found: Restored) -> None:
    _table(found.heads)


def _table(heads: Mapping[str, Head]) -> None:
    table = Table("服务 service", "事件 events", "树根 root")
    for service, head in heads.items():
        table.add_row(service, str(head.size), head.root)
    Console(width=100).print(table)


def _run[R](work: Callable[[], Coroutine[Any, Any, R]], home: Path) -> R:
    """What went wrong is a sentence with a remedy; nothing else reaches the screen."""
    log_nowhere()
    try:
        return uvloop.run(work())
    except KeyboardInterrupt:
        typer.echo("已取消 Cancelled; nothing half-made was left.", err=True)
        raise typer.Exit(130) from None
    except Exception as error:
        code, sentence = ending(error, home / "log" / "onefile.log")
        typer.echo(f"onefile: {sentence}", err=True)
        raise typer.Exit(code) from None
