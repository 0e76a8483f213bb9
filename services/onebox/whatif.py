"""What if closed matters had followed another edition: who would be served, and by when?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from contracts.event import Event
from contracts.pack import load_pack
from services.archive.cli import UrlOption, file_at
from services.archive.domain.file import Filed
from services.intake.domain import project as projects
from services.intake.domain.project import Project
from services.supervision.domain import DECIDER as SUPERVISION
from services.supervision.domain.clocks import deemed_after, dues
from services.supervision.domain.course import Course
from services.supervision.domain.state import Matter
from shared.decider import Refused
from shared.doors import HOME, CannotAsk, Doors, HomeOption, TokenOption
from shared.packs import Packs, Rules, rules_in

main = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
PAGE = 200


@dataclass(frozen=True, slots=True)
class Changed:
    """One decision or day that another edition would have changed."""

    matter: str
    what: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Told:
    """A closed matter as its own facts tell it: the project, and the course of every item."""

    number: str
    project: Project
    matter: Matter


def told_by(filed: Filed, number: str) -> Told:
    """Fold the facts of a file by the services' own rules; nothing is written anywhere."""
    project, matter = Project(), SUPERVISION.initial
    beside = [leaf for leaf in filed.project if leaf.store == "intake"]
    for leaf in beside:
        event = leaf.told()[1]
        if event is not None:
            project = projects.evolve(project, event)
    for entry in filed.entries:
        copy = entry.copy
        event = copy.told()[1] if copy is not None and copy.store == "supervision" else None
        if isinstance(event, Event):
            matter = SUPERVISION.evolve(matter, event)
    return Told(number, project, matter)


def compared(told: Told, was: Rules, new: Rules) -> Iterator[Changed]:
    """Every decision and day that differs between the edition the matter followed and another."""
    facts = told.project.known()
    before, after = was.pack.admits(facts), new.pack.admits(facts)
    if (before.ok, before.missing) != (after.ok, after.missing):
        yield Changed(
            told.number, "admission",
            f"准入：{_verdict(before.ok, before.missing)[0]} → {_verdict(after.ok, after.missing)[0]}"
            f"（{'、'.join(r.path for r in after.reasons)}）",
            f"admission: {_verdict(before.ok, before.missing)[1]} → "
            f"{_verdict(after.ok, after.missing)[1]} ({', '.join(r.path for r in after.reasons)})",
        )  # fmt: skip
    first, then = was.pack.route(facts), new.pack.route(facts)
    if first.to != then.to:
        yield Changed(
            told.number, "routing", f"派单：{'、'.join(first.to) or '—'} → {'、'.join(then.to) or '—'}",
            f"routing: {', '.join(first.to) or '—'} → {', '.join(then.to) or '—'}",
        )  # fmt: skip
    for course in told.matter.items.values():
        yield from _days(told.number, course, was, new)


def _verdict(ok: bool, missing: frozenset[str]) -> tuple[str, str]:
    if missing:
        return "待补情况", "undecided"
    return ("符合", "served") if ok else ("不符合", "not served")


def _days(number: str, course: Course, was: Rules, new: Rules) -> Iterator[Changed]:
    if course.accepted_on is None:
        return
    try:
        pairs = [_due(course, course.accepted_on, rules) for rules in (was, new)]
    except (KeyError, Refused):
        yield Changed(
            number, course.item, f"{course.item}：新目录中没有这一事项",
            f"{course.item}: the other edition's catalogue does not have it",
        )  # fmt: skip
        return
    for name, zh, first, then in zip(
        ("statutory", "commitment", "deemed"), ("法定期限", "承诺期限", "视为受理"), *pairs,
        strict=True,
    ):  # fmt: skip
        if first != then:
            late = _late(course, first), _late(course, then)
            yield Changed(
                number, f"{course.item} {name}",
                f"{course.item} {zh}：{first or '—'} → {then or '—'}{_turned(late, ('超期', '按期'))}",
                f"{course.item} {name}: {first or '—'} → {then or '—'}"
                f"{_turned(late, ('late', 'in time'))}",
            )  # fmt: skip


def _due(course: Course, accepted_on: date, rules: Rules) -> tuple[date | None, ...]:
    item = rules.catalogue.item(course.item)
    found = dues(
        item, accepted_on, course.spans(), rules.pack, rules.calendar,
        extended=course.extended_days,
    )  # fmt: skip
    deemed = deemed_after(course, rules.pack, rules.calendar)
    return found.statutory, found.commitment, deemed


def _late(course: Course, due: date | None) -> bool | None:
    if due is None or course.decided_on is None:
        return None
    return course.decided_on > due


def _turned(late: tuple[bool | None, bool | None], words: tuple[str, str]) -> str:
    if late[0] == late[1] or None in late:
        return ""
    first, then = (words[0] if one else words[1] for one in late)
    return f" [{first} → {then}]"


@main.callback()
def verbs() -> None:
    """如果 What would have been otherwise."""


@main.command("whatif")
def whatif_command(
    pack: Annotated[Path, typer.Option("--pack", help="另一版政策包: the other pack.yaml")],
    area: Annotated[str, typer.Option("--area", help="区划代码: of which place")],
    below: Annotated[
        Path | None, typer.Option("--parent", help="上级政策包: the pack it inherits from")
    ] = None,
    english: Annotated[bool, typer.Option("--english", help="in English")] = False,
    home: HomeOption = HOME,
    token: TokenOption = None,
    url: UrlOption = None,
) -> None:
    """如果 Replay closed matters under another edition of the rules, and name what would change.

    \b
    onefile whatif --area 990100 --pack packs/NEW/pack.yaml
    \b
    For every closed file of the place: is the project served, to whom does it go, by which day
    is each item due, and would it have been late. Nothing is written anywhere 不写入任何数据.
    Each matter is compared with the edition that it really followed.
    """
    doors = Doors(home, token, {"archive": url})
    try:
        load_pack(pack, load_pack(below) if below else None)
        new, carried = rules_in(pack, below), Packs.load(None)
        seen = changed = skipped = 0
        for row in _closed(doors, area):
            seen += 1
            filed = file_at(doors, row["matter"])
            try:
                was = carried.edition(str(row["pack"]))
            except Refused:
                skipped += 1
                typer.echo(
                    f"{row['number']}  版本未携带 edition not carried: {row['pack']}", err=True
                )
                continue
            found = list(compared(told_by(filed, row["number"]), was, new))
            changed += bool(found)
            for one in found:
                typer.echo(f"{one.matter}  {one.en if english else one.zh}")
    except (CannotAsk, ValueError, OSError) as problem:
        typer.echo(f"onefile: {problem}", err=True)
        raise typer.Exit(2) from None
    typer.echo(
        f"{seen} matters, {changed} would differ, {skipped} not compared"
        if english
        else f"共 {seen} 件，{changed} 件会有不同，{skipped} 件未比较"
    )


def _closed(doors: Doors, area: str) -> Iterator[dict[str, str]]:
    """Closed files of a place, with the edition each followed."""
    after: dict[str, Any] = {}
    while True:
        page = doors.get("archive", "/matters", closed="true", limit=PAGE, **after).json()
        for row in page["files"]:
            if row["area"] == area:
                told = doors.get("archive", f"/matters/{row['matter']}").json()
                yield row | {"pack": told["pack"]}
        if page["next"] is None:
            return
        after = {"after": page["next"]}
