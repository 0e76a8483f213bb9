"""The four places on their ladders: one slow item and one problem, as each of them has it."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from contracts.event import Event
from contracts.pack import POLICIES, Pack, load_pack
from contracts.supervision import IssueOpened
from services.supervision.domain import DECIDER
from services.supervision.domain.facts import Facts
from services.supervision.domain.state import Matter
from shared.command import Command
from tests.unit.supervision.examples import (
    AGENT,
    LAND_PERMIT,
    MONDAY,
    NEW,
    OFFICER,
    agents_facts,
    licence_accepted,
    planned,
    text,
)

TASK_FORCE = load_pack(POLICIES / "cn-210300-bangdailing" / "pack.yaml")
NO_LADDER = load_pack(POLICIES / "cn-341525-bangdaiban" / "pack.yaml")
CENTRE = load_pack(POLICIES / "cn-430600-bangdaiban" / "pack.yaml")
REFORM_OFFICE = load_pack(POLICIES / "cn-500242-bangdaiban" / "pack.yaml")

HEAD = "p:00000000-0000-7000-8000-000000000020"
ISSUE = UUID("018f4e1c-0000-7000-8000-0000000000e1")
PAPER = {"sha256": "0" * 64, "size": 1, "media_type": "image/png", "name": "一.png"}


class Walk:
    """A matter that is lived through: each act is decided on what came before it."""

    def __init__(self, pack: Pack, *before: Event) -> None:
        self.pack, self.day = pack, MONDAY
        self.matter: Matter = DECIDER.fold(before or (planned, *licence_accepted()))
        self._made = 0

    def on(self, day: date) -> "Walk":
        self.day = day
        return self

    def facts(self, *roles: str, bodies: tuple[str, ...] = (), actor: str = AGENT) -> Facts:
        self._made += 1
        return replace(
            agents_facts,
            pack=self.pack,
            today=self.day,
            on=self.day,
            actor=actor,
            roles=frozenset(roles),
            bodies=frozenset(bodies),
            new=UUID(int=NEW.int + self._made),
        )

    def does(self, command: Command, *roles: str, **more: Any) -> list[Event]:
        """What follows; the matter has moved on by it."""
        events = list(DECIDER.decide(command, self.matter, self.facts(*roles, **more)))
        self.matter = DECIDER.fold(events, self.matter)
        return events


def opened(severity: Any = "general", **more: Any) -> IssueOpened:
    """A problem with the departments, opened on Monday."""
    return IssueOpened(
        issue=ISSUE,
        kind="coordination",
        severity=severity,
        opened_on=MONDAY,
        items=(LAND_PERMIT,),
        owner="team",
        description=text("道路开口两部门意见不一"),
        **more,
    )


__all__ = [
    "CENTRE",
    "HEAD",
    "ISSUE",
    "NO_LADDER",
    "OFFICER",
    "PAPER",
    "REFORM_OFFICE",
    "TASK_FORCE",
    "Walk",
    "opened",
]
