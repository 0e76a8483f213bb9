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
        self._read: tuple[int, timedelta] = (0, timedelta())

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
        try:
            changed = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            return timedelta()
        if changed != self._read[0]:
            seconds = json.loads(self._file.read_text())["offset_seconds"]
            self._read = changed, timedelta(seconds=seconds)
        return self._read[1]


def clock_of(file: Path | None) -> Clock:
    return DevelopmentClock(file) if file else system_clock
