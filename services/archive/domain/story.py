"""How does the whole file read, one line for each thing that happened?"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from contracts.archive import DocumentFiled, EntryFiled
from contracts.event import About, Event
from services.archive.domain.file import LEGAL_ZONE, Filed, Leaf, facts_in, legal_day
from services.archive.domain.matter import Matter
from services.archive.domain.phrasing import CHINESE, Tongue, sentence
from services.archive.domain.telling import fold

SERVICES = {
    "intake": "受理",
    "assignment": "派单",
    "supervision": "督办",
    "evaluation": "评价",
    "archive": "归档",
}


_PERSON = re.compile(r"p:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: when it happened (legal day), who, by which door, what, and when it was entered
    if that was another day (X-01). `position` is the place in archive's order; `defaults` are
    the rules of ours it leans on, where no source gives one (默认值; X-06).
    """

    position: int
    store: str
    type: str
    day: date
    who: str
    channel: str
    text: str
    entered: date | None
    defaults: tuple[str, ...] = ()

    def written(self, tongue: Tongue = CHINESE) -> str:
        if tongue.english:
            late = f" (entered {self.entered})" if self.entered else ""
            by = f" by {self.channel}" if self.channel else ""
            ours = " [default]" if self.defaults else ""
            return f"{self.day}  {self.who}{by}: {self.text}{late}{ours}"
        late = f"（{self.entered}补录）" if self.entered else ""
        by = f"（{self.channel}）" if self.channel else ""
        ours = "〔默认值〕" if self.defaults else ""
        return f"{self.day}  {self.who}{by}：{self.text}{late}{ours}"


def lines(filed: Filed, tongue: Tongue = CHINESE) -> tuple[Line, ...]:
    """Every line of the file, in archive's order."""
    return tuple(_lines(filed, fold(facts_in(filed)), tongue))


def story(filed: Filed, tongue: Tongue = CHINESE) -> tuple[Line, ...]:
    """Every line of the file, in the order in which things happened.

    Within a day archive's order holds. An act entered late stands on its own day and says when
    it was entered (X-01).
    """
    return in_order_of_days(lines(filed, tongue))


def in_order_of_days(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines by their day, and within a day in archive's order."""
    return tuple(sorted(lines, key=lambda line: (line.day, line.position)))


def line_of(
    position: int, leaf: Leaf, matter: Matter | None = None, tongue: Tongue = CHINESE
) -> Line:
    """The line for one event, as far as it can be told without its matter."""
    about, event = leaf.told()
    line = line_from(position, leaf, about, event, tongue)
    return in_matter(line, about.actor, about.behalf, matter or Matter(), tongue)


def in_matter(
    line: Line, actor: str, behalf: str | None, matter: Matter, tongue: Tongue = CHINESE
) -> Line:
    """A line with its actor and everybody in it as the matter knows them."""
    told = replace(line, who=named(actor, behalf, matter, tongue))
    if "p:" not in line.text:
        return told
    people = _PERSON.sub(lambda found: _actor(found[0], matter, tongue), line.text)
    return replace(told, text=people)


def line_from(
    position: int, leaf: Leaf, about: About, event: Event | None, tongue: Tongue
) -> Line:
    """The line for an event that is open already: people in it stand as they are in the log, and
    `who` is empty. Both are the one thing that what happens later can change (`in_matter`).
    """
    day, recorded = legal_day(about), about.recorded.astimezone(LEGAL_ZONE).date()
    simulated = b'"~clock":"simulated"' in leaf.body
    return Line(
        position=position,
        store=leaf.store,
        type=about.type,
        day=day,
        who="",
        channel=tongue.word("channel", about.channel) if about.channel else "",
        text=_text(about, event, tongue),
        entered=recorded if recorded != day and not simulated else None,
        defaults=tuple(getattr(event, "defaults", ())),
    )


def who(about: About, matter: Matter, tongue: Tongue = CHINESE) -> str:
    """The actor by role and pseudonym, never by name, and for whom the act was done."""
    return named(about.actor, about.behalf, matter, tongue)


def named(actor: str, behalf: str | None, matter: Matter, tongue: Tongue = CHINESE) -> str:
    """The same, of an actor and the one he acted for."""
    doer = _actor(actor, matter, tongue)
    if behalf is None or behalf == actor:
        return doer
    served = _actor(behalf, matter, tongue)
    return f"{doer} for {served}" if tongue.english else f"{doer}代{served}"


def _lines(filed: Filed, matter: Matter, tongue: Tongue) -> Iterator[Line]:
    for entry in filed.entries:
        _, event = entry.own.told()
        if isinstance(event, EntryFiled) and entry.copy is None:
            continue
        if isinstance(event, DocumentFiled) and event.source is not None:
            continue
        yield line_of(entry.position, entry.leaf, matter, tongue)


def _text(about: About, event: Event | None, tongue: Tongue) -> str:
    """A type that a later version made is named as it is."""
    return about.type if event is None else sentence(event, tongue)


def _actor(actor: str, matter: Matter, tongue: Tongue) -> str:
    kind, _, name = actor.partition(":")
    tail = name[-6:]
    if actor in matter.unit:
        return "the unit" if tongue.english else "项目单位"
    if kind == "s":
        return f"{name} (automatic)" if tongue.english else f"系统·{SERVICES.get(name, name)}"
    if kind == "a":
        return f"agency {name}" if tongue.english else f"代办机构{name}"
    if actor in matter.agents:
        return f"agent {tail}" if tongue.english else f"代办专员·{tail}"
    if actor in matter.deciders:
        return f"approver {tail}" if tongue.english else f"审批人员·{tail}"
    return f"staff {tail}" if tongue.english else f"工作人员·{tail}"
