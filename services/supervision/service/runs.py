"""How far is a long piece of work that somebody waits for (进度)?"""

from dataclasses import dataclass
from uuid import UUID

MOST = 200
"""Runs that are remembered; the oldest is forgotten first."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A step, and how many lines it has come; `done` at the end."""

    owner: str
    step: str
    rows: int = 0


class Runs:
    """What is under way in this process, by the name that the caller gave it."""

    def __init__(self) -> None:
        self._known: dict[UUID, Progress] = {}

    def told(self, run: UUID | None, owner: str, step: str, rows: int) -> None:
        """One step further; a run of somebody else is not touched."""
        if run is None:
            return
        before = self._known.get(run)
        if before is not None and before.owner != owner:
            return
        self._known[run] = Progress(owner, step, rows)
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]

    def of(self, run: UUID, owner: str) -> Progress | None:
        """How far it is; None for one that is not known, or not one's own."""
        found = self._known.get(run)
        return found if found is not None and found.owner == owner else None
