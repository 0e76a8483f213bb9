"""How long does the state of a matter of 10 000 facts at a cut take: after a start, and later?"""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import asyncpg
import uvloop

from services.archive.domain.difference import hash_of, state_of
from services.archive.domain.file import Filed
from services.archive.domain.replay import stood
from services.archive.domain.timetravel import Cut, history_of
from services.archive.service.beginnings import Beginnings
from services.archive.service.histories import Histories
from services.archive.service.memory import Memory
from services.onebox.platform import Platform
from shared.effects import monotonic
from tests.integration.stored_file import prepared, queries_of, stored
from tests.unit.archive.long_files import long_file

FACTS = 10_000
STARTS = 5


async def from_a_store(filed: Filed) -> dict[str, float]:
    """Milliseconds of the first question after a start: of the whole file, and from a beginning."""
    found: dict[str, list[float]] = {
        "start_whole_ms": [],
        "start_now_ms": [],
        "start_cut_ms": [],
    }
    cuts = {
        "start_now_ms": Cut(),
        "start_cut_ms": Cut(filed.entries[len(filed.entries) // 2].position),
    }
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        async with Platform(Path(home), durable=True, pg_port=0, nats_port=0) as platform:
            admin = await asyncpg.connect(platform.pg_dsn())
            await admin.execute("CREATE DATABASE cuts")
            await admin.close()
            dsn = await prepared(platform.pg_dsn("cuts"))
            await stored(dsn, filed)
            async with queries_of(dsn) as queries:
                began = monotonic()
                await Beginnings(queries, b"k" * 32).catch_up()
                folding = monotonic() - began
                for _ in range(STARTS):
                    began = monotonic()
                    opened = await Histories(Memory(queries)).of(filed.matter)
                    hash_of(state_of(stood(opened.history, Cut())))
                    found["start_whole_ms"].append(monotonic() - began)
                    for name, cut in cuts.items():
                        began, kept = monotonic(), Beginnings(queries, b"k" * 32)
                        now = await kept.before(filed.matter, Cut())
                        assert now is not None
                        near = await kept.stood(filed.matter, cut, now)
                        assert near is not None
                        hash_of(state_of(near))
                        found[name].append(monotonic() - began)
    slowest = {name: round(max(times) * 1000, 1) for name, times in found.items()}
    return slowest | {"folding_ms": round(folding * 1000, 1)}


def measured(facts: int = FACTS) -> dict[str, float]:
    """Milliseconds: after a start, from a store; then opening the file in memory, and cuts of it."""
    filed = long_file(facts)
    found: dict[str, float] = uvloop.run(from_a_store(filed))

    def took[T](name: str, do: Callable[[], T]) -> T:
        began = monotonic()
        made = do()
        found[name] = round((monotonic() - began) * 1000, 1)
        return made

    half = filed.entries[facts // 2].position
    history = took("open_ms", lambda: history_of(filed))
    took("first_ms", lambda: hash_of(state_of(stood(history, Cut()))))
    took("known_ms", lambda: hash_of(state_of(stood(history, Cut(half)))))
    day = history.points[facts // 2].day
    took("effective_ms", lambda: hash_of(state_of(stood(history, Cut(half, day)))))
    again = history_of(filed)
    took("cold_known_ms", lambda: hash_of(state_of(stood(again, Cut(half)))))
    return found


if __name__ == "__main__":
    print(json.dumps(measured()))
