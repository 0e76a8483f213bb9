"""A tax bureau's read model: which statutory fees are due, which are paid, in one county.

    python tax.py rebuild|follow|prove|fees --url http://… --seed tax.seed --store tax.db

Everything below `class Fees` is what an agency writes itself; the rest is the client's.
"""

import argparse
import sqlite3
import sys
from decimal import Decimal
from pathlib import Path

from onefile_client import Event, Handlers, Incomplete, Key, Reader, Source, Store

AGENCY = "tax"
TYPES = ("supervision.fee_due.v1", "supervision.fee_paid.v1", "intake.service_requested.v1")

TABLES = """
CREATE TABLE IF NOT EXISTS matters (
    matter TEXT PRIMARY KEY, number TEXT NOT NULL, area TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS fees (
    fee TEXT PRIMARY KEY, matter TEXT NOT NULL, kind TEXT, amount TEXT NOT NULL,
    due_on TEXT, paid INTEGER NOT NULL DEFAULT 0
) STRICT;
"""

handlers = Handlers()


@handlers.on("intake.service_requested.v1")
def requested(db: sqlite3.Connection, event: Event) -> None:
    """Remember the number people know the matter by."""
    db.execute(
        "INSERT OR IGNORE INTO matters VALUES (?, ?, ?)",
        (event.subject, event.fact["number"], event.area),
    )


@handlers.on("supervision.fee_due.v1")
def due(db: sqlite3.Connection, event: Event) -> None:
    """A fee is owed; one that was said to be paid before stays paid."""
    fact = event.fact
    db.execute(
        "INSERT INTO fees (fee, matter, kind, amount, due_on) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (fee) DO UPDATE SET kind = excluded.kind, due_on = excluded.due_on",
        (fact["fee"], event.subject, fact.get("kind"), fact["amount"], fact.get("due_on")),
    )


@handlers.on("supervision.fee_paid.v1")
def paid(db: sqlite3.Connection, event: Event) -> None:
    """A fee is paid, whether or not we heard before that it was owed."""
    db.execute(
        "INSERT INTO fees (fee, matter, amount, paid) VALUES (?, ?, ?, 1) "
        "ON CONFLICT (fee) DO UPDATE SET paid = 1",
        (event.fact["fee"], event.subject, event.fact["amount"]),
    )


def opened(file: Path) -> Store:
    """The bureau's file: its own tables beside the client's, moved in one transaction."""
    store = Store(file)
    store.db.executescript(TABLES)
    return store


def report(store: Store) -> list[str]:
    """What the bureau reads in the morning."""
    rows = store.db.execute(
        "SELECT coalesce(number, matter), kind, amount, due_on, paid FROM fees "
        "LEFT JOIN matters USING (matter) ORDER BY 1, 2, 3"
    ).fetchall()
    lines = [
        f"{number}  {kind or '?'}  {amount} 元  {'已缴 paid' if done else f'应缴 due {day or "-"}'}"
        for number, kind, amount, day, done in rows
    ]
    owed = sum((Decimal(amount) for *_, amount, _, done in rows if not done), Decimal())
    (matters,) = store.db.execute("SELECT count(*) FROM matters").fetchone()
    return [
        *lines,
        f"共 {len(rows)} 笔，未缴 {owed} 元 · {len(rows)} fees, {owed} outstanding",
        f"涉及办件 {matters} 件 · matters {matters}",
    ]


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; 1 when what is held is not what the feed holds."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("verb", choices=["rebuild", "follow", "prove", "fees"])
    parser.add_argument("--url", required=True, help="address of the feeds door")
    parser.add_argument("--seed", type=Path, required=True, help="the bureau's seed file")
    parser.add_argument("--store", type=Path, default=Path("tax.db"))
    parser.add_argument("--vkey", help="the operator's key, told by another channel")
    chosen = parser.parse_args(arguments)
    store = opened(chosen.store)
    with Source(chosen.url, AGENCY, Key.load(chosen.seed)) as source:
        reader = Reader(source, store, handlers, vkey=chosen.vkey)
        try:
            return _done(chosen.verb, reader, store)
        except Incomplete as error:
            print(error, file=sys.stderr)
            return 1
        finally:
            store.close()


def _done(verb: str, reader: Reader, store: Store) -> int:
    match verb:
        case "rebuild":
            print(f"位置 position {reader.rebuild()}")
        case "follow":
            reader.follow()
        case "prove":
            reader.catch_up()
            proof = reader.prove()
            signed = "已签名 signed" if proof.note else "未核对签名 signature not asked for"
            print(f"完整 complete: {proof.size} · {proof.root.hex()} · {signed}")
        case _:
            print("\n".join(report(store)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
