"""What do so many counties need: nodes, disks, streams, hours?

python deploy/scale.py --counties 3000            prints the table for one size
python deploy/scale.py --write                    puts the tables into deploy/SCALE.md
"""

import argparse
import math
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).with_name("SCALE.md")
BEGIN, END = "<!-- scale:begin -->", "<!-- scale:end -->"
SIZES = (1, 100, 3000)

# Measured on two shared cores (tests/bench/README.md, last run), rounded down.
APPENDS = 8_000
"""events/s that one store appends when every sync takes 1.6 ms."""
COMMANDS = 2_300
"""commands/s (load 50 events, decide, append one) of one process, the same slow syncs."""
REFILLED = 25_000
"""events/s by which a lost stream is filled again from its log."""
REPLAYED = 400_000
"""events/s of one process that folds matters from their history."""

# Assumed, to be replaced by your own figures (默认值).
BYTES = 3_000
"""One event in its store: row, indexes, receipt, its share of views, data keys and tree."""
STREAMED = 1_200
"""One event on its stream."""
SERVICES = 5
WORKING = 250 * 8 * 3600
"""Seconds of office hours in a year."""
COPIES = 3
SPARE = 0.3
"""Share of a store's measured rate that is planned for: the rest is for peaks, vacuum and growth."""
HOURS = 4
"""Within so many hours a lost stream is whole again: that, not the rate, limits a cell."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much is done in a year, and how it comes."""

    counties: int
    matters: int = 400
    events: int = 250
    years: int = 10
    peak: int = 10


@dataclass(frozen=True, slots=True)
class Need:
    """What that comes to."""

    yearly: int
    mean: float
    peak: float
    cells: int
    counties_a_cell: int
    stores: int
    streams: int
    disk: float
    stream_disk: float
    hours: float
    nodes: int
    refill: float


def needed(load: Load) -> Need:
    """The arithmetic. A cell is one installation: five services, their stores and streams."""
    said = load.counties * load.matters * load.events
    yearly = 2 * said  # archive notes each event of the others in its own store
    mean = yearly / WORKING
    peak = mean * load.peak
    by_rate = math.ceil(peak / (APPENDS * SPARE))
    by_commands = math.ceil(peak / 2 / (COMMANDS * SPARE))
    largest = yearly / 2 * load.years  # archive's store is as large as the others together
    by_refill = math.ceil(largest / (REFILLED * HOURS * 3600))
    cells = max(1, by_rate, by_commands, by_refill)
    disk = yearly * load.years * BYTES * COPIES
    streamed = yearly * load.years * STREAMED * COPIES
    nodes = 1 if load.counties == 1 else 3 + 3 * cells
    return Need(
        yearly,
        mean,
        peak,
        cells,
        math.ceil(load.counties / cells),
        cells * (SERVICES + 1),
        cells * SERVICES,
        disk,
        streamed,
        yearly * load.years / cells / REPLAYED / 3600,
        nodes,
        largest / cells / REFILLED / 3600,
    )


def table(load: Load) -> str:
    """One size, as Markdown."""
    need = needed(load)
    rows = (
        ("县 counties", f"{load.counties:,}"),
        ("每年事件 events a year, archive's notes included", f"{need.yearly:,}"),
        ("平均 events/s in office hours, mean", f"{need.mean:,.1f}"),
        (f"高峰 the same at a peak of ×{load.peak}", f"{need.peak:,.0f}"),
        ("分区 cells (by area code)", f"{need.cells:,}"),
        ("每区县数 counties in a cell", f"{need.counties_a_cell:,}"),
        ("库 stores, with that of the keys", f"{need.stores:,}"),
        ("流 streams", f"{need.streams:,}"),
        (f"数据库磁盘 disks of stores, {load.years} years × {COPIES} copies", size(need.disk)),
        (f"流磁盘 disks of streams, the same, R{COPIES}", size(need.stream_disk)),
        ("节点 nodes (3 for all, 3 a cell; one county: one box)", f"{need.nodes:,}"),
        ("最大流重灌 hours to fill a cell's largest stream again", f"{need.refill:,.1f}"),
        ("重放一区 hours to fold a cell's whole history, one process", f"{need.hours:,.1f}"),
    )
    lines = ["| | |", "|---|---:|", *(f"| {name} | {value} |" for name, value in rows)]
    return "\n".join(lines)


def size(count: float) -> str:
    """Bytes, for people."""
    for unit in ("GB", "TB"):
        count /= 1e9 if unit == "GB" else 1e3
        if count < 1000 or unit == "TB":
            return f"{count:,.1f} {unit}"
    raise AssertionError


def tables() -> str:
    """What stands in the page: a table for each of the sizes."""
    return "\n\n".join(table(Load(counties)) for counties in SIZES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    standard = Load(1)
    for name in Load.__dataclass_fields__:
        parser.add_argument(f"--{name}", type=int, default=getattr(standard, name))
    parser.add_argument("--write", action="store_true", help="put the tables into the page")
    asked = vars(parser.parse_args())
    if asked.pop("write"):
        text = PAGE.read_text()
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n{tables()}\n{END}{after}")
        return
    if min(asked.values()) < 1:
        parser.error("每个数都要大于 0 · every number must be 1 or more")
    print(table(Load(**asked)))


if __name__ == "__main__":
    main()
