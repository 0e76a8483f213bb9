"""The clock of decisions: the system's, or in development one that can be moved on."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from shared.effects import Clock, system_clock
from shared.zone import LEGAL_ZONE as LEGAL_ZONE


class DevelopmentClock:
    """The system clock plus an offset kept in a file, so that every process sees the same.

    It only moves on. What it stamps is marked (`~clock` in the fact): `recorded` stays the
    database's own time.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self) -> datetime:
        return system_clock() + self._offset()

    def advance(self, by: timedelta) -> datetime:
        """Move on by `by` and return the new time; raises ValueError for going back."""
        if by < timedelta():
            raise ValueError("the development clock only moves on")
        offset = self._offset() + by
        draft = self._file.with_suffix(".new")
        draft.write_text(json.dumps({"offset_seconds": offset.total_seconds()}))
        draft.replace(self._file)
        return self()

    def _offset(self) -> timedelta:
        """Read anew each time: two files written within a tick of the kernel have one age."""
        try:
            text = self._file.read_text()
        except FileNotFoundError:
            return timedelta()
        return timedelta(seconds=json.loads(text)["offset_seconds"])


def clock_of(file: Path | None) -> Clock:
    return DevelopmentClock(file) if file else system_clock
