"""How is a file of the approval system taken in, row by row, with nothing lost (HS-12)?"""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.event import Personal
from services.supervision import queries
from services.supervision.domain import commands
from services.supervision.domain.facts import Engagement, Team
from services.supervision.domain.rights import RIGHTS
from services.supervision.domain.statefeed import FedRow, StateRow, Unread, by_time
from services.supervision.service.lookup import Lookup
from services.supervision.service.streams import MATTER, OFFICE, legal_day, office_of
from shared.asking import LATE, By, asked, permit
from shared.decider import Refused
from shared.eventstore.identity import derived
from shared.handling import Done, Step
from shared.problems import Problem
from shared.rights import Standing

COUNTED = {
    "followed": "followed",
    "agreed": "agreed",
    "known": "known",
    "conflict": "conflicts",
    "older": "older",
    "unknown_code": "unknown_codes",
    "refused": "refused",
}
"""What becomes of a row → the count of the import that it goes into."""

REMEDIES = {
    "matter_unknown": "未找到对应办件：请核对项目代码、事项编码或审批事项实例编码 / "
    "no such matter: check project code, item code or instance code",
    "several_matters": "同一项目有多个在办办件：请写明办件标识 / "
    "the project has several matters under way: name the matter by its id",
    "item_missing": "请写明事项编码，或已登记过的审批事项实例编码 / "
    "name the item, or an instance code that is known already",
    "another_item": "该实例编码已登记在另一事项下，请核对 / "
    "this instance code is entered under another item: check it",
    "different_project_code": "项目代码与该办件的项目代码不一致，未作更改，请核对 / "
    "the project code is not that of the matter: nothing was changed; check it",
    "matter_of_another_area": "该办件不属本地 / the matter is not of this place",
    "in_the_future": "状态时间晚于现在 / the state is later than now",
    "before_the_matter": "状态时间早于办件提出之日 / "
    "the state is earlier than the day the matter was opened",
    "unreadable": "该行无法读取，原文已留存 / the row cannot be read; its text is kept",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one row. `reason` says which rule of ours stood in the way."""

    row: int
    outcome: str
    matter: UUID | None = None
    item: str | None = None
    reason: str | None = None
    member: str | None = None

    def told(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "outcome": self.outcome,
            "matter": str(self.matter) if self.matter else None,
            "item": self.item,
            "reason": self.reason,
            "member": self.member,
            "remedy": REMEDIES.get(self.reason or ""),
        }


@dataclass(slots=True)
class _Run:
    """One import on its way: what was looked up already, and where instances were placed."""

    area: str
    source: str
    observed_at: datetime
    by: By
    placed: dict[str, tuple[UUID, str]] = field(default_factory=dict)
    standings: dict[UUID, tuple[Engagement, Team]] = field(default_factory=dict)
    codes: dict[UUID, str | None] = field(default_factory=dict)


class StateDesk:
    """Takes in what the approval system says, each row by itself."""

    def __init__(self, look: Lookup) -> None:
        self._look, self._floor = look, look.floor

    def may(self, area: str, by: By) -> None:
        """Raise `Problem` unless the caller may import for `area` at all."""
        permit(RIGHTS, by, "ImportStates", Standing(area))

    async def take(
        self, area: str, source: str, observed_at: datetime, rows: tuple[FedRow, ...], by: By
    ) -> tuple[Done, list[Seen]]:
        """A refused row holds up no other; what could not be placed is kept word for word."""
        self.may(area, by)
        # Rows are placed by what the lists show: what was recorded a moment ago is known too.
        if not await self._floor.views.reached(await self._floor.log.position()):
            raise Problem("behind")
        rules = self._floor.packs.for_area(area)
        run = _Run(area, source, observed_at, by)
        seen = [
            Seen(row.number, "refused", reason="unreadable", member=row.read.member or None)
            for row in rows
            if isinstance(row.read, Unread)
        ]
        await self._learn(run, rows)
        seen += [await self._row(run, row) for row in by_time(rows)]
        seen.sort(key=lambda one: one.row)
        counts = Counter(COUNTED[one.outcome] for one in seen)
        refused = {one.row for one in seen if one.outcome == "refused"}
        left = "\n".join(row.text for row in rows if row.number in refused)
        command = commands.ImportStates.model_validate(
            {
                "area": area,
                "source": source,
                "observed_at": observed_at,
                "rows": len(rows),
                "left": Personal(left) if left else None,
                **counts,
            }
        )
        about = asked(command, by, area=area, pack=rules.edition)
        step: Step[Any, Any, Any, Any] = Step(about, OFFICE, office_of(area), command, None)
        return await self._floor.handling.handle(step), seen

    async def _learn(self, run: _Run, rows: Sequence[FedRow]) -> None:
        """Where the file itself says that a number of the system belongs, wherever it says so."""
        for row in rows:
            read = row.read
            if isinstance(read, StateRow) and read.system_ref and read.item:
                with suppress(Refused):
                    run.placed.setdefault(read.system_ref, await self._place(run, read))

    async def _row(self, run: _Run, row: FedRow) -> Seen:
        read = row.read
        assert isinstance(read, StateRow)
        matter: UUID | None = None
        item = read.item
        try:
            matter, item = await self._place(run, read)
            outcome, reason = await self._note(run, row.number, read, matter, item)
        except Refused as refused:
            return Seen(row.number, "refused", matter, item, refused.code)
        except Problem as problem:
            if problem.code != "invalid":
                raise
            code = problem.more["errors"][0]["code"]
            return Seen(row.number, "refused", matter, item, code)
        return Seen(row.number, outcome, matter, item, reason)

    async def _place(self, run: _Run, read: StateRow) -> tuple[UUID, str]:
        """The matter and the item that a row speaks of; raises `Refused`."""
        known = await self._known(run, read)
        if known is not None:
            matter, item = known
            if read.item is not None and read.item != item:
                raise Refused("another_item")
        elif read.item is None:
            raise Refused("item_missing")
        else:
            matter, item = await self._by_project(run, read, read.item), read.item
        engagement, _ = await self._standing(run, matter)
        if engagement.area != run.area:
            raise Refused("matter_of_another_area")
        await self._same_project(run, read, engagement)
        return matter, item

    async def _known(self, run: _Run, read: StateRow) -> tuple[UUID, str] | None:
        """Where the system's own number of the item was seen before."""
        if read.system_ref is None:
            return None
        if read.system_ref in run.placed:
            return run.placed[read.system_ref]
        return await queries.placed_at(self._floor.log.pool, run.area, read.system_ref)

    async def _by_project(self, run: _Run, read: StateRow, item: str) -> UUID:
        if read.matter is not None:
            return read.matter
        if read.project_code is None:
            raise Refused("matter_unknown")
        told = await self._floor.peers.get(
            "intake", "/projects", area=run.area, code=read.project_code
        )
        projects = [UUID(row["id"]) for row in (told or {}).get("items", ())]
        found = await queries.matters_with(self._floor.log.pool, run.area, projects, item)
        if len(found) > 1:
            raise Refused("several_matters")
        if not found:
            raise Refused("matter_unknown")
        return found[0]

    async def _same_project(self, run: _Run, read: StateRow, known: Engagement) -> None:
        """A row of another project is never taken for this one, whatever else fits."""
        if read.project_code is None or known.project is None:
            return
        if known.project not in run.codes:
            told = await self._floor.peers.get("intake", f"/projects/{known.project}")
            run.codes[known.project] = (told or {}).get("code")
        code = run.codes[known.project]
        if code is not None and code != read.project_code:
            raise Refused("different_project_code")

    async def _standing(self, run: _Run, matter: UUID) -> tuple[Engagement, Team]:
        if matter not in run.standings:
            try:
                engagement, team, _ = await self._look.standing_of(matter)
            except Problem as problem:
                if problem.code == "not_found":
                    raise Refused("matter_unknown") from None
                raise
            run.standings[matter] = engagement, team
        return run.standings[matter]

    async def _note(
        self, run: _Run, number: int, read: StateRow, matter: UUID, item: str
    ) -> tuple[str, str | None]:
        engagement, team = await self._standing(run, matter)
        by = replace(run.by, origin=derived(run.by.origin, f"row/{number}"), expected=None)
        late = legal_day(by.now) - read.on > LATE
        command = commands.NoteSystemState(
            item=item,
            source=run.source,
            system_ref=read.system_ref,
            works=read.works,
            system_state=read.state,
            stated_at=read.at,
            stated_on=read.on,
            observed_at=run.observed_at,
            procedure=read.procedure,
            opinion=Personal(read.opinion) if read.opinion else None,
            effective=read.at,
            late_reason=Personal("由审批系统补传") if late else None,
        )
        rules = self._look.rules_for(engagement.area, engagement.pack)
        facts = self._look.facts(
            rules,
            by.now,
            command=command,
            engagement=engagement,
            team=team,
            new=derived(by.origin, "new"),
        )
        about = asked(
            command,
            by,
            area=engagement.area,
            opened=engagement.opened_on,
            matter=matter,
            project=engagement.project,
            pack=engagement.pack,
        )
        done = await self._floor.handling.handle(Step(about, MATTER, matter, command, facts))
        if not done.events:
            return "known", None
        _, state = await self._floor.handling.state_of(MATTER, matter)
        for one in reversed(state.items[item].reported):
            if (one.source, one.system_state, one.stated_at) == (
                run.source,
                read.state,
                read.at,
            ):
                return one.verdict, one.because
        return "known", None
