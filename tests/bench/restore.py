"""How long does a whole box take to be copied and to come back, with every root compared?

    python -m tests.bench.restore --events 1000000

Events are appended through the store's only door, twenty streams of fifty a batch, with a text of
120 characters each; tiles of the tree are left to the first start.
"""

import argparse
import json
import tempfile
from pathlib import Path

import uvloop

from services.onebox.backup import back_up, keep_keys, superuser
from services.onebox.box import Wishes, box
from services.onebox.journal import log_nowhere
from services.onebox.own_servers import dsn_on
from services.onebox.restore import restore
from shared.effects import monotonic, new_id
from shared.eventstore.postgres import connect
from tests.integration.store import offer, unit

STREAMS, EACH = 20, 50
TEXT = "事" * 120


def _quiet(_: str) -> None:
    pass


async def filled(home: Path, count: int) -> None:
    """So many events in intake's store."""
    async with superuser(home, _quiet) as (admin, _):
        connection = await connect(dsn_on(admin, "onefile_intake"))
        for start in range(0, count, STREAMS * EACH):
            facts = [json.dumps({"text": f"{start + n} {TEXT}"}, ensure_ascii=False,
                                separators=(",", ":")) for n in range(EACH)]  # fmt: skip
            await offer(connection, *(unit(new_id(), 0, *facts) for _ in range(STREAMS)))
        await connection.close()


async def measured(count: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="onefile-restore-") as folder:
        place = Path(folder)
        home = place / "box"
        async with box(Wishes(home, any_port=True), _quiet):
            pass
        began = monotonic()
        await filled(home, count)
        written = monotonic()
        copy = await back_up(home, place / "copies", _quiet)
        copied = monotonic()
        keep_keys(home, place / "keys")
        again = monotonic()
        found = await restore(copy, place / "again", place / "keys", _quiet)
        ended = monotonic()
        held = sum(one.stat().st_size for one in (copy / "pg").rglob("*") if one.is_file())
        log_nowhere()
    assert found.heads == found.contained and found.heads["intake"].size >= count
    return {
        "events": float(found.heads["intake"].size),
        "append_s": written - began,
        "backup_s": copied - written,
        "restore_s": ended - again,
        "copy_bytes_an_event": held / count,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=100_000)
    for name, value in uvloop.run(measured(parser.parse_args().events)).items():
        print(f"{name:>22} {value:,.1f}")


if __name__ == "__main__":
    main()
