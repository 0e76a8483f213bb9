"""The development clock moves on for everybody who reads it, however quickly it was moved."""

import os
from datetime import timedelta
from pathlib import Path

from shared.clock import DevelopmentClock
from shared.effects import system_clock


def test_two_moves_within_a_tick_of_the_file_system_are_both_seen(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    one, other = DevelopmentClock(file), DevelopmentClock(file)
    for days in (1, 2):
        one.advance(timedelta(days=1))
        os.utime(file, ns=(10**18, 10**18))  # as a kernel with coarse times would stamp it
        for clock in (one, other):
            ahead = clock() - system_clock()
            assert abs(ahead - timedelta(days=days)) < timedelta(hours=1)
