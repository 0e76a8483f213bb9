"""What can an operator do for agencies at the command line: admit, rotate, revoke, try a filter?"""

import json
import os
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from contracts.registry import BY_TYPE
from contracts.subjects import NOWHERE
from services.feeds.domain.accounts import accounts
from services.feeds.domain.agencies import NOBODY, Agency, Key, Register
from services.feeds.domain.faults import Unreadable, read_register
from services.feeds.domain.hints import members_of
from services.feeds.domain.nkeys import public_text, seed_text
from services.feeds.service.editing import CannotEdit, with_agency, with_keys
from shared.doors import HOME, Doors, NotKnown, TokenOption, telling
from shared.effects import new_secret, system_clock

DAYS, OVERLAP = 90, 7

main = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
agency = typer.Typer(
    no_args_is_help=True,
    help="""订阅机构 Agencies that receive our events.

    \b
    The agreements stand in agencies.yaml of the box's home; a running box follows the file
    within a second. 协议写在数据目录的 agencies.yaml，运行中的一体机一秒内生效。
    """,
)
main.add_typer(agency, name="agency")


@main.callback()
def _onefile() -> None:
    """The verbs of the agencies' door."""


Home = Annotated[
    Path, typer.Option("--home", envvar="ONEFILE_HOME", help="数据目录: the box's home")
]
File = Annotated[
    Path | None,
    typer.Option("--file", envvar="ONEFILE_AGENCIES", help="登记文件: another agencies.yaml"),
]
Id = Annotated[str, typer.Argument(help="机构代号: its id, such as tax")]
Seed = Annotated[
    Path | None,
    typer.Option(
        "--seed", help="由我方生成密钥并写入此文件: make the key here, write its seed"
    ),
]
PublicKey = Annotated[
    str | None,
    typer.Option("--key", help="对方自己生成的公钥: the agency's own public key (U…)"),
]
Days = Annotated[int, typer.Option("--days", min=1, max=366, help="密钥有效天数: key's life")]


@agency.command()
def add(  # noqa: PLR0913 each is an option of the command
    id: Id,
    zh: Annotated[str, typer.Option("--zh", help="中文名称")],
    en: Annotated[str, typer.Option("--en", help="English name")],
    purpose: Annotated[str, typer.Option("--purpose", help="使用目的: what it is used for")],
    legal_basis: Annotated[
        str, typer.Option("--legal-basis", help="法律依据: under which law")
    ],
    until: Annotated[str, typer.Option("--until", help="协议最后一日: last day, 2027-12-31")],
    area: Annotated[
        list[str], typer.Option("--area", help="地区: 2, 4 or 6 digits; 4306 is a whole city")
    ],
    event: Annotated[
        list[str],
        typer.Option("--event", help="事件与字段: TYPE=all or TYPE=member,member; repeat"),
    ],
    without: Annotated[
        list[str], typer.Option("--without", help="不给: actor, authority or behalf")
    ] = [],  # noqa: B006 typer copies it
    contact: Annotated[
        list[str],
        typer.Option(
            "--contact", help="对方联系人代号: p:…, who may see its page in the console"
        ),
    ] = [],  # noqa: B006 typer copies it
    key: PublicKey = None,
    seed: Seed = None,
    days: Days = DAYS,
    home: Home = HOME,
    file: File = None,
) -> None:
    """接入 Admit an agency: its agreement, its areas, what it is given, its first key."""
    target = _target(home, file)
    public = _public(key, seed)
    now = system_clock()
    entry = {
        "id": id, "zh": zh, "en": en, "purpose": purpose, "legal_basis": legal_basis,
        "until": _day(until), "areas": list(area), "events": [_given(one) for one in event],
    }  # fmt: skip
    if without:
        entry["about_without"] = list(without)
    if contact:
        entry["contacts"] = list(contact)
    if public:
        ends = _second(now + timedelta(days=days))
        entry["keys"] = [{"nkey": public, "since": _second(now), "until": ends}]
    text = target.read_text("utf-8") if target.exists() else ""
    _written(target, lambda: with_agency(text, entry))
    _keep_seed(seed)
    typer.echo(f"已接入 admitted {id} -> {target}")
    if not public:
        typer.echo("尚无密钥 no key yet: onefile agency rotate --key or --seed")


@agency.command()
def rotate(
    id: Id,
    key: PublicKey = None,
    seed: Seed = None,
    days: Days = DAYS,
    overlap: Annotated[
        int, typer.Option("--overlap-days", min=0, max=60, help="新旧并用天数: both are good")
    ] = OVERLAP,
    home: Home = HOME,
    file: File = None,
) -> None:
    """换钥 Give an agency a new key; the old ones end after the overlap."""
    target = _target(home, file)
    public = _public(key, seed)
    if public is None:
        raise _failed("请用 --key 或 --seed · give --key U… or --seed FILE")
    now = _second(system_clock())
    ends = now + timedelta(days=overlap)
    known = _agency(target, id)
    kept = [
        one
        if one.revoked or one.until <= ends
        else _until(one, max(ends, one.since + timedelta(seconds=1)))
        for one in known.keys
        if one.revoked or one.until > now
    ]
    fresh = Key(nkey=public, since=now, until=now + timedelta(days=days))
    _written(target, lambda: with_keys(_text(target), id, [*kept, fresh]))
    _keep_seed(seed)
    typer.echo(f"新钥 new key {public} until {fresh.until:%Y-%m-%d}")
    typer.echo(f"旧钥 the old ones end on {ends:%Y-%m-%d %H:%M} UTC")


@agency.command()
def revoke(
    id: Id,
    key: Annotated[
        str | None, typer.Option("--key", help="只撤销这一把: only this public key")
    ] = None,
    home: Home = HOME,
    file: File = None,
) -> None:
    """撤销 Revoke keys at once, all of the agency's or one: connections are cut, doors shut."""
    target = _target(home, file)
    now = _second(system_clock())
    known = _agency(target, id)
    if key and key not in {one.nkey for one in known.keys}:
        raise _failed(f"{id} 没有这把公钥 · {id} has no such key: onefile agency show {id}")
    keys = [
        one if one.revoked or (key and one.nkey != key) else _revoked(one, now)
        for one in known.keys
    ]
    _written(target, lambda: with_keys(_text(target), id, keys))
    typer.echo(f"已撤销 revoked {sum(one.revoked == now for one in keys)} of {id}")


@agency.command()
def check(home: Home = HOME, file: File = None) -> None:
    """检查 Read agencies.yaml and name every fault, with its line."""
    target = _read_target(home, file)
    register = _register(target)
    typer.echo(f"{target}: {len(register.agencies)} 家机构，没有错误 agencies, no fault")
    for one in register.agencies:
        for type in sorted(one.unheard):
            typer.echo(
                f"  {one.id}: {type} 不属任何地区，areas 未含 {NOWHERE}，不会收到 "
                f"is said of no place: it is not given without the area {NOWHERE}"
            )


@agency.command()
def show(
    id: Annotated[str | None, typer.Argument(help="机构代号: one agency; else all")] = None,
    types: Annotated[
        bool, typer.Option("--types", help="列出全部事件与字段: every event and its members")
    ] = False,
    home: Home = HOME,
    file: File = None,
    token: TokenOption = None,
) -> None:
    """查看 Show who receives what, when keys end, and how each stands while the box runs."""
    if types:
        for type in sorted(BY_TYPE):
            typer.echo(f"{type}: {', '.join(sorted(members_of(type)))}")
        return
    target = _read_target(home, file)
    register = _register(target)
    chosen = [_agency(target, id)] if id else register.agencies
    with telling():
        standing = _standing(home, token)
    now = system_clock()
    for one in chosen:
        typer.echo(_told(one, now))
        if found := standing.get(one.id):
            typer.echo(
                f"  已有 size {found['size']}，对方已核对 proven {found['proven']}{_hook(found)}"
            )
    if not standing:
        typer.echo(
            "（一体机未运行，只显示登记内容 the box is not running: only the register is shown）"
        )


@agency.command()
def test(
    id: Annotated[
        str | None, typer.Argument(help="机构代号: an agency of the register")
    ] = None,
    area: Annotated[list[str], typer.Option("--area", help="试算地区: areas to try")] = [],  # noqa: B006
    event: Annotated[
        list[str], typer.Option("--event", help="试算事件: TYPE=all or members")
    ] = [],  # noqa: B006
    days: Annotated[
        int, typer.Option("--days", min=1, max=366, help="回看天数: days back")
    ] = 7,
    home: Home = HOME,
    file: File = None,
    token: TokenOption = None,
) -> None:
    """试算 Show what a filter would have let through in the last days; nobody is given anything."""
    if (id is None) == (not area and not event):
        raise _failed(
            "给出机构代号，或 --area 与 --event · name an agency, or give --area and --event"
        )
    if id:
        known = _agency(_read_target(home, file), id)
        areas: Sequence[str] = known.areas
        events = [given.model_dump(mode="json") for given in known.events]
    else:
        areas, events = area, [_given(one) for one in event]
    asked = {"areas": list(areas), "events": events, "days": days}
    with telling():
        told = Doors(home, token).send("feeds", "/agencies/test", asked).json()
    cut = "" if told["complete"] else "（未看完 not all of them）"
    typer.echo(
        f"最近 {days} 天看了 {told['looked_at']} 条 events looked at in {days} days{cut}"
    )
    headings = {
        "given": "会给 given",
        "given_areas": "地区 areas",
        "withheld": "不会给 withheld",
    }
    for name, heading in headings.items():
        typer.echo(f"{heading}: {sum(told[name].values())}")
        for what, count in told[name].items():
            typer.echo(f"  {count:>8}  {what}")


@agency.command()
def parked(
    id: Id,
    home: Home = HOME,
    token: TokenOption = None,
) -> None:
    """搁置 Show what an agency's webhook did not take."""
    with telling():
        told = Doors(home, token).get("feeds", f"/agencies/{id}/parked").json()
    for one in told:
        typer.echo(f"{one['position']:>9}  {one['subject']}  {one['parked']}  {one['reason']}")


@agency.command("accounts")
def accounts_file(
    password: Annotated[
        str,
        typer.Option(
            "--password",
            envvar="ONEFILE_AGENCY_NATS_PASSWORD",
            help="feeds 的口令: by which feeds signs in",
        ),
    ],
    home: Home = HOME,
    file: File = None,
) -> None:
    """账户配置 Print the `accounts` block for a NATS server of your own (JSON, which it reads)."""
    made = accounts(_register(_read_target(home, file)), system_clock(), password)
    typer.echo(json.dumps({"accounts": made}, ensure_ascii=False, indent=2))


@agency.command()
def demo() -> None:
    """演示 A fresh agency rebuilds, proves completeness, loses its disk, rebuilds again."""
    from importlib import import_module

    raise typer.Exit(import_module("services.onebox.agency_show").show())


def _hook(found: dict[str, Any]) -> str:
    hook = found["webhook"]
    return f"，推送落后 webhook lag {hook['lag']}，搁置 parked {hook['parked']}" if hook else ""


def _told(one: Agency, now: datetime) -> str:
    lines = [
        f"{one.id}  {one.zh} {one.en}",
        f"  目的 purpose: {one.purpose}；依据 basis: {one.legal_basis}；至 until {one.until}",
        f"  地区 areas: {', '.join(one.areas)}；流 feed {one.feed}；账户 account {one.account}",
    ]
    for type, view in sorted(one.views.items()):
        lines.append(f"  {type}: {'全部 all' if view is None else ', '.join(sorted(view))}")
    for key in one.keys:
        state = "有效 good" if key.good(now) else "失效 not good"
        left = (key.until - now).days
        ended = " 已撤销 revoked" if key.revoked else ""
        lines.append(f"  {state} {key.nkey} until {key.until:%Y-%m-%d} ({left} 天 days){ended}")
    return "\n".join(lines)


def _target(home: Path, file: Path | None) -> Path:
    return file or home / "agencies.yaml"


def _read_target(home: Path, file: Path | None) -> Path:
    """The same, for who only reads: a file that was named is there, or its name is wrong."""
    if file is not None and not file.is_file():
        raise _failed(f"{file} 不是文件 · is no file: name agencies.yaml (ONEFILE_AGENCIES)")
    return _target(home, file)


def _text(target: Path) -> str:
    try:
        return target.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise _failed(f"{target} 读不到 · cannot be read: {error}") from None


def _register(target: Path) -> Register:
    text = _text(target)
    try:
        return read_register(text) if text.strip() else NOBODY
    except Unreadable as error:
        raise _failed(f"{target}:\n{error}") from None


def _agency(target: Path, id: str) -> Agency:
    found = _register(target).agency(id)
    if found is None:
        raise _failed(f"{target} 没有 {id} · there is no {id}: onefile agency show")
    return found


def _given(text: str) -> dict[str, Any]:
    type, _, members = text.partition("=")
    fields = members if members == "all" else [one for one in members.split(",") if one]
    return {"types": [type], "fields": fields}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _failed(f"{text} 不是日期 · is no date: write 2027-12-31") from None


def _second(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _soonest(key: Key) -> datetime:
    return key.since + timedelta(seconds=1)


def _until(key: Key, until: datetime) -> Key:
    return Key(nkey=key.nkey, since=key.since, until=until, revoked=key.revoked)


def _revoked(key: Key, at: datetime) -> Key:
    return Key(nkey=key.nkey, since=key.since, until=key.until, revoked=at)


_made: dict[Path, str] = {}


def _public(key: str | None, seed: Path | None) -> str | None:
    """The public key: the agency's own, or of a seed made now and written once all is well."""
    if key and seed:
        raise _failed("--key 与 --seed 只用一个 · give --key or --seed, not both")
    if seed is None:
        return key
    if seed.exists():
        raise _failed(f"{seed} 已存在 · exists already and keys are never overwritten")
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    raw = new_secret()
    _made[seed] = seed_text(raw)
    return public_text(
        Ed25519PrivateKey.from_private_bytes(raw).public_key().public_bytes_raw()
    )


def _keep_seed(seed: Path | None) -> None:
    if seed is None:
        return
    descriptor = os.open(seed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(_made.pop(seed) + "\n")
    typer.echo(f"种子 seed -> {seed} (交给对方后删除 hand it over, then delete it)")


def _written(target: Path, make: Any) -> None:
    try:
        text: str = make()
    except (Unreadable, CannotEdit) as error:
        raise _failed(f"{target} 未改动 · was not changed:\n{error}") from None
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(target.name + ".new")
    with fresh.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(target)


def _standing(home: Path, token: str | None) -> dict[str, Any]:
    try:
        told = Doors(home, token).get("feeds", "/agencies").json()
    except NotKnown:
        return {}
    return {one["agency"]: one for one in told["agencies"]}


def _failed(sentence: str) -> typer.Exit:
    typer.echo(f"onefile: {sentence}", err=True)
    return typer.Exit(2)
