"""What can an auditor do at the command line: replay a file, verify it, watch events come?"""

import contextlib
import json
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Event as Pause
from threading import current_thread, main_thread
from typing import Annotated, Any

import typer

from contracts.canonical import leaf_hash
from services.archive.domain.difference import difference
from services.archive.domain.difference_words import as_text as difference_text
from services.archive.domain.file import Filed, Leaf, facts_in, from_json
from services.archive.domain.matter import Matter
from services.archive.domain.namebook import names_of
from services.archive.domain.phrasing import Tongue
from services.archive.domain.promised import printed
from services.archive.domain.replay import as_document, as_text, replay
from services.archive.domain.story import line_of, story
from services.archive.domain.telling import fold
from services.archive.domain.timetravel import Cut, History, Unclear, history_of, moment_of
from services.archive.domain.verify import places_of, report, verify
from shared.decider import Refused
from shared.doors import HOME, CannotAsk, Doors, EnglishOption, HomeOption, TokenOption, telling
from shared.envelope import Malformed, heard
from shared.packs import Packs

main = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

SPEAKERS = ("intake", "assignment", "supervision", "evaluation")
TURN = 0.5
"""Seconds between two looks when following."""
PAGE = 200

MatterArgument = Annotated[str, typer.Argument(help="办件编号或标识: its number or its id")]
UrlOption = Annotated[
    str | None,
    typer.Option("--url", envvar="ONEFILE_ARCHIVE_URL", help="归档服务地址: archive's address"),
]


@main.command("replay")
def replay_command(  # noqa: PLR0913 each is an option of the command
    matter: MatterArgument,
    at: Annotated[
        str | None, typer.Option("--at", help="档案位置或时间: archive position, or a time")
    ] = None,
    effective: Annotated[
        str | None, typer.Option("--effective", help="实际时间: as things were by this time")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="每行一个 JSON: JSON lines")] = False,
    by_day: Annotated[
        bool, typer.Option("--story", help="按发生先后: in the order things happened")
    ] = False,
    english: EnglishOption = False,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    """重放 Tell how a matter stood at a position, and what had happened, in archive's order."""
    with telling():
        filed = file_at(Doors(home, token, {"archive": url}), matter)
        tongue = tongue_for(fold(facts_in(filed)), english)
        history = history_of(filed)
        cut = cut_of(history, at or "now", effective)
        replayed = replay(filed, cut.known, tongue, cut.effective)
        seen = replace(filed, entries=tuple(point.entry for point in history.seen(cut)))
        if as_json:
            state = {"matter": str(filed.matter), **as_document(replayed)}
            typer.echo(json.dumps({"state": state}, ensure_ascii=False))
            for entry in seen.entries:
                typer.echo(json.dumps(_entry(entry.position, entry.leaf), ensure_ascii=False))
            return
        lines = story(seen, tongue) if by_day else replayed.lines
        for text in (*as_text(replayed, tongue), ""):
            typer.echo(text)
        for line in lines:
            typer.echo(f"{line.position:>6}  {line.written(tongue)}")


@main.command("diff")
def diff_command(  # noqa: PLR0913 each is an option of the command
    matter: MatterArgument,
    first: Annotated[
        str | None, typer.Option("--from", help="起: position, time or now, [@effective]")
    ] = None,
    to: Annotated[str, typer.Option("--to", help="止: the same")] = "now",
    on: Annotated[
        str | None,
        typer.Option("--on", help="当时所知与今日所知: of this time, known then and known now"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, RFC 6902")] = False,
    english: EnglishOption = False,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    """对比 Tell how two cuts of a matter differ: what changed, what happened, who, which days moved.

    A cut is KNOWN[@EFFECTIVE]: 120, 2026-03-02, now@2026-03-02, 120@2026-03-02T10:00.
    """
    with telling():
        filed = file_at(Doors(home, token, {"archive": url}), matter)
        tongue = tongue_for(fold(facts_in(filed)), english)
        history = history_of(filed)
        if (first is None) is (on is None):
            raise CannotAsk("give --from, or --on (请给出 --from 或 --on)")
        if on is not None:
            cuts = _named(lambda: history.hindsight(moment_of(on)))
        else:
            cuts = cut_of(history, first or ""), cut_of(history, to)
        found = difference(history, *cuts, tongue)
        if as_json:
            patch = [change.as_json() for change in found.changes]
            typer.echo(json.dumps(patch, ensure_ascii=False))
            return
        for line in difference_text(found, tongue):
            typer.echo(line)


@main.command("looked")
def looked_command(
    matter: MatterArgument,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    """谁看过 Tell who looked at what belongs to a matter, in every service. This is noted too."""
    with telling():
        doors = Doors(home, token, {"archive": url})
        answer = doors.get("archive", f"/matters/{doors.matter(matter)}/looked").json()
        if as_json:
            typer.echo(json.dumps(answer, ensure_ascii=False))
            return
        for look in answer["looks"]:
            typer.echo("  ".join(look[part] for part in ("at", "service", "actor", "purpose")))
        for service in answer["silent"]:
            typer.echo(f"{service} 未答复，其查阅记录不在内: did not answer", err=True)
        if answer["silent"]:
            raise typer.Exit(2)


@main.command("promises")
def promises_command(
    matter: MatterArgument,
    at: Annotated[
        int | None, typer.Option("--at", min=1, help="档案位置: archive position")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON, as the service answers")
    ] = False,
    english: EnglishOption = False,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    """服务时限 Tell what the place promised for each step, by which day, and whether it was kept."""
    with telling():
        doors = Doors(home, token, {"archive": url})
        id = doors.matter(matter)
        found = doors.get("archive", f"/matters/{id}/promises", at=at).json()
        if as_json:
            typer.echo(json.dumps(found, ensure_ascii=False))
            return
        typer.echo(f"{found['number'] or matter} · {found['on']} · {found['position']}")
        for line in printed(found["promises"], english=english):
            typer.echo(line)


@main.command("verify")
def verify_command(
    matter: MatterArgument,
    english: EnglishOption = False,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    """核验 Recompute every body of a file and compare it with the stores. Ends with 0, 1 or 2."""
    with telling():
        doors = Doors(home, token, {"archive": url})
        filed = file_at(doors, matter)
        found = verify(filed, bodies_at(doors, filed))
        for line in report(found, english=english):
            typer.echo(line)
    raise typer.Exit(found.exit)


@main.command("dossier")
def dossier_command(
    matter: MatterArgument,
    out: Annotated[Path, typer.Option("--out", "-o", help="写到哪里: the ZIP file to write")],
    at: Annotated[
        int | None,
        typer.Option(
            "--at", min=1, help="档案位置: as of this archive position; same bytes again"
        ),
    ] = None,
    personal: Annotated[
        bool,
        typer.Option(
            "--personal",
            help="含个人信息和附件: with personal content and documents, as far as your post "
            "allows; that you took them is on record",
        ),
    ] = False,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    """卷宗 Write a matter's dossier: one ZIP that a stranger can verify offline.

    Check it with verify.py or viewer.html (`onefile viewer`) and a policy (`onefile policy`), all
    from your own channel. Without --personal nobody's personal content leaves the house.
    """
    with telling():
        doors = Doors(home, token, {"archive": url})
        id = doors.matter(matter)
        asked: dict[str, Any] = {"personal": personal} | ({"at": at} if at else {})
        answer = doors.get("archive", f"/matters/{id}/dossier", patience=120, **asked)
        out.write_bytes(answer.content)
        position = answer.headers.get("onefile-position", "")
        typer.echo(f"{out}  {out.stat().st_size} B  @{position}")
        typer.echo(f"核验 check: python3 verify.py {out} --policy policy.txt")


@main.command("viewer")
def viewer_command(
    out: Annotated[
        Path, typer.Option("--out", "-o", help="写到哪个目录: the folder to write to")
    ],
) -> None:
    """阅览与核验 Write verify.py and viewer.html, for somebody who is to check a dossier.

    Neither needs the network or this software: verify.py wants Python 3.10+, viewer.html a
    browser. Hand them over apart from the dossier, and the policy again apart.
    """
    from services.archive.verifier import PROGRAM
    from services.archive.verifier.page import page

    out.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("verify.py", PROGRAM.read_bytes()),
        ("viewer.html", page().encode()),
    ):
        (out / name).write_bytes(content)
        typer.echo(f"{out / name}  {len(content)} B  sha256 {sha256(content).hexdigest()}")


@main.command("file")
def file_command(
    matter: MatterArgument,
    book: Annotated[
        Path | None,
        typer.Option("--book", help="案卷: .pdf or .html to write the case book to"),
    ] = None,
    package: Annotated[
        Path | None, typer.Option("--package", help="归档信息包: ZIP for the archive bureau")
    ] = None,
    at: Annotated[int | None, typer.Option("--at", help="档案位置: archive position")] = None,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    """案卷 Write the whole file as one bilingual book; the same position, the same bytes."""
    form = book.suffix.lower().removeprefix(".") if book else ""
    if (book is None and package is None) or (book and form not in ("pdf", "html")):
        typer.echo(
            "onefile: give --book NAME.pdf, --book NAME.html or --package NAME.zip", err=True
        )
        raise typer.Exit(2)
    with telling():
        doors = Doors(home, token, {"archive": url})
        id = doors.matter(matter)
        wanted: dict[str, Any] = {"form": form} | ({"at": at} if at else {})
        for out, path, asked in ((book, "book", wanted), (package, "package", {})):
            if out is not None:
                out.write_bytes(doors.get("archive", f"/matters/{id}/{path}", **asked).content)
                typer.echo(f"{out}  {out.stat().st_size} B")


@main.command("policy")
def policy_command(
    home: HomeOption = HOME, token: TokenOption = None, url: UrlOption = None
) -> None:
    """信任策略 Print whom to trust: the keys of these logs, as a C2SP tlog-policy.

    It names no witness: with the log's key alone nobody can exclude that history was written
    anew. Add the witnesses you trust, and a quorum. As policy.txt beside verify.py it is found
    without --policy.
    """
    with telling():
        doors = Doors(home, token, {"archive": url})
        typer.echo(
            "# 请与日志运营方公布的公钥核对 compare these keys with what the operator published"
        )
        for service in (*SPEAKERS, "archive"):
            typer.echo(f"log {doors.get(service, '/log/vkey').text.strip()}")
            with contextlib.suppress(CannotAsk):  # where a second tree is kept
                typer.echo(f"log {doors.get(service, '/log/sm3/vkey').text.strip()}")
        typer.echo("# witness NAME VKEY … group … : 见证方未列入 no witness is named yet")
        typer.echo("quorum none")


@main.command("tail")
def tail_command(
    service: Annotated[
        str | None, typer.Option("--service", help="只看一个服务: one service alone")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="持续: go on")] = False,
    last: Annotated[
        int, typer.Option("--last", min=0, help="先看几条: begin so far back")
    ] = 10,
    english: EnglishOption = False,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    """跟踪 Show events as they come, one line each. Ends with Ctrl-C."""
    with telling():
        doors = Doors(home, token, {"archive": url})
        wanted = (service,) if service else SPEAKERS
        known = [name for name in wanted if doors.address(name)] or ["archive"]
        places = {name: max(0, position_at(doors, name) - last) for name in known}
        pause, told = Pause(), _interrupted() if follow else lambda: False
        while not told():
            for name in known:
                for leaf in messages(doors, name, places[name]):
                    places[name] = leaf.position
                    tongue = tongue_in(leaf.told()[0].pack, english)
                    line = line_of(leaf.position, leaf, None, tongue)
                    typer.echo(f"{name:<11} {line.position:>6}  {line.written(tongue)}")
            if not follow:
                return
            pause.wait(TURN)


def _interrupted() -> Callable[[], bool]:
    """Whether Ctrl-C was pressed; pressed again, it ends at once.

    The interpreter may drop a `KeyboardInterrupt` that comes while it clears something away.
    """
    pressed: list[int] = []

    def press(number: int, _: object) -> None:
        pressed.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    if current_thread() is main_thread():
        signal.signal(signal.SIGINT, press)
    return lambda: bool(pressed)


def file_at(doors: Doors, matter: str) -> Filed:
    """The whole file of a matter, by its number or its id; raises `CannotAsk`."""
    return from_json(doors.get("archive", f"/matters/{doors.matter(matter)}/entries").json())


def cut_of(history: History, known: str, effective: str | None = None) -> Cut:
    """The cut that was asked for; raises `CannotAsk`."""
    text = f"{known}@{effective}" if effective else known
    return _named(lambda: history.cut(text))


def _named[T](read: Callable[[], T]) -> T:
    try:
        return read()
    except Unclear as error:
        raise CannotAsk(
            f"{error} is no position, day or instant (不是位置、日期或时间)"
        ) from None


def bodies_at(doors: Doors, filed: Filed) -> dict[tuple[str, int], bytes] | None:
    """The stores' own bytes of what is in `filed`; None when a store's address is not known."""
    found: dict[tuple[str, int], bytes] = {}
    for store, first, last in places_of(filed):
        if doors.address(store) is None:
            return None
        for leaf in messages(doors, store, first - 1, last):
            found[store, leaf.position] = leaf.body
    return found


def messages(doors: Doors, service: str, after: int, upto: int | None = None) -> Iterator[Leaf]:
    """What a service says after a position, in order; raises `CannotAsk`."""
    while upto is None or after < upto:
        limit = PAGE if upto is None else min(PAGE, upto - after)
        answer = doors.get(service, "/log/messages", after=after, limit=limit)
        page = [leaf_of(service, line) for line in answer.content.split(b"\n") if line]
        yield from page
        if not page:
            return
        after = page[-1].position


def leaf_of(service: str, message: bytes) -> Leaf:
    """The event in a message; raises `CannotAsk` for one that is malformed."""
    try:
        h = heard(message)
    except Malformed as error:
        raise CannotAsk(f"{service} sent what is no event: {error}") from error
    return Leaf(service, h.position, leaf_hash(h.body).hex(), h.body)  # type: ignore[arg-type]


def position_at(doors: Doors, service: str) -> int:
    """The last position of a service's log."""
    found: int = doors.get(service, "/log/position").json()["position"]
    return found


def tongue_for(matter: Matter, english: bool) -> Tongue:
    """The language, with the names of the matter's place if this installation carries its pack."""
    return tongue_in(matter.pack, english)


@cache
def tongue_in(edition: str | None, english: bool) -> Tongue:
    """The same, of an edition."""
    try:
        rules = Packs.load(None).edition(edition or "")
    except Refused:
        return Tongue(english)
    return Tongue(english, names_of(rules.pack, rules.catalogue, english=english))


def _entry(position: int, leaf: Leaf) -> dict[str, Any]:
    return {
        "position": position,
        "store": leaf.store,
        "store_position": leaf.position,
        "leafhash": leaf.leafhash,
        "body": json.loads(leaf.body),
    }
